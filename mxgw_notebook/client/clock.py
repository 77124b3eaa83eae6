"""The gateway's clock, and which times of samples, alarms and deploys are possible by it.

At a plant "never" is sent as .NET's year 1, as FILETIME 0 (1601), as Excel's 1899-12-30 or as 9999: taken for
a time, one of them makes an age of centuries. Here it is decided, once for every way by which times come in.

Why: DECISIONS.md, "An impossible time is unknown".
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from email.utils import parsedate_to_datetime
from typing import Any

import numpy as np
from google.protobuf.timestamp_pb2 import Timestamp
from numpy.typing import NDArray

from mxgw_notebook.client.options import ClientOptions
from mxgw_notebook.client.values import LATEST, NANOSECONDS, nanoseconds

DEFAULTS = ClientOptions(endpoint="localhost")


class GatewayClock:
    """The gateway's clock, and which of its times are possible. 0 means no time.

    A possible time is not before `options.earliest_time`, and at most `options.time_ahead` seconds ahead of
    the gateway. `early` and `ahead` count the refused times. Until the gateway has sent its time, this
    computer's clock is used.
    """

    def __init__(self, options: ClientOptions = DEFAULTS) -> None:
        self.early = 0
        self.ahead = 0
        self.earliest_ns = int(options.earliest.timestamp()) * NANOSECONDS
        self.ahead_ns = int(options.time_ahead * NANOSECONDS)
        self._offset_ns = 0
        self._was_told = False

    @property
    def ahead_seconds(self) -> float | None:
        """Seconds that the gateway's clock is ahead of this computer's; None if it was never sent."""
        return self._offset_ns / NANOSECONDS if self._was_told else None

    @property
    def now_ns(self) -> int:
        """The gateway's time, nanoseconds since 1970 UTC: exact enough to compare, not to measure."""
        return time.time_ns() + self._offset_ns

    def tell(self, gateway_ns: int) -> None:
        """Sets the gateway's clock to this time now. An impossible time is ignored."""
        if self.is_clock(gateway_ns):
            # The newest word counts, not an average, which would lag behind for long when either clock was
            # set.
            self._offset_ns = gateway_ns - time.time_ns()
            self._was_told = True

    def hear(self, metadata: Iterable[tuple[str, Any]] | None) -> None:
        """Sets the clock from a call's headers: web servers send the date with every answer."""
        for key, value in metadata or ():
            if key == "date":
                try:
                    # In whole seconds: enough to tell a sample of tomorrow from one of now.
                    self.tell(int(parsedate_to_datetime(value).timestamp()) * NANOSECONDS)
                except (ValueError, TypeError, OverflowError):
                    continue

    def is_clock(self, gateway_ns: int) -> bool:
        """Whether a gateway's clock can show this time."""
        return self.earliest_ns <= gateway_ns < LATEST - self.ahead_ns

    def is_possible(self, time_ns: int) -> bool:
        """Whether this time is possible. Counts nothing."""
        return self.earliest_ns <= time_ns <= self.now_ns + self.ahead_ns

    def time_ns(self, stamp: Timestamp) -> int:
        """Nanoseconds since 1970 UTC; 0 for a timestamp that was not sent, or an impossible one."""
        sent = nanoseconds(stamp)
        # `is_possible` without its two calls, which would take as long as all the rest, for each alarm.
        if not sent or self.earliest_ns <= sent <= time.time_ns() + self._offset_ns + self.ahead_ns:
            return sent
        self.count(early=sent < self.earliest_ns, ahead=sent >= self.earliest_ns)
        return 0

    def shown_ns(self, stamp: Timestamp) -> int:
        """The time of a worker's or the gateway's own clock, in nanoseconds; 0 if it is impossible."""
        sent = nanoseconds(stamp)
        return sent if self.is_clock(sent) else 0

    def times_ns(self, sent: NDArray[np.int64]) -> NDArray[np.int64]:
        """The same for many times at once."""
        latest = self.now_ns + self.ahead_ns
        # Two looks are all that most batches take; the methods min() and max() would double their time.
        if not len(sent) or (
            np.minimum.reduce(sent) >= self.earliest_ns and np.maximum.reduce(sent) <= latest
        ):
            return sent
        # 0 is a time that was not sent: unknown, but nobody's mistake, and not counted.
        early, ahead = (sent < self.earliest_ns) & (sent != 0), sent > latest
        self.count(early=int(early.sum()), ahead=int(ahead.sum()))
        return np.where(early | ahead, 0, sent)

    def count(self, *, early: int = 0, ahead: int = 0) -> None:
        """Adds to the counts of refused times."""
        self.early += early
        self.ahead += ahead
