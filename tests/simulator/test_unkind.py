"""The faults of a gateway that is no kinder than the contract, each over the wire."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import grpc.aio
import pytest

from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire
from mxgw_notebook.simulator.faults import unkind_faults
from mxgw_notebook.simulator.process import EmbeddedGateway
from mxgw_notebook.simulator.server import ServedGateway
from tests.conformance.answers import OK, Code, refusal
from tests.conformance.plain_client import PlainClient, PlainSession, double, first, plain_client
from tests.live.network import Network
from tests.simulator.conftest import KEY

SETPOINT = "FIC101.SP"
REFUSED = {Code.PERMISSION_DENIED, Code.UNIMPLEMENTED, Code.INVALID_ARGUMENT, Code.INTERNAL}


async def test_single_kinds_of_commands_are_refused_and_the_others_not(
    gateway: ServedGateway, session: PlainSession
) -> None:
    await gateway.fault("refuse-command", command="ping+get_*", code="any")
    names = ("ping", "get_session_state", "get_worker_info", "ping")
    codes = [await refusal(session.invoke(name)) for name in names]
    assert set(codes) == REFUSED
    assert (await session.read("Tank001.Level.EngUnits"))[0].was_successful


async def test_a_late_command_is_done_before_it_is_answered(
    gateway: ServedGateway, session: PlainSession
) -> None:
    await gateway.fault("delay-command", command="subscribe_bulk", seconds=60.0)
    late = asyncio.create_task(session.subscribe("Tank001.Product"))
    stream = session.events()
    assert (await stream.read()).value.string_value
    assert not late.done()
    late.cancel()
    stream.cancel()


async def test_a_lost_reply_is_that_of_a_command_that_was_done(
    gateway: ServedGateway, session: PlainSession
) -> None:
    [handle] = await session.subscribe(SETPOINT)
    await gateway.fault("lose-reply", command="write*", code="INTERNAL", times=1)
    assert await refusal(session.write(handle, double(20.0))) is Code.INTERNAL
    [result] = await session.read(SETPOINT)
    assert result.value.float_value == 20.0 or result.value.double_value == 20.0
    assert (await session.write(handle, double(21.0))).protocol_status.code == OK


async def test_every_second_reply_is_lost(gateway: ServedGateway, session: PlainSession) -> None:
    [handle] = await session.subscribe(SETPOINT)
    await gateway.fault("lose-reply", every=2)
    assert (await session.write(handle, double(20.0))).protocol_status.code == OK
    assert await refusal(session.write(handle, double(21.0))) is Code.UNAVAILABLE
    assert gateway.faults.happened["lose-reply"] == 1


async def test_a_reply_of_a_later_contract_is_that_of_a_command_that_was_done(
    gateway: ServedGateway, session: PlainSession
) -> None:
    [handle] = await session.subscribe(SETPOINT)
    await gateway.fault("lose-reply", code="LATER_CODE", times=1)
    reply = await session.write(handle, double(20.0))
    assert reply.protocol_status.code not in wire.ProtocolStatusCode.values()
    await gateway.fault("lose-reply", code="LATER_KIND", times=1)
    reply = await session.write(handle, double(21.0))
    assert reply.kind not in wire.MxCommandKind.values()
    assert reply.protocol_status.code == OK
    [result] = await session.read(SETPOINT)
    assert result.value.float_value == 21.0 or result.value.double_value == 21.0


async def test_what_becomes_of_replies_is_each_in_turn(gateway: ServedGateway, session: PlainSession) -> None:
    [handle] = await session.subscribe(SETPOINT)
    await gateway.fault("lose-reply", code="any")
    told = []
    for value in (20.0, 21.0, 22.0, 23.0):
        try:
            reply = await session.write(handle, double(value))
        except grpc.aio.AioRpcError as error:
            told.append(error.code().name)
        else:
            told.append("kind" if reply.protocol_status.code == OK else "code")
    assert sorted(told) == ["INTERNAL", "UNAVAILABLE", "code", "kind"]


async def test_wordless_statuses_keep_their_numbers(gateway: ServedGateway, session: PlainSession) -> None:
    await gateway.fault("wordless")
    [failed] = await session.read("Nope.Nope")
    assert (failed.was_successful, failed.error_message, failed.statuses[0].diagnostic_text) == (
        False,
        "",
        "",
    )
    assert failed.statuses[0].detail == 6
    assert (await session.invoke("ping", message="there?")).diagnostic_message == "there?"


async def test_unknown_enums_can_be_some_enumerations_alone(
    gateway: ServedGateway, session: PlainSession
) -> None:
    await gateway.fault("unknown-enums", enums="MxStatusSource+MxDataType")
    [result] = await session.read("Tank001.Level.EngUnits")
    assert result.value.data_type not in wire.MxDataType.values()
    assert result.statuses[0].detected_by not in wire.MxStatusSource.values()
    assert result.statuses[0].category == wire.MX_STATUS_CATEGORY_OK


async def test_strangers_stand_between_events_and_are_numbered_with_them(
    gateway: ServedGateway, session: PlainSession
) -> None:
    await gateway.fault("strangers", every=2)
    await session.subscribe("Tank001.Product", "Tank002.Product")
    reply = await session.invoke("drain_events")
    events = list(reply.drain_events.events)
    assert [event.worker_sequence for event in events] == [1, 2, 3]
    assert [event.family in wire.MxEventFamily.values() for event in events] == [True, False, True]
    assert events[1].WhichOneof("body") is None


async def test_strangers_of_the_alarm_feed_have_an_unknown_payload_or_kind(
    gateway: ServedGateway, client: PlainClient
) -> None:
    stream = client.stream("StreamAlarms", wire.StreamAlarmsRequest())
    while (await stream.read()).WhichOneof("payload") != "provider_status":
        pass
    await gateway.fault("strangers", every=1)
    alarm = next(one for one in gateway.plant.board.present("") if not one.state.acked)
    await client.call("AcknowledgeAlarm", wire.AcknowledgeAlarmRequest(alarm_full_reference=alarm.reference))
    known, payload, kind = await first(stream, 3)
    stream.cancel()
    assert known.transition.transition_kind == wire.ALARM_TRANSITION_KIND_ACKNOWLEDGE
    assert payload.WhichOneof("payload") is None
    assert kind.transition.alarm_full_reference == alarm.reference
    assert kind.transition.transition_kind not in wire.AlarmTransitionKind.values()


@pytest.mark.parametrize(("time", "year"), [("year-1", 1), ("1601", 1601), ("1899", 1899), ("9999", 9999)])
async def test_odd_times_are_those_that_plants_have_for_never(
    gateway: ServedGateway, session: PlainSession, time: str, year: int
) -> None:
    await gateway.fault("odd-times", time=time, fields="source_timestamp")
    [result] = await session.read("Tank001.Level.EngUnits")
    assert result.source_timestamp.ToDatetime().year == year


async def test_odd_times_can_be_an_hour_ahead_every_so_often(
    gateway: ServedGateway, session: PlainSession
) -> None:
    tags = ["Tank001.Level.EngUnits", "Tank001.Level.EngUnits"]
    plain, _ = await session.read(*tags)
    await gateway.fault("odd-times", time="ahead", every=2, fields="source_*")
    results = await session.read(*tags)
    ahead = [result.source_timestamp.seconds - plain.source_timestamp.seconds for result in results]
    assert ahead == [0, 3_600]


async def test_bursts_have_equal_source_times(gateway: ServedGateway, session: PlainSession) -> None:
    await gateway.fault("bursts", seconds=0.0, same=10.0)
    await session.subscribe("Pump001.Speed")
    stream = session.events()
    await gateway.advance(5.0)
    times = {event.source_timestamp.ToNanoseconds() for event in await first(stream, 4)}
    stream.cancel()
    assert len(times) <= 2
    assert all(time % 10**10 == 0 for time in times)


@contextlib.asynccontextmanager
async def measured(gateway: ServedGateway) -> AsyncIterator[tuple[Network, PlainClient]]:
    """A client whose bytes are counted on their way."""
    network = Network(int(gateway.endpoint.rpartition(":")[2]))
    try:
        async with plain_client(await network.start(), KEY) as client:
            yield network, client
    finally:
        await network.stop()


async def test_compressed_messages_are_a_fraction_as_long_on_the_wire(gateway: ServedGateway) -> None:
    async with measured(gateway) as (network, client):
        page = await client.hierarchy(page_size=50)
        plain = network.passed
    await gateway.fault("compress")
    async with measured(gateway) as (network, client):
        assert await client.hierarchy(page_size=50) == page
        assert network.passed < plain / 3


async def test_the_whole_set_stands_and_commands_are_answered(
    gateway: ServedGateway, session: PlainSession
) -> None:
    for name, settings in unkind_faults():
        await gateway.fault(name, **settings)
    assert await refusal(session.invoke("ping")) in REFUSED
    [handle] = await session.subscribe(SETPOINT)
    assert (await session.write(handle, double(20.0))).protocol_status.code == OK


def test_an_unkind_gateway_can_be_started() -> None:
    with EmbeddedGateway.start(api_key=KEY, unkind=True) as gateway:
        assert set(gateway.status()["faults"]) >= {"wordless", "refuse-command", "odd-times"}
