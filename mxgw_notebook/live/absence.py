"""Times in which this process did not run: stopped, starved, or asleep with its machine.

Why: DECISIONS.md, "An absence is measured by both clocks".
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from mxgw_notebook.client import LONGEST_ANSWER_SECONDS, answer_seconds

ABSENCES_KEPT = 64
NOTEWORTHY_SECONDS = 1.0
# gRPC waits at most so long for the answer to a keep-alive ping before it takes the connection for dead.
KEEPALIVE_ANSWER_SECONDS = LONGEST_ANSWER_SECONDS


class Clocks(NamedTuple):
    """Seconds of a clock that is never set, and of the one on the wall."""

    monotonic: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time


SYSTEM = Clocks()


class Absence:
    """Tells how much longer a wait took than it was to.

    While a machine sleeps, the monotonic clock stands still on Linux and macOS, and the wall clock goes on;
    while a process is stopped, both do. The wall clock may be set, too: backwards the other one knows better,
    forwards cannot be told from sleep and is taken for it, which costs one question to the gateway.
    """

    def __init__(self, clocks: Clocks) -> None:
        self._clocks = clocks
        self._absences: deque[tuple[float, float]] = deque(maxlen=ABSENCES_KEPT)
        self.leave()

    def leave(self) -> None:
        """A wait begins."""
        self._left = (self._clocks.monotonic(), self._clocks.wall())

    def come_back(self, awaited: float) -> float:
        """It is over: the seconds beyond those that were awaited."""
        absent = max(0.0, self._away() - awaited)
        if absent > NOTEWORTHY_SECONDS:
            self._absences.append((self._clocks.monotonic(), absent))
        self.leave()
        return absent

    def within(self, seconds: float) -> float:
        """The absences of so many seconds past, the present wait among them: how long they were in all."""
        earliest = self._clocks.monotonic() - seconds
        return self._away() + sum(absent for at, absent in self._absences if at >= earliest)

    def _away(self) -> float:
        """Seconds since `leave`, by the clock that says more."""
        monotonic, wall = self._left
        return max(0.0, self._clocks.monotonic() - monotonic, self._clocks.wall() - wall)


def unnoticed_ns(keepalive: float) -> int:
    """For how long, in nanoseconds, a dead connection can look alive that is pinged every so many seconds."""
    return int((keepalive + min(KEEPALIVE_ANSWER_SECONDS, answer_seconds(keepalive))) * 1e9)
