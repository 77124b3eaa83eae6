"""An embedded gateway on a clock that stands still, and a plain client of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from mxgw_notebook.simulator.clock import ManualClock
from mxgw_notebook.simulator.options import GatewayOptions
from mxgw_notebook.simulator.server import ServedGateway, serving
from tests.conformance.plain_client import PlainClient, PlainSession, plain_client

KEY = "mxgw_test_secret"
Until = Callable[[Callable[[], bool]], Awaitable[None]]


@pytest.fixture
async def gateway() -> AsyncIterator[ServedGateway]:
    async with serving(GatewayOptions(seed=1, api_key=KEY, clock=ManualClock())) as served:
        yield served


@pytest.fixture
async def client(gateway: ServedGateway) -> AsyncIterator[PlainClient]:
    async with plain_client(gateway.endpoint, gateway.api_key) as made:
        yield made


@pytest.fixture
async def session(client: PlainClient) -> PlainSession:
    return await client.open()


@pytest.fixture
def until() -> Until:
    """Waits for a condition that another task brings about, with a deadline."""

    async def wait(condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(10.0):
            while not condition():  # noqa: ASYNC110  # what is waited for happens on the other side of a socket
                await asyncio.sleep(0)

    return wait
