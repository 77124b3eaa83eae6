"""Tags that are watched: what a notebook holds after `gateway.watch(...)`.

Why: DECISIONS.md, "Widgets are a layer below the facade".
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pandas as pd
from IPython.display import HTML

from mxgw_notebook.analysis import left_open
from mxgw_notebook.client import checks_all_arguments
from mxgw_notebook.errors import ConfigurationError, TagError
from mxgw_notebook.frames import Samples, long_frame, wide_frame
from mxgw_notebook.gateway.blocking import blocking
from mxgw_notebook.gateway.display import named
from mxgw_notebook.gateway.tags.annotations import annotated, description_feed, units_of
from mxgw_notebook.gateway.tags.naming import tags_given
from mxgw_notebook.gateway.tags.recent import columns_of
from mxgw_notebook.gateway.tags.table_rows import tag_health
from mxgw_notebook.gateway.tags.trend_lines import Marks
from mxgw_notebook.gateway.tags.watch_views import WatchViews
from mxgw_notebook.gateway.tags.watched_set import WatchedSet
from mxgw_notebook.gateway.tags.watched_tag import WatchedTag
from mxgw_notebook.gateway.whole_table import WholeTable
from mxgw_notebook.history import LEAST_FREE, MEMORY, Keep, Recorder, span_ns
from mxgw_notebook.live import Subscription
from mxgw_notebook.svg import as_written

if TYPE_CHECKING:
    from mxgw_notebook.widgets import Trend, ValueTable


class Marking(Protocol):
    """What can be marked on a trend: an alarm review."""

    def marks(self, tags: Callable[[], Sequence[str]], *, everything: bool = False) -> Callable[[], Marks]:
        """What to draw of it on a trend of these tags, asked for again and again."""


@checks_all_arguments
class Watch:
    """Live tags. Displayed it is a trend, of more than 200 a table; `frame()` and `wide()` are values so far.

    A tag that the gateway refuses is tried again in the background, and joins the others once it is there.
    """

    def __init__(self, watched: WatchedSet) -> None:
        self.runner = watched.runner
        self._watched = watched
        self._views = WatchViews(watched, self.__repr__)
        watched.call_when_stopped(self._views.become_pictures)

    def __repr__(self) -> str:
        often = f", buffered {self._watched.buffered_ms} ms" if self._watched.buffered_ms else ""
        return f"<Watch of {named(self.tags)}{often}: {self._watched.status}>"

    @property
    def stopped(self) -> bool:
        """Whether the watching has ended."""
        return self._watched.stopped

    @property
    def tags(self) -> list[str]:
        """The tags that are watched, without those that fail at present."""
        return [entry.tag for entry in self._watched.entries]

    @property
    def failures(self) -> dict[str, str]:
        """Each tag that the gateway refuses at present, with the reason."""
        return {entry.tag: entry.subscription.failure for entry in self._watched.refused}

    @property
    def watched(self) -> WatchedSet:
        """Its tags, for what runs on the loop: nothing of it blocks."""
        return self._watched

    @property
    def subscriptions(self) -> list[Subscription]:
        """Those of all tags, also of the ones that fail at present."""
        return [entry.subscription for entry in self._watched.everything]

    @property
    def entries(self) -> list[WatchedTag]:
        """What is known of each tag that is watched, in order."""
        return self._watched.entries

    @property
    def units(self) -> dict[str, str]:
        """Each tag's engineering units, empty where it has none."""
        return units_of(self._describe_entries())

    def frame(
        self,
        *,
        last: str | float | None = None,
        count: int | None = None,
        start: Any = None,
        end: Any = None,
    ) -> pd.DataFrame:
        """The values so far, one row a sample: `tag`, `timestamp` (UTC), `value`, `quality`, `quality_code`.

        Of values of several kinds, `value` has the numbers (booleans as 0 and 1), and a column `text` behind
        it what is none, True and False, and integers that a float64 would round.

        Samples that a recovery brought late are flagged in a column `replayed`, which is there when any is.
        `attrs` carry `units`, `descriptions` and `limits` by tag, of those that have any, `outages` as pairs
        of UTC times, and `gaps` with their cause and the number of events lost where that is known. A limit
        whose units are known to be others than its tag's is not among the `limits`.

        Args:
            last: Only the newest stretch of time, up to the newest sample: `"5min"`, or seconds. What a tag
                read when it began is its first sample there, at that time. A tag whose clock is ahead of the
                gateway's is measured by its own newest.
            count: Only so many of the newest samples of each tag.
            start: Only from this time on: `"2026-05-04 06:00"` (UTC unless it says otherwise), or `"-2h"`, by
                the gateway's clock. What memory does not reach any more comes from recordings of these tags;
                a column `origin` then says where each value is from.
            end: Only until this time; until now without it.

        Raises:
            ConfigurationError: `last` is no stretch of time, `start` or `end` no time; or `last` or `count`
                is given beside these.
        """
        if start is not None or end is not None:
            if last is not None or count is not None:
                hint = 'Give start and end alone: start="-5min" is the last five minutes, too.'
                raise ConfigurationError("last and count do not go with start and end", hint=hint)
            return self._between(start, end)
        return self._annotated(long_frame(self._columns(last, count)))

    def wide(
        self,
        *,
        grid: str | float | None = None,
        last: str | float | None = None,
        count: int | None = None,
    ) -> pd.DataFrame:
        """The values so far, one column a tag, indexed by `timestamp` (UTC); a tag holds its last value.

        With `grid` (`"1s"`, or seconds) there is a row a step instead of one a change. `last` and `count` as
        in `frame`. No value is held into a gap of those in `attrs`: after an outage it goes on, after lost
        events it is missing until the tag's next.

        Raises:
            ConfigurationError: `grid` or `last` is no stretch of time, or the table would not fit the memory.
        """
        columns = self._columns(last, count)
        times = {tag: part.time_ns for tag, part in columns.items()}
        return left_open(self._annotated(wide_frame(columns, grid)), times)

    @blocking
    async def add(self, *tags: Any) -> None:
        """Watches further tags: names, lists or Series of them, or tables with a column `tag`.

        Raises:
            TagError: The gateway refuses one of them; the others are watched.
        """
        failures = await self._watched.add(tags_given(tags))
        if failures:
            raise TagError(failures)

    @blocking
    async def remove(self, *tags: Any) -> None:
        """Watches tags no more; their values so far go, too."""
        await self._watched.remove(tags_given(tags))

    def selection(self) -> pd.DataFrame:
        """The samples of the interval that was brushed in the trend (Shift and the mouse), as in `frame`."""
        return self._annotated(self.trend().selection())

    def health(self) -> pd.DataFrame:
        """One row a tag: how often it changed, when last, of which quality, and what is kept.

        Columns: `tag`, `value`, `units`, `quality` (missing before the first value), `timestamp` (UTC), `age`
        and `interval` (seconds by the gateway's clock; the usual one between changes), `samples`, `forgotten`
        (samples that gave way to newer ones), `failure`.
        """
        return WholeTable(tag_health(self._watched.everything, self._watched.hub.gateway_now))

    def trend(self) -> Trend:
        """The live trend of these tags, at most 200; the same widget each time."""
        return self._views.trend

    def show_table(self) -> None:
        """Displays the watch as a table instead of a trend from now on."""
        self._views.as_table = True

    def table(self) -> ValueTable:
        """The live table of these tags, for many of them or texts: the same widget each time."""
        return self._views.table

    def mark(self, alarms: Marking, *, everything: bool = False) -> None:
        """Shows alarms on the trend from now on: their transitions as markers, their limits as lines.

        Those of the watched tags (`Tank001.Level.Hi` is one of `Tank001.Level`), or with `everything` all
        that the review knows.
        """
        self._views.lines.mark(alarms.marks(lambda: self.tags, everything=everything))

    @blocking
    async def collect(self, seconds: float) -> pd.DataFrame:
        """Waits some seconds, then gives the values so far as `frame()` does."""
        await asyncio.sleep(seconds)
        await self._watched.describe_late()
        return self.frame()

    def snapshot(self) -> HTML:
        """The trend, or of many tags the table, as it is now: a picture that stays in the notebook."""
        return HTML(as_written(self._views.picture()))

    def record(
        self,
        folder: str | Path,
        *,
        keep_hours: float | None = None,
        keep_megabytes: float | None = None,
        plant: str | None = None,
        least_free: int = LEAST_FREE,
    ) -> Recorder:
        """Records these tags to a folder from now on: every value as it comes, and what is written meanwhile.

        What stands there outlives this process, however that ends; a full disk makes a gap that is told, and
        nothing else. Tags that are added later are recorded, too. It ends with the watch, or by `stop()`.
        `mxgw_notebook.open_recording(folder)` reads it, also while it goes on.

        Args:
            folder: Made where it is not there; any number of recorders may share it.
            keep_hours: How long values are kept there; for ever without it.
            keep_megabytes: How much of them, the oldest giving way; all without it.
            plant: The plant's name in the folder; where its gateway is reached without it.
            least_free: So many megabytes are left free on the disk; where fewer are, nothing is recorded.

        Raises:
            ConfigurationError: The folder cannot be recorded to.
        """
        if self._watched.recorders is None or self.stopped:
            raise ConfigurationError(
                "This watch has stopped", hint="Watch the tags anew: gateway.watch(...)."
            )
        recorder = self._watched.recorders.begin(
            folder,
            lambda: self.subscriptions,
            [description_feed(lambda: self._watched.entries)],
            keep=Keep(keep_hours, keep_megabytes),
            plant=plant,
            least_free=least_free,
        )
        self._watched.call_when_stopped(recorder.stop)
        return recorder

    def stop(self) -> None:
        """Ends the watching: the values so far stay, the trend becomes a picture. Harmless twice."""
        if not self.stopped:
            try:
                self._watched.stop()
            finally:  # a picture that fails leaves no tag advised
                self.runner.run(self._watched.release())

    def _describe_entries(self) -> list[WatchedTag]:
        """The tags, those that came late described as well."""
        entries = self._watched.entries
        if self._watched.waits_for_late():
            self.runner.run(self._watched.describe_late())
        return entries

    def _annotated(self, frame: pd.DataFrame) -> pd.DataFrame:
        return annotated(frame, self._watched.hub, self._watched.entries)

    def _between(self, start: Any, end: Any) -> pd.DataFrame:
        """The values from a time to another, from wherever they are known."""
        entries, past = self._describe_entries(), self._watched.past
        start_ns, end_ns = span_ns(start, end, self._watched.now_ns)
        tags = [entry.tag for entry in entries]
        frame = past.frame(tags, start_ns, end_ns)
        if set(frame["origin"]) <= {MEMORY}:
            frame = frame.drop(columns="origin")
        return annotated(frame, self._watched.hub, entries, past.gaps(tags, start_ns, end_ns))

    def _columns(self, last: str | float | None, count: int | None) -> dict[str, Samples]:
        return columns_of(
            self._describe_entries(), last, count, self._watched.now_ns, self._watched.hub.outages
        )

    def _ipython_display_(self) -> None:
        self._views.show()
