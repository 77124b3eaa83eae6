"""The values of watched tags as tables."""

from __future__ import annotations

import asyncio
from typing import Any

import pandas as pd

from mxgw_notebook.analysis import left_open
from mxgw_notebook.client import checks_all_arguments
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames import Samples, long_frame, wide_frame
from mxgw_notebook.gateway.blocking import blocking
from mxgw_notebook.gateway.plant_named import names_its_plant
from mxgw_notebook.gateway.tags.annotations import annotated, units_of
from mxgw_notebook.gateway.tags.measuring import measured
from mxgw_notebook.gateway.tags.recent import columns_of
from mxgw_notebook.gateway.tags.table_rows import tag_health
from mxgw_notebook.gateway.tags.watched_set import WatchedSet
from mxgw_notebook.gateway.tags.watched_tag import WatchedTag
from mxgw_notebook.gateway.whole_table import WholeTable
from mxgw_notebook.history import MEMORY, span_ns


@names_its_plant
@checks_all_arguments
class WatchTables:
    """What a watch gives as DataFrames."""

    def __init__(self, watched: WatchedSet) -> None:
        self.runner = watched.runner
        self._watched = watched

    @property
    def plant(self) -> str:
        """The name of the tags' plant."""
        return self._watched.hub.plant

    @property
    def units(self) -> dict[str, str]:
        """Each tag's engineering units, empty if it has none."""
        return units_of(self._describe_entries())

    def frame(
        self,
        *,
        last: str | float | None = None,
        count: int | None = None,
        start: Any = None,
        end: Any = None,
    ) -> pd.DataFrame:
        """The values so far, one row per sample.

        Columns: `tag`, `timestamp` (UTC), `value`, `quality`, `quality_code`. If values are of several kinds,
        `value` has the numbers (booleans as 0 and 1). A column `text` after it has the rest: texts, True and
        False, and integers that a float64 would round.

        A column `replayed` marks samples that came late, after an outage; it exists only if there are any.
        `attrs` has `units`, `descriptions` and `limits` by tag, `outages` as pairs of UTC times, and `gaps`
        with their cause and, if known, the number of lost events. A limit whose units differ from those of
        its tag is not in `limits`.

        Args:
            last: Only the newest stretch of time, up to the newest sample: `"5min"`, or seconds. Its first
                sample is the value at its beginning. If a tag's clock is ahead of the gateway's, its own
                newest sample counts.
            count: Only this many of the newest samples of each tag.
            start: Only from this time: `"2026-05-04 06:00"` (UTC if it has no zone), or `"-2h"`, by the
                gateway's clock. Values older than memory come from recordings of these tags; a column
                `origin` then names the source of each value.
            end: Only until this time. Default: now.

        Raises:
            ConfigurationError: `last`, `start` or `end` is not valid, or `last` or `count` is given together
                with `start` or `end`.
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
        """The values so far, one column per tag, indexed by `timestamp` (UTC); a tag holds its last value.

        With `grid` (`"1s"`, or seconds) there is one row per step instead of one per change. `last` and
        `count` as in `frame`. No value is held into a gap in `attrs`. After an outage the old value
        continues; after lost events the value is missing until the tag's next one.

        Raises:
            ConfigurationError: `grid` or `last` is not a length of time, or the table would not fit into
                memory.
        """
        columns = self._columns(last, count)
        times = {tag: part.time_ns for tag, part in columns.items()}
        return left_open(self._annotated(wide_frame(columns, grid)), times)

    def between(self, start: Any, end: Any = None) -> pd.DataFrame:
        """What each tag did between two times, one row per tag; the trend's cursors show the same.

        Columns: `tag`, `units`, `first` and `last` (the values at these times), `difference` (last minus
        first), `mean` (weighted by how long each value held), `min`, `max`, `slope` (difference per second),
        `percent_good` (of the time). Only values of good quality count. Unknown values are missing: `first`
        is missing if the tag was in a gap or not of good quality at that time, and so are `difference` and
        `slope`.

        Args:
            start: A time: `"2026-05-04 06:00"` (UTC if it has no zone), or `"-5min"`, by the gateway's clock.
            end: A time after it. Default: now.

        Raises:
            ConfigurationError: A time is not valid, or the end is not after the start.
        """
        self._describe_entries()
        start_ns, end_ns = span_ns(start, end, self._watched.now_ns)
        if end_ns == start_ns:
            hint = 'Write e.g. levels.between("-5min", "-1min").'
            raise ConfigurationError("Between a time and itself there is nothing to measure", hint=hint)
        return WholeTable(measured(self._watched, start_ns, end_ns))

    def health(self) -> pd.DataFrame:
        """One row per tag: how often it changed, when last, its quality, and what is kept.

        Columns: `tag`, `value`, `units`, `quality` (missing before the first value), `timestamp` (UTC), `age`
        (seconds by the gateway's clock), `interval` (the usual seconds between changes), `samples`,
        `forgotten` (samples replaced by newer ones), `failure`.
        """
        watched = [*self._watched.everything, *self._watched.calculated.look()]
        return WholeTable(tag_health(watched, self._watched.hub.gateway_now))

    @blocking
    async def collect(self, seconds: float) -> pd.DataFrame:
        """Waits some seconds, then returns the values so far, as `frame()`."""
        await asyncio.sleep(seconds)
        await self._watched.describe_late()
        return self.frame()

    def _describe_entries(self) -> list[WatchedTag]:
        """The tags, those that came late described as well."""
        if self._watched.waits_for_late():
            self.runner.run(self._watched.describe_late())
        return self._watched.shown

    def _annotated(self, frame: pd.DataFrame) -> pd.DataFrame:
        return annotated(frame, self._watched.hub, self._watched.shown)

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
