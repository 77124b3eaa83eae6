"""A plant on the test's own loop, at the embedded gateway of this process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from mxgw_notebook import Following, Gap, Plant, Sample, TagState, Update
from mxgw_notebook.simulator.server import ServedGateway
from tests.conftest import DEADLINE_SECONDS, KEY

SPEED, LEVEL, SETPOINT = "Pump001.Speed", "Tank001.Level", "FIC101.SP"
OFTEN = 0.02


def plant_at(endpoint: str | list[str], key: str = KEY, **settings: Any) -> Any:
    """A plant that connects when it is awaited."""
    return Plant.connect(endpoint, api_key=key, plaintext=True, **settings)


@pytest.fixture
async def plant(served: ServedGateway) -> AsyncIterator[Plant]:
    async with await plant_at(served.endpoint) as connected:
        yield connected


@asynccontextmanager
async def following(plant: Plant, every: float = OFTEN) -> AsyncIterator[Record]:
    """What a follower of one tag is told."""
    async with plant.follow([LEVEL], every=every) as followed:
        yield Record(followed)


class Record:
    """All that a follower was told, in its order."""

    def __init__(self, following: Following) -> None:
        self.items: list[TagState | Gap | Sample] = []
        self.standings: list[str] = []
        self._following = following

    async def look(self) -> Update:
        """One more update."""
        update = await anext(self._following)
        self.items += list(update)
        self.standings.append(update.standing.phase.value)
        return update

    async def until_samples(self, tag: str, count: int) -> None:
        """Looks until the tag has so many."""
        async with asyncio.timeout(DEADLINE_SECONDS):
            while len(self.samples(tag)) < count:
                await self.look()

    def samples(self, tag: str) -> list[Sample]:
        return [item for item in self.items if isinstance(item, Sample) and item.tag == tag]

    @property
    def gaps(self) -> dict[int, Gap]:
        """The newest word of each gap."""
        return {item.number: item for item in self.items if isinstance(item, Gap)}

    @property
    def states(self) -> list[TagState]:
        return [item for item in self.items if isinstance(item, TagState)]
