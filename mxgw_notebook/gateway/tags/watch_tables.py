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
        """Of which plant they are."""
        return self._watched.hub.plant

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
        it what is not a number, True and False, and integers that a float64 would round.

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
            ConfigurationError: `last` is not a length of time, `start` or `end` no time; or `last` or `count`
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
            ConfigurationError: `grid` or `last` is not a length of time, or the table would not fit the
                memory.
        """
        columns = self._columns(last, count)
        times = {tag: part.time_ns for tag, part in columns.items()}
        return left_open(self._annotated(wide_frame(columns, grid)), times)

    def between(self, start: Any, end: Any = None) -> pd.DataFrame:
        """What each tag did between two times, a row a tag; the trend's cursors show the same.

        Columns: `tag`, `units`, `first` and `last` (what it read at these times), `difference` (last less
        first), `mean` (every value counted by how long it held), `min`, `max`, `slope` (difference a second),
        `percent_good` (of the time). Only values of good quality count. Missing is what is not known: `first`
        where the tag was in a gap then, or of lesser quality, and with it `difference` and `slope`.

        Args:
            start: A time: `"2026-05-04 06:00"` (UTC unless it says otherwise), or `"-5min"`, by the gateway's
                clock.
            end: A time after it; now without it.

        Raises:
            ConfigurationError: One of them is no time, or the end is not after the start.
        """
        self._describe_entries()
        start_ns, end_ns = span_ns(start, end, self._watched.now_ns)
        if end_ns == start_ns:
            hint = 'Write e.g. levels.between("-5min", "-1min").'
            raise ConfigurationError("Between a time and itself there is nothing to measure", hint=hint)
        return WholeTable(measured(self._watched, start_ns, end_ns))

    def health(self) -> pd.DataFrame:
        """One row a tag: how often it changed, when last, of which quality, and what is kept.

        Columns: `tag`, `value`, `units`, `quality` (missing before the first value), `timestamp` (UTC), `age`
        and `interval` (seconds by the gateway's clock; the usual one between changes), `samples`, `forgotten`
        (samples that gave way to newer ones), `failure`.
        """
        watched = [*self._watched.everything, *self._watched.calculated.look()]
        return WholeTable(tag_health(watched, self._watched.hub.gateway_now))

    @blocking
    async def collect(self, seconds: float) -> pd.DataFrame:
        """Waits some seconds, then gives the values so far as `frame()` does."""
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
