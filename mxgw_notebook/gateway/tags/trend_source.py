"""Watched tags as a trend wants them."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mxgw_notebook.frames import Samples, long_frame
from mxgw_notebook.gateway.tags.describing import Description
from mxgw_notebook.gateway.tags.state_words import StateWords
from mxgw_notebook.live import Hub, Subscription
from mxgw_notebook.widgets import STOPPED, TagSamples, TrendDelta, TrendTag

NANOSECONDS_A_MILLISECOND = 1e6
# Markers as time and words; limits as the tag's index, the value and words.
Marks = tuple[list[tuple[float, str]], list[tuple[int, float, str]]]
# A widget keeps one cursor and asks from 0 for a resync; a few more allow for several views.
CURSORS_KEPT = 64
RECENT = 600
NEAR = 0.2


@dataclass(slots=True, eq=False)
class WatchedTag:
    """One tag of a watch, with the subscription of its setpoint where it has one.

    `described` once the plant was asked for its description while it knew the tag.
    """

    subscription: Subscription
    description: Description
    setpoint: Subscription | None = None
    states: StateWords = field(default_factory=StateWords)
    described: bool = True

    @property
    def tag(self) -> str:
        """Its name."""
        return self.subscription.tag

    @property
    def advised(self) -> list[str]:
        """The tags that are advised for it."""
        return [self.tag, *([self.setpoint.tag] if self.setpoint else [])]

    @property
    def pen(self) -> TrendTag:
        """As the trend draws it."""
        return replace(self.description.tag, words=self.states.words)

    def lines(self, index: int) -> list[tuple[int, float, str]]:
        """The limits that it is near, and its setpoint as it is now.

        A limit far away would press the line flat: the axis makes room for whatever is drawn.
        """
        low, high = near(self.subscription.history.newest(RECENT).number)
        limits = self.description.limits.items()
        found = [(index, value, f"{name} {value:g}") for name, value in limits if low <= value <= high]
        newest = None if self.setpoint is None else self.setpoint.history.newest(1)
        if newest is not None and len(newest) and np.isfinite(newest.number[0]):
            found.append((index, float(newest.number[0]), f"SP {newest.number[0]:g}"))
        return found


class WatchedTags:
    """A trend's source: the histories of some subscriptions. A cursor stands for one total a tag.

    `add_tag` and `remove_tag` are what a view's wish for another tag comes to, `came_late` what is done when
    tags that were refused are there. None of them may block.
    """

    def __init__(self, hub: Hub, entries: Sequence[WatchedTag]) -> None:
        self.stopped = False
        self.marks: Callable[[], Marks] = lambda: ([], [])
        self.add_tag: Callable[[str, Callable[[str | None], None]], None] = lambda tag, done: done(None)
        self.remove_tag: Callable[[str], None] = lambda tag: None
        self.came_late: Callable[[], None] = lambda: None
        self._hub = hub
        self._lock = threading.Lock()
        self._cursor = 0
        self.replace(entries)

    @property
    def entries(self) -> list[WatchedTag]:
        """The tags in order, without those that the gateway refuses at present."""
        with self._lock:
            self._look()
            return list(self._entries)

    @property
    def refused(self) -> list[WatchedTag]:
        """The tags that the gateway refuses at present."""
        return [entry for entry in self._all if entry.subscription.failure]

    @property
    def late(self) -> list[WatchedTag]:
        """The tags that were refused at first, are there now, and not described yet."""
        return [entry for entry in self._all if not (entry.subscription.failure or entry.described)]

    @property
    def advised(self) -> list[str]:
        """Everything that was advised, setpoints too."""
        return [tag for entry in self._all for tag in entry.advised]

    @property
    def tags(self) -> Sequence[TrendTag]:
        """The pens."""
        return [entry.pen for entry in self.entries]

    def replace(self, entries: Sequence[WatchedTag]) -> None:
        """Other tags from now on; cursors of before mean nothing any more."""
        with self._lock:
            self._all = list(entries)
            self._take([entry for entry in self._all if not entry.subscription.failure])

    def since(self, cursor: int) -> TrendDelta:
        """Everything after `cursor`; after 0, or one no longer known, everything kept."""
        with self._lock:
            self._look()
            entries, seen = self._entries, self._totals.get(cursor, self._totals[0])
            kept = [
                entry.subscription.history.since(start) for entry, start in zip(entries, seen, strict=True)
            ]
            self._remember([part.total for part in kept])
            now = self._cursor
        markers, limits = self.marks()
        lines = [line for index, entry in enumerate(entries) for line in entry.lines(index)]
        return TrendDelta(
            cursor=now,
            samples=self._drawn(entries, kept),
            outages=[interval(gap.start_ns, gap.end_ns) for gap in self._hub.outages],
            status=STOPPED if self.stopped else self._hub.status,
            markers=markers,
            limits=list(dict.fromkeys([*lines, *limits])),
            replays=[
                (start / NANOSECONDS_A_MILLISECOND, end / NANOSECONDS_A_MILLISECOND)
                for start, end in self._hub.replays
            ],
        )

    def between(self, start_ms: float, end_ms: float) -> list[TagSamples]:
        """Every sample kept of a window, and of each tag the one before it."""
        entries = self.entries
        return self._drawn(entries, [windowed(entry, start_ms, end_ms, before=1) for entry in entries])

    def frame(self, start_ms: float, end_ms: float) -> pd.DataFrame:
        """The samples of a window in the long form."""
        return long_frame({entry.tag: windowed(entry, start_ms, end_ms) for entry in self.entries})

    def add(self, tag: str, done: Callable[[str | None], None]) -> None:
        """Begins to watch one more tag; returns at once."""
        self.add_tag(tag, done)

    def remove(self, tag: str) -> None:
        """Watches a tag no more; returns at once."""
        self.remove_tag(tag)

    def _look(self) -> None:
        """A tag that was refused may have come with a deploy."""
        present = [entry for entry in self._all if not entry.subscription.failure]
        if present != self._entries:
            self._take(present)
            if self.late:
                self.came_late()

    def _take(self, entries: list[WatchedTag]) -> None:
        self._entries = entries
        self._totals: OrderedDict[int, list[int]] = OrderedDict({0: [0] * len(entries)})
        self._cursor += 1

    def _drawn(self, entries: Sequence[WatchedTag], kept: Sequence[Samples]) -> list[TagSamples]:
        drawn = []
        for index, (entry, part) in enumerate(zip(entries, kept, strict=True)):
            entry.states.learn(part)
            if len(part):
                drawn.append(samples_of(index, part, entry.states))
        return drawn

    def _remember(self, totals: list[int]) -> None:
        self._cursor += 1
        self._totals[self._cursor] = totals
        if len(self._totals) > CURSORS_KEPT:
            oldest = next(cursor for cursor in self._totals if cursor)
            del self._totals[oldest]


def near(numbers: NDArray[np.float64]) -> tuple[float, float]:
    """Where a limit is near to these values: as far again as they range, or a part of their size."""
    known = numbers[np.isfinite(numbers)]
    if not len(known):
        return np.inf, -np.inf
    low, high = float(known.min()), float(known.max())
    reach = max(high - low, NEAR * max(abs(low), abs(high)))
    return low - reach, high + reach


def windowed(entry: WatchedTag, start_ms: float, end_ms: float, *, before: int = 0) -> Samples:
    """The samples of a window, and so many before it."""
    kept = entry.subscription.history.all()
    start, end = (int(ms * NANOSECONDS_A_MILLISECOND) for ms in (start_ms, end_ms))
    inside = np.flatnonzero((kept.time_ns >= start) & (kept.time_ns <= end))
    if not len(inside):
        return kept.rows(np.flatnonzero(kept.time_ns < start)[-before:] if before else slice(0, 0))
    return kept.rows(slice(max(0, int(inside[0]) - before), int(inside[-1]) + 1))


def samples_of(index: int, kept: Samples, states: StateWords) -> TagSamples:
    """The samples of the tag at `index`. Infinity has no place on an axis."""
    values = states.places(kept)
    return TagSamples(
        index=index,
        time_ms=kept.time_ns.astype(np.float64) / NANOSECONDS_A_MILLISECOND,
        value=np.where(np.isinf(values), np.nan, values),
        quality=kept.quality,
    )


def interval(start_ns: int, end_ns: int | None) -> tuple[float, float | None]:
    """An interval in epoch milliseconds."""
    end: Any = None if end_ns is None else end_ns / NANOSECONDS_A_MILLISECOND
    return start_ns / NANOSECONDS_A_MILLISECOND, end
