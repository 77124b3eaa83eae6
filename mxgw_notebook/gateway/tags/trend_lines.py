"""Watched tags as a trend wants them.

Why: DECISIONS.md, "A setpoint in other units is text in the legend, not a line".
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames import MILLISECOND_NS, Samples, long_frame
from mxgw_notebook.gateway.notes import Note
from mxgw_notebook.gateway.tags.measuring import measured
from mxgw_notebook.gateway.tags.overlay import earlier_by, look_back
from mxgw_notebook.gateway.tags.state_words import StateWords
from mxgw_notebook.gateway.tags.watched_set import WatchedSet
from mxgw_notebook.gateway.tags.watched_tag import WatchedTag
from mxgw_notebook.history import LATEST_NS, held_into
from mxgw_notebook.widgets import EarlierPeriod, TagSamples, TrendDelta, TrendTag

# Notes as time, text and who.
Noted = list[tuple[float, str, str]]
# Markers as time and words; limits as the tag's index, the value and words.
Marks = tuple[list[tuple[float, str]], list[tuple[int, float, str]]]
# A widget keeps one cursor and asks from 0 for a resync; a few more allow for several views.
CURSORS_KEPT = 64


class TrendLines:
    """A trend's source: reads the histories of a set of watched tags. A cursor stands for one total a tag."""

    def __init__(self, watched: WatchedSet) -> None:
        self._watched = watched
        self._marks: Callable[[], Marks] = lambda: ([], [])
        self.shift_ns = 0  # of the earlier period that is drawn beside the present; 0 for none
        self.overlay = ""  # the same as a watch list says it
        self.xy_asked: Callable[[str, str], None] = lambda x, y: None  # by a page
        self._lock = threading.Lock()
        self._cursor = 0
        self._drawn_notes: tuple[list[Note], Noted] = ([], [])
        self._begin([])

    @property
    def tags(self) -> Sequence[TrendTag]:
        """The pens."""
        return [entry.pen for entry in self._watched.shown]

    def mark(self, marks: Callable[[], Marks]) -> None:
        """Draws these, too, asked for at each look."""
        self._marks = marks

    def since(self, cursor: int) -> TrendDelta:
        """Everything after `cursor`; after 0, or one no longer known, everything kept."""
        entries, kept, now = self._look(cursor)
        # Outside of the lock: the alarms have one of their own, and a lock taken within another is how two
        # threads come to wait for each other for ever.
        markers, marked = self._marks()
        limits = [limit for limit in marked if has_place(limit, entries)]
        watched, standing = self._watched, self._watched.standing
        lines = [line for index, entry in enumerate(entries) for line in entry.lines(index)]
        return TrendDelta(
            cursor=now,
            samples=self._drawn(entries, kept),
            outages=[interval(gap.start_ns, gap.end_ns) for gap in watched.hub.outages],
            status=str(standing),
            phase=standing.phase,
            now_ms=watched.now_ns / MILLISECOND_NS,
            as_of_ms=heard_ns / MILLISECOND_NS if (heard_ns := watched.heard_ns) else None,
            markers=markers,
            limits=list(dict.fromkeys([*lines, *limits])),
            levels=[level for index, entry in enumerate(entries) for level in entry.levels(index)],
            replays=[(start / MILLISECOND_NS, end / MILLISECOND_NS) for start, end in watched.hub.replays],
            notes=[note for index, entry in enumerate(entries) for note in entry.notes(index)],
            noted=self._noted(),
            shift_ms=self.shift_ns / MILLISECOND_NS,
        )

    def _look(self, cursor: int) -> tuple[list[WatchedTag], list[Samples], int]:
        """The tags, the samples of each since a cursor, and the cursor that stands for what is seen now."""
        with self._lock:
            entries = self._watched.shown
            if entries != self._entries:
                self._begin(entries)
            # A cursor of another set of tags, or too old to be known: everything is given, which is slower
            # and never wrong.
            seen = self._totals.get(cursor, self._totals[0])
            parts = zip(entries, seen, strict=True)
            kept = [entry.subscription.history.since(start) for entry, start in parts]
            self._remember([part.total for part in kept])
            return entries, kept, self._cursor

    def between(self, start_ms: float, end_ms: float) -> list[TagSamples]:
        """Every sample kept of a window, and of each tag the one before it."""
        entries = self._watched.shown
        past = self._watched.past
        start, end = (int(ms * MILLISECOND_NS) for ms in (start_ms, end_ms))
        found = past.samples([entry.tag for entry in entries], start, end)
        return self._drawn(entries, [found[entry.tag] for entry in entries])

    def earlier(self, start_ms: float, end_ms: float) -> EarlierPeriod:
        """What the tags did so much before a window, laid onto it."""
        entries, shift_ns = self._watched.shown, self.shift_ns
        start, end = (int(ms * MILLISECOND_NS) - shift_ns for ms in (start_ms, end_ms))
        tags = [entry.tag for entry in entries]
        found = look_back(self._watched, tags, start, end)
        drawn = self._drawn(entries, [found[tag][0] for tag in tags])
        shift_ms = shift_ns / MILLISECOND_NS
        holes = [(index, hole) for index, tag in enumerate(tags) for hole in found[tag][1]]
        return EarlierPeriod(
            shift_ms,
            min(end_ms, self._watched.now_ns / MILLISECOND_NS + shift_ms),
            [replace(part, time_ms=part.time_ms + shift_ms) for part in drawn],
            [
                (index, *interval(begin + shift_ns, until and until + shift_ns))
                for index, (begin, until) in holes
            ],
        )

    def frame(self, start_ms: float, end_ms: float) -> pd.DataFrame:
        """The samples of a window in the long form, and what each tag held when that began, at its begin."""
        start, end = (int(ms * MILLISECOND_NS) for ms in (start_ms, end_ms))
        tags, past = [entry.tag for entry in self._watched.shown], self._watched.past
        gaps = past.gaps(tags, start, end)
        found = past.samples(tags, start, end)
        return long_frame({tag: held_into(part, start, gaps) for tag, part in found.items()})

    def measured(self, start_ms: float, end_ms: float) -> pd.DataFrame:
        """What each tag did between two times."""
        return measured(self._watched, *(int(ms * MILLISECOND_NS) for ms in (start_ms, end_ms)))

    def add(self, tag: str, done: Callable[[str | None], None]) -> None:
        """Begins to watch one more tag; returns at once."""
        self._watched.begin_to_add(tag, done)

    def remove(self, tag: str) -> None:
        """Watches a tag no more; returns at once."""
        self._watched.begin_to_remove(tag)

    def lay(self, by: str) -> None:
        """Lays an earlier period beside the present, by a stretch of time; none where it is empty."""
        self.lay_by(earlier_by(by) if by else 0, by)

    def lay_by(self, shift_ns: int, told: str) -> None:
        """The same in nanoseconds, with how a watch list says it."""
        self.shift_ns, self.overlay = shift_ns, told

    def show_xy(self, x: str, y: str) -> None:
        """Shows one tag over another below the trend. Raises ConfigurationError where that cannot be."""
        self.xy_asked(x, y)

    def note(self, text: str, at_ms: float) -> None:
        """Keeps a note of a time, of the tags that are drawn. Raises GatewayError where it cannot be."""
        if self._watched.notes is None or not 0 < at_ms < LATEST_NS / MILLISECOND_NS:
            raise ConfigurationError("No note can be kept of that time", hint="Use gateway.note(text, at).")
        at = pd.Timestamp(int(at_ms * MILLISECOND_NS), tz="UTC")
        self._watched.notes.add(text, at, [entry.tag for entry in self._watched.entries])

    def _noted(self) -> Noted:
        """The plant's notes; the same list until there are others."""
        if self._watched.notes is None:
            return []
        shown = self._watched.notes.shown()
        if shown is not self._drawn_notes[0]:
            told = [(note.time_ns / MILLISECOND_NS, note.text, note.who) for note in shown]
            self._drawn_notes = (shown, told)
        return self._drawn_notes[1]

    def _begin(self, entries: list[WatchedTag]) -> None:
        """Other tags: cursors of before mean nothing any more."""
        self._entries = entries
        self._totals: OrderedDict[int, list[int]] = OrderedDict({0: [0] * len(entries)})
        self._cursor += 1

    def _drawn(self, entries: Sequence[WatchedTag], kept: Sequence[Samples]) -> list[TagSamples]:
        drawn = []
        for index, (entry, part) in enumerate(zip(entries, kept, strict=True)):
            entry.states.learn(part)
            if not part.time_ns.all():  # on no axis is there a place for a time that is not known
                part = part.rows(part.time_ns != 0)  # noqa: PLW2901
            if len(part):
                drawn.append(samples_of(index, part, entry.states))
        return drawn

    def _remember(self, totals: list[int]) -> None:
        self._cursor += 1
        self._totals[self._cursor] = totals
        if len(self._totals) > CURSORS_KEPT:
            # Never 0, which means from the beginning.
            oldest = next(cursor for cursor in self._totals if cursor)
            del self._totals[oldest]


def has_place(limit: tuple[int, float, str], entries: Sequence[WatchedTag]) -> bool:
    """Whether the axis of its tag is in the units of a limit, as far as they are known."""
    index, _, words = limit
    return index >= len(entries) or entries[index].takes(words.partition(" ")[0])


def samples_of(index: int, kept: Samples, states: StateWords) -> TagSamples:
    """The samples of the tag at `index`. Infinity has no place on an axis."""
    values = states.places(kept)
    return TagSamples(
        index=index,
        time_ms=kept.time_ns.astype(np.float64) / MILLISECOND_NS,
        value=np.where(np.isinf(values), np.nan, values),
        quality=kept.quality,
    )


def interval(start_ns: int, end_ns: int | None) -> tuple[float, float | None]:
    """An interval in epoch milliseconds."""
    end: Any = None if end_ns is None else end_ns / MILLISECOND_NS
    return start_ns / MILLISECOND_NS, end
