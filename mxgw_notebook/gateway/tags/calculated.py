"""Pens that no tag sends: calculated from tags, whenever one of these changes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import groupby
from operator import itemgetter

import numpy as np

from mxgw_notebook.frames import Samples
from mxgw_notebook.gateway.tags.describing import Description
from mxgw_notebook.gateway.tags.watched_tag import WatchedTag
from mxgw_notebook.history import lost_by
from mxgw_notebook.live import (
    CAPACITY,
    Formula,
    Gap,
    History,
    Hub,
    Present,
    Subscription,
    in_order,
    parse_formula,
)
from mxgw_notebook.widgets import TrendTag
from mxgw_notebook.words import GOOD_FROM

NOTHING = 0  # the quality of what cannot be calculated of good values: bad


class CalculatedPen:
    """What a formula makes of tags, as a tag of its own: `look()` brings it up to date, on any thread.

    Its quality is the worst of its tags'. Into a gap no value is calculated: an outage that has ended lets
    the tags go on, after lost events each is waited for, as in a table.
    """

    def __init__(
        self,
        name: str,
        formula: Formula,
        inputs: Sequence[Subscription],
        gaps: Callable[[], Sequence[Gap]],
        now_ns: Callable[[], int],
        *,
        units: str = "",
        capacity: int = CAPACITY,
    ) -> None:
        self.formula, self.units, self._gaps, self._now_ns = formula, units, gaps, now_ns
        self.inputs = inputs
        self._lock = threading.Lock()
        self._totals = dict.fromkeys((found.tag for found in inputs), 0)
        self._readings: dict[str, Present] = {}
        self._times: dict[str, int] = {}
        self._newest = 0  # of the tags' times: a tag that tells late changes nothing of before
        self._waits = False  # for the end of a gap, in which a tag has changed
        own = Subscription(name, History(capacity), since_ns=now_ns(), asked_ns=now_ns())
        self.entry = WatchedTag(own, Description(TrendTag(name, name, units, formula.text)))

    @property
    def name(self) -> str:
        """What it is called."""
        return self.entry.tag

    def look(self) -> WatchedTag:
        """The tag that it is, with everything that came of its own tags by now."""
        with self._lock:
            new = {}
            for found in self.inputs:
                new[found.tag] = found.history.since(self._totals[found.tag])
                self._totals[found.tag] = new[found.tag].total
            self._take_in(new)
            return self.entry

    def over(self, found: Mapping[str, Samples], gaps: Sequence[Gap], end_ns: int) -> Samples:
        """What the same formula makes of other samples of its tags."""
        most = sum(map(len, found.values())) + len(gaps) + 1
        other = CalculatedPen(self.name, self.formula, (), lambda: gaps, lambda: end_ns, capacity=most)
        other._take_in(found)
        return other.entry.subscription.history.all()

    def _take_in(self, new: Mapping[str, Samples]) -> None:
        """Goes through samples of its tags in the order of time."""
        gaps, now_ns = self._gaps(), self._now_ns()
        # What came at one time is one moment: between its samples it read what it never did.
        for time_ns, moment in groupby(in_order(new, now_ns), key=itemgetter(0)):
            self._go_on(gaps, time_ns)
            self._newest = max(self._newest, time_ns)
            for _, tag, reading in moment:
                self._readings[tag], self._times[tag] = reading, time_ns
            self._calculate(gaps, self._newest)
        self._go_on(gaps, now_ns)

    def _calculate(self, gaps: Sequence[Gap], time_ns: int) -> None:
        """Adds what it is now, where all of its tags are known."""
        if len(self._readings) < len(self.formula.tags):
            return
        first = min(self._times.values())
        near = [gap for gap in gaps if first <= gap.start_ns < time_ns]
        self._waits = any(lost_by(gap, since, time_ns) for gap in near for since in self._times.values())
        if self._waits:
            return
        value = self.formula.value(self._readings)
        quality = min(reading.quality & 0xFF for reading in self._readings.values())
        if value is None and quality >= GOOD_FROM:
            quality = NOTHING
        history = self.entry.subscription.history
        if isinstance(value, bool):
            history.boolean = True
        is_number = isinstance(value, bool | int | float)
        history.add(time_ns, float(value) if is_number else np.nan, quality, None if is_number else value)  # type: ignore[arg-type]

    def _go_on(self, gaps: Sequence[Gap], time_ns: int) -> None:
        """After an outage the tags have what they had, and one of them what came in it."""
        ends = [gap.end_ns for gap in gaps if gap.end_ns is not None and self._newest < gap.end_ns <= time_ns]
        if self._waits and ends:
            self._newest = max(ends)
            self._calculate(gaps, self._newest)


class CalculatedPens:
    """The calculated pens of one watch. Changed on the loop thread, looked at on any."""

    def __init__(self, hub: Hub, buffered_ms: int, now_ns: Callable[[], int]) -> None:
        self._hub, self._buffered_ms, self._now_ns = hub, buffered_ms, now_ns
        self._pens: list[CalculatedPen] = []

    @property
    def pens(self) -> list[CalculatedPen]:
        """The pens, in order."""
        return self._pens

    @property
    def inputs(self) -> list[Subscription]:
        """What is advised for them."""
        return [found for pen in self._pens for found in pen.inputs]

    def look(self) -> list[WatchedTag]:
        """What they are by now."""
        return [pen.look() for pen in self._pens]

    async def add(self, name: str, expression: str, units: str) -> dict[str, str]:
        """Advises what it needs; the reason of each tag that the gateway refuses, of which it waits.

        Raises ConfigurationError where the expression cannot be read.
        """
        formula = parse_formula(expression)
        inputs = await self._hub.subscribe(formula.tags, buffered_ms=self._buffered_ms)
        pen = CalculatedPen(name, formula, inputs, lambda: self._hub.outages, self._now_ns, units=units)
        self._pens = [*self._pens, pen]
        return {found.tag: found.failure for found in inputs if found.failure}

    async def remove(self, names: Collection[str] | None = None) -> None:
        """Takes these away, all of them unless told, and what was advised for them."""
        gone = [pen for pen in self._pens if names is None or pen.name in names]
        self._pens = [pen for pen in self._pens if pen not in gone]
        for pen in gone:
            await self._hub.release(pen.formula.tags, buffered_ms=self._buffered_ms)
