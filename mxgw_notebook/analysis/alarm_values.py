"""What one tag held from when to when, as an alarm sees it: known or not, and how far beyond its limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mxgw_notebook.analysis.held import check_long, spans
from mxgw_notebook.analysis.sample_columns import RANKS, numbers, ranks_of, read_values
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.words import Quality

Times = NDArray[np.int64]
NONE: Times = np.empty(0, np.int64)


class HeldValues(NamedTuple):
    """What one tag held from when to when, by time; nanoseconds. `enough`: with the quality asked for."""

    begin: Times
    end: Times
    numbers: NDArray[np.float64]
    enough: NDArray[np.bool_]
    until: int

    def within(self, begin_ns: int, end_ns: int) -> HeldValues:
        """As far as it lies within a window whose end is outside; one of no length where it began."""
        inside = (self.begin < end_ns) & ((self.end > begin_ns) | (self.begin >= begin_ns))
        begin, end = (np.clip(edge[inside], begin_ns, end_ns) for edge in (self.begin, self.end))
        return HeldValues(begin, end, self.numbers[inside], self.enough[inside], self.until)

    @classmethod
    def joined(cls, parts: Sequence[HeldValues]) -> HeldValues:
        """What was held in parts that follow one another."""
        begin, end, numbers, enough = (np.concatenate([part[place] for part in parts]) for place in range(4))
        return cls(begin, end, numbers, enough, parts[-1].until)


@dataclass(frozen=True, slots=True, eq=False)
class KnownValues:
    """The stretches of time in which a tag's value is known, by time, none over another; nanoseconds.

    `numbers` are turned so that more is always farther beyond the limit. `until` is the end of what was
    recorded, `to_the_end` whether the last of them holds at that very moment.
    """

    begin: Times
    end: Times
    numbers: NDArray[np.float64]
    until: int
    to_the_end: bool

    @property
    def length(self) -> int:
        """How long the value is known in all."""
        return int((self.end - self.begin).sum())

    def before(self, times: Times) -> Times:
        """How long the value was known before each time."""
        if not len(self.begin):
            return np.zeros(len(times), np.int64)
        gathered = np.append(0, np.cumsum(self.end - self.begin))
        place = np.searchsorted(self.begin, times, side="right")
        inside = np.minimum(times, np.append(0, self.end)[place]) - np.append(0, self.begin)[place]
        return np.where(place > 0, gathered[np.maximum(place - 1, 0)] + inside, 0)

    def runs(self, chosen: NDArray[np.bool_]) -> tuple[Times, Times]:
        """Begin and end of the stretches that are chosen, those that follow one another as one."""
        begin, end = self.begin[chosen], self.end[chosen]
        if not len(begin):
            return NONE, NONE
        apart = begin[1:] != end[:-1]
        return begin[np.append(True, apart)], end[np.append(apart, True)]


def held_values(samples: pd.DataFrame, least: Quality, until_ns: int | None) -> HeldValues:
    """What the one tag held, by time."""
    check_long(samples)
    if (tags := samples["tag"].nunique()) > 1:
        hint = 'Take those of one: frame[frame["tag"] == "Tank001.Level"].'
        raise ConfigurationError(f"These are the samples of {tags} tags, and an alarm has one", hint=hint)
    frame = read_values(samples)
    held = spans(frame, until_ns)
    enough = ranks_of(frame["quality"]).to_numpy()[held.row] >= RANKS[least]
    newest = until_ns if until_ns is not None else int(held.end.max(initial=0))
    return HeldValues(held.begin, held.end, numbers(frame["value"])[held.row], enough, newest)


def known_values(held: HeldValues, side: int) -> KnownValues:
    """When the value is known, and what it is then."""
    begin, end, values, newest = held.begin, held.end, held.numbers * side, held.until
    # One that held for no time was replaced at once, but for the record's last: that is known at its moment.
    replaced = (begin == end) & ((begin != newest) | np.append(begin[1:] == newest, False)[: len(begin)])
    counts = held.enough & np.isfinite(values) & ~replaced
    counts &= begin <= newest
    last_holds = bool(len(counts)) and bool(counts[-1]) and int(end[-1]) == newest
    return KnownValues(begin[counts], end[counts], values[counts], newest, last_holds)
