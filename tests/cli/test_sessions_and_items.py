"""The commands of sessions and items: one session through many processes, in JSON and for a person."""

from __future__ import annotations

import re

import pytest

from tests.cli.terminal import Opened, Terminal

REPLY = {"correlationId", "diagnosticMessage", "hresult", "kind", "protocolStatus", "sessionId", "statuses"}


def test_a_session_outlives_the_command_that_opened_it(terminal: Terminal) -> None:
    opened = terminal.answer("open-session", "--client-session-name", "tests")
    assert set(opened) == {
        "backendName",
        "capabilities",
        "defaultCommandTimeout",
        "gatewayProtocolVersion",
        "protocolStatus",
        "sessionId",
        "workerProcessId",
        "workerProtocolVersion",
    }
    named = ("--session-id", opened["sessionId"])
    assert terminal.answer("session-state", *named)["sessionState"] == {"state": "SESSION_STATE_READY"}
    assert terminal.answer("ping", *named, "--message", "hello")["diagnosticMessage"] == "hello"
    closed = terminal.answer("close-session", *named)
    assert closed == {
        "finalState": "SESSION_STATE_CLOSED",
        "protocolStatus": {"code": "PROTOCOL_STATUS_CODE_OK", "message": "OK"},
        "sessionId": opened["sessionId"],
    }
    assert terminal.answer("close-session", *named) == closed


def test_a_person_reads_facts(terminal: Terminal) -> None:
    session, backend, worker = terminal.shown("open-session")
    found = re.fullmatch(r"session  (session-\S+)", session)
    assert found
    assert (backend, worker.split()[0]) == ("backend  embedded", "worker")
    assert terminal.shown("ping", "--session-id", found[1]) == ["answer  ping"]
    assert terminal.shown("session-state", "--session-id", found[1]) == ["state  READY"]
    assert terminal.shown("register", "--session-id", found[1]) == ["server handle  1"]
    assert terminal.shown("close-session", "--session-id", found[1])[1] == "state    CLOSED"


def test_an_item_is_added_and_advised(terminal: Terminal, session: Opened) -> None:
    added = terminal.answer("add-item", *session.options, "--item", "Tank001.Level")
    assert set(added) == REPLY | {"addItem", "returnValue"}
    handle = str(added["addItem"]["itemHandle"])
    advised = terminal.answer("advise", *session.options, "--item-handle", handle)
    assert set(advised) == REPLY
    assert advised["kind"] == "MX_COMMAND_KIND_ADVISE"
    (event,) = terminal.answers("stream-events", "--session-id", session.id, "--max-events", "1")
    assert (event["family"], event["itemHandle"]) == ("MX_EVENT_FAMILY_ON_DATA_CHANGE", int(handle))
    assert event["value"]["variantType"] == "VT_R8"


def test_a_buffered_items_values_are_a_row_each_for_a_person_and_one_line_of_json(
    terminal: Terminal, session: Opened
) -> None:
    buffered = ("add-item", *session.options, "--item", "Pump001.Speed", "--buffered", "1500")
    handle = str(terminal.answer(*buffered)["addBufferedItem"]["itemHandle"])
    terminal.answer("advise", *session.options, "--item-handle", handle)
    streamed = ("stream-events", "--session-id", session.id, "--max-events", "2")
    header, *rows = terminal.shown(*streamed)
    assert header.split()[:3] == ["sequence", "time", "event"]
    assert len(rows) > 2
    assert all(re.match(r"\d+ +\S+Z +ON_BUFFERED_DATA_CHANGE +\d+ +192 +[\d.]+ ", row) for row in rows)
    first, second = terminal.answers(*streamed)
    for event in (first, second):
        body = event["onBufferedDataChange"]
        values = body["values"]["doubleValues"]["values"]
        assert len(values) == len(body["qualities"]) == len(body["timestamps"]["values"]) > 0


def test_the_same_command_gives_the_same_json(terminal: Terminal, session: Opened) -> None:
    advise = ("advise", *session.options, "--item-handle")
    handles = [
        str(terminal.answer("add-item", *session.options, "--item", tag)["addItem"]["itemHandle"])
        for tag in ("Tank001.Level", "Tank002.Level")
    ]
    first, second = (terminal.run(*advise, handle, "--json").stdout for handle in handles)
    assert first == second
    discover = ("galaxy-discover", "--tag-name-glob", "Tank00?", "--json")
    assert terminal.run(*discover).stdout == terminal.run(*discover).stdout


def test_one_tag_or_many_are_spelled_either_way(terminal: Terminal, session: Opened) -> None:
    assert "addItem" in terminal.answer("add-item", *session.options, "--items", "Tank001.Level")
    for items in (
        ["--items", "Tank001.Level,Tank002.Level"],
        ["--item", "Tank001.Level", "--item", "Tank002.Level"],
        ["--item", "Tank001.Level, Tank002.Level"],
    ):
        results = terminal.answer("subscribe-bulk", *session.options, *items)["subscribeBulk"]["results"]
        assert [result["tagAddress"] for result in results] == ["Tank001.Level", "Tank002.Level"]


@pytest.mark.parametrize("code", ["PERMISSION_DENIED", "UNIMPLEMENTED", "INVALID_ARGUMENT", "INTERNAL"])
def test_a_gateway_that_refuses_ping_is_there_all_the_same(
    terminal: Terminal, session: Opened, code: str
) -> None:
    terminal.gateway.fault("refuse-command", command="ping+get_*", code=code)
    try:
        answer = terminal.answer("ping", "--session-id", session.id)
        shown = terminal.shown("ping", "--session-id", session.id)
        events = terminal.answer("smoke", "--item", "Tank001.Level")["events"]
    finally:
        terminal.gateway.clear_faults("refuse-command")
    assert (answer["answered"], answer["refusal"]["code"]) == (False, code)
    assert shown[0].startswith("answer  none: ")
    assert len(events) == 1


def test_a_bad_tag_of_many_fails_alone_and_shows_in_the_exit_code(
    terminal: Terminal, session: Opened
) -> None:
    done = terminal.run("subscribe-bulk", *session.options, "--items", "Tank001.Level,Nope.Nope")
    assert done.exit_code == 8
    header, good, bad = done.stdout.splitlines()
    assert header.split() == ["item", "item", "handle", "failure"]
    assert re.fullmatch(r"Tank001\.Level  \d+", good)
    assert re.fullmatch(r"Nope\.Nope +invalid reference \(6\)", bad)
    assert done.stderr.startswith("Error: Nope.Nope: invalid reference")
    failed = terminal.error("read-bulk", *session.options, "--items", "Tank001.Level,Nope.Nope")
    assert failed["failures"] == {"Nope.Nope": "invalid reference (6)"}


def test_values_are_read(terminal: Terminal, session: Opened) -> None:
    reply = terminal.answer("read-bulk", *session.options, "--items", "FIC101.SP,Recipe_101.StepLimits[]")
    number, array = reply["readBulk"]["results"]
    assert set(number) == {
        "errorMessage",
        "itemHandle",
        "quality",
        "serverHandle",
        "sourceTimestamp",
        "statuses",
        "tagAddress",
        "value",
        "wasCached",
        "wasSuccessful",
    }
    assert isinstance(number["value"]["doubleValue"], float)
    assert array["value"]["arrayValue"]["int32Values"]["values"] == [10, 45, 120, 20]
    header, row = terminal.shown(
        "read-bulk", *session.options, "--item", "Recipe_101.StepLimits[]", "--read-timeout", "2"
    )
    assert header.split() == ["item", "value", "quality", "time", "cached", "failure"]
    assert row.startswith("Recipe_101.StepLimits[]  [10, 45, 120, 20]  192")


def test_a_command_that_mxaccess_refuses_keeps_its_reply(terminal: Terminal, session: Opened) -> None:
    error = terminal.error("add-item", *session.options, "--item", "Nope.Nope")
    assert (error["type"], error["exitCode"], error["hresultHex"]) == ("MxAccessError", 7, "0x80070057")
    assert error["protocolCode"] == "MXACCESS_FAILURE"
    assert error["statuses"][0]["detail"] == 6
    assert error["reply"]["kind"] == "MX_COMMAND_KIND_ADD_ITEM"
    assert error["message"].startswith("add_item Nope.Nope: invalid reference")
