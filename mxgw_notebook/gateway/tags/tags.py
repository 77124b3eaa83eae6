"""Reading, writing and watching tags."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from itertools import islice
from typing import Any, Literal

import pandas as pd

from mxgw_notebook.client import GalaxyRepositoryClient, GatewayClient, asked_instead
from mxgw_notebook.errors import ConfigurationError, GatewayError, TagError, WriteError
from mxgw_notebook.frames import readings_frame
from mxgw_notebook.gateway.blocking import Runner, blocking
from mxgw_notebook.gateway.connected import Connected
from mxgw_notebook.gateway.model import GalaxyModel
from mxgw_notebook.gateway.tags.deploy_follower import DeployFollower
from mxgw_notebook.gateway.tags.event_watch import Act, EventWatch, Margins
from mxgw_notebook.gateway.tags.table_rows import tag_health
from mxgw_notebook.gateway.tags.watch import Watch
from mxgw_notebook.gateway.tags.watched_set import WatchedSet, entries_of
from mxgw_notebook.gateway.tags.writes import ACTIONS_KEPT, Action, record_write
from mxgw_notebook.gateway.trail import Trail
from mxgw_notebook.gateway.whole_table import WholeTable
from mxgw_notebook.live import ConditionMonitor, ReaderKind, Subscription, parse

READ_SECONDS = 5.0
WRITE_SECONDS = 10.0
# The present values follow the subscription at once; a tag without any is not waited for long.
FIRST_VALUES_SECONDS = 1.0
FIRST_VALUES_LOOK_SECONDS = 0.02


class Tags(Connected):
    """What a gateway does with tags. Every method blocks until it has its answer."""

    def __init__(
        self, runner: Runner, client: GatewayClient, galaxy: GalaxyRepositoryClient, model: GalaxyModel
    ) -> None:
        super().__init__(runner, client, galaxy, model)
        self._actions = Trail(Action, ACTIONS_KEPT)
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
    async def write(
        self,
        tag: str,
        value: Any,
        *,
        timeout: float = WRITE_SECONDS,
        allow_nonfinite: bool = False,
        allow_empty: bool = False,
    ) -> pd.DataFrame:
        """Writes one value and waits until the plant has taken it; one row: `tag`, `written`, `outcome`.

        The value is converted to the attribute's type as the galaxy knows it.

        Args:
            tag: The tag.
            value: Its new value.
            timeout: Seconds to wait for the outcome.
            allow_nonfinite: Sends infinity and NaN, which are refused otherwise.
            allow_empty: Sends None (as null) and an array of no elements, which are refused otherwise.

        Raises:
            ConfigurationError: The value cannot be of the attribute's type.
            TagError: No such tag.
            WriteError: The plant refused it, e.g. a secured attribute (1012) or a verified one (1013).
        """
        self._check()
        attribute = await self._model.attribute(tag)
        with record_write(self._actions, tag, value, attribute.get("object")) as action:
            try:
                statuses = await self._hub.write(
                    tag,
                    value,
                    data_type=attribute.get("data_type"),
                    timeout=timeout,
                    allow_nonfinite=allow_nonfinite,
                    allow_empty=allow_empty,
                )
            except TagError as error:
                raise self._tag_error(error.failures) from None
            except WriteError as error:
                if error.hint or not attribute:
                    raise
                hint = f"The attribute's security classification is {attribute['security']}."
                raise WriteError(tag, error.statuses, hint=hint) from None
            remarks = [str(status) for status in statuses if status.category not in ("OK", "UNSPECIFIED")]
            action.outcome = "; ".join(remarks) or "completed"
        return pd.DataFrame({"tag": [tag], "written": [value], "outcome": [action.outcome]})

    def actions(self) -> pd.DataFrame:
        """Every write made from here, one row each as its outcome came; the newest 10,000 are kept.

        Columns: `time` (UTC, this machine's clock, when it was asked for), `tag`, `object`, `value`,
        `operator` (the user's own name), `taken` (bool: the plant has confirmed it), `outcome` (`completed`,
        or the reason why not). `attrs["dropped"]` counts those no longer kept. `alarm_report` and
        `acknowledged_without_action` take it as `actions`; `AlarmReview.report` does so by itself.
        """
        return self._actions.frame()

    @blocking
    async def watch(self, *tags: str | Sequence[str]) -> Watch:
        """Live tags: a trend when displayed, DataFrames by `frame()` and `wide()`. Returns at once.

        Tags that fail stand in the result's `failures`.

        Raises:
            TagError: Every tag failed.
        """
        return await self._watching(flattened(tags))

    async def _watching(self, tags: Sequence[str]) -> Watch:
        wanted = list(dict.fromkeys(tags))
        self._check()
        subscriptions = await self._hub.subscribe(wanted)
        failures = {found.tag: found.failure for found in subscriptions if found.failure}
        if len(failures) == len(wanted):
            await self._hub.release(wanted)
            raise self._tag_error(failures)
        self._deploy_follower.begin()
        await first_values([found for found in subscriptions if not found.failure])
        entries = await entries_of(self._hub, subscriptions)
        return self._views.add(Watch(WatchedSet(self._hub, self.runner, entries)))

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
        self._hub.deployed()
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


def flattened(tags: Sequence[str | Sequence[str]]) -> list[str]:
    """One list of tags from tags and lists of them, in order."""
    wanted = [tag for entry in tags for tag in ([entry] if isinstance(entry, str) else entry)]
    if not wanted:
        raise ConfigurationError("No tag given", hint="Name one or more, e.g. Pump001.Speed.")
    if not all(isinstance(tag, str) and tag.strip() for tag in wanted):
        raise GatewayError(f"{wanted!r} are not all tags", hint="A tag is a text such as Pump001.Speed.")
    return wanted
