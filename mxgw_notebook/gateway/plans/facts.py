"""What the plant says of the tags of a plan, asked all at once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from mxgw_notebook.client import GalaxyRepositoryClient, Reading
from mxgw_notebook.frames import readings_frame
from mxgw_notebook.gateway.model import GalaxyModel
from mxgw_notebook.gateway.plans.bounds import bounds_by, read_bounds
from mxgw_notebook.gateway.plans.line import Facts
from mxgw_notebook.gateway.tags import ASKED_AT_ONCE, UNITS, TagFacts, ask_of_tag, text
from mxgw_notebook.live import Hub

READ_SECONDS = 5.0
# Beyond, names that may not exist are only asked for where the galaxy lists them.
MOST_GUESSED = 50


class Asking:
    """Asks one plant about tags."""

    def __init__(self, hub: Hub, model: GalaxyModel, galaxy: GalaxyRepositoryClient) -> None:
        self._hub, self._model, self._galaxy = hub, model, galaxy

    async def facts(self, tags: Sequence[str]) -> dict[str, Facts]:
        """The facts of each tag, in the order given; what is not known is empty."""
        readings = await self.read(tags)
        told = await self._ask(tags)
        index = (await self._model.load()).index if len(tags) > MOST_GUESSED else None
        found = await read_bounds(self._hub, tags, lambda name: index is None or index.row(name) is not None)
        qualities = readings_frame(list(readings.values()))["quality"].astype("str").tolist()
        return {
            tag: replace(
                facts_by(readings[tag], told[tag]),
                quality="" if readings[tag].failure else quality,
                units=text(found.get(f"{tag}.{UNITS}")),
                bounds=tuple(bounds_by(tag, found)),
            )
            for tag, quality in zip(tags, qualities, strict=True)
        }

    async def read(self, tags: Sequence[str]) -> dict[str, Reading]:
        """The present value of each; an array is found without its brackets, too."""
        readings = dict(zip(tags, await self._hub.read(tags, timeout=READ_SECONDS), strict=True))
        bare = [tag for tag, read in readings.items() if read.failure and not tag.endswith("]")]
        if bare:
            arrays = await self._hub.read([f"{tag}[]" for tag in bare], timeout=READ_SECONDS)
            readings.update((tag, read) for tag, read in zip(bare, arrays, strict=True) if not read.failure)
        return readings

    async def _ask(self, tags: Sequence[str]) -> dict[str, TagFacts]:
        """What the galaxy says of each."""
        told: dict[str, TagFacts] = {}
        for start in range(0, len(tags), ASKED_AT_ONCE):
            some = tags[start : start + ASKED_AT_ONCE]
            asked = (ask_of_tag(self._model, self._galaxy, tag) for tag in some)
            told.update(zip(some, await asyncio.gather(*asked), strict=True))
        return told


def facts_by(reading: Reading, told: TagFacts) -> Facts:
    """What one reading and the galaxy say of a tag."""
    failure = reading.failure
    if failure and told.similar:
        failure = f"{failure}; did you mean {', '.join(told.similar)}?"
    return Facts(
        value=reading.value,
        failure=failure,
        kind=reading.value_type or told.value_type,
        security=told.security,
    )
