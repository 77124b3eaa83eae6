"""How a stream of events fares: rate, latency, clocks."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass
from statistics import median, median_high

from mxgw_notebook.client import Arrival, GatewayClock

RATE_SECONDS = 10.0
ARRIVALS_KEPT = 200
# Quicker than the others by so much is no way that an event took, but a wrong time on it.
MOST_QUICKER_NS = 600_000_000_000
NANOSECONDS_A_SECOND = 1e9


@dataclass(frozen=True, slots=True)
class StreamHealth:
    """One look at a stream. Latencies are medians in seconds, None before the first event."""

    events_per_second: float
    source_to_gateway: float | None
    gateway_to_kernel: float | None
    clock_skew: float | None
    queue_depth: int
    reader: str


class StreamStatistics:
    """Counts and times events as they are taken. Written on the loop thread, read from any."""

    def __init__(self, clock: GatewayClock | None = None) -> None:
        self._clock = clock or GatewayClock()
        self.events = 0
        self.last_event = time.monotonic()
        self.gateway_ns = 0
        self._marks: deque[tuple[float, int]] = deque(maxlen=64)
        self._arrivals: deque[Arrival] = deque(maxlen=ARRIVALS_KEPT)
        self._began = time.monotonic()

    @property
    def usual_interval(self) -> float:
        """Seconds between two events, on average over everything up to the last one."""
        return (self.last_event - self._began) / max(1, self.events)

    def beat(self, events: int) -> None:
        """So many events are stored now: whoever sees the count finds them in their histories."""
        self.events += events
        self.last_event = time.monotonic()

    def begin(self) -> None:
        """A stream begins: silence counts from here."""
        self.last_event = time.monotonic()

    def note_arrival(self, arrival: Arrival | None) -> None:
        """The last event of a batch came with these times."""
        if arrival is not None and arrival.gateway_ns:
            # Without the gateway's time there is neither a latency nor a skew to be had of it.
            self._arrivals.append(arrival)
            # Replayed events are older: the gateway's clock, as seen here, never goes back by them; nor is it
            # brought forward by a time to come.
            self.gateway_ns = max(self.gateway_ns, min(arrival.gateway_ns, self.gateway_now()))

    def mark(self) -> None:
        """Notes the count, about once a second: the rate is formed between two marks."""
        # Marks of a count, not times of events: two numbers a second, however many events there are.
        self._marks.append((time.monotonic(), self.events))

    @property
    def silent_for(self) -> float:
        """Seconds since the last event, or since the beginning."""
        return time.monotonic() - self.last_event

    @property
    def rate(self) -> float:
        """Events a second over the last ten seconds."""
        now = time.monotonic()
        recent = [mark for mark in list(self._marks) if mark[0] >= now - RATE_SECONDS]
        # Too short a time makes any burst a rate: the watchdog would change readers for it.
        if not recent or now - recent[0][0] < 0.5:
            return 0.0
        return (self.events - recent[0][1]) / (now - recent[0][0])

    @property
    def skew_ns(self) -> int:
        """How far the kernel's clock is ahead of the gateway's, the shortest way between them included."""
        took = [arrival.kernel_ns - arrival.gateway_ns for arrival in list(self._arrivals)]
        if not took:
            return 0
        # The quickest of many is nearest to the clocks' difference: all else that the way takes adds to it.
        earliest = median_high(took) - MOST_QUICKER_NS
        return min(one for one in took if one > earliest)

    def gateway_now(self) -> int:
        """The gateway's clock, nanoseconds since 1970 UTC, as far as events, or else its answers, show it."""
        return time.time_ns() - self.skew_ns if self._arrivals else self._clock.now_ns

    def shown_now(self) -> int:
        """The gateway's clock as events show it, 0 before one came."""
        return self.gateway_now() if self._arrivals else 0

    def health(self, queue_depth: int, reader: str) -> StreamHealth:
        """Everything as of now."""
        arrivals = list(self._arrivals)
        to_gateway = [(a.gateway_ns - a.source_ns) / NANOSECONDS_A_SECOND for a in arrivals if a.source_ns]
        to_kernel = [(a.kernel_ns - a.gateway_ns) / NANOSECONDS_A_SECOND for a in arrivals]
        return StreamHealth(
            events_per_second=self.rate,
            source_to_gateway=median(to_gateway) if to_gateway else None,
            gateway_to_kernel=median(to_kernel) if to_kernel else None,
            clock_skew=self.skew_ns / NANOSECONDS_A_SECOND if arrivals else None,
            queue_depth=queue_depth,
            reader=reader,
        )
