"""How a recorder fares, in numbers."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass
from typing import Final

RATE_SECONDS: Final = 10.0
MOST_RATES: Final = 100


@dataclass(frozen=True, slots=True)
class Progress:
    """A recorder's progress: what it wrote, how fast, what it lost, what room is left. Sizes are bytes.

    `unsent` is how many files wait on this computer for a store that a URL names.
    """

    samples: int
    samples_per_second: float
    written: int
    waiting: int
    dropped: int
    free: int
    segments: int
    unsent: int = 0


class Rates:
    """How fast a count grows, over the last seconds."""

    def __init__(self) -> None:
        self._counts: deque[tuple[float, int]] = deque(maxlen=MOST_RATES)

    def add(self, count: int) -> None:
        """It is so many by now."""
        self._counts.append((time.monotonic(), count))

    def per_second(self, count: int) -> float:
        """As of now; 0 where too little is known."""
        now = time.monotonic()
        known = list(self._counts)
        since, before = next((one for one in known if now - one[0] <= RATE_SECONDS), (now, count))
        return (count - before) / (now - since) if now - since > 0.5 else 0.0
