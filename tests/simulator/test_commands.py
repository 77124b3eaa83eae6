"""Items, reads and writes as MXAccess answers them, over the wire."""

from __future__ import annotations

import pytest

from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire
from mxgw_notebook.simulator.plant.alarm import SELDOM
from mxgw_notebook.simulator.server import ServedGateway
from tests.simulator.plain_client import PlainSession, boolean, double, first

E_INVALIDARG = -2147024809


def arrived(events: list[wire.MxEvent], family: wire.MxEventFamily) -> list[wire.MxEvent]:
    return [event for event in events if event.family == family]


async def test_subscribing_pushes_each_present_value_first(session: PlainSession) -> None:
    handles = await session.subscribe("Pump001.Speed", "Tank001.Level", "FIC101.Mode")
    events = await session.drain()
    assert [event.item_handle for event in events] == handles
    assert [event.WhichOneof("body") for event in events] == ["on_data_change"] * 3
    assert all(event.quality == 192 and event.HasField("source_timestamp") for event in events)
    assert events[2].value.string_value == "Auto"
    assert events[0].value.data_type == wire.MX_DATA_TYPE_DOUBLE


async def test_a_misspelt_tag_is_one_failed_entry(session: PlainSession) -> None:
    tags = ["Tank001.Level", "Nope.Nope", "Tank001.Lefel"]
    reply = await session.invoke("subscribe_bulk", tag_addresses=tags)
    results = reply.subscribe_bulk.results
    assert reply.protocol_status.code == wire.PROTOCOL_STATUS_CODE_OK
    assert [result.tag_address for result in results] == tags
    assert [result.was_successful for result in results] == [True, False, False]
    assert results[1].error_message == "Nope.Nope: invalid reference (6)"


async def test_a_single_misspelt_tag_is_a_failure_of_mxaccess(session: PlainSession) -> None:
    reply = await session.invoke("add_item", item_definition="Nope.Nope")
    assert reply.protocol_status.code == wire.PROTOCOL_STATUS_CODE_MXACCESS_FAILURE
    assert reply.hresult == E_INVALIDARG
    assert reply.statuses[0].detail == 6
    assert reply.statuses[0].category == wire.MX_STATUS_CATEGORY_CONFIGURATION_ERROR


async def test_tags_are_found_without_regard_to_case(session: PlainSession) -> None:
    [result] = await session.read("tank001.LEVEL")
    assert result.was_successful


async def test_a_contained_name_is_no_tag(session: PlainSession) -> None:
    by_path, by_tag = await session.read("Pump001.Motor.Current", "Motor_001.Current")
    assert (by_path.was_successful, by_tag.was_successful) == (False, True)


async def test_an_alarm_attribute_carries_24_sub_attributes(session: PlainSession) -> None:
    everyday = "InAlarm Acked AckMsg Priority Category DescAttrName TimeAlarmOn TimeAlarmOff TimeAlarmAcked"
    names = [*everyday.split(), *SELDOM]
    results = await session.read(*(f"Tank001.Level.Hi.{name}" for name in names))
    assert all(result.was_successful for result in results)
    assert len(set(names)) == 24


async def test_an_item_can_be_named_relative_to_its_object(session: PlainSession) -> None:
    reply = await session.invoke("add_item2", item_definition="Level", item_context="Tank001")
    assert reply.add_item2.item_handle > 0


async def test_reading_says_whether_the_value_was_at_hand(session: PlainSession) -> None:
    await session.subscribe("Tank001.Level")
    advised, other, missing = await session.read("Tank001.Level", "Tank001.Level.EngUnits", "Nope.Nope")
    assert (advised.was_cached, other.was_cached) == (True, False)
    assert other.value.string_value == "%"
    assert (missing.was_successful, missing.statuses[0].detail) == (False, 6)
    assert advised.quality == 192


async def test_a_bare_array_name_can_be_added_but_not_read(session: PlainSession) -> None:
    await session.subscribe("Reactor101.TemperatureProfile")
    [event] = await session.drain()
    assert len(event.value.array_value.float_values.values) == 8
    bare, whole, element, beyond = await session.read(
        "Tank001.StrappingTable",
        "Tank001.StrappingTable[]",
        "Tank001.StrappingTable[2]",
        "Tank001.StrappingTable[12]",
    )
    assert (bare.was_successful, bare.statuses[0].detail) == (False, 1003)
    assert len(whole.value.array_value.double_values.values) == 11
    assert element.value.double_value == whole.value.array_value.double_values.values[1]
    assert not beyond.was_successful


async def test_only_changes_are_sent(gateway: ServedGateway, session: PlainSession) -> None:
    await session.subscribe("Tank001.Capacity", "Pump001.Speed")
    await session.drain()
    await gateway.advance(10.0)
    events = await session.drain()
    assert len(events) > 5
    assert {event.value.double_value for event in events} != {12.0}
    times = [event.source_timestamp.ToNanoseconds() for event in events]
    assert times == sorted(times)


async def test_an_item_that_is_no_longer_advised_is_silent(
    gateway: ServedGateway, session: PlainSession
) -> None:
    handles = await session.subscribe("Pump001.Speed", "Tank001.Level")
    await session.invoke("un_advise", item_handle=handles[0])
    reply = await session.invoke("unsubscribe_bulk", item_handles=[handles[1], 999])
    assert [result.was_successful for result in reply.unsubscribe_bulk.results] == [True, False]
    await session.drain()
    await gateway.advance(10.0)
    assert await session.drain() == []


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


async def test_a_write_needs_an_advised_item(session: PlainSession) -> None:
    added = await session.invoke("add_item", item_definition="FIC101.SP")
    reply = await session.write(added.add_item.item_handle, double(20.0))
    assert reply.protocol_status.code == wire.PROTOCOL_STATUS_CODE_MXACCESS_FAILURE
    assert reply.hresult == E_INVALIDARG


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


async def authenticated(session: PlainSession, name: str) -> int:
    reply = await session.invoke("authenticate_user", verify_user=name, verify_user_password=name)
    return reply.authenticate_user.user_id


async def test_a_secured_write_takes_the_same_user_twice(session: PlainSession) -> None:
    [handle] = await session.subscribe("Pump001.Reset")
    user = await authenticated(session, "operator")
    ids = {"current_user_id": user, "verifier_user_id": user}
    await session.invoke("write_secured", item_handle=handle, value=boolean(True), **ids)
    assert (await session.outcome()).category == wire.MX_STATUS_CATEGORY_OK


async def test_a_verified_write_takes_a_second_person(session: PlainSession) -> None:
    [handle] = await session.subscribe("Recipe_101.Abort")
    user, other = await authenticated(session, "operator"), await authenticated(session, "supervisor")
    value = boolean(True)
    alone = {"current_user_id": user, "verifier_user_id": user}
    await session.invoke("write_secured", item_handle=handle, value=value, **alone)
    assert (await session.outcome()).detail == 1013
    both = {"current_user_id": user, "verifier_user_id": other}
    await session.invoke("write_secured", item_handle=handle, value=value, **both)
    assert (await session.outcome()).category == wire.MX_STATUS_CATEGORY_OK


async def test_a_wrong_password_authenticates_nobody(session: PlainSession) -> None:
    reply = await session.invoke("authenticate_user", verify_user="operator", verify_user_password="guess")
    assert reply.protocol_status.code == wire.PROTOCOL_STATUS_CODE_MXACCESS_FAILURE
    [handle] = await session.subscribe("Pump001.Reset")
    ids = {"current_user_id": 1, "verifier_user_id": 1}
    signed = await session.invoke("write_secured", item_handle=handle, value=boolean(True), **ids)
    assert signed.protocol_status.code == wire.PROTOCOL_STATUS_CODE_MXACCESS_FAILURE


async def test_a_bulk_write_fails_single_entries(session: PlainSession) -> None:
    [handle] = await session.subscribe("FIC101.SP")
    await session.drain()
    entries = [
        wire.WriteBulkEntry(item_handle=handle, value=double(21.0)),
        wire.WriteBulkEntry(item_handle=999, value=double(1.0)),
    ]
    reply = await session.invoke("write_bulk", entries=entries)
    assert [result.was_successful for result in reply.write_bulk.results] == [True, False]
    assert len(arrived(await session.drain(), wire.MX_EVENT_FAMILY_ON_WRITE_COMPLETE)) == 1


async def test_a_write_can_carry_its_own_time(session: PlainSession) -> None:
    [handle] = await session.subscribe("FIC101.SP")
    await session.drain()
    moment = wire.MxValue()
    moment.timestamp_value.FromJsonString("2025-12-31T23:59:59Z")
    await session.invoke("write2", item_handle=handle, value=double(22.0), timestamp_value=moment)
    _, change = await session.drain()
    assert change.source_timestamp == moment.timestamp_value


async def test_a_value_that_does_not_fit_fails_by_event(session: PlainSession) -> None:
    [handle] = await session.subscribe("FIC101.SP")
    await session.write(handle, wire.MxValue(string_value="much"))
    assert (await session.outcome()).category == wire.MX_STATUS_CATEGORY_OPERATIONAL_ERROR


async def test_a_mode_is_written_by_name(session: PlainSession) -> None:
    [handle] = await session.subscribe("FIC101.Mode")
    await session.write(handle, wire.MxValue(string_value="manual"))
    assert (await session.outcome()).category == wire.MX_STATUS_CATEGORY_OK
    [mode] = await session.read("FIC101.Mode")
    assert mode.value.string_value == "Manual"


async def test_a_whole_array_write_replaces_the_array_and_its_length(session: PlainSession) -> None:
    [handle] = await session.subscribe("Recipe_101.Charges[]")
    value = wire.MxValue()
    value.array_value.double_values.values.extend([1.0, 2.0])
    await session.write(handle, value)
    [charges] = await session.read("Recipe_101.Charges[]")
    assert charges.value.array_value.double_values.values == [1.0, 2.0]
    assert charges.value.array_value.dimensions == [2]


def sparse(length: int, *elements: tuple[int, wire.MxValue]) -> wire.MxValue:
    made = [wire.MxSparseElement(index=index, value=value) for index, value in elements]
    array = wire.MxSparseArray(element_data_type=wire.MX_DATA_TYPE_DOUBLE, total_length=length, elements=made)
    return wire.MxValue(sparse_array_value=array)


async def test_a_sparse_write_sets_the_rest_to_the_default(session: PlainSession) -> None:
    [handle] = await session.subscribe("Recipe_101.Charges[]")
    await session.write(handle, sparse(4, (2, double(9.5))))
    [charges] = await session.read("Recipe_101.Charges[]")
    assert charges.value.array_value.double_values.values == [0.0, 0.0, 9.5, 0.0]


@pytest.mark.parametrize(
    "value",
    [
        sparse(0),
        sparse(3, (3, double(1.0))),
        sparse(3, (1, double(1.0)), (1, double(2.0))),
        sparse(3, (1, boolean(True))),
    ],
    ids=["no length", "out of range", "twice", "wrong kind"],
)
async def test_a_faulty_sparse_write_is_an_invalid_request(
    session: PlainSession, value: wire.MxValue
) -> None:
    [handle] = await session.subscribe("Recipe_101.Charges[]")
    reply = await session.write(handle, value)
    assert reply.protocol_status.code == wire.PROTOCOL_STATUS_CODE_INVALID_REQUEST


async def test_suspend_is_pending_and_completes_later(gateway: ServedGateway, session: PlainSession) -> None:
    [handle] = await session.subscribe("Pump001.Speed")
    reply = await session.invoke("suspend", item_handle=handle)
    assert reply.protocol_status.code == wire.PROTOCOL_STATUS_CODE_OK
    assert reply.suspend.status.category == wire.MX_STATUS_CATEGORY_PENDING
    await session.drain()
    await gateway.advance(5.0)
    assert [event.WhichOneof("body") for event in await session.drain()] == ["operation_complete"]
    reply = await session.invoke("activate", item_handle=handle)
    assert reply.activate.status.category == wire.MX_STATUS_CATEGORY_PENDING
    await gateway.advance(5.0)
    bodies = [event.WhichOneof("body") for event in await session.drain()]
    assert bodies.count("operation_complete") == 1
    assert bodies.count("on_data_change") > 2


async def test_buffered_items_come_together_at_their_interval(
    gateway: ServedGateway, session: PlainSession
) -> None:
    added = await session.invoke("add_buffered_item", item_definition="Pump001.Speed")
    handle = added.add_buffered_item.item_handle
    await session.invoke("set_buffered_update_interval", update_interval_ms=1_901)
    await session.invoke("advise", item_handle=handle)
    await gateway.advance(6.1)
    events = await session.drain()
    assert [event.WhichOneof("body") for event in events] == ["on_buffered_data_change"] * 3
    for event in events:
        body = event.on_buffered_data_change
        count = len(body.values.double_values.values)
        assert count == len(body.qualities) == len(body.timestamps.values)
    assert max(len(event.on_buffered_data_change.qualities) for event in events) > 1


async def test_draining_takes_as_many_as_asked_for(session: PlainSession) -> None:
    await session.subscribe("Tank001.Level", "Tank002.Level", "Tank003.Level")
    reply = await session.invoke("drain_events", max_events=2)
    assert [event.worker_sequence for event in reply.drain_events.events] == [1, 2]
    assert [event.worker_sequence for event in await session.drain()] == [3]


async def test_every_kind_of_the_contract_has_an_answer(session: PlainSession) -> None:
    for field in wire.MxCommand.DESCRIPTOR.oneofs_by_name["payload"].fields:
        if field.name != "shutdown_worker":
            reply = await session.invoke(field.name)
            assert reply.protocol_status.code != wire.PROTOCOL_STATUS_CODE_UNSPECIFIED, field.name


async def test_a_session_can_subscribe_alarms(gateway: ServedGateway, session: PlainSession) -> None:
    await session.invoke("subscribe_alarms")
    await gateway.advance(120.0)
    events = await session.drain()
    assert events
    assert {event.WhichOneof("body") for event in events} == {"on_alarm_transition"}


async def test_the_stream_carries_what_draining_would(session: PlainSession) -> None:
    stream = session.events()
    [handle] = await session.subscribe("Tank001.Level")
    [event] = await first(stream, 1)
    stream.cancel()
    assert (event.item_handle, event.worker_sequence) == (handle, 1)
    assert event.gateway_receive_timestamp == event.worker_timestamp
