"""A client and a hub on the test's own loop, at the embedded gateway of this process."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from mxgw_notebook.client import GatewayClient
from mxgw_notebook.live import Hub
from mxgw_notebook.simulator.server import ServedGateway
from tests.conftest import KEY


@asynccontextmanager
async def hub_at(endpoint: str, key: str = KEY, **settings: Any) -> AsyncIterator[Hub]:
    """A hub, closed afterwards with its client."""
    async with await GatewayClient.connect(endpoint, api_key=key, plaintext=True) as client:
        hub = Hub(client, "tests", **settings)
        try:
            yield hub
        finally:
            await hub.close()


@pytest.fixture
async def client(served: ServedGateway) -> AsyncIterator[GatewayClient]:
    async with await GatewayClient.connect(served.endpoint, api_key=KEY, plaintext=True) as connected:
        yield connected


@pytest.fixture
async def hub(served: ServedGateway) -> AsyncIterator[Hub]:
    async with hub_at(served.endpoint) as made:
        yield made
