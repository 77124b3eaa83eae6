"""How long to wait before trying again."""

from __future__ import annotations

import random
from collections.abc import Iterator

FIRST_SECONDS = 0.5
LONGEST_SECONDS = 30.0
# Of its own: whoever seeds Python's common one, for a simulation say, gets the numbers they expect.
SPREAD = random.Random()


def backoff_seconds(first: float = FIRST_SECONDS, longest: float = LONGEST_SECONDS) -> Iterator[float]:
    """Seconds to wait, doubling from `first` to `longest`, each shortened by up to a quarter.

    The spread keeps many notebooks from returning to a restarted gateway in the same instant.
    """
    wait = first
    while True:
        yield wait * SPREAD.uniform(0.75, 1.0)
        wait = min(wait * 2, longest)
