"""Sessions: their states, what they hold, and the table with its limit, leases and grace."""

from __future__ import annotations

import asyncio
import uuid
from collections import deque

import grpc

from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire
from mxgw_notebook.simulator import events
from mxgw_notebook.simulator.clock import Clock
from mxgw_notebook.simulator.event_queue import EventQueue
from mxgw_notebook.simulator.faults import Faults
from mxgw_notebook.simulator.items import Item, Server
from mxgw_notebook.simulator.keys import Key
from mxgw_notebook.simulator.meter import Meter
from mxgw_notebook.simulator.options import GatewayOptions, Overflow
from mxgw_notebook.simulator.plant import Attribute
from mxgw_notebook.simulator.refusal import MxFailureError, RefusedError

_REMEMBERED = 1_000  # closed sessions that are still known by their id


class Session:
    """One client's session. Only a READY one takes commands."""

    def __init__(
        self, name: str, options: GatewayOptions, clock: Clock, timeout: float, faults: Faults, sent: Meter
    ) -> None:
        self.id = f"session-{uuid.uuid4()}"
        self.name = name
        self.state: wire.SessionState = wire.SESSION_STATE_READY
        self.fault = ""
        self.timeout = timeout
        self.events = EventQueue(options, clock, faults, sent)
        self.servers: dict[int, Server] = {}
        self.users: dict[int, str] = {}
        self.alarm_key: Key | None = None  # of who subscribed alarms
        self.pending_commands = 0
        self.turn = asyncio.Lock()  # the worker runs one command at a time
        self.used = clock.elapsed()
        self.left: float | None = None  # when the last subscriber went
        self._options = options
        self._clock = clock
        self._faults = faults
        self._advised: dict[Attribute, list[Item]] = {}
        self._buffered: dict[Item, None] = {}
        self._handles = 0

    @property
    def is_ready(self) -> bool:
        """Whether it takes commands."""
        return self.state == wire.SESSION_STATE_READY

    def next_handle(self) -> int:
        """A handle that was not given before."""
        self._handles += 1
        return self._handles

    def server(self, handle: int) -> Server:
        """The registration of a handle. Raises MxFailureError when there is none."""
        found = self.servers.get(handle)
        if found is None:
            raise MxFailureError(f"Server handle {handle} is not registered.")
        return found

    def advise(self, item: Item, now: float) -> None:
        """Begins to send an item's values, the present one first. Advising twice changes nothing."""
        if item.advised:
            return
        item.advised = True
        attribute = item.target.attribute
        attribute.watch()
        self._advised.setdefault(attribute, []).append(item)
        if item.is_buffered:
            self._buffered[item] = None
            item.flushed = self._clock.elapsed()
        self._offer(item, now)

    def unadvise(self, item: Item) -> None:
        """Sends an item's values no more."""
        if not item.advised:
            return
        item.advised = False
        attribute = item.target.attribute
        attribute.unwatch()
        self._advised[attribute].remove(item)
        if not self._advised[attribute]:
            del self._advised[attribute]
        self._buffered.pop(item, None)

    def remove(self, server: Server, item: Item) -> None:
        """Forgets an item."""
        self.unadvise(item)
        server.items.pop(item.handle, None)

    def find_advised(self, attribute: Attribute, index: int | None, server_handle: int) -> Item | None:
        """An advised item of the same target under a server handle."""
        for item in self._advised.get(attribute, ()):
            if item.target.index == index and item.server_handle == server_handle:
                return item
        return None

    def publish(self, attribute: Attribute, now: float) -> None:
        """Sends a changed attribute to the items that advise it."""
        for item in self._advised.get(attribute, ()):
            self._offer(item, now)

    def _offer(self, item: Item, now: float) -> None:
        # Nothing is kept for later: what MXAccess does not send while suspended is not sent afterwards
        # either.
        if item.suspended or "silent" in self._faults.standing:
            return
        if item.is_buffered:
            item.samples.append(item.sample())
        else:
            self.events.push(events.data_change(self.id, item, now))

    def resume(self, item: Item, now: float) -> None:
        """Sends a suspended item's values again, the present one first."""
        if item.suspended:
            item.suspended = False
            if item.advised:
                self._offer(item, now)

    def flush_buffers(self, now: float) -> None:
        """Sends the buffered items whose interval is over."""
        elapsed = self._clock.elapsed()
        for item in self._buffered:
            # Looked up each time: it may be set while values wait.
            interval = self.servers[item.server_handle].buffered_interval
            if item.samples and elapsed - item.flushed >= interval - 1e-6:
                self.events.push(events.buffered_change(self.id, item, item.samples, now))
                item.samples = []
                item.flushed = elapsed

    def settle(self) -> None:
        """Faults the session after its events overflowed, unless the policy spares it."""
        if not self.events.overflowed or not self.is_ready:
            return
        if self._options.overflow is Overflow.DISCONNECT and self.events.subscribed:
            return  # the stream ends itself and recovers the queue
        self.end(wire.SESSION_STATE_FAULTED, "The event queue overflowed.")

    def end(self, state: wire.SessionState, why: str) -> None:
        """Leaves READY for good and lets go of everything."""
        for server in self.servers.values():
            for item in server.items.values():
                self.unadvise(item)
        self.state, self.fault = state, why
        self.servers.clear()
        self.events.close()


class SessionTable:
    """The sessions by id. Ended ones stay known for a while, so that closing again is harmless."""

    def __init__(self, options: GatewayOptions, clock: Clock, faults: Faults, sent: Meter) -> None:
        self._options = options
        self._clock = clock
        self._faults = faults
        self._sent = sent
        self._sessions: dict[str, Session] = {}
        self._ended: deque[str] = deque()
        self._swept = clock.elapsed()

    def ready(self) -> list[Session]:
        """Those that take commands."""
        return [session for session in self._sessions.values() if session.is_ready]

    def open(self, name: str, timeout: float) -> Session:
        """A new session. Raises RefusedError when there are too many; a faulted one counts until closed."""
        living = sum(s.state != wire.SESSION_STATE_CLOSED for s in self._sessions.values())
        if living >= self._options.sessions:
            text = f"The gateway has its {self._options.sessions} sessions already."
            raise RefusedError(grpc.StatusCode.RESOURCE_EXHAUSTED, text)
        session = Session(name, self._options, self._clock, timeout, self._faults, self._sent)
        self._sessions[session.id] = session
        return session

    def get(self, session_id: str) -> Session:
        """A session that is known. Raises RefusedError otherwise."""
        session = self._sessions.get(session_id)
        if session is None:
            raise RefusedError(grpc.StatusCode.NOT_FOUND, f"Session {session_id!r} is not known.")
        # Whoever names a session has a use for it: its lease begins anew, also by a call that is refused.
        session.used = self._clock.elapsed()
        return session

    def close(self, session: Session, why: str) -> None:
        """Closes a session, whatever its state."""
        if session.state == wire.SESSION_STATE_CLOSED:
            return
        session.end(wire.SESSION_STATE_CLOSED, why)
        self._ended.append(session.id)
        # Bounded: a client that opens and closes sessions all day must not fill the gateway's memory.
        if len(self._ended) > _REMEMBERED:
            self._sessions.pop(self._ended.popleft(), None)

    def end_all(self) -> None:
        """Lets every subscriber go, and every attribute."""
        for session in self._sessions.values():
            session.end(wire.SESSION_STATE_CLOSED, "The gateway is stopping.")

    def fault_all(self, why: str) -> None:
        """The worker of every session is gone."""
        for session in self.ready():
            session.end(wire.SESSION_STATE_FAULTED, why)

    def overflow_all(self) -> None:
        """Every queue is full at once; what follows is the policy's matter."""
        for session in self.ready():
            session.events.overflow()
            session.settle()

    def evict_all(self) -> None:
        """Nothing can be replayed any more."""
        for session in self.ready():
            session.events.evict()

    def sweep(self) -> None:
        """Closes sessions whose lease or grace is over; runs at its own interval only."""
        elapsed = self._clock.elapsed()
        if elapsed - self._swept < self._options.sweep:
            return
        self._swept = elapsed
        for session in self.ready():
            # A stream keeps a session, however quiet it is: an idle notebook must not lose its own overnight.
            if session.events.subscribed:
                continue
            if session.left is not None and elapsed - session.left >= self._options.grace:
                self.close(session, "No subscriber came back within the grace.")
            elif elapsed - session.used >= self._options.lease:
                self.close(session, "The lease is over.")
