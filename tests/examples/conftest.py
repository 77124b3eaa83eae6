"""The gateway that the examples of the client's document speak to: it has the object they name."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from mxgw_notebook.simulator.clock import ManualClock
from mxgw_notebook.simulator.options import GatewayOptions
from mxgw_notebook.simulator.plant.codes import Classification
from mxgw_notebook.simulator.server import ServedGateway, serving
from tests.conftest import KEY


def with_the_object(gateway: ServedGateway) -> ServedGateway:
    """Adds Object.Attribute, an integer that may be written."""
    made = gateway.plant.make("Object", "$Recipe", None)
    made.count("Attribute", 7, Classification.OPERATE)
    gateway.plant.complete()
    gateway.deploy()  # the first deploy after the start shows it in the galaxy
    return gateway


@pytest.fixture
async def documented() -> AsyncIterator[ServedGateway]:
    async with serving(GatewayOptions(seed=1, api_key=KEY, clock=ManualClock())) as gateway:
        yield with_the_object(gateway)


@pytest.fixture
async def documented_tls() -> AsyncIterator[ServedGateway]:
    async with serving(GatewayOptions(seed=1, api_key=KEY, clock=ManualClock(), tls=True)) as gateway:
        yield with_the_object(gateway)
