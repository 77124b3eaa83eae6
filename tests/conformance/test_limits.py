"""The limits, with the gateway's defaults and set lower."""

from __future__ import annotations

import asyncio

import pytest

from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire
from mxgw_notebook.simulator.options import GatewayOptions
from mxgw_notebook.simulator.server import ServedGateway
from tests.conformance.answers import Code, refusal
from tests.conformance.conftest import Served
from tests.conformance.plain_client import PlainClient, PlainSession, first
from tests.conformance.target import Target
from tests.until import until


def test_the_limits_are_the_gateways_defaults() -> None:
    usual = GatewayOptions()
    assert (usual.sessions, usual.pending_commands, usual.command_timeout) == (64, 128, 30.0)
    assert (usual.message_bytes, usual.event_queue) == (16 * 1024 * 1024, 10_000)
    assert (usual.lease, usual.grace, usual.sweep) == (1_800.0, 30.0, 30.0)
    assert (usual.replay_events, usual.replay_age) == (1_024, 300.0)


@pytest.mark.simulated_only("at another gateway others may hold sessions")
async def test_there_are_64_sessions(client: PlainClient) -> None:
    opened = [await client.call("OpenSession", wire.OpenSessionRequest()) for _ in range(64)]
    assert len({reply.session_id for reply in opened}) == 64
    assert await refusal(client.call("OpenSession", wire.OpenSessionRequest())) is Code.RESOURCE_EXHAUSTED
    await client.call("CloseSession", wire.CloseSessionRequest(session_id=opened[0].session_id))
    await client.call("OpenSession", wire.OpenSessionRequest())


@pytest.mark.simulated_only("the worker has to be slow")
async def test_more_than_128_pending_commands_fail_fast(served: Served) -> None:
    async with served(command_delay=0.01, command_timeout=600.0) as (gateway, client):
        reply = await client.call("OpenSession", wire.OpenSessionRequest())
        session, known = PlainSession(client, reply.session_id, 0), gateway.sessions.get(reply.session_id)
        registrations = [asyncio.create_task(session.invoke("register")) for _ in range(128)]
        await until(lambda: known.pending_commands == 128)
        assert await refusal(session.invoke("register")) is Code.RESOURCE_EXHAUSTED
        while known.pending_commands:
            await gateway.advance(0.2)
        await asyncio.gather(*registrations)
        await gateway.advance(0.2)


@pytest.mark.simulated_only("the worker has to be slow")
async def test_a_command_times_out_after_30_s(served: Served) -> None:
    async with served(command_delay=60.0) as (gateway, client):
        reply = await client.call("OpenSession", wire.OpenSessionRequest())
        session = PlainSession(client, reply.session_id, 0)
        late = asyncio.create_task(session.invoke("register"))
        await until(lambda: gateway.sessions.get(session.id).pending_commands == 1)
        await gateway.advance(29.0)
        assert not late.done()
        await gateway.advance(1.2)
        assert await refusal(late) is Code.DEADLINE_EXCEEDED


async def test_a_session_may_ask_for_another_command_timeout(client: PlainClient) -> None:
    request = wire.OpenSessionRequest()
    request.command_timeout.FromSeconds(7)
    reply = await client.call("OpenSession", request)
    await client.call("CloseSession", wire.CloseSessionRequest(session_id=reply.session_id))
    assert reply.default_command_timeout.ToSeconds() == 7


async def test_a_message_is_at_most_16_mib_toward_the_gateway(session: PlainSession) -> None:
    assert await refusal(session.invoke("ping", message="x" * (16 * 1024 * 1024))) is Code.RESOURCE_EXHAUSTED


@pytest.mark.simulated_only("its limit is set lower")
async def test_a_message_is_at_most_as_large_as_the_limit_toward_the_client(served: Served) -> None:
    async with served(message_bytes=64 * 1024) as (_, client):
        assert await refusal(client.hierarchy(page_size=5000)) is Code.RESOURCE_EXHAUSTED
        assert (await client.hierarchy(page_size=5)).objects


async def test_a_second_event_subscriber_is_refused(target: Target, session: PlainSession) -> None:
    stream = session.events()
    await session.subscribe(target.need("changing"))
    await stream.read()
    assert await refusal(session.events().read()) is Code.FAILED_PRECONDITION
    stream.cancel()


@pytest.mark.simulated_only("time passes on a clock of its own")
async def test_a_session_lives_as_long_as_its_lease_kept_alive_by_calls(served: Served) -> None:
    async with served(lease=180.0) as (gateway, client):
        session = await client.open()
        await gateway.advance(170.0)
        await session.invoke("register")
        await gateway.advance(170.0)
        assert gateway.sessions.ready()
        await gateway.advance(45.0)
        assert not gateway.sessions.ready()


@pytest.mark.simulated_only("time passes on a clock of its own")
async def test_an_open_stream_keeps_the_lease_alive(served: Served) -> None:
    async with served(lease=60.0, sweep=5.0) as (gateway, client):
        stream = (await client.open()).events()
        await until(lambda: gateway.open_calls["StreamEvents"] == 1)
        await gateway.advance(120.0)
        assert gateway.sessions.ready()
        stream.cancel()


@pytest.mark.simulated_only("time passes on a clock of its own")
async def test_30_s_after_the_last_subscriber_left_the_session_closes(
    gateway: ServedGateway, session: PlainSession
) -> None:
    stream = session.events()
    await session.subscribe("Tank001.Level")
    await stream.read()
    stream.cancel()
    await until(lambda: gateway.open_calls.total() == 0)
    await gateway.advance(20.0)
    assert gateway.sessions.ready()
    await gateway.advance(41.0)
    assert gateway.sessions.get(session.id).state == wire.SESSION_STATE_CLOSED


@pytest.mark.simulated_only("time passes on a clock of its own")
async def test_a_subscriber_that_comes_back_within_the_grace_keeps_the_session(
    gateway: ServedGateway, session: PlainSession
) -> None:
    await session.subscribe("Tank001.Level")
    for _ in range(3):
        stream = session.events()
        await first(stream, 1)
        stream.cancel()
        await until(lambda: gateway.open_calls.total() == 0)
        await gateway.advance(25.0)
    assert gateway.sessions.ready()
