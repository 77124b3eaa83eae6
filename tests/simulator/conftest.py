"""An embedded gateway on a clock that stands still, and a plain client of it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from mxgw_notebook.simulator.clock import ManualClock
from mxgw_notebook.simulator.options import GatewayOptions
from mxgw_notebook.simulator.server import ServedGateway, serving
from tests.conformance.plain_client import PlainClient, PlainSession, plain_client

KEY = "mxgw_test_secret"


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
