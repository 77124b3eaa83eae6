"""Reading and watching tags."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Literal

import pandas as pd

from mxgw_notebook.client import (
    GalaxyRepositoryClient,
    GatewayClient,
    asked_instead,
)
from mxgw_notebook.errors import ConfigurationError, GatewayError, TagError
from mxgw_notebook.frames import readings_frame, stretch
from mxgw_notebook.gateway.blocking import Runner, blocking
from mxgw_notebook.gateway.model import GalaxyModel
from mxgw_notebook.gateway.tags.deploy_follower import DeployFollower
from mxgw_notebook.gateway.tags.event_watch import Act, EventWatch, Margins
from mxgw_notebook.gateway.tags.table_rows import tag_health
from mxgw_notebook.gateway.tags.watch import Watch
from mxgw_notebook.gateway.tags.watched_set import WatchedSet, entries_of
from mxgw_notebook.gateway.tags.writing import TagWriting
from mxgw_notebook.gateway.whole_table import WholeTable
from mxgw_notebook.live import ConditionMonitor, ReaderKind, Subscription, in_steps, parse

READ_SECONDS = 5.0
# The present values follow the subscription at once; a tag without any is not waited for long.
FIRST_VALUES_SECONDS = 1.0
FIRST_VALUES_LOOK_SECONDS = 0.02
LONGEST_BUFFERED_MS = 3_600_000


class Tags(TagWriting):
    """What a gateway does with tags. Every method blocks until it has its answer."""

    def __init__(
        self, runner: Runner, client: GatewayClient, galaxy: GalaxyRepositoryClient, model: GalaxyModel
    ) -> None:
        super().__init__(runner, client, galaxy, model)
        self._deploy_follower = DeployFollower(galaxy, self._describe_after_deploy)

    @blocking
    async def read(
        self,
        *tags: str | Sequence[str],
        timeout: float = READ_SECONDS,
        errors: Literal["catalog", "raise"] = "catalog",
    ) -> pd.DataFrame:
        """The present values, one row a tag, in the order asked.

        Columns: `tag`, `value`, `quality`, `timestamp` (UTC), `quality_code`, `failure`.

        Args:
            tags: Tags, or lists of them.
            timeout: Seconds to wait for tags that answer slowly.
            errors: `catalog` puts the reason beside a tag that failed, `raise` raises for the first call with
                any. When all of them fail it is raised either way.

        Raises:
            TagError: See `errors`; lists each failed tag with its reason.
        """
        wanted = flattened(tags)
        self._check()
        readings = await self._hub.read(wanted, timeout=timeout)
        failures = {reading.tag: reading.failure for reading in readings if reading.failure}
        if failures and (errors == "raise" or len(failures) == len(set(wanted))):
            raise self._tag_error(failures, hint=asked_instead(readings))
        frame = readings_frame(readings)
        frame.attrs = {"endpoint": self.endpoint}
        return frame

    @blocking
    async def watch(self, *tags: str | Sequence[str], buffered: str | float | None = None) -> Watch:
        """Live tags: a trend when displayed, DataFrames by `frame()` and `wide()`. Returns at once.

        Tags that fail stand in the result's `failures`.

        Args:
            tags: Tags, or lists of them.
            buffered: For tags that change faster than one wants to hear of: their values, every one with its
                time and quality, come together this often (`"500ms"`, or seconds), in steps of 100 ms. All
                buffered tags of a connection share the shortest interval; arrays cannot be buffered.

        Raises:
            ConfigurationError: `buffered` is no interval from 100 ms to an hour.
            TagError: Every tag failed.
        """
        return await self._watching(flattened(tags), buffered_ms=milliseconds(buffered))

    async def _watching(self, tags: Sequence[str], *, buffered_ms: int = 0) -> Watch:
        wanted = list(dict.fromkeys(tags))
        self._check()
        subscriptions = await self._hub.subscribe(wanted, buffered_ms=buffered_ms)
        failures = {found.tag: found.failure for found in subscriptions if found.failure}
        if len(failures) == len(wanted):
            await self._hub.release(wanted, buffered_ms=buffered_ms)
            raise self._tag_error(failures)
        self._deploy_follower.begin()
        await first_values([found for found in subscriptions if not found.failure])
        entries = await entries_of(self._hub, subscriptions)
        watched = WatchedSet(self._hub, self.runner, entries, buffered_ms=buffered_ms)
        return self._views.add(Watch(watched))

    def when(
        self,
        condition: str,
        *,
        before: str | float = "10s",
        after: str | float = "10s",
        act: Act | None = None,
    ) -> EventWatch:
        """Collects the times that a condition held, as `frame()` and `samples(event)`; returns at once.

        A tag of it that the gateway refuses is unknown until it comes.

        Args:
            condition: Comparisons of tags joined by `and`, `or`, `not`, and how long they have to hold:
                `Tank001.Level > 80 and Pump001.Running for 5s`. It is parsed, not run.
            before: What is kept before an event, as text or seconds; 0 for nothing.
            after: What is kept after it.
            act: Called with the watch and the event as each begins, on the loop thread: it must not block.

        Raises:
            ConfigurationError: The condition cannot be read.
            TagError: The gateway knows none of its tags.
        """
        parsed, margins = parse(condition), Margins.of(before, after)
        watch = self.watch(list(parsed.tags))
        lookout = ConditionMonitor(parsed, watch.subscriptions, lambda: self._hub.outages)
        return EventWatch(watch, self._hub, lookout, margins, act)

    @blocking
    async def read_by(self, kind: ReaderKind) -> None:
        """Says who reads live events: a `thread`, a `process`, which no cell can hold up, or `auto`.

        `auto`, the default, changes to a process above 200 tags or 500 events a second.
        """
        self._check()
        await self._hub.read_by(kind)

    def tag_health(self) -> pd.DataFrame:
        """One row a watched tag: how often it changes, when last, what is kept of it. See `Watch.health`."""
        frames = [watch.health() for watch in self._watches()]
        whole = pd.concat(frames).drop_duplicates("tag", ignore_index=True) if frames else tag_health([], 0)
        return WholeTable(whole)

    def _watches(self) -> list[Watch]:
        return self._views.of(Watch)

    async def _describe_after_deploy(self) -> None:
        """Tags that failed may exist now, and others have other units."""
        self._hub.on_deployed()
        for watch in self._watches():
            await watch.watched.describe_again()

    async def _end_tags(self) -> None:
        await self._deploy_follower.end()

    def _tag_error(self, failures: dict[str, str], *, hint: str | None = None) -> TagError:
        """The error of failed tags, with the `hint` or tags spelt alike where the galaxy is known."""
        if hint:
            return TagError(failures, hint=hint)
        near = [name for tag in islice(failures, 3) for name in self._model.similar(tag)]
        return TagError(failures, hint=f"Did you mean {', '.join(near[:3])}?" if near else None)


async def first_values(subscriptions: Sequence[Subscription]) -> None:
    """Waits until each tag has a value, so that a watch is not empty at its first look; not for ever."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(FIRST_VALUES_SECONDS):
            # Histories are filled in batches, every 50 ms: looking is cheaper than being told of each.
            while not all(found.history.total for found in subscriptions):  # noqa: ASYNC110
                await asyncio.sleep(FIRST_VALUES_LOOK_SECONDS)


def milliseconds(buffered: str | float | None) -> int:
    """The interval of buffered values in MXAccess' steps; 0 for none. Raises ConfigurationError."""
    if buffered is None:
        return 0
    interval = in_steps(stretch(buffered) / pd.Timedelta(milliseconds=1))
    if interval > LONGEST_BUFFERED_MS:
        hint = "An hour at most; MXAccess rounds up to the next 100 ms."
        raise ConfigurationError(f"{buffered!r} is too long for values to wait", hint=hint)
    return interval


def flattened(tags: Sequence[str | Sequence[str]]) -> list[str]:
    """One list of tags from tags and lists of them, in order."""
    lists = [
        [entry] if isinstance(entry, str) or not isinstance(entry, Iterable) else entry for entry in tags
    ]
    wanted = [tag for entry in lists for tag in entry]
    if not wanted:
        raise ConfigurationError("No tag given", hint="Name one or more, e.g. Pump001.Speed.")
    if not all(isinstance(tag, str) and tag.strip() for tag in wanted):
        raise GatewayError(f"{wanted!r} are not all tags", hint="A tag is a text such as Pump001.Speed.")
    return wanted
