"""Writing: acceptance and outcome, secured and verified writes, arrays."""

from __future__ import annotations

from typing import Any

import pytest

from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire
from tests.conformance.answers import E_INVALIDARG, FAILURE, INVALID, OK, authenticated, event_of, outcome
from tests.conformance.plain_client import PlainSession, boolean, double
from tests.conformance.target import Target

COMPLETE = wire.MX_EVENT_FAMILY_ON_WRITE_COMPLETE
SECURITY = wire.MX_STATUS_CATEGORY_SECURITY_ERROR


async def test_the_reply_accepts_and_on_write_complete_tells_the_outcome(
    target: Target, session: PlainSession
) -> None:
    stream = session.events()
    [handle] = await session.subscribe(target.need("writable"))
    reply = await session.write(handle, double(20.0))
    assert reply.protocol_status.code == OK
    event = await event_of(stream, COMPLETE)
    stream.cancel()
    assert (event.item_handle, event.WhichOneof("body")) == (handle, "on_write_complete")
    assert event.statuses[0].category == wire.MX_STATUS_CATEGORY_OK


@pytest.mark.simulated_only("it knows a momentary button")
async def test_a_provider_need_not_echo_the_value(session: PlainSession) -> None:
    [handle] = await session.subscribe("Pump001.Reset")
    await session.drain()
    user = await authenticated(session, "operator:demo-operator")
    ids = {"current_user_id": user, "verifier_user_id": user}
    await session.invoke("write_secured", item_handle=handle, value=boolean(True), **ids)
    [event] = await session.drain()
    assert event.family == COMPLETE
    [button] = await session.read("Pump001.Reset")
    assert button.value.bool_value is False


async def test_writing_to_an_item_that_is_not_advised_is_an_invalid_argument(
    target: Target, session: PlainSession
) -> None:
    added = await session.invoke("add_item", item_definition=target.need("writable"))
    reply = await session.write(added.add_item.item_handle, double(20.0))
    assert (reply.protocol_status.code, reply.hresult) == (FAILURE, E_INVALIDARG)


@pytest.mark.parametrize(("field", "detail"), [("secured", 1012), ("verified", 1013)])
async def test_secured_and_verified_attributes_reject_a_plain_write_by_event_alone(
    target: Target, session: PlainSession, field: str, detail: int
) -> None:
    stream = session.events()
    [handle] = await session.subscribe(target.need(field))
    reply = await session.write(handle, boolean(True))
    assert reply.protocol_status.code == OK
    status = await outcome(session, stream)
    stream.cancel()
    assert (status.category, status.detail) == (SECURITY, detail)


async def test_a_secured_write_takes_the_same_id_twice(target: Target, session: PlainSession) -> None:
    stream = session.events()
    [handle] = await session.subscribe(target.need("secured"))
    user = await authenticated(session, target.need("users").split(",")[0])
    ids = {"current_user_id": user, "verifier_user_id": user}
    await session.invoke("write_secured", item_handle=handle, value=boolean(True), **ids)
    assert (await outcome(session, stream)).category == wire.MX_STATUS_CATEGORY_OK
    stream.cancel()


async def test_a_verified_write_takes_a_second_persons_id(target: Target, session: PlainSession) -> None:
    stream = session.events()
    [handle] = await session.subscribe(target.need("verified"))
    one, other = [await authenticated(session, user) for user in target.need("users").split(",")[:2]]
    alone = {"current_user_id": one, "verifier_user_id": one}
    await session.invoke("write_secured", item_handle=handle, value=boolean(True), **alone)
    assert (await outcome(session, stream)).detail == 1013
    both = {"current_user_id": one, "verifier_user_id": other}
    await session.invoke("write_secured", item_handle=handle, value=boolean(True), **both)
    assert (await outcome(session, stream)).category == wire.MX_STATUS_CATEGORY_OK
    stream.cancel()


async def test_a_wrong_password_authenticates_nobody(target: Target, session: PlainSession) -> None:
    name = target.need("users").partition(":")[0]
    reply = await session.invoke("authenticate_user", verify_user=name, verify_user_password="a guess")
    assert reply.protocol_status.code == FAILURE
    [handle] = await session.subscribe(target.need("secured"))
    ids = {"current_user_id": 1, "verifier_user_id": 1}
    signed = await session.invoke("write_secured", item_handle=handle, value=boolean(True), **ids)
    assert signed.protocol_status.code == FAILURE


def array_of(*numbers: float) -> wire.MxValue:
    value = wire.MxValue()
    value.array_value.double_values.values.extend(numbers)
    return value


def sparse(length: int, *elements: tuple[int, wire.MxValue]) -> wire.MxValue:
    made = [wire.MxSparseElement(index=index, value=value) for index, value in elements]
    array = wire.MxSparseArray(element_data_type=wire.MX_DATA_TYPE_DOUBLE, total_length=length, elements=made)
    return wire.MxValue(sparse_array_value=array)


async def written(target: Target, session: PlainSession, value: wire.MxValue) -> list[float]:
    """The writable array after a write of it."""
    name = f"{target.need('writable_array')}[]"
    stream = session.events()
    [handle] = await session.subscribe(name)
    await session.write(handle, value)
    assert (await outcome(session, stream)).category == wire.MX_STATUS_CATEGORY_OK
    stream.cancel()
    [result] = await session.read(name)
    assert list(result.value.array_value.dimensions) == [len(result.value.array_value.double_values.values)]
    return list(result.value.array_value.double_values.values)


async def test_a_whole_array_write_replaces_the_array_and_its_length(
    target: Target, session: PlainSession
) -> None:
    assert await written(target, session, array_of(1.0, 2.0)) == [1.0, 2.0]


async def test_a_sparse_write_sets_all_others_to_the_types_default(
    target: Target, session: PlainSession
) -> None:
    assert await written(target, session, sparse(4, (2, double(9.5)))) == [0.0, 0.0, 9.5, 0.0]


@pytest.mark.parametrize(
    "value",
    [
        sparse(0),
        sparse(3, (3, double(1.0))),
        sparse(3, (1, double(1.0)), (1, double(2.0))),
        sparse(3, (1, boolean(True))),
    ],
    ids=["total length 0", "out of range", "twice", "wrong kind"],
)
async def test_a_faulty_sparse_write_is_an_invalid_request(
    target: Target, session: PlainSession, value: wire.MxValue
) -> None:
    [handle] = await session.subscribe(f"{target.need('writable_array')}[]")
    assert (await session.write(handle, value)).protocol_status.code == INVALID


async def test_a_bulk_write_fails_single_entries(target: Target, session: PlainSession) -> None:
    stream = session.events()
    [handle] = await session.subscribe(target.need("writable"))
    good: dict[str, Any] = {"item_handle": handle, "value": double(20.0)}
    for arm, entry in (("write_bulk", wire.WriteBulkEntry), ("write2_bulk", wire.Write2BulkEntry)):
        entries = [entry(**good), entry(item_handle=999_999, value=double(1.0))]
        results = getattr(await session.invoke(arm, entries=entries), arm).results
        assert [result.was_successful for result in results] == [True, False]
        assert results[1].hresult == E_INVALIDARG
        assert (await outcome(session, stream)).category == wire.MX_STATUS_CATEGORY_OK
    stream.cancel()


async def test_a_write_can_carry_its_own_time(target: Target, session: PlainSession) -> None:
    stream = session.events()
    [handle] = await session.subscribe(target.need("writable"))
    await stream.read()
    moment = wire.MxValue()
    moment.timestamp_value.FromJsonString("2025-12-31T23:59:59Z")
    await session.invoke("write2", item_handle=handle, value=double(20.0), timestamp_value=moment)
    change = await event_of(stream, wire.MX_EVENT_FAMILY_ON_DATA_CHANGE)
    stream.cancel()
    assert change.source_timestamp == moment.timestamp_value


async def test_a_value_that_does_not_fit_fails_by_event(target: Target, session: PlainSession) -> None:
    stream = session.events()
    [handle] = await session.subscribe(target.need("writable"))
    await session.write(handle, wire.MxValue(string_value="much"))
    status = await outcome(session, stream)
    stream.cancel()
    assert status.category not in (wire.MX_STATUS_CATEGORY_OK, wire.MX_STATUS_CATEGORY_UNSPECIFIED)
