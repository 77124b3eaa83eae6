"""The embedded gateway without its wire: the plant, the sessions and what time does to both."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import logging
from collections import Counter
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Any, TypeVar

import grpc

from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire
from mxgw_notebook.simulator import events
from mxgw_notebook.simulator.alarm_feed import AlarmFeed
from mxgw_notebook.simulator.alarm_messages import Provider, transition_event
from mxgw_notebook.simulator.catalogue import Catalogue, Traffic
from mxgw_notebook.simulator.clock import ManualClock
from mxgw_notebook.simulator.faults import Faults
from mxgw_notebook.simulator.galaxy import Galaxy
from mxgw_notebook.simulator.keys import READING, SCOPES, Key, KeyRing
from mxgw_notebook.simulator.meter import Meter
from mxgw_notebook.simulator.options import GatewayOptions
from mxgw_notebook.simulator.plant import TICK, AnyAlarm, BareSite, Plant, Transition
from mxgw_notebook.simulator.refusal import RefusedError
from mxgw_notebook.simulator.sessions import SessionTable
from mxgw_notebook.simulator.site import build_site
from mxgw_notebook.simulator.tape import TapeSite

_BRISK = 200.0  # events a second from which on a reader is not to blame for a queue that grows
_WINDOW = 0.05  # s over which that is seen
Answer = TypeVar("Answer")


class Gateway:
    """What all calls share. `catch_up` brings plant and sessions to the clock's present.

    `open_calls` counts the streams that are open now, by rpc name, and `calls` all that ever came, of Invoke
    by command. The site outlives the gateway, as a plant outlives a restart of what stands before it.
    """

    def __init__(
        self,
        options: GatewayOptions,
        site: BareSite | None = None,
        faults: Faults | None = None,
        open_calls: Counter[str] | None = None,
        calls: Counter[str] | None = None,
    ) -> None:
        self.options = options
        self.clock = options.clock
        self.site = site if site is not None else build_site(options)
        self.faults = faults if faults is not None else Faults()
        self.open_calls = open_calls if open_calls is not None else Counter()
        self.calls = calls if calls is not None else Counter()
        scopes = READING if options.tape else SCOPES
        self.keys = KeyRing((Key(options.api_key, scopes), *options.keys))
        self.sent = Meter(options.clock)
        self.sessions = SessionTable(options, options.clock, self.faults, self.sent)
        self.alarms = AlarmFeed(self.plant, options.alarm_queue, self.faults)
        self.alarms.listeners.append(self._tell_sessions)
        self.alarms.provider_listeners.append(self._tell_failover)
        self.galaxy = Galaxy(self.site, options.deploy_queue)
        further = self.plant.catalogue
        catalogue = further if isinstance(further, Catalogue) else None
        self.traffic = Traffic(catalogue, options.rate, options.clock, lambda: self.is_held_back)
        self.is_stopping = False
        self.is_held_back = False
        self.skipped = 0.0  # seconds of plant time
        self._began = options.clock.elapsed()
        self._looked: tuple[float, int] | None = None  # when a window began, and what was sent by then
        self._timers: list[tuple[float, int, Callable[[], None]]] = []
        self._timer_numbers = itertools.count()
        self._work: set[asyncio.Task[Any]] = set()

    @property
    def plant(self) -> Plant:
        """The simulated plant."""
        return self.site.plant

    @property
    def age(self) -> float:
        """Seconds since it started."""
        return self.clock.elapsed() - self._began

    async def run_on(self, work: Coroutine[Any, Any, Answer]) -> Answer:
        """Waits for some work, which goes on when the caller gives up: a COM call cannot be called back."""
        task = asyncio.ensure_future(work)
        self._work.add(task)
        task.add_done_callback(self._forget_work)
        return await asyncio.shield(task)

    def _forget_work(self, task: asyncio.Task[Any]) -> None:
        self._work.discard(task)
        if not task.cancelled():
            task.exception()  # looked at, also where nobody waits for it any more

    def do_later(self, delay: float, action: Callable[[], None]) -> None:
        """Does something once so many seconds have elapsed."""
        due = self.clock.elapsed() + delay
        # The number keeps the order of what is due at one time, and the heap from comparing functions.
        heapq.heappush(self._timers, (due, next(self._timer_numbers), action))

    def catch_up(self, most_ticks: int = 50) -> bool:
        """Steps the plant to the clock's time, at most so many ticks, and publishes. True when there.

        While a subscriber is held back the plant waits for it, and in the end leaves a gap: catching up must
        not overflow a queue that this gateway is too slow to send.
        """
        if isinstance(self.site, TapeSite):
            return self._play(self.site)
        self._skip_what_is_too_much()
        self.is_held_back = not isinstance(self.clock, ManualClock) and self._look_for_backlog()
        for _ in range(0 if self.is_held_back else most_ticks):
            if self.plant.now + TICK > self.clock.now() + 1e-6:
                break
            self.plant.step()
            self.publish()
        self.traffic.move(self.plant.now, self.publish)
        self._look_after()
        return self.plant.now + TICK > self.clock.now() + 1e-6

    def _play(self, site: TapeSite) -> bool:
        """Plays what is due of the tape. Nothing of it is skipped: it waits for whoever reads."""
        self.is_held_back = self._look_for_backlog()
        is_there = not self.is_held_back and site.player.play(self.publish)
        self._look_after()
        return is_there

    def replay(self, action: str, **settings: float) -> None:
        """Plays a tape on, stops it, goes to a time, or on by some seconds. Raises ValueError."""
        if not isinstance(self.site, TapeSite):
            raise ValueError("Only a recording can be played again.")
        deck, player = self.site.player.deck, self.site.player
        if action == "play":
            deck.play(settings.get("speed"))
        elif action == "pause":
            deck.pause()
        elif action == "seek":
            player.seek(settings["to"], self.publish)
        elif action == "step":
            deck.pause()
            deck.seek(deck.now() + settings["seconds"])
        else:
            raise ValueError(f"A tape is played, paused, stepped or sought in; not {action!r}.")

    def _look_after(self) -> None:
        self.sent.look()
        self._run_timers()
        self.sessions.sweep()

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
        if "silent" in self.faults.standing:
            return
        for session in self.sessions.ready():
            for attribute in changed:
                session.publish(attribute, now)
            session.flush_buffers(now)
            session.settle()

    def _look_for_backlog(self) -> bool:
        """Whether a subscriber that reads briskly has half of its queue to read all the same.

        How briskly is seen in windows of 50 ms in which nothing is added; a reader that does not read is not
        waited for beyond one.
        """
        now, sent = self.clock.elapsed(), self.sent.total
        if not any(one.events.is_half_full for one in self.sessions.ready()):
            self._looked = None
            return False
        since, before = self._looked or (now, sent)
        if self._looked is None or now - since < _WINDOW:
            self._looked = (since, before)
            return True
        self._looked = (now, sent)
        return sent - before > _BRISK * (now - since)

    def status(self) -> dict[str, Any]:
        """How it does, in plain numbers: rates are events a second, lag and skipped seconds of plant time."""
        return {
            "sessions": len(self.sessions.ready()),
            "streams": dict(self.open_calls),
            "calls": dict(self.calls),
            "events_sent": self.sent.total,
            "events_per_second": round(self.sent.look(), 1),
            "changes_asked_per_second": self.options.rate,
            "changes_per_second": round(self.traffic.sustained, 1),
            "changes_left_out": self.traffic.left_out,
            "plant_lag": round(max(0.0, self.clock.now() - self.plant.now), 3),
            "plant_skipped": round(self.skipped, 3),
            "plant_time": datetime.fromtimestamp(self.plant.now, UTC).isoformat(timespec="seconds"),
            **({"replay": self.site.player.status()} if isinstance(self.site, TapeSite) else {}),
            "faults": {name: dict(settings) for name, settings in self.faults.standing.items()},
        }

    async def shut_down(self) -> None:
        """Ends every stream and every command, so that the server can go without tearing connections."""
        # First: the streams that end by what follows look at it for the reason.
        self.is_stopping = True
        self.sessions.end_all()
        self.alarms.close()
        self.galaxy.close()
        for task in tuple(self._work):
            task.cancel()
        await asyncio.gather(*self._work, return_exceptions=True)

    def check_running(self) -> None:
        """Raises RefusedError when a stream ended because the gateway is going."""
        if self.is_stopping:
            raise RefusedError(grpc.StatusCode.UNAVAILABLE, "The gateway is stopping.")

    def _run_timers(self) -> None:
        elapsed = self.clock.elapsed() + 1e-6
        while self._timers and self._timers[0][0] <= elapsed:
            heapq.heappop(self._timers)[2]()

    def _tell_sessions(self, alarm: AnyAlarm, transition: Transition, provider: Provider) -> None:
        for session in self.sessions.ready():
            key = session.alarm_key
            if key is not None and key.allows(alarm.owner, alarm.listing):
                event = transition_event(alarm, transition, provider)
                session.events.push(events.alarm_transition(session.id, event, self.plant.now))

    def _tell_failover(self, status: wire.AlarmProviderStatus) -> None:
        for session in self.sessions.ready():
            if session.alarm_key is not None:
                session.events.push(events.provider_changed(session.id, status, self.plant.now))
