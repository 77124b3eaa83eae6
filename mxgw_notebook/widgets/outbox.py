"""A widget's outgoing messages: numbered, so that a loss is noticed, and only as many as get through."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Mapping, Sequence

from mxgw_notebook.widgets.budget import KERNEL, Budget

Buffers = Sequence[bytes | memoryview]
Send = Callable[[dict[str, object], list[bytes | memoryview]], None]

# As often as one widget ever needs it; many of them get less, see the budget that they share.
MOST_MESSAGES_PER_SECOND = 30.0
# A view that hears nothing for three times as long says so, instead of passing for live.
HEARTBEAT_SECONDS = 5.0


class Outbox:
    """Numbers messages and says when the next one may go; owns no thread.

    `send` is called by `post` alone. A page tells when it begins and ends to show the widget, see `hear`:
    once no page shows it, as when its cell was run again, nothing may be sent until one does.
    """

    def __init__(
        self, send: Send, *, clock: Callable[[], float] = time.monotonic, budget: Budget = KERNEL
    ) -> None:
        self._send = send
        self._budget = budget
        self._clock = clock
        self._lock = threading.Lock()
        self._number = 0
        self._pages = 0
        self._left = False
        self._sent_at = -math.inf
        self._resync = True

    def hear(self, content: Mapping[object, object]) -> bool:
        """Whether this is a page's `opened`, `left`, or `resync` after a lost message; for any thread.

        When one shows it again that did not, and after a loss, the next message carries everything.
        """
        kind = content.get("kind")
        if kind not in ("opened", "left", "resync"):
            return False
        with self._lock:
            self._resync |= kind == "resync" or (kind == "opened" and self._left)
            self._pages += (kind == "opened") - (kind == "left")
            self._left |= kind == "left"
        return True

    def want_resync(self) -> None:
        """The next message has to carry everything."""
        with self._lock:
            self._resync = True

    def may_send(self) -> bool:
        """Whether a message now is looked at, stays below 30 a second, and within this widget's share of all.

        A widget that no page has shown yet may send: not every front end tells.
        """
        if self._left and self._pages <= 0:
            return False
        apart = max(1 / MOST_MESSAGES_PER_SECOND, self._budget.seconds_apart())
        return self._clock() >= self._sent_at + apart

    def is_due(self) -> bool:
        """Whether a message has to go even when nothing is new, as a sign of life."""
        return self._clock() >= self._sent_at + HEARTBEAT_SECONDS

    def take_resync(self) -> bool:
        """Whether everything was asked for since the last call."""
        with self._lock:
            wanted, self._resync = self._resync, False
        return wanted

    def post(self, content: dict[str, object], buffers: Buffers = ()) -> None:
        """Send `content` under the next number."""
        # Counted also where sending raises: the page sees the gap, and asks for everything.
        self._number += 1
        self._sent_at = self._clock()
        self._budget.spend(id(self))
        self._send({**content, "number": self._number}, list(buffers))
