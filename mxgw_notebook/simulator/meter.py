"""Counts what happens and tells its rate."""

from __future__ import annotations

from mxgw_notebook.simulator.clock import Clock


class Meter:
    """`total` counts from the beginning."""

    def __init__(self, clock: Clock) -> None:
        self.total = 0
        self._clock = clock
        self._since = clock.elapsed()
        self._before = 0
        self._rate = 0.0

    def count(self, number: int = 1) -> None:
        """So many more."""
        self.total += number

    def look(self) -> float:
        """How many a second; it changes once a second, when it is looked at."""
        passed = self._clock.elapsed() - self._since
        if passed >= 1.0:
            self._rate = (self.total - self._before) / passed
            self._before, self._since = self.total, self._clock.elapsed()
        return self._rate
