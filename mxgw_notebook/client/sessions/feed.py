"""The session's one event stream, shared: the gateway allows a single subscriber, here there may be many.

Why: DECISIONS.md, "A session has one event stream, which all readers share".
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Container, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar
from weakref import WeakSet

from mxgw_notebook.client.clock import GatewayClock
from mxgw_notebook.client.contract import wire
from mxgw_notebook.client.events import Event, event_from_wire
from mxgw_notebook.client.inbox import UNREAD, Unread
from mxgw_notebook.client.sessions.event_streams import FeedReader
from mxgw_notebook.client.sessions.outcomes import PendingWrites
from mxgw_notebook.client.stream import Stream
from mxgw_notebook.errors import ConfigurationError, GatewayError

log = logging.getLogger(__name__)

R = TypeVar("R", bound=FeedReader[Any])
WRITE_COMPLETE = wire.MxEventFamily.Value("MX_EVENT_FAMILY_ON_WRITE_COMPLETE")


class EventFeed:
    """Reads the session's stream from when it is first needed to the session's end, and hands events on.

    Never for less: a gateway closes a session 30 s after its last subscriber left, and faults one whose
    events nobody reads. What comes while nobody reads here is kept for who does next, as a gateway keeps it.

    Args:
        open_stream: Opens the stream after a sequence.
        outcomes: Gets the outcomes of writes, whoever else reads.
        tags: The items whose tags are known; events of others wait while items are being added.
        hidden: Items that are no reader's business: a write has added them for itself.
        clock: Judges times.
    """

    def __init__(
        self,
        open_stream: Callable[[int], Stream[wire.MxEvent]],
        outcomes: PendingWrites,
        *,
        tags: Container[int],
        hidden: Container[int],
        clock: GatewayClock,
    ) -> None:
        self.read_by_others = False
        self._open_stream, self._outcomes, self._clock = open_stream, outcomes, clock
        self._tags, self._hidden = tags, hidden
        # Weak: a reader that was broken out of and forgotten must not be given events for ever.
        self._readers: WeakSet[FeedReader[Any]] = WeakSet()
        self._pump: asyncio.Task[None] | None = None
        self._unread: Unread[wire.MxEvent] = Unread()  # came while nobody read
        self._adding = 0
        self._held: list[wire.MxEvent] = []  # came while items were being added, and may be of these

    def read(self, kind: type[R], after_worker_sequence: int = 0) -> R:
        """A reader of all events from now on, or after a sequence if nobody else reads yet."""
        if self.read_by_others:
            raise ConfigurationError(
                "The session's events are read elsewhere", hint="Read them there: a session has one stream."
            )
        if after_worker_sequence and self._pump is not None:
            self._resume(after_worker_sequence)
        else:
            self._start(after_worker_sequence)
        reader = kind(self._readers.discard, self._unread.dropped)
        for message in self.take_unread(0):
            self._offer(message, [reader])
        self._unread.clear()
        self._readers.add(reader)
        return reader

    def take_unread(self, most: int) -> list[wire.MxEvent]:
        """The oldest of what has come while nobody read, so many at the most; 0 takes all."""
        count = min(most or len(self._unread), len(self._unread))
        return [self._unread.take() for _ in range(count)]

    def keep(self) -> None:
        """Opens the stream if it is not; not where others read it."""
        if not self.read_by_others:
            self._start(0)

    def leave_to_others(self) -> None:
        """Opens no stream from now on: somebody else reads the session's events."""
        if self._pump is not None and self._readers:
            raise ConfigurationError(
                "The session's event stream is open already", hint="Hand it over before anything reads it."
            )
        self.read_by_others = True
        self._unread.clear()
        if self._pump is not None:
            self._pump.cancel()

    @contextmanager
    def adding(self) -> Iterator[None]:
        """Items are added in the block: their first events may come before it is known whose they are."""
        self._adding += 1
        try:
            yield
        finally:
            self._adding -= 1
            self.release()

    def release(self) -> None:
        """Gives on what has waited."""
        held, self._held = self._held, []
        try:
            for message in held:
                self._sort(message)
        except Exception as mistake:  # it is the stream's, and not of who has added items
            pump = self._pump
            self._end(mistaken(mistake))
            if pump is not None:
                pump.cancel()

    async def close(self) -> None:
        """Ends the stream; its readers come to their end."""
        if self._pump is not None:
            self._pump.cancel()
            await asyncio.gather(self._pump, return_exceptions=True)

    # -------------------------------------------------------------- the stream

    def _start(self, after: int) -> None:
        if self._pump is None:
            # Opened here, not in the task: an advise right after this must find it open.
            reading = self._read_always(self._open_stream(after))
            self._pump = asyncio.get_running_loop().create_task(reading)

    def _resume(self, after: int) -> None:
        """Another stream, from further back, takes the place of one that nobody reads from."""
        if self._readers:
            # To begin elsewhere would leave out, or repeat, events for those that read already.
            raise ConfigurationError(
                "The session's event stream is open already, so it cannot resume",
                hint="Close the other stream first.",
            )
        self._unread.clear()
        self._held.clear()
        if (left := self._pump) is not None:
            left.cancel()
            self._pump = asyncio.get_running_loop().create_task(self._read_instead(left, after))

    async def _read_instead(self, left: asyncio.Task[None], after: int) -> None:
        await asyncio.wait({left})  # the gateway refuses a second one
        try:
            stream = self._open_stream(after)
        except GatewayError as error:
            self._end(error)
        else:
            await self._read_always(stream)

    async def _read_always(self, stream: Stream[wire.MxEvent]) -> None:
        failure: GatewayError | None = None
        try:
            await stream.hand_to(self._take)
        except GatewayError as error:
            failure = error
        except Exception as mistake:
            failure = mistaken(mistake)
        finally:
            if self._pump is asyncio.current_task():  # and no other has taken its place
                self._end(failure)

    def _end(self, failure: GatewayError | None) -> None:
        # First: whoever is told of the end may open the next stream at once.
        self._pump = None
        self.release()
        self._outcomes.fail(failure or GatewayError("The event stream ended before the write's outcome"))
        for reader in list(self._readers):
            reader.end(failure)

    # -------------------------------------------------------------- its events

    def _take(self, message: wire.MxEvent) -> None:
        if message.family == WRITE_COMPLETE and (event := self._event(message, ())) is not None:
            self._outcomes.complete(event)
        self._sort(message)

    def _sort(self, message: wire.MxEvent) -> None:
        """Hands an event on, or has it wait until it is known whose it is."""
        # All that follows waits as well, for the order of events is the plant's.
        if self._adding and (self._held or self._is_nobodys(message.item_handle)):
            self._held.append(message)
            if len(self._held) < UNREAD:
                return
            waited, self._held = self._held, []
        else:
            waited = [message]
        for one in waited:
            self._hand_out(one)

    def _is_nobodys(self, item_handle: int) -> bool:
        return item_handle != 0 and item_handle not in self._tags and item_handle not in self._hidden

    def _hand_out(self, message: wire.MxEvent) -> None:
        if readers := list(self._readers):
            self._offer(message, readers)
            return
        before = self._unread.dropped
        self._unread.add(message, message.ByteSize())
        if self._unread.dropped and not before:
            log.warning("nobody reads the events of session %s: the oldest give way", message.session_id)

    def _offer(self, message: wire.MxEvent, readers: Sequence[FeedReader[Any]]) -> None:
        event = None if message.item_handle in self._hidden else self._event(message, readers)
        for reader in readers:
            reader.offer(message, event)

    def _event(self, message: wire.MxEvent, readers: Sequence[FeedReader[Any]]) -> Event | None:
        """The message's record; None, and counted as broken, for one that cannot be read."""
        event = None
        try:
            event = event_from_wire(message, self._clock)
        except Exception as error:  # whatever is wrong with one event, the others follow
            log.debug("an event could not be read: %r", error)
        if event is None or event.unreadable:
            for reader in readers:
                reader.broken += 1
        return event


def mistaken(mistake: Exception) -> GatewayError:
    """The end of a stream by a mistake of ours: without a reason it would look like the gateway's own."""
    failure = GatewayError(f"The event stream could not be read: {mistake!r}")
    log.warning("%s", failure, exc_info=mistake)
    return failure
