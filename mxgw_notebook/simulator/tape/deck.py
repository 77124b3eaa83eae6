"""The clock of a tape: plant time that can be stopped, set and run at any speed."""

from __future__ import annotations

import math

from mxgw_notebook.simulator.clock import SystemClock


class Deck(SystemClock):
    """Runs from `begin` to `end` (seconds since the epoch), `speed` times as fast as the wall's clock."""

    def __init__(self, begin: float, end: float, speed: float = 1.0, *, paused: bool = False) -> None:
        super().__init__(speed)
        self.begin, self.end = begin, end
        self.playing = not paused
        self._start = begin
        self._since = self.elapsed()

    def now(self) -> float:
        """Plant time; it stands at the tape's end."""
        gone = (self.elapsed() - self._since) * self.speed if self.playing else 0.0
        return min(self.end, self._start + gone)

    def until(self, moment: float) -> float:
        """Seconds of the wall clock until a plant time; for ever while it stands."""
        return (moment - self.now()) / self.speed if self.playing else math.inf

    def play(self, speed: float | None = None) -> None:
        """Runs from where it stands. Raises ValueError for a speed that is none."""
        if speed is not None and not 0.0 < speed < math.inf:
            raise ValueError(f"The speed must be above 0, not {speed}.")
        self.seek(self.now())
        self.speed, self.playing = speed or self.speed, True

    def pause(self) -> None:
        """Stands where it is."""
        self.seek(self.now())
        self.playing = False

    def seek(self, moment: float) -> None:
        """Goes to a time of the tape, and on from there if it ran."""
        self._start, self._since = min(self.end, max(self.begin, moment)), self.elapsed()
