"""A session: one MXAccess worker at the gateway, and the commands it takes."""

from __future__ import annotations

import contextlib
from types import TracebackType
from typing import Any, Self
from weakref import WeakSet

from mxgw_notebook.client.checking import checks_all_arguments
from mxgw_notebook.client.closing import close_each, on_its_way
from mxgw_notebook.client.contract import wire
from mxgw_notebook.client.requests import filled
from mxgw_notebook.client.rpc import Rpc
from mxgw_notebook.client.sessions.alarm_commands import AlarmCommands
from mxgw_notebook.client.sessions.attribute_types import KnownTypes
from mxgw_notebook.client.sessions.buffering import BufferedCommands
from mxgw_notebook.client.sessions.event_streams import EventStream, RawEventStream
from mxgw_notebook.client.sessions.feed import EventFeed
from mxgw_notebook.client.sessions.outcomes import PendingWrites
from mxgw_notebook.client.sessions.tag_writing import TagWriteCommands
from mxgw_notebook.client.sessions.users import UserCommands
from mxgw_notebook.client.sessions.worker import WorkerCommands
from mxgw_notebook.client.stream import OpenStream, Stream, whole
from mxgw_notebook.errors import GatewayError, NotFoundError


@checks_all_arguments
class Session(TagWriteCommands, BufferedCommands, UserCommands, WorkerCommands, AlarmCommands):
    """A session's commands; each is one round trip. Made by `GatewayClient.open_session`.

    Every method raises CallError for a gRPC failure, MxAccessError if MXAccess refuses, ReplyError if the
    gateway cannot run the command, and SessionClosedError after `close()`. Cancelling a call ends the
    waiting, but the command continues in the worker. `get_session_state` gives the session's state.
    """

    def __init__(self, rpc: Rpc, session_id: str, *, opened_here: bool = False) -> None:
        super().__init__(rpc, session_id)
        self.outcomes = PendingWrites()
        self.types = KnownTypes()
        self._is_reading = opened_here
        self._feed = EventFeed(
            self._open_stream, self.outcomes, tags=self.tags, hidden=self._temporary, clock=rpc.clock
        )
        self._raw: WeakSet[Stream[Any]] = WeakSet()

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._closed

    def __repr__(self) -> str:
        return f"<Session {self.session_id} at {self._rpc.options.target}{' closed' if self._closed else ''}>"

    def stream_events(self, *, after_worker_sequence: int = 0) -> EventStream:
        """The session's events in order, from now, or after a sequence number that you have seen.

        An async iterator and context manager. Several may be open: they share the session's one stream at the
        gateway, which stays open until the session ends. If nobody was reading, the next reader first gets
        the events that came meanwhile. If a resumed stream has lost events, the first event has `replay_gap`.
        """
        self._check()
        return self._feed.read(EventStream, after_worker_sequence)

    def stream_events_raw(self, *, after_worker_sequence: int = 0) -> OpenStream[wire.MxEvent]:
        """The same as the contract's messages; after `hand_over_events` a stream of its own."""
        self._check()
        if not self._feed.read_by_others:
            return self._feed.read(RawEventStream, after_worker_sequence)
        stream = self._open_stream(after_worker_sequence)
        self._raw.add(stream)
        return stream

    def hand_over_events(self) -> None:
        """Leaves the session's event stream to the caller, who may read faster than `stream_events`.

        The gateway allows one subscriber per session, so this session opens no stream from now on. The caller
        must give each ON_WRITE_COMPLETE to `outcomes.complete`, for confirmed writes. Raises
        ConfigurationError if the stream is already read here.
        """
        self._feed.leave_to_others()

    async def close(self) -> None:
        """Ends the session at the gateway. Does nothing if it has ended already.

        While an exception is raised, it waits only briefly, and its own failure becomes a note on that
        exception. A cancelled task therefore ends at once, even if the gateway does not answer.
        """
        await self._leave(on_its_way())

    async def _leave(self, error: BaseException | None) -> None:
        if self._closed:
            return
        # First: whoever is woken by the end of a stream or of a write finds the session closed.
        self._closed = True
        streams = [stream.aclose for stream in self._raw]
        work = close_each(self._feed.close, self._fail_writes, *streams, self._close_session)
        await self._rpc.loose_ends.close(f"The session {self.session_id} was not closed", work, error)

    async def _fail_writes(self) -> None:
        self.outcomes.fail(
            GatewayError("The session was lost before the write's outcome came", hint="Read the tag to see.")
        )

    async def _close_session(self) -> None:
        with contextlib.suppress(NotFoundError):
            request = filled(wire.CloseSessionRequest, session_id=self.session_id)
            await self._rpc.unary("CloseSession", request, at=self._at)

    def _open_stream(self, after_worker_sequence: int) -> Stream[wire.MxEvent]:
        request = filled(
            wire.StreamEventsRequest, session_id=self.session_id, after_worker_sequence=after_worker_sequence
        )
        return self._rpc.stream("StreamEvents", request, whole, at=self._at)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._leave(error or on_its_way())
