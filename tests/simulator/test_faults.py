"""The fault switches, each over the wire."""

from __future__ import annotations

import asyncio
from typing import Any

import grpc
import pytest

from mxgw_notebook._generated import galaxy_repository_pb2 as galaxy_wire
from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire
from mxgw_notebook.simulator.clock import ManualClock
from mxgw_notebook.simulator.faults import SWITCHES, parse
from mxgw_notebook.simulator.options import GatewayOptions
from mxgw_notebook.simulator.server import ServedGateway, serving
from tests.conformance.answers import OK, Code, end_of, refusal
from tests.conformance.plain_client import PlainClient, PlainSession, first, plain_client
from tests.conformance.target import Target
from tests.simulator.conftest import KEY
from tests.until import until

STATE = "get_session_state"


async def again(client: PlainClient, name: str, request: Any) -> Any:
    """A call that waits until the gateway can be reached again."""
    stub = client.gateway if hasattr(client.gateway, name) else client.galaxy
    return await getattr(stub, name)(request, metadata=client.metadata, timeout=20.0, wait_for_ready=True)


async def test_refuse_ends_calls_with_a_status_as_often_as_told(
    gateway: ServedGateway, client: PlainClient, session: PlainSession
) -> None:
    await gateway.fault("refuse", code="RESOURCE_EXHAUSTED", rpc="Invoke", times=2)
    assert await refusal(session.invoke("ping")) is Code.RESOURCE_EXHAUSTED
    assert (await client.hierarchy(page_size=1)).objects
    assert await refusal(session.invoke("ping")) is Code.RESOURCE_EXHAUSTED
    assert (await session.invoke("ping")).protocol_status.code == OK
    await gateway.fault("refuse", rpc="Stream*")
    assert await refusal(session.events().read()) is Code.UNAVAILABLE


async def test_delay_keeps_the_reply_back(gateway: ServedGateway, session: PlainSession) -> None:
    await gateway.fault("delay", seconds=3.0, rpc="Invoke")
    ping = asyncio.create_task(session.invoke("ping"))
    before = gateway.plant.now
    while not ping.done():
        await gateway.advance(0.2)
    assert gateway.plant.now - before >= 3.0


async def test_drop_breaks_connections_and_sessions_go_on(
    gateway: ServedGateway, client: PlainClient, session: PlainSession
) -> None:
    stream = session.events()
    await session.subscribe("Tank001.Level")
    await stream.read()
    await gateway.fault("drop")
    assert await end_of(stream) is Code.UNAVAILABLE
    reply = await again(client, "CloseSession", wire.CloseSessionRequest(session_id=session.id))
    assert reply.final_state == wire.SESSION_STATE_CLOSED


async def test_kill_worker_faults_the_session_and_ends_its_stream(
    gateway: ServedGateway, session: PlainSession
) -> None:
    stream = session.events()
    await session.subscribe("Tank001.Level")
    await stream.read()
    await gateway.fault("kill-worker")
    assert await end_of(stream) is Code.FAILED_PRECONDITION
    assert (await session.invoke(STATE)).session_state.state == wire.SESSION_STATE_FAULTED
    assert gateway.plant.attribute("Tank001.Level").watchers == 0  # type: ignore[union-attr]


async def test_restart_keeps_port_key_and_plant_and_loses_the_sessions(
    gateway: ServedGateway, client: PlainClient, session: PlainSession
) -> None:
    await gateway.advance(60.0)
    endpoint, level = gateway.endpoint, gateway.plant.attribute("Tank001.Level")
    stream = session.events()
    await session.subscribe("Tank001.Level")
    await stream.read()
    await gateway.fault("restart")
    assert await end_of(stream) is Code.UNAVAILABLE
    reply = await again(client, "OpenSession", wire.OpenSessionRequest())
    assert reply.protocol_status.code == OK
    assert await refusal(session.invoke("ping")) is Code.NOT_FOUND
    assert gateway.endpoint == endpoint
    assert gateway.plant.attribute("Tank001.Level") is level
    assert level is not None
    assert level.watchers == 0


async def test_restart_can_take_a_while(gateway: ServedGateway, client: PlainClient) -> None:
    restart = asyncio.create_task(gateway.fault("restart", seconds=5.0))
    while await refusal(client.hierarchy()) is not Code.UNAVAILABLE:
        pass
    assert not restart.done()
    while not restart.done():
        await gateway.advance(1.0)
    assert (await again(client, "TestConnection", galaxy_wire.TestConnectionRequest())).ok


async def test_slow_stream_lets_each_message_wait(gateway: ServedGateway, session: PlainSession) -> None:
    await session.subscribe("Tank001.Product", "Tank002.Product", "Tank003.Product")
    await gateway.fault("slow-stream", seconds=2.0)
    before, read = gateway.plant.now, asyncio.create_task(first(session.events(), 3))
    while not read.done():
        await gateway.advance(0.2)
    assert gateway.plant.now - before >= 6.0


async def test_overflow_faults_the_session(gateway: ServedGateway, session: PlainSession) -> None:
    stream = session.events()
    await session.subscribe("Tank001.Level")
    await stream.read()
    await gateway.fault("overflow")
    assert await end_of(stream) is Code.RESOURCE_EXHAUSTED
    assert (await session.invoke(STATE)).session_state.state == wire.SESSION_STATE_FAULTED


async def test_evict_replay_leaves_a_gap_to_whoever_resumes(
    gateway: ServedGateway, session: PlainSession
) -> None:
    await session.subscribe("Tank001.Product", "Tank002.Product")
    stream = session.events()
    await first(stream, 2)
    stream.cancel()
    await until(lambda: gateway.open_calls["StreamEvents"] == 0)
    await gateway.fault("evict-replay")
    resumed = session.events(after=2)
    gap = (await resumed.read()).replay_gap
    assert gap.requested_after_sequence == 2
    await session.subscribe("Tank003.Product")
    assert (await resumed.read()).worker_sequence == gap.oldest_available_sequence > 3
    resumed.cancel()


async def test_expire_token_ends_a_walk_once(gateway: ServedGateway, client: PlainClient) -> None:
    token = (await client.hierarchy(page_size=5)).next_page_token
    await gateway.fault("expire-token")
    assert await refusal(client.hierarchy(page_size=5, page_token=token)) is Code.INVALID_ARGUMENT
    assert (await client.hierarchy(page_size=5, page_token=token)).objects


@pytest.mark.parametrize("kind", ["issuer", "name", "expired"])
async def test_wrong_certificate_is_not_trusted_until_it_is_put_right(kind: str) -> None:
    request = galaxy_wire.TestConnectionRequest()
    async with serving(GatewayOptions(api_key=KEY, tls=True)) as gateway:
        assert gateway.ca_file is not None
        target = Target(gateway.endpoint, KEY, ca_file=gateway.ca_file)
        await gateway.fault("wrong-certificate", kind=kind)
        async with target.client() as client:
            assert await refusal(client.call("TestConnection", request)) is Code.UNAVAILABLE
        if kind == "name":
            await reached_by_another_name(target)
        await gateway.clear_faults()
        async with target.client() as client:
            assert (await client.call("TestConnection", request)).ok


async def reached_by_another_name(target: Target) -> None:
    """A client that overrides the server's name trusts it all the same."""
    with open(target.ca_file, "rb") as file:  # noqa: ASYNC230  # a small file
        credentials = grpc.ssl_channel_credentials(file.read())
    options = (("grpc.ssl_target_name_override", "elsewhere.invalid"),)
    async with grpc.aio.secure_channel(target.endpoint, credentials, options) as channel:
        client = PlainClient(channel, f"Bearer {KEY}")
        assert (await client.call("TestConnection", galaxy_wire.TestConnectionRequest())).ok


async def test_silent_lets_reads_of_other_tags_time_out(
    gateway: ServedGateway, session: PlainSession
) -> None:
    await session.subscribe("Tank001.Level")
    await gateway.fault("silent")
    tags = ["Tank001.Level", "Tank002.Level"]
    read = asyncio.create_task(session.invoke("read_bulk", tag_addresses=tags, timeout_ms=500))
    await until(gateway.sessions.get(session.id).turn.locked)
    await gateway.advance(0.6)
    cached, other = (await read).read_bulk.results
    assert (cached.was_successful, other.was_successful) == (True, False)
    assert other.statuses[0].detail == 1


async def test_faults_can_stand_from_the_start() -> None:
    options = GatewayOptions(api_key=KEY, clock=ManualClock(), faults=(parse("refuse:code=INTERNAL"),))
    async with serving(options) as gateway, plain_client(gateway.endpoint, KEY) as client:
        assert await refusal(client.open()) is Code.INTERNAL
        assert list(gateway.faults.standing) == ["refuse"]


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("nope", {}),
        ("delay", {"second": 2}),
        ("delay", {"seconds": "soon"}),
        ("refuse", {"code": "TEAPOT"}),
        ("wrong-certificate", {}),
    ],
)
async def test_a_fault_that_cannot_be_is_refused(
    gateway: ServedGateway, name: str, settings: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match=r"fault|float|certificate"):
        await gateway.fault(name, **settings)
    assert not gateway.faults


def test_a_fault_is_spelled_as_name_and_settings() -> None:
    assert parse("delay:seconds=2,rpc=Invoke") == ("delay", {"seconds": "2", "rpc": "Invoke"})
    with pytest.raises(ValueError, match="key=value"):
        parse("delay:2")


def test_every_fault_of_the_list_has_a_switch() -> None:
    listed = "refuse delay drop kill-worker restart slow-stream overflow evict-replay expire-token"
    listed += " unknown-enums unknown-fields status wrong-certificate clock-skew silent"
    assert set(listed.split()) <= set(SWITCHES)
