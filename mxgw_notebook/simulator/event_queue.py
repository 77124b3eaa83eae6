"""A session's events: a bounded queue toward the one subscriber, and the ring a lost stream resumes from."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator

from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire
from mxgw_notebook.simulator import later
from mxgw_notebook.simulator.clock import Clock
from mxgw_notebook.simulator.faults import Faults
from mxgw_notebook.simulator.meter import Meter
from mxgw_notebook.simulator.options import GatewayOptions


class EventQueue:
    """Numbers events without a gap. `overflowed` is set once there was no room for one."""

    def __init__(self, options: GatewayOptions, clock: Clock, faults: Faults, sent: Meter) -> None:
        self.sequence = 0
        self.subscribed = False
        self.overflowed = False
        self.closed = False
        self._options = options
        self._clock = clock
        self._faults = faults
        self._sent = sent
        self._evicted = False
        self._waiting: deque[wire.MxEvent] = deque()
        self._ring: deque[tuple[float, wire.MxEvent]] = deque(maxlen=options.replay_events)
        self._news = asyncio.Event()
        self._room = asyncio.Event()  # set while less than half of the queue is taken
        self._room.set()

    def __len__(self) -> int:
        return len(self._waiting)

    def push(self, event: wire.MxEvent) -> None:
        """Takes an event; when the queue is full, marks it overflowed and drops the event."""
        if self._faults.find("strangers") is not None:
            self._append(later.event(event.session_id))
        self._append(event)

    def _append(self, event: wire.MxEvent) -> None:
        # After an overflow nothing more is numbered: what a client resumes from would otherwise have a hole
        # that no replay gap tells of.
        if self.overflowed or self.closed:
            return
        if len(self._waiting) >= self._options.event_queue:
            self.overflow()
            return
        self.sequence += 1
        event.worker_sequence = self.sequence
        self._waiting.append(event)
        self._news.set()
        if len(self._waiting) > self._options.event_queue // 2:
            self._room.clear()

    @property
    def is_half_full(self) -> bool:
        """Whether a subscriber has half of the queue, or more, to read."""
        return self.subscribed and not self._room.is_set()

    def overflow(self) -> None:
        """There is no room for an event."""
        self.overflowed = True
        self._news.set()

    def evict(self) -> None:
        """Whoever resumes next finds that what it missed is gone."""
        self._evicted = True
        self._ring.clear()

    def close(self) -> None:
        """Ends the stream once what waits has been read."""
        self.closed = True
        self._news.set()

    def recover(self) -> None:
        """Empties the queue after an overflow that the session survives; the loss is a replay gap."""
        self._waiting.clear()
        self._ring.clear()
        self._room.set()
        self.overflowed = False

    def take(self, most: int = 0) -> list[wire.MxEvent]:
        """Up to so many waiting events, all of them for 0; they can still be replayed."""
        count = min(most, len(self._waiting)) if most else len(self._waiting)
        return [self._next() for _ in range(count)]

    def _next(self) -> wire.MxEvent:
        event = self._waiting.popleft()
        if len(self._waiting) <= self._options.event_queue // 2:
            self._room.set()
        # Also what is on its way to the subscriber: a stream that breaks loses what was sent and not read.
        self._ring.append((self._clock.elapsed(), event))
        self._sent.count()
        return event

    async def ease(self, timeout: float) -> None:
        """Waits until a subscriber has read half of the queue, at most so many seconds of the wall clock.

        Commands wait here: a burst of subscriptions then goes at the pace of the stream, which in Python is
        slower than the commands are, and does not overflow the queue by itself.
        """
        if not self.subscribed or self._room.is_set():
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                await self._room.wait()

    async def stream(self, session_id: str, after: int) -> AsyncIterator[wire.MxEvent]:
        """Replays what came after a sequence (0: nothing), then everything that waits and comes."""
        if after:
            for event in self._replayed(session_id, after):
                yield event
        while not self.overflowed:
            while self._waiting and not self.overflowed:
                yield self._next()
            if self.closed:
                return
            # Before the last look: what comes between it and the wait would else lie until the next event.
            self._news.clear()
            if not self._waiting and not self.overflowed:
                await self._news.wait()
                # Zero where that fault does not stand, and then a turn for the other streams.
                await asyncio.sleep(self._faults.seconds("bursts"))

    def _lose(self, after: int) -> None:
        """Forgets what waits; at least one event after the one last seen is lost."""
        self._evicted = False
        self._waiting.clear()
        self._ring.clear()
        self._room.set()
        # At least one is missing by number, or the client could not know that anything is.
        self.sequence = max(self.sequence, after + 1)

    def _replayed(self, session_id: str, after: int) -> list[wire.MxEvent]:
        if self._evicted:
            self._lose(after)
        oldest_time = self._clock.elapsed() - self._options.replay_age
        while self._ring and self._ring[0][0] < oldest_time:
            self._ring.popleft()
        # What the client has seen by another stream goes into the ring, as if this one had sent it.
        while self._waiting and self._waiting[0].worker_sequence <= after:
            self._next()
        kept = [event for _, event in self._ring if event.worker_sequence > after]
        first = kept[0] if kept else self._waiting[0] if self._waiting else None
        oldest = first.worker_sequence if first else self.sequence + 1
        if oldest > after + 1:
            gap = wire.ReplayGap(requested_after_sequence=after, oldest_available_sequence=oldest)
            return [wire.MxEvent(session_id=session_id, replay_gap=gap), *kept]
        return kept
