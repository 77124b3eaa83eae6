"""Moves the catalogue's advised attributes at a rate, and says what became of it.

The rate is events a second of the wall clock, whatever the plant's speed. A subscriber that takes hundreds
of events a second and still has half of its queue to read is held back by this gateway, not by itself: then
changes are left out and counted, and the log says which rate is sustained. A subscriber that hardly reads
overflows as it would at a plant.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from mxgw_notebook.simulator.catalogue.catalogue import Catalogue, CatalogueAttribute
from mxgw_notebook.simulator.clock import Clock
from mxgw_notebook.simulator.meter import Meter

_OWN_PACE = 0.5  # changes a second of an attribute, where no rate is asked for
_MOST = 5_000.0  # changes a second of all together, where no rate is asked for
_LONGEST = 0.5  # s; what lies further back is left out, not caught up with
_AT_ONCE = 2_000  # a quarter of a session's queue, which then has time to be read
_WARN = 10.0  # s between two words about the same thing


class Traffic:
    """`published` and `left_out` count changes; `sustained` is the measured rate of the last second."""

    def __init__(
        self, catalogue: Catalogue | None, rate: float, clock: Clock, must_wait: Callable[[], bool]
    ) -> None:
        self.asked = rate
        self.published = 0
        self.left_out = 0
        self._catalogue = catalogue
        self._clock = clock
        self._must_wait = must_wait
        self._meter = Meter(clock)
        self._row: list[CatalogueAttribute] = []
        self._next = 0
        self._last = clock.elapsed()
        self._owed = 0.0
        self._warned = float("-inf")

    @property
    def is_busy(self) -> bool:
        """Whether anything moves."""
        return self._catalogue is not None and bool(self._catalogue.moving)

    @property
    def sustained(self) -> float:
        """Changes published in the last full second."""
        return self._meter.look()

    def move(self, now: float, publish: Callable[[], None]) -> None:
        """Moves and publishes what is due since the last time."""
        elapsed = self._clock.elapsed()
        passed, self._last = elapsed - self._last, elapsed
        if self._catalogue is None or not self._catalogue.moving:
            self._owed = 0.0
            return
        self._owed += passed * self._rate()
        if self._owed >= 1.0 and self._must_wait():
            self._leave_out(int(self._owed))
        left = min(int(self._owed), _AT_ONCE)
        self._owed -= left
        while left > 0 and self._catalogue.moving:  # publishing may fault the last session
            left -= self._take_turns(left, now)
            publish()
        self._leave_out(int(self._owed - self._rate() * _LONGEST))
        self._meter.look()

    def _rate(self) -> float:
        moving = len(self._catalogue.moving) if self._catalogue is not None else 0
        return self.asked or min(_MOST, _OWN_PACE * moving)

    def _take_turns(self, most: int, now: float) -> int:
        """Moves the next in the row, nobody twice; answers how many."""
        assert self._catalogue is not None
        if self._catalogue.has_changed or not self._row:
            self._row, self._catalogue.has_changed = list(self._catalogue.moving), False
        self._next %= len(self._row)
        turn = self._row[self._next : self._next + most]
        for attribute in turn:
            attribute.move(now)
        self._next += len(turn)
        self.published += len(turn)
        self._meter.count(len(turn))
        return len(turn)

    def _leave_out(self, count: int) -> None:
        if count <= 0:
            return
        self._owed -= count
        self.left_out += count
        if self._clock.elapsed() - self._warned > _WARN:
            self._warned = self._clock.elapsed()
            text = "%.0f events a second are asked for, about %.0f are sustained; %d were left out so far"
            logging.getLogger(__name__).warning(text, self._rate(), self.sustained, self.left_out)
