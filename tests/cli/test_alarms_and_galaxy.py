"""The commands of alarms and galaxy."""

from __future__ import annotations

from tests.cli.terminal import Terminal

ALARM = {
    "alarmFullReference",
    "alarmTypeName",
    "category",
    "currentState",
    "degraded",
    "description",
    "operatorComment",
    "operatorUser",
    "severity",
    "sourceObjectReference",
    "sourceProvider",
}


def test_active_alarms_are_a_line_each(terminal: Terminal) -> None:
    alarms = terminal.answers("query-active-alarms")
    assert len(alarms) > 3
    assert all(set(alarm) >= ALARM for alarm in alarms)
    some = terminal.answers("query-active-alarms", "--filter-prefix", "Galaxy!Production1")
    assert 0 < len(some) < len(alarms)
    header, *rows = terminal.shown("query-active-alarms", "--filter-prefix", "Galaxy!Production1")
    assert header.split() == [
        "time",
        "state",
        "severity",
        "reference",
        "degraded",
        "operator",
        "comment",
    ]
    assert [row.split()[3] for row in rows] == [alarm["alarmFullReference"] for alarm in some]


def test_the_alarm_feed_ends_after_so_many_messages(terminal: Terminal) -> None:
    count = len(terminal.answers("query-active-alarms", "--filter-prefix", "Galaxy!Production1"))
    feed = terminal.answers(
        "stream-alarms", "--filter-prefix", "Galaxy!Production1", "--max-messages", str(count + 2)
    )
    assert [next(iter(message)) for message in feed] == [
        *["activeAlarm"] * count,
        "snapshotComplete",
        "providerStatus",
    ]
    shown = terminal.shown(
        "stream-alarms", "--filter-prefix", "Galaxy!Production1", "--max-messages", str(count + 2)
    )
    assert [row.split()[0] for row in shown[-2:]] == ["SNAPSHOT_COMPLETE", "PROVIDER"]


def test_an_alarm_is_acknowledged_by_either_spelling(terminal: Terminal) -> None:
    alarm = terminal.answers("query-active-alarms")[0]["alarmFullReference"]
    told = ("--comment", "checked", "--operator-user", "tester")
    for spelling in ("--alarm-reference", "--reference"):
        reply = terminal.answer("acknowledge-alarm", spelling, alarm, *told)
        assert reply["protocolStatus"]["code"] == "PROTOCOL_STATUS_CODE_OK"
    assert terminal.shown("acknowledge-alarm", "--reference", alarm) == [f"acknowledged  {alarm}"]


def test_an_unknown_alarm_is_not_found(terminal: Terminal) -> None:
    error = terminal.error("acknowledge-alarm", "--reference", r"\\Galaxy\Area001.Pump001.PumpFault")
    assert (error["type"], error["code"], error["exitCode"]) == ("NotFoundError", "NOT_FOUND", 6)


def test_the_galaxy_is_reached_and_knows_its_last_deploy(terminal: Terminal) -> None:
    assert terminal.answer("galaxy-test-connection") == {"ok": True}
    assert terminal.shown("galaxy-test-connection") == ["galaxy database  reached"]
    deploy = terminal.answer("galaxy-last-deploy")
    (state,) = terminal.answers("galaxy-watch", "--max-events", "1")
    assert set(state) == {
        "attributeCount",
        "objectCount",
        "observedAt",
        "sequence",
        "timeOfLastDeploy",
        "timeOfLastDeployPresent",
    }
    assert deploy == {"present": True, "timeOfLastDeploy": state["timeOfLastDeploy"]}
    assert terminal.shown("galaxy-last-deploy") == [f"last deploy  {state['timeOfLastDeploy']}"]
    header, row = terminal.shown("galaxy-watch", "--max-events", "1")
    assert header.split() == ["sequence", "deployed", "objects", "attributes"]
    assert row.split()[1:] == [
        state["timeOfLastDeploy"],
        str(state["objectCount"]),
        str(state["attributeCount"]),
    ]


def test_objects_are_discovered_a_line_each_however_small_the_pages(terminal: Terminal) -> None:
    tanks = ("galaxy-discover", "--tag-name-glob", "Tank*")
    found = terminal.answers(*tanks)
    assert found == terminal.answers(*tanks, "--page-size", "3")
    assert {"Tank001", "Tank016"} <= {one["tagName"] for one in found}
    assert any(one["fullTagReference"] == "Tank001.Level" for one in found[0]["attributes"])
    assert all(not one["attributes"] for one in terminal.answers(*tanks, "--no-attributes"))
    header, first, *_ = terminal.shown(*tanks)
    assert header.split() == ["object", "contained", "name", "template", "attributes"]
    assert first.split()[:2] == ["Tank001", "$Tank"]


def test_discovery_is_narrowed_by_every_filter(terminal: Terminal) -> None:
    def names(*filters: str) -> set[str]:
        return {one["tagName"] for one in terminal.answers("galaxy-discover", "--no-attributes", *filters)}

    everything = names()
    area = terminal.answers("galaxy-discover", "--root-tag-name", "Production1", "--max-depth", "0")
    number = str(area[0]["gobjectId"])
    assert [one["tagName"] for one in area] == ["Production1"]
    below = names("--root-gobject-id", number)
    assert below == names("--root-contained-path", "Production1") < everything
    assert names("--template", "$Tank", "--template", "$gVessel") < everything
    assert names("--category-id", "13") >= {"Production1", "Production2"}
    assert names("--alarm-bearing-only") < everything
    assert names("--historized-only") < everything


def test_wrong_filters_are_told(terminal: Terminal) -> None:
    assert terminal.error("galaxy-discover", "--root-tag-name", "Nope")["exitCode"] == 6
    two = terminal.error("galaxy-discover", "--root-tag-name", "A", "--root-gobject-id", "1")
    assert (two["exitCode"], two["message"]) == (2, "Give one root.")
    assert terminal.error("galaxy-watch", "--last-seen", "noon")["exitCode"] == 2
