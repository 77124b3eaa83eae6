"""The faults that change what messages say, over the wire."""

from __future__ import annotations

from typing import Any

import pytest

from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire
from mxgw_notebook.simulator.disguise import PROTOCOL_CODES
from mxgw_notebook.simulator.server import ServedGateway
from tests.conformance.answers import OK
from tests.conformance.plain_client import PlainClient, PlainSession


async def test_unknown_enums_are_beyond_the_contract(gateway: ServedGateway, session: PlainSession) -> None:
    await gateway.fault("unknown-enums")
    [handle] = await session.subscribe("Tank001.Level")
    [event] = await session.drain()
    assert event.item_handle == handle
    assert event.family not in wire.MxEventFamily.values()
    assert event.value.data_type not in wire.MxDataType.values()
    assert event.statuses[0].category not in wire.MxStatusCategory.values()
    assert (await session.invoke("ping")).protocol_status.code == OK


async def test_unknown_enums_take_their_turns_by_field(gateway: ServedGateway, session: PlainSession) -> None:
    await gateway.fault("unknown-enums", enums="MxStatusCategory+MxStatusSource+MxDataType", every=4)
    results = await session.read(*["Tank001.Level.EngUnits"] * 4)
    fields = [(one.value.data_type in wire.MxDataType.values(), *known(one.statuses[0])) for one in results]
    assert sorted(fields) == [(False, True, True), (True, False, True), (True, True, False), (True,) * 3]


def known(status: Any) -> tuple[bool, bool]:
    return (
        status.category in wire.MxStatusCategory.values(),
        status.detected_by in wire.MxStatusSource.values(),
    )


async def test_unknown_values_are_in_none_of_the_known_arms(
    gateway: ServedGateway, session: PlainSession
) -> None:
    await gateway.fault("unknown-values", every=2)
    known_one, unknown = await session.read(*["Tank001.Level.EngUnits"] * 2)
    assert (known_one.value.string_value, unknown.value.WhichOneof("kind")) == ("%", None)
    assert (unknown.value.is_null, unknown.value.data_type) == (False, wire.MX_DATA_TYPE_STRING)
    await gateway.fault("unknown-values", every=2)
    [array] = await session.read("Tank001.StrappingTable[]")
    assert array.value.array_value.WhichOneof("values") is None
    assert array.value.array_value.dimensions


async def test_unknown_fields_stand_in_every_message(
    gateway: ServedGateway, client: PlainClient, session: PlainSession
) -> None:
    plain = await client.hierarchy(page_size=2)
    await gateway.fault("unknown-fields")
    with_more = await client.hierarchy(page_size=2)
    assert with_more.ByteSize() > plain.ByteSize()
    for message in (with_more, with_more.objects[0], with_more.objects[0].attributes[0]):
        message.DiscardUnknownFields()
    assert with_more.objects == plain.objects
    [result] = await session.read("Tank001.Level.EngUnits")
    assert result.value.string_value == "%"


async def test_unknown_arms_leave_events_and_alarms_without_a_known_body(
    gateway: ServedGateway, client: PlainClient, session: PlainSession
) -> None:
    await gateway.fault("unknown-arms")
    await session.subscribe("Tank001.Level")
    stream = session.events()
    event = await stream.read()
    stream.cancel()
    assert (event.WhichOneof("body"), event.HasField("value")) == (None, True)
    alarms = client.stream("StreamAlarms", wire.StreamAlarmsRequest())
    assert (await alarms.read()).WhichOneof("payload") is None
    alarms.cancel()


@pytest.mark.parametrize(
    ("settings", "success", "category"),
    [
        ({"success": -1}, -1, wire.MX_STATUS_CATEGORY_OK),
        ({"success": 0, "category": "unset"}, 0, wire.MX_STATUS_CATEGORY_UNSPECIFIED),
        ({"success": 0, "category": "software_error"}, 0, wire.MX_STATUS_CATEGORY_SOFTWARE_ERROR),
    ],
)
async def test_status_changes_what_statuses_say(
    gateway: ServedGateway, session: PlainSession, settings: dict[str, Any], success: int, category: int
) -> None:
    await gateway.fault("status", **settings)
    [status] = (await session.invoke("ping")).statuses
    assert (status.success, status.category) == (success, category)


async def test_clock_skew_shifts_the_gateways_times(gateway: ServedGateway, session: PlainSession) -> None:
    [before] = await session.read("Tank001.Level.EngUnits")
    await gateway.fault("clock-skew", seconds=-90.0)
    [after] = await session.read("Tank001.Level.EngUnits")
    shift = after.source_timestamp.ToMilliseconds() - before.source_timestamp.ToMilliseconds()
    assert shift == -90_000


@pytest.mark.parametrize("detail", [0, 1, 2, 3, 4, 5, 6, 7, 8, 1003, 1012, 1013])
async def test_status_can_carry_every_detail_met(
    gateway: ServedGateway, session: PlainSession, detail: int
) -> None:
    await gateway.fault("status", success=0, category="communication_error", detail=detail)
    assert (await session.invoke("ping")).statuses[0].detail == detail


@pytest.mark.parametrize("code", [name for name in PROTOCOL_CODES if name != "UNSPECIFIED"])
async def test_protocol_status_can_carry_every_code(
    gateway: ServedGateway, session: PlainSession, code: str
) -> None:
    await gateway.fault("protocol-status", code=code)
    reply = await session.invoke("register", client_name="x")
    assert reply.protocol_status.code == PROTOCOL_CODES[code]
    assert (reply.WhichOneof("payload"), reply.correlation_id) == (None, "c-1")
    assert (await session.invoke("ping")).protocol_status.code == OK
