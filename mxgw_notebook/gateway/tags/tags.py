"""Reading and watching tags."""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, Literal

import pandas as pd

from mxgw_notebook.client import (
    GalaxyRepositoryClient,
    GatewayClient,
    asked_instead,
    checks_all_arguments,
)
from mxgw_notebook.errors import ConfigurationError, GatewayError, TagError
from mxgw_notebook.frames import read_frame, stretch
from mxgw_notebook.gateway.blocking import Runner, blocking
from mxgw_notebook.gateway.model import GalaxyModel
from mxgw_notebook.gateway.plant_named import names_its_plant
from mxgw_notebook.gateway.tags.deploy_follower import DeployFollower
from mxgw_notebook.gateway.tags.event_watch import Act, EventWatch, Margins
from mxgw_notebook.gateway.tags.galaxy_query import GalaxyQuery, query_given
from mxgw_notebook.gateway.tags.naming import MANY, find_tags_of_template, match_tags, tags_given
from mxgw_notebook.gateway.tags.table_rows import tag_health
from mxgw_notebook.gateway.tags.watch import Watch
from mxgw_notebook.gateway.tags.watch_list import WatchList, asked_for, check_template
from mxgw_notebook.gateway.tags.watch_list_file import list_named
from mxgw_notebook.gateway.tags.watch_views import WINDOW_SECONDS
from mxgw_notebook.gateway.tags.watched_set import WatchedSet, prepare_entries
from mxgw_notebook.gateway.tags.writing import TagWriting
from mxgw_notebook.gateway.whole_table import WholeTable
from mxgw_notebook.globs import are_globs
from mxgw_notebook.live import ConditionMonitor, ReaderKind, Subscription, in_steps, parse
from mxgw_notebook.widgets import ValueWrites

READ_SECONDS = 5.0
# The present values follow the subscription at once; a tag without any is not waited for long.
FIRST_VALUES_SECONDS = 1.0
FIRST_VALUES_LOOK_SECONDS = 0.02
LONGEST_BUFFERED_MS = 3_600_000


@names_its_plant
@checks_all_arguments
class Tags(TagWriting):
    """What a gateway does with tags. Every method blocks until it has its answer."""

    def __init__(
        self, runner: Runner, client: GatewayClient, galaxy: GalaxyRepositoryClient, model: GalaxyModel
    ) -> None:
        super().__init__(runner, client, galaxy, model)
        self._deploy_follower = DeployFollower(galaxy, self._describe_after_deploy)

    def read(
        self,
        *tags: Any,
        template: str | None = None,
        attribute: str | Sequence[str] | None = None,
        timeout: float = READ_SECONDS,
        errors: Literal["catalog", "raise"] = "catalog",
    ) -> pd.DataFrame:
        """The present values, one row per tag, in the given order.

        Columns: `tag`, `value`, `quality`, `timestamp` (UTC), `quality_code`, `failure`. If values are of
        several kinds, `value` has the numbers (booleans as 0 and 1). A column `text` after it has the rest:
        texts, True and False, and integers that a float64 would round. If a template or globs give more than
        a hundred tags, their number is printed first.

        Args:
            tags: Tags, globs over tags, lists or Series of them, tables with a column `tag`, or `"@feed"`,
                the watch list of `feed.toml`.
            template: Also reads all objects of this template; derived ones are included.
            attribute: With `template`: the attribute, or attributes, of these objects.
            timeout: Seconds to wait for tags that answer slowly.
            errors: `catalog` puts the reason beside a failed tag; `raise` raises if any tag fails. If all
                tags fail, both raise.

        Raises:
            ConfigurationError: A glob matches no tag, or more than 10,000.
            TagError: See `errors`; lists each failed tag with its reason.
        """
        return self._read(self._meant(tags, template, attribute, "read"), timeout, errors)

    def _read_whole(self, tags: Sequence[str], *, timeout: float) -> pd.DataFrame:
        return self._read(tags, timeout, "catalog", whole=True)

    @blocking
    async def _read(
        self, wanted: Sequence[str], timeout: float, errors: str, *, whole: bool = False
    ) -> pd.DataFrame:
        self._check()
        read = await self._hub.read_columns(wanted, timeout=timeout)
        failures = read.failures
        if failures and (errors == "raise" or len(failures) == len(set(wanted))):
            raise self._tag_error(failures, hint=asked_instead(read.notes()))
        frame = read_frame(read, WholeTable, whole=whole)
        frame.attrs = {"endpoint": self.endpoint}
        return frame

    def watch(
        self,
        *tags: Any,
        template: str | None = None,
        attribute: str | Sequence[str] | None = None,
        query: str | Mapping[str, Any] | None = None,
        buffered: str | float | None = None,
        window: str | float | None = None,
    ) -> Watch:
        """Live tags: a trend when displayed, DataFrames by `frame()` and `wide()`. Returns at once.

        Failed tags are in the result's `failures`. A large number of tags is printed first, as in `read`.

        Args:
            tags: As in `read`. A glob means the tags that match it now. `"@feed"` alone is the watch list in
                `feed.toml`, see `Watch.save`; its globs are looked up again after each deploy. `"@list.xml"`
                is a watch list of AVEVA's Object Viewer.
            template: As in `read`.
            attribute: As in `read`.
            query: What `find` takes: words, a glob, `/regex/`, or that with filters, such as
                `{"find": "level", "area": "Line1", "historized": True}`. What it means is watched, and after
                each deploy it is asked again.
            buffered: For tags that change very fast: every value comes with its time and quality, in batches
                at this interval (`"500ms"`, or seconds), in steps of 100 ms. All buffered tags of a
                connection share the shortest interval; arrays cannot be buffered.
            window: The time span that its trend shows first (`"10m"`, or at least one second). Default: that
                of the watch list, or two minutes.

        Raises:
            ConfigurationError: `buffered` is not an interval from 100 ms to an hour; `window` is below a
                second; a glob as in `read`.
            TagError: Every tag failed.
        """
        wanted = query_given(query)
        asked = list_named(tags) or asked_for(tags, template, attribute, wanted)
        buffered = asked.buffered or None if buffered is None else buffered
        text = f"{buffered:g}s" if isinstance(buffered, int | float) else buffered or ""
        asked, interval = replace(asked, buffered=text), milliseconds(buffered)
        asked = asked if window is None else replace(asked, window=window_asked(window))
        return self._watch(self._meant(tags, template, attribute, "advised", wanted), interval, asked)

    @blocking
    async def _watch(self, wanted: Sequence[str], buffered_ms: int, asked: WatchList) -> Watch:
        return await self._begin_watch(wanted, buffered_ms=buffered_ms, asked=asked)

    def _meant(
        self,
        given: Sequence[Any],
        template: str | None,
        attribute: str | Sequence[str] | None,
        verb: str,
        query: GalaxyQuery | None = None,
    ) -> list[str]:
        """The tags that are meant; says how many before they are asked for, where nobody has counted them."""
        check_template(template, attribute)
        if (asked := list_named(given)) is not None:
            found = self._meant(asked.tags, asked.template, asked.attribute or None, verb, asked.query)
            return [tag for tag in found if tag not in asked.without]
        asks = template is not None or query is not None
        names = tags_given(given) if given or not asks else []
        needs_galaxy = asks or are_globs(names)
        meant = self._look_up(names, template, attribute, query) if needs_galaxy else names
        is_listed = meant == names and all(isinstance(entry, str | list | tuple) for entry in given)
        if len(meant) > MANY and not is_listed:
            print(f"{len(meant):,} tags will be {verb}.", flush=True)  # noqa: T201  said before it is done
        return meant

    @blocking
    async def _look_up(
        self,
        names: Sequence[str],
        template: str | None,
        attribute: str | Sequence[str] | None,
        query: GalaxyQuery | None,
    ) -> list[str]:
        self._check()
        return await self._find(names, template, attribute, query)

    async def _find(
        self,
        names: Sequence[str],
        template: str | None,
        attribute: str | Sequence[str] | None,
        query: GalaxyQuery | None,
    ) -> list[str]:
        found = await match_tags(self._model, names)
        if template is not None and attribute is not None:
            found = [*found, *await find_tags_of_template(self._model, template, attribute)]
        return found if query is None else [*found, *await query.tags(self._model)]

    async def _begin_watch(
        self, tags: Sequence[str], *, buffered_ms: int = 0, asked: WatchList | None = None
    ) -> Watch:
        wanted = list(dict.fromkeys(tags))
        self._check()
        subscriptions = await self._hub.subscribe(wanted, buffered_ms=buffered_ms)
        failures = {found.tag: found.failure for found in subscriptions if found.failure}
        if len(failures) == len(wanted):
            # A watch of nothing is none; kept, these would be tried again for as long as the connection
            # lasts.
            await self._hub.release(wanted, buffered_ms=buffered_ms)
            raise self._tag_error(failures)
        self._deploy_follower.begin()
        await wait_for_values([found for found in subscriptions if not found.failure])
        entries = await prepare_entries(self._hub, subscriptions)
        watched = WatchedSet(
            self._hub,
            self.runner,
            entries,
            buffered_ms=buffered_ms,
            recorders=self._recorders,
            asked=asked,
            profile=self.profile,
            writes=self._table_writes(),
            notes=self._notes,
        )
        for begin in self._recorders.when_watched:
            begin()
        try:
            for line in watched.asked.pens:
                await watched.calculate(line, waits=True)
        except GatewayError:
            await watched.end()
            raise
        return self._views.add(Watch(watched))

    def _table_writes(self) -> ValueWrites | None:
        """Who plans what is written in a table of values; nobody where nothing is planned."""
        return None

    def when(
        self,
        condition: str,
        *,
        before: str | float = "10s",
        after: str | float = "10s",
        act: Act | None = None,
    ) -> EventWatch:
        """Collects the times at which a condition is true: `frame()`, `samples(event)`. Returns at once.

        While the gateway refuses one of its tags, that tag is unknown.

        Args:
            condition: Comparisons of tags with `and`, `or`, `not`, and how long they must be true:
                `Tank001.Level > 80 and Pump001.Running for 5s`. It is parsed, not run.
            before: How much is kept before an event, as text or seconds; 0 for nothing.
            after: How much is kept after it.
            act: Called with the watch and the event when an event begins, on the loop thread: it must not
                block.

        Raises:
            ConfigurationError: The condition cannot be read.
            TagError: The gateway knows none of its tags.
        """
        parsed, margins = parse(condition), Margins.of(before, after)
        watch = self.watch(list(parsed.tags))
        monitor = ConditionMonitor(parsed, watch.subscriptions, lambda: self._hub.outages)
        return EventWatch(watch, self._hub, monitor, margins, act)

    @blocking
    async def read_by(self, kind: ReaderKind) -> None:
        """Sets who reads live events: a `thread`, a `process` (no cell can delay it), or `auto`.

        `auto`, the default, changes to a process above 200 tags or 500 events a second.
        """
        self._check()
        await self._hub.read_by(kind)

    def tag_health(self) -> pd.DataFrame:
        """One row per watched tag: how often and when it changes, and what is kept. See `Watch.health`."""
        frames = [watch.health() for watch in self._watches()]
        whole = pd.concat(frames).drop_duplicates("tag", ignore_index=True) if frames else tag_health([], 0)
        return WholeTable(whole)

    def _watches(self) -> list[Watch]:
        return self._views.of(Watch)

    async def _describe_after_deploy(self) -> None:
        """Tags that failed may exist now, and others have other units."""
        self._hub.on_deployed()
        for watch in self._watches():
            await self._look_up_again(watch.watched)
            await watch.watched.describe_again()
        await self._recorders.save_galaxy()

    async def _look_up_again(self, watched: WatchedSet) -> None:
        """Watches what the globs of a watch list mean since the deploy."""
        asked = watched.asked
        if not (asked.follows and asked.has_queries):
            return
        with contextlib.suppress(GatewayError):  # what is watched stays
            meant = await self._find(asked.tags, asked.template, asked.attribute, asked.query)
            known = {entry.tag for entry in watched.everything}
            new = [tag for tag in meant if tag not in known and tag not in asked.without]
            await watched.add(new, found=True)

    async def _end_tags(self) -> None:
        await self._deploy_follower.end()

    def _tag_error(self, failures: dict[str, str], *, hint: str | None = None) -> TagError:
        """The error of failed tags, with the `hint` or tags spelt alike where the galaxy is known."""
        if hint:
            return TagError(failures, hint=hint)
        near = [name for tag in islice(failures, 3) for name in self._model.similar(tag)]
        return TagError(failures, hint=f"Did you mean {', '.join(near[:3])}?" if near else None)


async def wait_for_values(subscriptions: Sequence[Subscription]) -> None:
    """Waits until each tag has a value, so that a watch is not empty at its first look; not for ever."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(FIRST_VALUES_SECONDS):
            # Histories are filled in batches, every 50 ms: looking is cheaper than being told of each.
            while not all(found.history.total for found in subscriptions):  # noqa: ASYNC110
                await asyncio.sleep(FIRST_VALUES_LOOK_SECONDS)


def window_asked(window: str | float) -> str:
    """The stretch of time that a trend shows first, as a watch list says it; empty for the usual."""
    seconds = stretch(window).total_seconds()
    if not 1 <= seconds < math.inf:
        raise ConfigurationError(f"{window!r} is too short for a trend", hint="One second at least.")
    return "" if seconds == WINDOW_SECONDS else f"{seconds:g}s"


def milliseconds(buffered: str | float | None) -> int:
    """The interval of buffered values in MXAccess' steps; 0 for none. Raises ConfigurationError."""
    if buffered is None:
        return 0
    interval = in_steps(stretch(buffered) / pd.Timedelta(milliseconds=1))
    if interval > LONGEST_BUFFERED_MS:
        hint = "An hour at most; MXAccess rounds up to the next 100 ms."
        raise ConfigurationError(f"{buffered!r} is too long for values to wait", hint=hint)
    return interval
