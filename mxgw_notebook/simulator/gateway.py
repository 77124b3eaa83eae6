"""The embedded gateway without its wire: the plant, the sessions and what time does to both."""

from __future__ import annotations

import heapq
import itertools
import logging
from collections import Counter
from collections.abc import Callable

import grpc

from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire

from . import events
from .alarm_feed import AlarmFeed
from .galaxy import Galaxy
from .keys import Key, KeyRing
from .options import GatewayOptions
from .plant.layout import build
from .plant.plant import TICK, Plant
from .refusal import RefusedError
from .sessions import SessionTable


class Gateway:
    """What all calls share. `catch_up` brings plant and sessions to the clock's present.

    `open_calls` counts the streams that are open now, by rpc name.
    """

    def __init__(self, options: GatewayOptions) -> None:
        self.options = options
        self.clock = options.clock
        self.site = build(options.seed, options.clock.now())
        self.keys = KeyRing((Key(options.api_key), *options.keys))
        self.sessions = SessionTable(options, options.clock)
        self.alarms = AlarmFeed(self.plant.board, self.plant.now, options.alarm_queue)
        self.alarms.listeners.append(self._tell_sessions)
        self.galaxy = Galaxy(self.site, options.deploy_queue)
        self.open_calls: Counter[str] = Counter()
        self.is_stopping = False
        self.skipped = 0.0  # seconds of plant time
        self._timers: list[tuple[float, int, Callable[[], None]]] = []
        self._timer_numbers = itertools.count()

    @property
    def plant(self) -> Plant:
        """The simulated plant."""
        return self.site.plant

    def later(self, delay: float, action: Callable[[], None]) -> None:
        """Does something once so many seconds have elapsed."""
        due = self.clock.elapsed() + delay
        heapq.heappush(self._timers, (due, next(self._timer_numbers), action))

    def catch_up(self, most_ticks: int = 50) -> bool:
        """Steps the plant to the clock's time, at most so many ticks, and publishes. True when there."""
        self._skip_what_is_too_much()
        for _ in range(most_ticks):
            if self.plant.now + TICK > self.clock.now() + 1e-6:
                break
            self.plant.step()
            self.publish()
        self._run_timers()
        self.sessions.sweep()
        return self.plant.now + TICK > self.clock.now() + 1e-6

    def _skip_what_is_too_much(self) -> None:
        """After the machine slept, or at a speed it cannot keep, a gap beats a plant in the past."""
        if -self.clock.until(self.plant.now) > self.options.most_lag:
            gap = self.clock.now() - self.plant.now
            self.plant.skip(gap)
            self.skipped += gap
            logging.getLogger(__name__).warning("The plant fell behind its clock and skipped %.1f s", gap)

    def publish(self) -> None:
        """Sends what changed to the sessions that advise it."""
        changed, now = self.plant.journal.take(), self.plant.now
        for session in self.sessions.ready():
            for attribute in changed:
                session.publish(attribute, now)
            session.flush_buffers(now)
            session.settle()

    def shut_down(self) -> None:
        """Ends every stream, so that the server can go without tearing connections."""
        self.is_stopping = True
        self.sessions.end_streams()
        self.alarms.close()
        self.galaxy.close()

    def check_running(self) -> None:
        """Raises RefusedError when a stream ended because the gateway is going."""
        if self.is_stopping:
            raise RefusedError(grpc.StatusCode.UNAVAILABLE, "The gateway is stopping.")

    def _run_timers(self) -> None:
        elapsed = self.clock.elapsed() + 1e-6
        while self._timers and self._timers[0][0] <= elapsed:
            heapq.heappop(self._timers)[2]()

    def _tell_sessions(self, transition: wire.OnAlarmTransitionEvent) -> None:
        for session in self.sessions.ready():
            if session.wants_alarms:
                session.events.push(events.alarm_transition(session.id, transition, self.plant.now))
