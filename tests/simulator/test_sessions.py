"""Keys, sessions, limits and the event stream, over the wire."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import grpc
import pytest

from mxgw_notebook._generated import galaxy_repository_pb2 as galaxy_wire
from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire
from mxgw_notebook.simulator.clock import ManualClock
from mxgw_notebook.simulator.keys import Key
from mxgw_notebook.simulator.options import GatewayOptions, Overflow
from mxgw_notebook.simulator.plant.codes import Classification
from mxgw_notebook.simulator.server import ServedGateway, serving
from tests.simulator.conftest import KEY, Until
from tests.simulator.plain_client import PlainClient, PlainSession, double, first, plain_client

Code = grpc.StatusCode


@asynccontextmanager
async def served(**options: Any) -> AsyncIterator[tuple[ServedGateway, PlainClient]]:
    made = GatewayOptions(api_key=KEY, clock=ManualClock(), **options)
    async with serving(made) as gateway, plain_client(gateway.endpoint, KEY) as client:
        yield gateway, client


async def refusal(call: Any) -> Code:
    """The status with which a call is refused."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    return caught.value.code()


@pytest.mark.parametrize(
    "header", ["", "Bearer mxgw_test_wrong", "Bearer", "Basic mxgw_test_secret", "Bearer \u00fc"]
)
async def test_a_call_without_a_good_key_is_unauthenticated(gateway: ServedGateway, header: str) -> None:
    async with grpc.aio.insecure_channel(gateway.endpoint) as channel:
        client = PlainClient(channel, "")
        client.metadata = (("authorization", header.encode("ascii", "replace").decode()),) if header else ()
        assert await refusal(client.call("OpenSession", wire.OpenSessionRequest())) is Code.UNAUTHENTICATED
        stream = client.stream("StreamAlarms", wire.StreamAlarmsRequest())
        assert await refusal(stream.read()) is Code.UNAUTHENTICATED


async def test_a_key_without_the_scope_is_denied() -> None:
    reader = Key("mxgw_reader_1", scopes=frozenset({"session:open", "invoke:read"}))
    async with served(keys=(reader,)) as (gateway, _), plain_client(gateway.endpoint, reader.text) as client:
        session = await client.open()
        assert await refusal(session.invoke("write", item_handle=1)) is Code.PERMISSION_DENIED
        assert await refusal(session.invoke("shutdown_worker")) is Code.PERMISSION_DENIED
        assert await refusal(client.hierarchy()) is Code.PERMISSION_DENIED
        assert await refusal(session.events().read()) is Code.PERMISSION_DENIED
        assert await refusal(session.close()) is Code.PERMISSION_DENIED


async def test_a_narrowed_key_sees_a_smaller_galaxy_and_fails_single_entries() -> None:
    narrow = Key("mxgw_narrow_1", subtrees=("Production1",), highest=Classification.OPERATE)
    async with served(keys=(narrow,)) as (gateway, _), plain_client(gateway.endpoint, narrow.text) as client:
        objects = (await client.hierarchy(page_size=5000)).objects
        assert {"Tank001", "Production1"} <= {item.tag_name for item in objects}
        assert not {"Boiler901", "Tank009"} & {item.tag_name for item in objects}
        results = await (await client.open()).read("Tank001.Level", "Boiler901.DrumLevel", "FIC101.Kp")
        assert [result.was_successful for result in results] == [True, False, False]


async def test_a_session_opens_ready_and_closes_twice(client: PlainClient) -> None:
    reply = await client.call("OpenSession", wire.OpenSessionRequest(client_session_name="n"))
    assert reply.session_id.startswith("session-")
    assert "unary-acknowledge-alarm" in reply.capabilities
    assert reply.default_command_timeout.seconds == 30
    session = PlainSession(client, reply.session_id, 0)
    state = await session.invoke("get_session_state")
    assert state.session_state.state == wire.SESSION_STATE_READY
    for _ in range(2):
        assert (await session.close()).final_state == wire.SESSION_STATE_CLOSED


async def test_a_closed_session_takes_no_commands_but_tells_its_state(session: PlainSession) -> None:
    await session.close()
    assert await refusal(session.invoke("ping")) is Code.FAILED_PRECONDITION
    state = await session.invoke("get_session_state")
    assert state.session_state.state == wire.SESSION_STATE_CLOSED


async def test_an_unknown_session_is_not_found(client: PlainClient) -> None:
    stranger = PlainSession(client, "session-of-nobody", 0)
    assert await refusal(stranger.invoke("ping")) is Code.NOT_FOUND
    assert await refusal(stranger.close()) is Code.NOT_FOUND
    assert await refusal(stranger.events().read()) is Code.NOT_FOUND


async def test_one_session_too_many_is_refused_until_another_closes() -> None:
    async with served(sessions=2) as (_, client):
        one, _ = [await client.open() for _ in range(2)]
        assert await refusal(client.open()) is Code.RESOURCE_EXHAUSTED
        await one.close()
        await client.open()


async def test_one_pending_command_too_many_fails_at_once(until: Until) -> None:
    async with served(command_delay=1.0, pending_commands=2) as (gateway, client):
        reply = await client.call("OpenSession", wire.OpenSessionRequest())
        session, table = PlainSession(client, reply.session_id, 0), gateway.sessions
        pings = [asyncio.create_task(session.invoke("ping", message=str(n))) for n in range(2)]
        await until(lambda: table.get(session.id).pending_commands == 2)
        assert await refusal(session.invoke("ping")) is Code.RESOURCE_EXHAUSTED
        await gateway.advance(1.0)
        await pings[0]
        await gateway.advance(1.0)
        assert (await pings[1]).diagnostic_message == "1"


async def test_a_worker_that_is_too_slow_times_the_command_out(until: Until) -> None:
    async with served(command_delay=60.0) as (gateway, client):
        reply = await client.call("OpenSession", wire.OpenSessionRequest())
        session = PlainSession(client, reply.session_id, 0)
        ping = asyncio.create_task(session.invoke("ping"))
        await until(lambda: gateway.sessions.get(session.id).pending_commands == 1)
        await gateway.advance(30.0)
        assert await refusal(ping) is Code.DEADLINE_EXCEEDED


async def test_a_second_subscriber_is_refused(session: PlainSession) -> None:
    stream = session.events()
    await session.subscribe("Tank001.Level")
    await stream.read()
    assert await refusal(session.events().read()) is Code.FAILED_PRECONDITION
    stream.cancel()


async def test_attaching_delivers_what_was_queued_in_sequence(
    gateway: ServedGateway, session: PlainSession
) -> None:
    await session.subscribe("Pump001.Speed", "Tank001.Level")
    await gateway.advance(5.0)
    queued = len(gateway.sessions.get(session.id).events)
    stream = session.events()
    events = await first(stream, queued)
    stream.cancel()
    assert queued > 4
    assert [event.worker_sequence for event in events] == list(range(1, queued + 1))


async def test_a_lost_stream_resumes_without_loss(
    gateway: ServedGateway, session: PlainSession, until: Until
) -> None:
    await session.subscribe("Pump001.Speed", "Tank001.Level")
    await gateway.advance(5.0)
    stream = session.events()
    await first(stream, 6)
    stream.cancel()
    await until(lambda: gateway.open_calls["StreamEvents"] == 0)
    await gateway.advance(2.0)
    resumed = session.events(after=4)
    events = await first(resumed, 5)
    resumed.cancel()
    assert [event.worker_sequence for event in events] == [5, 6, 7, 8, 9]
    assert not events[0].HasField("replay_gap")


async def test_evicted_events_leave_a_replay_gap(until: Until) -> None:
    async with served(replay_events=3) as (gateway, client):
        session = await client.open()
        await session.subscribe("Pump001.Speed", "Tank001.Level", "FIC101.PV")
        await gateway.advance(5.0)
        assert len(await session.drain()) > 10
        last = gateway.sessions.get(session.id).events.sequence
        stream = session.events(after=2)
        gap, following = await first(stream, 2)
        stream.cancel()
        await until(lambda: gateway.open_calls["StreamEvents"] == 0)
        assert gap.family == wire.MX_EVENT_FAMILY_UNSPECIFIED
        assert gap.WhichOneof("body") is None
        assert gap.replay_gap.requested_after_sequence == 2
        assert gap.replay_gap.oldest_available_sequence == last - 2 == following.worker_sequence
        again = session.events(after=gap.replay_gap.oldest_available_sequence - 1)
        [event] = await first(again, 1)
        again.cancel()
        assert event.worker_sequence == last - 2
        assert not event.HasField("replay_gap")


async def test_events_that_are_too_old_are_not_replayed() -> None:
    async with served(replay_age=10.0) as (gateway, client):
        session = await client.open()
        await session.subscribe("Pump001.Speed")
        await gateway.advance(2.0)
        await session.drain()
        await gateway.advance(11.0)
        stream = session.events(after=1)
        [event] = await first(stream, 1)
        stream.cancel()
        assert event.HasField("replay_gap")


async def test_a_queue_without_a_subscriber_faults_the_session_when_full() -> None:
    async with served(event_queue=20) as (gateway, client):
        session = await client.open()
        await session.subscribe("Pump001.Speed", "Tank001.Level", "FIC101.PV")
        await gateway.advance(20.0)
        assert await refusal(session.invoke("ping")) is Code.FAILED_PRECONDITION
        state = await session.invoke("get_session_state")
        assert state.session_state.state == wire.SESSION_STATE_FAULTED
        assert (await session.close()).final_state == wire.SESSION_STATE_CLOSED


@pytest.mark.parametrize(
    ("overflow", "state"),
    [
        (Overflow.FAULT_SESSION, wire.SESSION_STATE_FAULTED),
        (Overflow.DISCONNECT, wire.SESSION_STATE_READY),
    ],
)
async def test_a_subscriber_that_reads_too_slowly_is_disconnected(
    overflow: Overflow, state: wire.SessionState, until: Until
) -> None:
    async with served(event_queue=20, overflow=overflow) as (gateway, client):
        session = await client.open()
        stream = session.events()
        await until(lambda: gateway.open_calls["StreamEvents"] == 1)
        # More at once than the queue holds: the subscriber had no chance to read in between.
        tags = [f"Tank{number:03d}.{name}" for number in range(1, 17) for name in ("Level", "Volume")]
        await session.invoke("subscribe_bulk", tag_addresses=tags)
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await first(stream, 100)
        assert caught.value.code() is Code.RESOURCE_EXHAUSTED
        assert (await session.invoke("get_session_state")).session_state.state == state


async def test_closing_the_session_ends_its_stream(session: PlainSession) -> None:
    stream = session.events()
    await session.subscribe("Tank001.Level")
    await stream.read()
    await session.close()
    assert await stream.read() is grpc.aio.EOF


async def test_a_cancelled_stream_is_let_go(
    gateway: ServedGateway, session: PlainSession, until: Until
) -> None:
    alarms = session.client.stream("StreamAlarms", wire.StreamAlarmsRequest())
    deploys = session.client.stream("WatchDeployEvents", galaxy_wire.WatchDeployEventsRequest())
    for stream in (alarms, deploys):
        await stream.read()
    assert gateway.open_calls.total() == 2
    alarms.cancel()
    deploys.cancel()
    await until(lambda: gateway.open_calls.total() == 0)


async def test_a_session_without_subscriber_closes_after_the_grace(
    gateway: ServedGateway, session: PlainSession, until: Until
) -> None:
    stream = session.events()
    await session.subscribe("Tank001.Level")
    await stream.read()
    stream.cancel()
    await until(lambda: gateway.open_calls.total() == 0)
    await gateway.advance(20.0)
    assert gateway.sessions.ready()
    await gateway.advance(41.0)
    assert not gateway.sessions.ready()


async def test_a_session_that_nobody_uses_closes_after_its_lease() -> None:
    async with served(lease=60.0, sweep=5.0) as (gateway, client):
        session = await client.open()
        await gateway.advance(55.0)
        await session.invoke("ping")
        await gateway.advance(55.0)
        assert gateway.sessions.ready()
        await gateway.advance(10.0)
        assert not gateway.sessions.ready()


async def test_the_same_seed_and_steps_give_the_same_events() -> None:
    async def run() -> list[bytes]:
        async with served(seed=5) as (gateway, client):
            session = await client.open()
            await session.subscribe("Pump001.Speed", "Tank001.Level", "FIC101.PV", "TI111.PV")
            await gateway.advance(30.0)
            events = await session.drain()
            for event in events:
                event.ClearField("session_id")
            return [event.SerializeToString(deterministic=True) for event in events]

    assert await run() == await run()


async def test_ping_comes_back_and_the_worker_tells_of_itself(session: PlainSession) -> None:
    reply = await session.invoke("ping", message="hello")
    assert (reply.diagnostic_message, reply.correlation_id) == ("hello", "c-1")
    info = (await session.invoke("get_worker_info")).worker_info
    assert info.process_id > 0
    assert info.mxaccess_prog_id


async def test_shutting_the_worker_down_ends_the_session(session: PlainSession) -> None:
    await session.invoke("shutdown_worker")
    assert await refusal(session.invoke("ping")) is Code.FAILED_PRECONDITION


async def test_a_message_above_the_limit_is_refused() -> None:
    async with served(message_bytes=64 * 1024) as (_, client):
        session = await client.open()
        assert await refusal(session.invoke("ping", message="x" * 100_000)) is Code.RESOURCE_EXHAUSTED


async def test_a_command_whose_payload_does_not_fit_its_kind_is_invalid(session: PlainSession) -> None:
    command = wire.MxCommand(kind=wire.MX_COMMAND_KIND_WRITE, ping=wire.PingCommand())
    request = wire.MxCommandRequest(session_id=session.id, command=command)
    reply = await session.client.call("Invoke", request)
    assert reply.protocol_status.code == wire.PROTOCOL_STATUS_CODE_INVALID_REQUEST


async def test_two_registrations_have_two_handles(session: PlainSession) -> None:
    other = await session.invoke("register", client_name="other")
    assert other.register.server_handle not in (0, session.server_handle)
    assert other.return_value.int32_value == other.register.server_handle
    await session.invoke("unregister", server_handle=other.register.server_handle)
    reply = await session.invoke(
        "add_item", server_handle=other.register.server_handle, item_definition="Tank001.Level"
    )
    assert reply.protocol_status.code == wire.PROTOCOL_STATUS_CODE_MXACCESS_FAILURE
    assert reply.hresult == -2147024809


async def test_a_key_never_shows_in_a_repr(gateway: ServedGateway) -> None:
    assert "secret" not in repr(gateway)
    assert "secret" not in repr(GatewayOptions(api_key=KEY))
    assert "secret" not in repr(Key(KEY))
    assert double(1.0)


async def test_a_gateway_that_stops_ends_its_streams_as_unavailable() -> None:
    options = GatewayOptions(api_key=KEY, clock=ManualClock())
    async with AsyncExitStack() as stack:
        gateway = await stack.enter_async_context(serving(options))
        async with plain_client(gateway.endpoint, KEY) as client:
            session = await client.open()
            await session.subscribe("Tank001.Level")
            streams = [
                session.events(),
                client.stream("StreamAlarms", wire.StreamAlarmsRequest(alarm_filter_prefix="none")),
                client.stream("WatchDeployEvents", galaxy_wire.WatchDeployEventsRequest()),
            ]
            for stream in streams:
                await stream.read()
            await stack.aclose()
            for stream in streams:
                with pytest.raises(grpc.aio.AioRpcError) as caught:
                    await first(stream, 10)
                assert caught.value.code() is Code.UNAVAILABLE


async def test_a_burst_of_subscriptions_goes_at_the_pace_of_its_reader() -> None:
    async with served(event_queue=100) as (_, client):
        session = await client.open()
        stream = session.events()
        tags = [f"Tank{number:03d}.{name}" for number in range(1, 17) for name in ("Level", "Volume")]
        reader = asyncio.create_task(first(stream, 10 * len(tags)))
        for _ in range(10):
            await session.subscribe(*tags)
        assert [event.worker_sequence for event in await reader] == list(range(1, 321))
        stream.cancel()
