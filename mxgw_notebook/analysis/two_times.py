"""What each tag did between two times: how far it went, its mean, its ends, its slope."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mxgw_notebook.analysis.held import NANOSECONDS_A_SECOND, Spans, summed

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]
Places = NDArray[np.int64]
# The measures of a tag, in the order of the table's columns.
MEASURES = ("first", "last", "difference", "mean", "min", "max", "slope", "percent_good")


class TwoTimes:
    """Measures of some tags from `start` to `end` (ns), gathered from their spans; one place a tag.

    `counts` says of each row whether it is a number of enough quality, `enough` whether of the quality alone.
    """

    def __init__(
        self, tags: int, start: int, end: int, values: Numbers, counts: Flags, enough: Flags
    ) -> None:
        self._start, self._end = start, end
        self._values, self._counts, self._enough = values, counts, enough
        self._first, self._last = np.full(tags, np.nan), np.full(tags, np.nan)
        self._sums, self._weights, self._good = np.zeros(tags), np.zeros(tags), np.zeros(tags)
        self._low, self._high = np.full(tags, np.inf), np.full(tags, -np.inf)

    def measures(self, blocks: Iterable[Spans]) -> dict[str, Any]:
        """Each of MEASURES, by tag; missing where nothing is known."""
        for held in blocks:
            self._add(held)
        seconds = (self._end - self._start) / NANOSECONDS_A_SECOND
        difference = self._last - self._first
        mean = self._sums / np.where(self._weights > 0, self._weights, np.nan)
        low, high = (np.where(np.isfinite(most), most, np.nan) for most in (self._low, self._high))
        # Sums of the same parts in another order may differ in the last digit.
        percent = 100.0 * np.clip(self._good / seconds, 0.0, 1.0)
        found = (self._first, self._last, difference, mean, low, high, difference / seconds, percent)
        return dict(zip(MEASURES, found, strict=True))

    def _add(self, held: Spans) -> None:
        begin, end = np.maximum(held.begin, self._start), np.minimum(held.end, self._end)
        # What came within counts for the ends even if it held for no time, as a sample at the very end.
        inside = (end > begin) | ((held.begin >= self._start) & (held.begin <= self._end))
        rows, tag, begin, end = (column[inside] for column in (held.row, held.tag, begin, end))
        self._weigh(rows, tag, (end - begin) / NANOSECONDS_A_SECOND)
        # By time within a tag: the last that stands at an end is what it read then. One that does not count
        # leaves nothing, not the one before it.
        known = np.where(self._counts[rows], self._values[rows], np.nan)
        for into, stands in ((self._first, begin == self._start), (self._last, end == self._end)):
            into[tag[stands]] = known[stands]

    def _weigh(self, rows: Places, tag: Places, seconds: Numbers) -> None:
        """Adds what some rows held for so long."""
        counts, values = self._counts[rows], self._values[rows]
        summed(tag, np.where(self._enough[rows], seconds, 0.0), into=self._good)
        summed(tag, np.where(counts, seconds, 0.0), into=self._weights)
        summed(tag, np.where(counts, seconds * values, 0.0), into=self._sums)
        np.minimum.at(self._low, tag[counts], values[counts])
        np.maximum.at(self._high, tag[counts], values[counts])
