"""The messages a second that all widgets of a kernel share.

Why: DECISIONS.md, "All widgets of a kernel share 300 messages a second".
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

# jupyter_server throws messages away above 1,000 a second in all, with only a log line. What cells print
# and show counts too, so the widgets keep to a third.
MOST_MESSAGES_IN_ALL = 300.0
# Who sent nothing for so long, a sign of life apart, leaves its share to the others.
REMEMBERED_SECONDS = 1.0


class Budget:
    """Gives each sender the same share; safe on any thread.

    Senders are counted over two turns of a second, the one that runs and the one before it: no message of
    theirs has to be kept.
    """

    def __init__(
        self, most: float = MOST_MESSAGES_IN_ALL, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most = most
        self._clock = clock
        self._lock = threading.Lock()
        self._began = clock()
        self._senders: set[int] = set()
        self._before: set[int] = set()

    def spend(self, sender: int) -> None:
        """Notes that a sender sends a message now."""
        with self._lock:
            self._forget_old()
            self._senders.add(sender)

    def seconds_apart(self) -> float:
        """How far apart the messages of one sender have to be."""
        with self._lock:
            self._forget_old()
            return len(self._senders | self._before) / self._most

    def _forget_old(self) -> None:
        passed = self._clock() - self._began
        if passed < REMEMBERED_SECONDS:
            return
        self._before = self._senders if passed < 2 * REMEMBERED_SECONDS else set()
        self._senders = set()
        self._began += passed


KERNEL = Budget()
