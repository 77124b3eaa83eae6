"""Writes through a hub: each returns with its outcome, or tells why there is none."""

from __future__ import annotations

import asyncio
import time

import pytest

from mxgw_notebook.errors import ConfigurationError, GatewayError, TagError, UnknownTypeError, WriteError
from mxgw_notebook.live import Hub
from mxgw_notebook.simulator.server import ServedGateway
from tests.live.conftest import hub_at
from tests.until import until


async def test_a_write_returns_once_the_plant_has_taken_it(hub: Hub, served: ServedGateway) -> None:
    statuses = await hub.write("FIC101.SP", 41, data_type="Double", timeout=5)
    assert [status.failed for status in statuses] == [False]
    attribute = served.plant.attribute("FIC101.SP")
    assert attribute is not None
    assert attribute.value == 41.0
    assert hub.other_events["ON_WRITE_COMPLETE"] == 1
    await until(lambda: not hub.subscriptions)


@pytest.mark.parametrize(
    ("tag", "detail", "hint"),
    [("Pump001.Reset", 1012, "a user who signs"), ("Tank001.InService", 1013, "another who verifies")],
)
async def test_a_secured_attribute_refuses_and_says_what_it_takes(
    hub: Hub, tag: str, detail: int, hint: str
) -> None:
    with pytest.raises(WriteError, match=f"{tag} was refused.*{detail}") as caught:
        await hub.write(tag, True, data_type=None, timeout=5)
    assert hint in caught.value.hint
    assert caught.value.statuses[0].detail == detail
    await until(lambda: not hub.subscriptions)


async def test_writing_to_a_tag_that_is_not_there_names_it(hub: Hub) -> None:
    with pytest.raises(TagError, match=r"Nope\.Nope: invalid reference"):
        await hub.write("Nope.Nope", 1, data_type=None, timeout=5)
    await until(lambda: not hub.subscriptions)


async def test_a_value_that_cannot_travel_leaves_nothing_behind(hub: Hub) -> None:
    with pytest.raises(ConfigurationError):
        await hub.write("FIC101.SP", "abc", data_type="Double", timeout=5)
    await until(lambda: not hub.subscriptions)


async def test_an_outcome_that_does_not_come_says_that_it_may_have_been_written(
    served: ServedGateway,
) -> None:
    async with hub_at(served.endpoint) as hub:
        await hub.subscribe(["FIC101.SP"])
        await until(lambda: hub.received)
        # The gateway keeps the outcome to itself.
        (session,) = served.sessions.ready()
        session.events.closed = True
        with pytest.raises(GatewayError, match=r"No outcome .* within 0\.1 s") as caught:
            await hub.write("FIC101.SP", 40, data_type="Double", timeout=0.1)
        assert "read the tag" in caught.value.hint


@pytest.mark.kind_only("every outcome has to be told", "unknown-enums")
async def test_two_writes_to_one_tag_each_have_their_outcome(hub: Hub) -> None:
    async with asyncio.TaskGroup() as group:
        outcomes = [
            group.create_task(hub.write("FIC101.SP", value, data_type="Double", timeout=5))
            for value in (40, 41)
        ]
    assert [task.result()[0].failed for task in outcomes] == [False, False]


async def test_a_write_under_way_when_the_stream_is_lost_is_told_so(hub: Hub, served: ServedGateway) -> None:
    await hub.subscribe(["FIC101.SP"])
    await until(lambda: hub.received)
    (session,) = served.sessions.ready()
    session.events.closed = True  # from now on it keeps every outcome to itself
    attribute = served.plant.attribute("FIC101.SP")
    assert attribute is not None
    writing = asyncio.create_task(hub.write("FIC101.SP", 37, data_type="Double", timeout=30))
    await until(lambda: attribute.value == 37)
    served.sessions.close(session, "The plant's platform was restarted.")
    with pytest.raises(GatewayError, match="lost before the write's outcome came"):
        await writing


@pytest.mark.parametrize("value", [0.4, -1, float("nan"), "0.4", [True]])
async def test_what_is_no_truth_value_switches_nothing_on(
    hub: Hub, served: ServedGateway, value: object
) -> None:
    attribute = served.plant.attribute("Pump001.StartCmd")
    assert attribute is not None
    await hub.write("Pump001.StartCmd", False, timeout=5)
    with pytest.raises(ConfigurationError, match="cannot be written"):
        await hub.write("Pump001.StartCmd", value, timeout=5)
    await until(lambda: not hub.subscriptions)
    assert attribute.value is False


@pytest.mark.parametrize("command", ["subscribe_bulk", "read_bulk", "write", "unsubscribe_bulk"])
@pytest.mark.kind_only("every outcome has to be told", "unknown-enums")
async def test_a_write_takes_no_longer_than_it_may_whatever_is_late(
    hub: Hub, served: ServedGateway, command: str
) -> None:
    await hub.read(["Tank001.Level"], timeout=5)  # the session is there
    await served.fault("delay-command", command=command, seconds=20.0, times=1)
    begun = time.monotonic()
    writing = hub.write("FIC101.SP", 41, timeout=0.5)
    if command == "unsubscribe_bulk":
        await writing
    else:
        told = "may have been written" if command == "write" else "Nothing was written"
        with pytest.raises(GatewayError, match=told):
            await writing
    assert time.monotonic() - begun < 1.5


@pytest.mark.kind_only("every outcome has to be told", "unknown-enums")
async def test_many_writes_tell_one_outcome_a_tag(hub: Hub, served: ServedGateway) -> None:
    unfit = {"Nope.Nope": 1, "Pump001.StartCmd": 0.4, "Pump001.Reset": True}
    values = {"FIC101.SP": "41.5", **unfit, "TIC103.SP": 12}
    written = await hub.writer.write_many(values, timeout=5)
    assert [one.tag for one in written] == list(values)
    assert [one.outcome for one in written] == ["completed", *["refused"] * 3, "completed"]
    assert written[0].value == 41.5
    await until(lambda: not hub.subscriptions)
    await served.fault("lose-reply", command="write*", code="INTERNAL", times=1)
    (lost,) = await hub.writer.write_many({"FIC101.SP": 42}, timeout=5)
    assert (lost.outcome, "may have been written" in lost.failure) == ("unknown", True)


async def test_a_deploy_may_give_a_tag_another_type(hub: Hub, served: ServedGateway) -> None:
    await hub.subscribe(["FIC101.SP"])
    await hub.write("FIC101.SP", 41, timeout=5)
    await served.fault("refuse-command", command="read_bulk", code="INTERNAL")
    await hub.write("FIC101.SP", 42, timeout=5)
    hub.on_deployed()
    with pytest.raises(UnknownTypeError):
        await hub.write("FIC101.SP", 43, timeout=5)
