"""Items, reads and writes as MXAccess answers them, over the wire."""

from __future__ import annotations

import pytest

from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire
from mxgw_notebook.simulator.plant.shelf import SELDOM
from mxgw_notebook.simulator.server import ServedGateway
from tests.conformance.plain_client import PlainSession, boolean, double, first


async def test_an_alarm_attribute_carries_24_sub_attributes(session: PlainSession) -> None:
    everyday = "InAlarm Acked AckMsg Priority Category DescAttrName TimeAlarmOn TimeAlarmOff TimeAlarmAcked"
    names = [*everyday.split(), *SELDOM]
    results = await session.read(*(f"Tank001.Level.Hi.{name}" for name in names))
    assert all(result.was_successful for result in results)
    assert len(set(names)) == 24


async def test_only_changes_are_sent(gateway: ServedGateway, session: PlainSession) -> None:
    await session.subscribe("Tank001.Capacity", "Pump001.Speed")
    await session.drain()
    await gateway.advance(10.0)
    events = await session.drain()
    assert len(events) > 5
    assert {event.value.double_value for event in events} != {12.0}
    times = [event.source_timestamp.ToNanoseconds() for event in events]
    assert times == sorted(times)


async def test_the_steps_of_a_subscription_can_be_taken_in_bulk(session: PlainSession) -> None:
    added = await session.invoke("add_item_bulk", tag_addresses=["Tank001.Level", "Nope.Nope"])
    handles = [result.item_handle for result in added.add_item_bulk.results]
    advised = await session.invoke("advise_item_bulk", item_handles=handles)
    assert [result.was_successful for result in advised.advise_item_bulk.results] == [True, False]
    unadvised = await session.invoke("un_advise_item_bulk", item_handles=handles[:1])
    removed = await session.invoke("remove_item_bulk", item_handles=handles[:1])
    assert unadvised.un_advise_item_bulk.results[0].was_successful
    assert removed.remove_item_bulk.results[0].was_successful
    gone = await session.invoke("advise", item_handle=handles[0])
    assert gone.protocol_status.code == wire.PROTOCOL_STATUS_CODE_MXACCESS_FAILURE


async def test_a_write_completes_by_event_and_the_plant_follows(
    gateway: ServedGateway, session: PlainSession
) -> None:
    [handle] = await session.subscribe("FIC101.SP")
    await session.drain()
    reply = await session.write(handle, double(20.0))
    assert reply.protocol_status.code == wire.PROTOCOL_STATUS_CODE_OK
    complete, change = await session.drain()
    assert complete.WhichOneof("body") == "on_write_complete"
    assert complete.statuses[0].category == wire.MX_STATUS_CATEGORY_OK
    assert change.value.double_value == 20.0
    await gateway.advance(60.0)
    [flow] = await session.read("FIC101.PV")
    assert flow.value.double_value == pytest.approx(20.0, abs=0.6)


@pytest.mark.parametrize(
    ("tag", "detail"),
    [("Pump001.Reset", 1012), ("Recipe_101.Abort", 1013), ("Pump001.Running", 321)],
)
async def test_a_plain_write_is_refused_by_event(session: PlainSession, tag: str, detail: int) -> None:
    [handle] = await session.subscribe(tag)
    reply = await session.write(handle, boolean(True))
    assert reply.protocol_status.code == wire.PROTOCOL_STATUS_CODE_OK
    status = await session.outcome()
    assert (status.category, status.detail) == (wire.MX_STATUS_CATEGORY_SECURITY_ERROR, detail)


async def test_a_mode_is_written_by_name(session: PlainSession) -> None:
    [handle] = await session.subscribe("FIC101.Mode")
    await session.write(handle, wire.MxValue(string_value="manual"))
    assert (await session.outcome()).category == wire.MX_STATUS_CATEGORY_OK
    [mode] = await session.read("FIC101.Mode")
    assert mode.value.string_value == "Manual"


async def test_the_stream_carries_what_draining_would(session: PlainSession) -> None:
    stream = session.events()
    [handle] = await session.subscribe("Tank001.Level")
    [event] = await first(stream, 1)
    stream.cancel()
    assert (event.item_handle, event.worker_sequence) == (handle, 1)
    assert event.gateway_receive_timestamp == event.worker_timestamp
