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
from mxgw_notebook.simulator.options import GatewayOptions
from mxgw_notebook.simulator.server import ServedGateway, serving
from tests.conformance.plain_client import PlainClient, PlainSession, first, plain_client
from tests.simulator.conftest import KEY
from tests.until import until

Code = grpc.StatusCode


@asynccontextmanager
async def served(**options: Any) -> AsyncIterator[tuple[ServedGateway, PlainClient]]:
    made = GatewayOptions(api_key=KEY, clock=ManualClock(), **options)
    async with serving(made) as gateway, plain_client(gateway.endpoint, KEY) as client:
        yield gateway, client


async def test_a_cancelled_stream_is_let_go(gateway: ServedGateway, session: PlainSession) -> None:
    alarms = session.client.stream("StreamAlarms", wire.StreamAlarmsRequest())
    deploys = session.client.stream("WatchDeployEvents", galaxy_wire.WatchDeployEventsRequest())
    for stream in (alarms, deploys):
        await stream.read()
    assert gateway.open_calls.total() == 2
    alarms.cancel()
    deploys.cancel()
    await until(lambda: gateway.open_calls.total() == 0)


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
