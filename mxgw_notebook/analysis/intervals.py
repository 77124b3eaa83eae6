"""Means by interval: each span of a sample counts in the intervals that it reaches into."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mxgw_notebook.analysis.held import Spans, run_starts


class Intervals(NamedTuple):
    """The intervals that some tags' spans reach into, tag after tag.

    Of each tag: its code, where the first begins (ns), how many there are, the first one's place among all.
    """

    step: int
    tags: NDArray[np.int64]
    first: NDArray[np.int64]
    counts: NDArray[np.int64]
    offset: NDArray[np.int64]

    @classmethod
    def of(cls, held: Spans, step: int) -> Intervals:
        """Those of spans that are not empty."""
        starts = run_starts(held.tag)
        first = held.begin[starts] // step * step
        counts = np.maximum(1, -(-(np.maximum.reduceat(held.next, starts) - first) // step))
        return cls(step, held.tag[starts], first, counts, np.cumsum(counts) - counts)

    @property
    def total(self) -> int:
        """How many there are in all."""
        return int(self.counts.sum())

    def begins(self) -> NDArray[np.int64]:
        """When each begins."""
        within = np.arange(self.total) - np.repeat(self.offset, self.counts)
        return np.repeat(self.first, self.counts) + within * self.step


def resampled(
    intervals: Intervals,
    held: Spans,
    values: NDArray[np.float64],
    counts: NDArray[np.bool_],
    enough: float,
) -> tuple[NDArray[Any], ...]:
    """Spans as means by interval: each one's tag, begin, mean, and per cent that counted."""
    step = intervals.step
    counted = np.flatnonzero(counts[held.row] & (held.end > held.begin))
    tag = np.searchsorted(intervals.tags, held.tag[counted])
    # From the tag's first interval on; its end is taken as the last nanosecond that it holds.
    begin, end = (edge[counted] - intervals.first[tag] for edge in (held.begin, held.end))
    low, high = begin // step, (end - 1) // step
    value = values[held.row[counted]]
    share, sums = np.zeros(intervals.total), np.zeros(intervals.total)

    def add(places: NDArray[np.int64], parts: NDArray[np.float64], of: NDArray[np.float64]) -> None:
        share[:] += np.bincount(places, parts, len(share))
        sums[:] += np.bincount(places, parts * of, len(sums))

    at = intervals.offset[tag]
    one = low == high
    add(at + low, np.where(one, end - begin, (low + 1) * step - begin) / step, value)
    add((at + high)[~one], (end - high * step)[~one] / step, value[~one])
    # Those in between it fills alone, for spans of a tag do not overlap: as many as the table has at most.
    between = np.maximum(high - low - 1, 0)
    inner = np.arange(between.sum()) - np.repeat(np.cumsum(between) - between, between)
    whole = np.repeat(at + low + 1, between) + inner
    share[whole], sums[whole] = 1.0, np.repeat(value, between)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = np.where((share >= enough) & (share > 0), sums / share, np.nan)
    tags = np.repeat(intervals.tags, intervals.counts)
    return tags, intervals.begins(), means, 100.0 * np.clip(share, 0, 1)
