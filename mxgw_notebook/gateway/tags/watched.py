"""The tags of a watch and what is known of them: asked when they come, and again after a deploy."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable, Sequence

from mxgw_notebook.errors import GatewayError
from mxgw_notebook.frames import Samples, stretch
from mxgw_notebook.gateway.tags.describing import MOST_LIMITED_TAGS, MOST_TAGS, described
from mxgw_notebook.gateway.tags.trend_source import WatchedTag, WatchedTags
from mxgw_notebook.live import CAPACITY, Hub, Subscription


class Entries:
    """The tags of one watch, whatever is advised for them, and what is known of them. For the loop thread."""

    def __init__(self, hub: Hub, source: WatchedTags) -> None:
        self._hub, self._source = hub, source
        # A setpoint that is found while its tag is released would stay advised for ever.
        self._changing = asyncio.Lock()
        self._loop = asyncio.get_running_loop()

    def waits_for_late(self) -> bool:
        """Whether tags have come that are not described yet, and waiting for it holds up no loop."""
        return bool(self._source.late) and not self._source.stopped and running_loop() is not self._loop

    async def describe_late(self) -> None:
        """Asks for tags that were refused at first, and have come."""
        async with self._changing:
            await self._describe(self._source.late)

    async def describe_again(self) -> None:
        """Asks for all that are there."""
        async with self._changing:
            await self._describe(self._source.entries)

    async def add(self, tags: Sequence[str]) -> dict[str, str]:
        """Watches those not watched yet; the reason of each that the gateway refuses."""
        known = {entry.tag for entry in (*self._source.entries, *self._source.refused)}
        wanted = [tag for tag in dict.fromkeys(tags) if tag not in known]
        entries = await entries_of(self._hub, await self._hub.subscribe(wanted))
        good = [entry for entry in entries if not entry.subscription.failure]
        await self._hub.release([entry.tag for entry in entries if entry.subscription.failure])
        self._source.replace([*self._source.entries, *self._source.refused, *good])
        return {entry.tag: entry.subscription.failure for entry in entries if entry.subscription.failure}

    async def remove(self, tags: Sequence[str]) -> None:
        """Watches them no more."""
        async with self._changing:
            everything = [*self._source.entries, *self._source.refused]
            self._source.replace([entry for entry in everything if entry.tag not in tags])
            await self._hub.release(
                [tag for entry in everything if entry.tag in tags for tag in entry.advised]
            )

    async def release(self) -> None:
        """Lets go of everything, the watch having stopped."""
        async with self._changing:
            await self._hub.release(self._source.advised)

    async def _describe(self, entries: Sequence[WatchedTag]) -> None:
        """Asks the plant. Of a tag of which it says nothing, what was known stays."""
        if self._source.stopped:
            return
        for start in range(0, min(len(entries), MOST_TAGS), MOST_LIMITED_TAGS):
            part = entries[start : start + MOST_LIMITED_TAGS]
            descriptions = await described(self._hub, [entry.tag for entry in part])
            for entry in part:
                if descriptions[entry.tag].is_known:
                    entry.description = descriptions[entry.tag]
        for entry in entries:
            entry.described = True
        with contextlib.suppress(GatewayError):  # values do without
            await advise_setpoints(self._hub, [entry for entry in entries if entry.setpoint is None])


async def entries_of(hub: Hub, subscriptions: Sequence[Subscription]) -> list[WatchedTag]:
    """What is watched, described; the setpoints of the tags are advised, too."""
    descriptions = await described(hub, [found.tag for found in subscriptions])
    entries = [
        WatchedTag(found, descriptions[found.tag], described=not found.failure) for found in subscriptions
    ]
    await advise_setpoints(hub, entries)
    return entries


async def advise_setpoints(hub: Hub, entries: Iterable[WatchedTag]) -> None:
    """Watches the setpoint of each tag that has one."""
    having = [entry for entry in entries if entry.description.setpoint]
    if having:
        setpoints = await hub.subscribe([entry.description.setpoint or "" for entry in having])
        for entry, setpoint in zip(having, setpoints, strict=True):
            entry.setpoint = setpoint


def columns_of(
    entries: Sequence[WatchedTag], last: str | float | None, count: int | None
) -> dict[str, Samples]:
    """Each tag's newest `count` samples, of those the `last` stretch of time, up to the newest of all."""
    kept = [entry.subscription.history.newest(count or CAPACITY) for entry in entries]
    if last is not None:
        newest = max((int(part.time_ns.max()) for part in kept if len(part)), default=0)
        since = newest - stretch(last).as_unit("ns").value
        kept = [part.rows(part.time_ns >= since) for part in kept]
    return {entry.tag: part for entry, part in zip(entries, kept, strict=True)}


def running_loop() -> asyncio.AbstractEventLoop | None:
    """The loop that runs on this thread, if one does."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
