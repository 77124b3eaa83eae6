"""`frame.mxgw`: values worked with by their quality. Pure pandas; a saved frame will do.

It takes the long form (`tag`, `timestamp`, `value`, `quality`), as `watch.frame()` gives it and as a file
brings it back; a timestamp without a zone is UTC. Durations are seconds, times UTC.

A sample holds until the next one of its tag, the last one until `until` (by default the newest time of all).
No value is held into a gap that the frame's `attrs` tell of; see `analysis.held`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.extensions import take
from pandas.api.types import is_numeric_dtype

from mxgw_notebook.analysis.held import FOR_EVER, Spans, check_long, gaps_of, span_blocks, summed, times_of
from mxgw_notebook.analysis.intervals import Intervals, resampled
from mxgw_notebook.analysis.kept_tables import save_table
from mxgw_notebook.analysis.sample_columns import (
    RANKS,
    hashable,
    numbers,
    ranks_of,
    read_values,
    sorting,
    with_room,
)
from mxgw_notebook.analysis.two_times import MEASURES, TwoTimes
from mxgw_notebook.client import checks_all_arguments
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames import (
    check_size,
    gives_tables,
    kinds_apart,
    kinds_joined,
    moment_ns,
    stepped,
    stretch,
)
from mxgw_notebook.words import Quality as Least

COLUMNS = 4  # of what `resample` gives
NONE = np.empty(0, np.int64)
NO_SPANS = Spans(NONE, NONE, NONE, NONE, NONE, NONE.astype(np.bool_))
NO_INTERVALS = [[np.empty(0, kind)] for kind in ("i8", "i8", "f8", "f8")]


@pd.api.extensions.register_dataframe_accessor("mxgw")
@checks_all_arguments
@gives_tables
class QualityAccessor:
    """`save` of any frame, and methods of a long one, which raise ConfigurationError for any other."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self._given = frame
        self._is_apart = {"text", "value"} <= set(frame.columns) and is_numeric_dtype(frame["value"].dtype)

    def save(self, path: str | Path, *, by: str | None = None) -> Path:
        """Writes the frame, whatever its columns, as .parquet, .csv or .xlsx; see `analysis.save_table`."""
        return save_table(self._given, path, by=by)

    @cached_property
    def _frame(self) -> pd.DataFrame:
        check_long(frame := self._given)
        # Worked with as one column, in which a text is a state like any other.
        return read_values(kinds_joined(frame, value="text") if self._is_apart else frame)

    def good(self, least: Least = "good") -> pd.DataFrame:
        """The rows with at least this quality."""
        return self._told(self._frame[self._enough(least)])

    def mask(self, least: Least = "good") -> pd.DataFrame:
        """The same rows; values with a lower quality are missing."""
        return self._told(self._frame.assign(value=self._masked(least)))

    def hold_last_good(self, least: Least = "good") -> pd.DataFrame:
        """The same rows; a value with a lower quality is replaced by the tag's last good-enough value.

        It is missing if there was none, or if a gap is between them. Rows without a time hold nothing.
        """
        values = self._masked(least).reset_index(drop=True)
        times = times_of(self._frame)
        order = np.argsort(times, kind="stable")
        order = order[times[order] != pd.NaT.value]
        tags = pd.factorize(self._frame["tag"])[0][order]
        held = values.iloc[order].groupby([tags, gaps_of(self._frame).before(times[order])]).ffill()
        values.iloc[order] = held
        return self._told(self._frame.assign(value=values.set_axis(self._frame.index)))

    def durations(self, until: Any = None) -> pd.Series[float]:
        """Seconds that each sample is known to have held, on the frame's index; missing without a time."""
        seconds = np.full(len(self._frame), np.nan)
        for held in self._spans(until):
            seconds[held.row] = 0.0
            summed(held.row, held.seconds, into=seconds)
        return pd.Series(seconds, self._frame.index, name="seconds")

    def time_weighted_mean(self, least: Least = "good", until: Any = None) -> pd.Series[float]:
        """Each tag's mean, weighted by how long each value held. Lower quality does not count."""
        return self._by_tag(weighted_mean(*self._weighted(least, until)), "time_weighted_mean")

    def time_in_state(self, least: Least = "good", until: Any = None) -> pd.DataFrame:
        """Seconds in each state, one row per tag and value.

        Columns: `tag`, `value`, `seconds`, `share` (of the tag's time). If values are of several kinds, there
        is a column `text` after `value`, as in the frame itself.
        """
        return self._told(with_shares(self._in_states(least, until)))

    def percent_good(self, least: Least = "good", until: Any = None) -> pd.Series[float]:
        """Per cent of each tag's time with at least this quality. Time in gaps counts as not good."""
        return self._by_tag(percent(*self._good_of_whole(least, until)), "percent_good")

    def between(self, start: Any, end: Any, least: Least = "good") -> pd.DataFrame:
        """What each tag did between two times; one row per tag.

        Columns: `tag`, `first` and `last` (the values at these times), `difference` (last minus first),
        `mean` (weighted by how long each value held), `min`, `max`, `slope` (difference per second),
        `percent_good`. Values with a lower quality do not count. Unknown values are missing: `first` is
        missing if the tag was in a gap or had a lower quality at that time, and so are `difference` and
        `slope`.

        Raises:
            ConfigurationError: A time is not valid, or the end is not after the start.
        """
        start_ns, end_ns = moment_ns(start), moment_ns(end)
        if end_ns <= start_ns:
            raise ConfigurationError(f"{end} is not after {start}", hint="Give the earlier time first.")
        tags = len(self._codes[1])
        found = TwoTimes(tags, start_ns, end_ns, *self._numbers(least), self._enough(least).to_numpy())
        measures = found.measures(self._spans(None, end_ns))
        columns = {name: self._by_tag(measures[name], name) for name in MEASURES}
        return pd.DataFrame(columns).reset_index()

    def align(self, grid: str | float, least: Least | None = None) -> pd.DataFrame:
        """Each tag's value at each step of a grid (`"10s"`, or seconds): a column per tag, a row per step.

        A value is missing in a gap. With `least` it is also missing while the quality was below that.
        """
        values = self._masked(least) if least else self._frame["value"]
        index = steps(times_of(self._frame), stretch(grid), len(self._tags()))
        columns: dict[Any, Any] = {tag: pd.Series(np.nan, index) for tag in self._tags()}
        for held in self._spans(None, FOR_EVER):
            for code, its in held.tags():
                columns[self._codes[1][code]] = held_at(values, held, its, index)
        return pd.DataFrame(columns, index=index)

    def resample(
        self, grid: str | float, least: Least = "good", enough: float = 0.5, until: Any = None
    ) -> pd.DataFrame:
        """Each tag's time-weighted mean in every interval; one row per interval and tag.

        Columns: `tag`, `timestamp` (the beginning of the interval), `value`, `percent_good`. The value is
        missing if less than `enough` (0 to 1) of the interval had a number with that quality. Intervals begin
        at full steps, so a tag's first and last interval may be known only in part.

        Raises:
            ConfigurationError: The grid is not a length of time, or the table would not fit into memory.
        """
        step, rows = stretch(grid).as_unit("ns").value, 0
        values, counts = self._numbers(least)
        parts = []
        for held in self._spans(until):
            intervals = Intervals.of(held, step)
            rows += intervals.total
            check_size(rows, COLUMNS)
            parts.append(resampled(intervals, held, values, counts, enough))
        columns: Any = zip(*parts, strict=True) if parts else NO_INTERVALS
        tag, begin, means, percents = map(np.concatenate, columns)
        return pd.DataFrame(
            {
                "tag": pd.Series(self._codes[1].take(tag), dtype=self._frame["tag"].dtype),
                "timestamp": pd.DatetimeIndex(begin.view("datetime64[ns]")).tz_localize("UTC"),
                "value": means,
                "percent_good": percents,
            }
        )

    def _weighted(self, least: Least, until: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Of each tag the sum of its values times their seconds, and that of the seconds."""
        values, counts = self._numbers(least)
        sums, weights = self._nothing(), self._nothing()
        for held in self._spans(until):
            seconds = np.where(counts[held.row], held.seconds, 0.0)
            summed(held.tag, seconds * values[held.row], into=sums)
            summed(held.tag, seconds, into=weights)
        return sums, weights

    def _good_of_whole(self, least: Least, until: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Of each tag the seconds with that quality, and all of them."""
        counts = self._enough(least).to_numpy()
        whole, part = self._nothing(), self._nothing()
        for held in self._spans(until):
            summed(held.tag, held.whole, into=whole)
            summed(held.tag, np.where(counts[held.row], held.seconds, 0.0), into=part)
        return part, whole

    def _in_states(self, least: Least, until: Any) -> pd.DataFrame:
        """Seconds by tag and value, in no order."""
        counts = self._enough(least).to_numpy() & self._frame["value"].notna().to_numpy()
        found = [self._states(held, counts[held.row]) for held in self._spans(until)]
        return pd.concat(found, ignore_index=True) if found else self._states(NO_SPANS, NO_SPANS.first)

    def _told(self, frame: pd.DataFrame) -> pd.DataFrame:
        """A frame of several kinds with numbers and texts in columns of their own, as the frame was given."""
        return kinds_apart(frame, value="text") if self._is_apart else frame

    def _masked(self, least: Least) -> pd.Series[Any]:
        return with_room(self._frame["value"]).where(self._enough(least))

    def _enough(self, least: Least) -> pd.Series[bool]:
        return self._ranks() >= RANKS[least]

    def _ranks(self) -> pd.Series[int]:
        return ranks_of(self._frame["quality"])

    def _tags(self) -> list[Any]:
        """Every tag that the frame could have, in its own order."""
        tags = self._frame["tag"]
        known = tags.cat.categories if isinstance(tags.dtype, pd.CategoricalDtype) else tags.dropna().unique()
        return list(known)

    @cached_property
    def _codes(self) -> tuple[NDArray[np.int64], pd.Index[Any]]:
        """Each row's tag as a number, below 0 for none, and the tags by it."""
        codes, tags = pd.factorize(self._frame["tag"])
        return codes, pd.Index(tags)

    def _nothing(self) -> NDArray[np.float64]:
        """A zero a tag, to sum up into."""
        return np.zeros(len(self._codes[1]))

    def _by_tag(self, amounts: NDArray[np.float64], name: str) -> pd.Series[Any]:
        """An amount a tag; missing for one without a sample that counts."""
        found = pd.Series(amounts, pd.Index(self._codes[1].astype("object")), name=name)
        return found.reindex(pd.Index(self._tags(), name="tag"))

    def _numbers(self, least: Least) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Each row's number, 0 where it does not count, and whether it does: finite, and good enough."""
        found = numbers(self._frame["value"])
        counts = self._enough(least).to_numpy() & np.isfinite(found)
        return np.where(counts, found, 0.0), counts

    def _spans(self, until: Any, until_ns: int | None = None) -> Iterator[Spans]:
        end = until_ns if until is None else moment_ns(until)
        return span_blocks(self._frame, self._codes[0], end)

    def _states(self, held: Spans, counts: NDArray[np.bool_]) -> pd.DataFrame:
        """Seconds by tag and value, of the spans that count."""
        rows = held.row[counts]
        samples = self._frame[["tag", "value"]].iloc[rows]
        samples = samples.assign(value=samples["value"].map(hashable), seconds=held.seconds[counts])
        by_state = samples.groupby(["tag", "value"], observed=True, sort=False)
        return by_state["seconds"].sum().reset_index()


def weighted_mean(sums: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Means from weighted sums; NaN where nothing counts."""
    found: NDArray[np.float64] = sums / np.where(weights > 0, weights, np.nan)
    return found


def percent(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    """Per cent that a part is of the whole."""
    # Sums of the same parts in another order may differ in the last digit: no share is above all of it.
    found: NDArray[np.float64] = 100.0 * np.clip(part / np.where(whole > 0, whole, np.nan), 0.0, 1.0)
    return found


def with_shares(seconds: pd.DataFrame) -> pd.DataFrame:
    """Seconds by tag and state in order, with each state's share of its tag's time."""
    states = [sorting(value) for value in seconds["value"]]
    seconds = seconds.iloc[sorted(range(len(states)), key=states.__getitem__)]
    seconds = seconds.sort_values("tag", kind="stable", ignore_index=True)
    whole = seconds.groupby("tag", observed=True)["seconds"].transform("sum")
    return seconds.assign(share=seconds["seconds"] / whole.where(whole > 0))


def held_at(values: pd.Series[Any], held: Spans, its: slice, index: pd.DatetimeIndex) -> pd.Series[Any]:
    """What one tag read at some times, by its spans."""
    times, begin, end = index.asi8, held.begin[its], held.end[its]
    places = np.searchsorted(begin, times, side="right") - 1
    outside = (places < 0) | ((times >= end[places]) & (times != begin[places]))
    rows = np.where(outside, -1, held.row[its][places])
    plain: Any = values.to_numpy() if isinstance(values.dtype, np.dtype) else values.array
    return pd.Series(take(plain, rows, allow_fill=True), index)


def steps(times: NDArray[np.int64], step: pd.Timedelta, columns: int) -> pd.DatetimeIndex:
    """Full steps from the first time, in nanoseconds, to the first one not before the last."""
    known = times[times != pd.NaT.value]
    if not len(known):
        return pd.DatetimeIndex([], tz="UTC", name="timestamp").as_unit("ns")
    ends = pd.DatetimeIndex([known.min(), known.max()], tz="UTC")
    return stepped(ends, step, columns).rename("timestamp")
