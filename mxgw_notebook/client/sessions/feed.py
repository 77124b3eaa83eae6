"""The session's one event stream, shared: the gateway allows a single subscriber, here there may be many."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable
from types import TracebackType
from typing import Any, Self
from weakref import WeakSet

from mxgw_notebook.client.clock import GatewayClock
from mxgw_notebook.client.events import Event, event_from_wire
from mxgw_notebook.client.sessions.outcomes import PendingWrites
from mxgw_notebook.client.stream import Stream
from mxgw_notebook.errors import ConfigurationError, GatewayError

log = logging.getLogger(__name__)

# What one reader may leave unread; the stream itself is always read, or the gateway would fault the session.
# In bytes as they travel: ten thousand long texts or arrays would be gigabytes.
UNREAD_EVENTS = 10_000
UNREAD_BYTES = 64 << 20


class EventFeed:
    """Reads the stream while somebody wants it, and hands each event to every reader and to waiting writes.

    `open` opens the stream after a sequence. Once `keep` was asked for, the stream stays open until `close`:
    a gateway closes a session 30 s after its last subscriber left.
    """

    def __init__(
        self,
        open_stream: Callable[[int], Stream[Any]],
        outcomes: PendingWrites,
        clock: GatewayClock | None = None,
    ) -> None:
        self._clock = clock or GatewayClock()
        self._outcomes = outcomes
        self._open_stream = open_stream
        # Weak: a reader that was broken out of and forgotten must not keep the stream, and the session's one
        # place, for ever.
        self._readers: WeakSet[EventStream] = WeakSet()
        self._pump: asyncio.Task[None] | None = None
        self._kept = False
        self._read_by_others = False

    def read(self, after_worker_sequence: int = 0) -> EventStream:
        """A reader of all events from now on, or after a sequence if nobody else reads yet."""
        if self._read_by_others:
            raise ConfigurationError(
                "The session's events are read elsewhere", hint="Read them there: a session has one stream."
            )
        # The stream stands at another place already; to begin elsewhere would leave out, or repeat, events
        # for this reader.
        if self._pump is not None and after_worker_sequence:
            raise ConfigurationError(
                "The session's event stream is open already, so it cannot resume",
                hint="Close the other stream first.",
            )
        reader = EventStream(self)
        self._readers.add(reader)
        self._start(after_worker_sequence)
        return reader

    def keep(self) -> None:
        """Opens the stream if it is not, and keeps it for the session's life; not where others read it."""
        if self._read_by_others:
            return
        self._kept = True
        self._start(0)

    def leave_to_others(self) -> None:
        """Opens no stream from now on: somebody else reads the session's events."""
        if self._pump is not None:
            raise ConfigurationError(
                "The session's event stream is open already", hint="Hand it over before anything reads it."
            )
        self._read_by_others = True

    def leave(self, reader: EventStream) -> None:
        """Takes a reader out; the last one ends the stream."""
        self._readers.discard(reader)
        if self._pump is not None and not self._kept and not self._readers:
            self._pump.cancel()

    async def wait_ended(self) -> None:
        """Returns once a stream that was ended has ended."""
        if self._pump is not None and not self._kept and not self._readers:
            await asyncio.gather(self._pump, return_exceptions=True)

    async def close(self) -> None:
        """Ends the stream; its readers come to their end."""
        self._kept = False
        if self._pump is not None:
            self._pump.cancel()
            await asyncio.gather(self._pump, return_exceptions=True)

    def _start(self, after: int) -> None:
        if self._pump is None:
            # Opened here, not in the task: an advise right after this must find it open.
            stream = self._open_stream(after)
            self._pump = asyncio.get_running_loop().create_task(self._read_always(stream))

    async def _read_always(self, stream: Stream[Any]) -> None:
        failure: GatewayError | None = None
        try:
            async for message in stream:
                self._take(message)
        except GatewayError as error:
            failure = error
        except Exception as mistake:  # without a reason it would look like the gateway's own end
            failure = GatewayError(f"The event stream could not be read: {mistake!r}")
            log.warning("%s", failure, exc_info=mistake)
        finally:
            # First: whoever is told of the end may open the next stream at once, and the gateway refuses a
            # second one.
            await stream.aclose()
            self._pump = None
            self._outcomes.fail(failure or GatewayError("The event stream ended before the write's outcome"))
            for reader in list(self._readers):
                reader.end(failure)

    def _take(self, message: Any) -> None:
        try:
            event = event_from_wire(message, self._clock)
        except Exception as error:  # whatever is wrong with one event, the others follow
            log.debug("an event could not be read: %r", error)
            for reader in list(self._readers):
                reader.broken += 1
        else:
            for reader in list(self._readers) if event.unreadable else ():
                reader.broken += 1
            self._hand_out(event, message.ByteSize())

    def _hand_out(self, event: Event, size: int) -> None:
        if event.family == "ON_WRITE_COMPLETE":
            self._outcomes.complete(event)
        for reader in list(self._readers):
            reader.offer(event, size)


class EventStream(AsyncIterator[Event]):
    """A session's events in order, as an async iterator and context manager.

    What is not read in time gives way, the oldest first: of more than 10,000 events, or 64 MiB of them.
    `dropped` counts it, `broken` the events that could not be read, or whose value could not. Ends with the
    gateway's end of the stream; raises CallError when it is lost.
    """

    def __init__(self, feed: EventFeed) -> None:
        self.dropped = self.broken = 0
        self._feed = feed
        self._unread: deque[tuple[Event, int]] = deque()
        self._unread_bytes = 0
        self._changed = asyncio.Event()
        self._ended = False
        self._failure: GatewayError | None = None

    def offer(self, item: Event, size: int = 0) -> None:
        """Adds an event of so many bytes, in place of the oldest where there is no room."""
        self._unread.append((item, size))
        self._unread_bytes += size
        # One alone stays, however large: it may be what is waited for.
        while len(self._unread) > 1 and (
            len(self._unread) > UNREAD_EVENTS or self._unread_bytes > UNREAD_BYTES
        ):
            self._take()
            self.dropped += 1
        self._changed.set()

    def end(self, failure: GatewayError | None) -> None:
        """No more events will come."""
        self._ended, self._failure = True, failure
        self._changed.set()

    async def __anext__(self) -> Event:
        while not self._unread:
            if self._ended:
                failure, self._failure = self._failure, None
                raise failure or StopAsyncIteration
            self._changed.clear()
            await self._changed.wait()
        return self._take()

    def _take(self) -> Event:
        """The oldest event, which does not wait any more."""
        event, size = self._unread.popleft()
        self._unread_bytes -= size
        return event

    async def aclose(self) -> None:
        """Leaves the stream. Harmless the second time."""
        self._ended = True
        self._changed.set()
        self._feed.leave(self)
        await self._feed.wait_ended()

    def __del__(self) -> None:
        self._feed.leave(self)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()
