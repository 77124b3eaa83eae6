"""A client and a hub on the test's own loop, at the embedded gateway of this process."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from mxgw_notebook.client import GatewayClient
from mxgw_notebook.live import Hub
from mxgw_notebook.simulator.process import EmbeddedGateway
from mxgw_notebook.simulator.server import ServedGateway
from tests import kindness
from tests.conftest import KEY

SPEED, LEVEL = "Pump001.Speed", "Tank001.Level"


def watchers(served: ServedGateway, tag: str) -> int:
    """How often a tag is advised at the gateway, over all sessions."""
    attribute = served.plant.attribute(tag)
    assert attribute is not None
    return attribute.watchers


def known(hub: Hub) -> int:
    """How many events of kinds that are known the hub has taken in; others may stand between any two."""
    return hub.received - hub.other_events.total()


def start_at(port: int) -> EmbeddedGateway:
    """The gateway that was killed, back at its port."""
    return kindness.start(port=port, seed=1, api_key=KEY)


@asynccontextmanager
async def hub_at(endpoint: str, key: str = KEY, **settings: Any) -> AsyncIterator[Hub]:
    """A hub, closed afterwards with its client."""
    async with await GatewayClient.connect(endpoint, api_key=key, plaintext=True) as client:
        client.gate.arm("tests", minutes=None)
        hub = Hub(client, "tests", **settings)
        try:
            yield hub
        finally:
            await hub.close()


@pytest.fixture
async def hub(served: ServedGateway) -> AsyncIterator[Hub]:
    async with hub_at(served.endpoint) as made:
        yield made
