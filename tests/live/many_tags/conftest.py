"""A plant of thousands of tags, and a hub at it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from mxgw_notebook.live import Hub, Subscription
from mxgw_notebook.simulator.server import ServedGateway, serving
from tests import kindness
from tests.conftest import KEY
from tests.live.conftest import hub_at
from tests.until import until

FEW, MANY = 800, 2_400


@pytest.fixture
async def plant() -> AsyncIterator[ServedGateway]:
    """A gateway with thousands of tags, on a clock that only `advance` moves."""
    options = kindness.options(seed=1, api_key=KEY, objects=400)
    async with serving(options) as served:
        yield served


@pytest.fixture
async def hub(plant: ServedGateway) -> AsyncIterator[Hub]:
    # A thread would wait for the interpreter, which the tests that count instructions hardly let go of.
    async with hub_at(plant.endpoint, reader="process") as made:
        yield made


@pytest.fixture
def tags(plant: ServedGateway) -> list[str]:
    assert plant.plant.catalogue is not None
    found = [
        f"{item.tag_name}.{one.name}"
        for item in plant.plant.catalogue.objects
        for one in item.listings()
        if not one.traits.is_array
    ]
    return found[:MANY]


async def watched(hub: Hub, tags: list[str]) -> list[Subscription]:
    """Subscribed, with a first value each."""
    subscriptions = await hub.subscribe(tags)
    await until(lambda: all(found.history.total for found in subscriptions))
    return subscriptions
