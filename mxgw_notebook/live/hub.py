"""The hub: one session a gateway, in which every tag is advised once, whoever watches it.

Why: DECISIONS.md, "Live means that nothing is missing".
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any, Unpack
from weakref import WeakSet

from mxgw_notebook.client import (
    Allowed,
    GatewayClient,
    ReadColumns,
    Reading,
    ValueType,
    close_each,
    text_given,
)
from mxgw_notebook.errors import GatewayError, Status
from mxgw_notebook.live.absence import unnoticed_ns
from mxgw_notebook.live.facts import HubFacts
from mxgw_notebook.live.follow import Follower
from mxgw_notebook.live.samples import CAPACITY, EventIngest, Subscription, Taken
from mxgw_notebook.live.session import PROCESS_TAGS, ActiveSession, Reader, ReaderKind, SessionLink, is_gone
from mxgw_notebook.live.subscriptions import Subscriptions
from mxgw_notebook.live.watchdog import Patience, Watchdog
from mxgw_notebook.live.writes import Writer

log = logging.getLogger(__name__)

FLUSH_SECONDS = 0.05
# All histories together, 17 bytes a sample; many tags share it out.
MOST_SAMPLES = 20_000_000
PROBED_TAGS = 20
PROBE_SECONDS = 5.0
# How many of their intervals the values of buffered tags may take.
BUFFERED_INTERVALS = 3


class Hub(HubFacts):
    """Shared, counted subscriptions, and reads and writes in the same session.

    Its coroutines run on the loop thread; its counters and histories can be read from any. `writer` writes.

    Args:
        client: The gateway.
        name: What the gateway's own lists call the session.
        reader: `thread`, `process`, or `auto`: a thread for a few tags, a process above 200 tags or 500
            events a second.
        patience: How long to wait before looking closer.
        kept: The newest samples kept of each tag; fewer where all of them together would be too many.
    """

    def __init__(
        self,
        client: GatewayClient,
        name: str,
        *,
        reader: ReaderKind = "auto",
        patience: Patience | None = None,
        kept: int = CAPACITY,
    ) -> None:
        self._intake = EventIngest(client.clock)
        # One that cannot be sent would be tried again in the background, for ever.
        name = text_given(name, "A session's name", "Give a short text.")
        self._link = SessionLink(client, name, self, reader=reader)
        patience = patience or Patience()
        self._watchdog = Watchdog(self, self._link, self._intake.pulse, patience)
        # Without pings, a dead connection goes unnoticed until somebody asks.
        self._silence_ns = unnoticed_ns(client.options.keepalive or patience.most_silence)
        self._advised = Subscriptions(self._intake, MOST_SAMPLES, kept)
        self._subscribing = asyncio.Lock()
        self._loops = (Follower("taking values in", self._flush_always), self._watchdog.follower)
        self._dropped_before = 0
        self._counted: WeakSet[Reader] = WeakSet()  # readers whose drops are among these
        self.plant = client.gate.plant
        self.writer = Writer(client.gate, self.subscribe, self.release, self._link.ensure_open)

    # -------------------------------------------------------------- watching

    async def subscribe(self, tags: Sequence[str], *, buffered_ms: int = 0) -> list[Subscription]:
        """Advises tags, or joins who watches them already; one entry a tag, in order.

        With `buffered_ms` they come in batches at least this often, every value in them. A tag that the
        gateway refuses has its reason in `failure`, and is tried again in the background.
        Every call needs a `release` of the same kind.
        """
        async with self._subscribing:
            if len(tags) >= PROCESS_TAGS and self._link.reader_kind == "auto" and not self._link.opened:
                self._link.reader_kind = "process"
            opened = await self._link.ensure_open()
            for kept in self._loops:
                kept.start()
            return await self._advised.join(opened, tags, buffered_ms)

    async def release(self, tags: Sequence[str], *, buffered_ms: int = 0) -> None:
        """Takes back one `subscribe`; a tag that nobody watches any more is unadvised."""
        async with self._subscribing:
            await self._advised.leave(self._link.opened, tags, buffered_ms)

    def tap(self, call: Callable[[Taken], None]) -> Callable[[], None]:
        """Has a function called on the loop thread with whatever is taken in, until the returned one is.

        It must return at once, and raise nothing: the stream waits for it.
        """
        self._intake.taps.append(call)

        def end() -> None:
            if call in self._intake.taps:
                self._intake.taps.remove(call)

        return end

    async def read_by(self, kind: ReaderKind) -> None:
        """Reads events by a `thread` or a `process` from now on; `auto` decides by load."""
        await self._link.read_by(kind)

    def on_deployed(self) -> None:
        """Something was deployed: tags that failed are tried at once. Call it on the loop thread."""
        self._watchdog.hurry.set()
        if self._link.opened is not None:
            self._link.opened.session.types.clear()

    # -------------------------------------------------------------- reading and writing

    async def read(self, tags: Sequence[str], *, timeout: float) -> list[Reading]:
        """The present value of each tag, in order. A watched tag answers at once."""
        opened = await self._link.ensure_open()
        return await opened.session.read_bulk(opened.server_handle, tags, timeout=timeout) if tags else []

    async def read_columns(self, tags: Sequence[str], *, timeout: float) -> ReadColumns:
        """The same in columns, for tables."""
        opened = await self._link.ensure_open()
        if not tags:
            return ReadColumns()
        return await opened.session.read_columns(opened.server_handle, tags, timeout=timeout)

    async def write(
        self,
        tag: str,
        value: Any,
        *,
        data_type: str | ValueType | None = None,
        timeout: float,
        **allowed: Unpack[Allowed],
    ) -> tuple[Status, ...]:
        """Writes one value and waits for its outcome, `timeout` seconds in all; its statuses.

        Raises:
            NotArmedError: The client's `gate` is not armed for it.
            TagError: The gateway does not know the tag.
            ConfigurationError: The value does not fit what the tag takes.
            WriteError: The plant refused the value.
            WriteOutcomeUnknownError: The value may have been written.
        """
        written = await self.writer.write_one(tag, value, data_type=data_type, timeout=timeout, **allowed)
        return written.statuses

    async def close(self) -> None:
        """Ends the session and everything that runs here. Harmless the second time."""
        loops = (kept.close for kept in self._loops)
        await close_each(self.writer.close, *loops, self._take_last, self._link.close)

    async def _take_last(self) -> None:
        try:
            if self._link.opened is not None:
                self._take(self._link.opened)
        except Exception:  # they are in no picture, and nobody who closes can do anything about it
            log.exception("the last values could not be taken in")

    # -------------------------------------------------------------- what the link tells

    @property
    def last_sequence(self) -> int:
        """The newest event seen of the present session; 0 for none."""
        return self._intake.continuity.last

    def on_lost(self, opened: ActiveSession) -> None:
        """The stream has ended; what its reader still has is taken."""
        try:
            self._take(opened)
        finally:
            if opened.reader not in self._counted:
                self._counted.add(opened.reader)
                self._dropped_before += opened.reader.dropped
            if self._link.opened is None:  # lost indeed, and not only handed to another reader
                self._intake.on_lost(self._silence_ns + self._watchdog.absent_ns(self._silence_ns))

    def on_resumed(self, opened: ActiveSession) -> None:
        """The same session's events follow, those of the meantime first."""
        del opened
        self._intake.on_resumed()

    async def on_reopened(self, opened: ActiveSession) -> None:
        """A new session has new handles."""
        async with self._subscribing:
            await self._advised.advise_again(opened)
        self._intake.on_advised_again()

    # -------------------------------------------------------------- what the watchdog asks

    async def retry(self) -> None:
        """Advises the failed tags once more."""
        async with self._subscribing:
            opened = self._link.opened
            if opened is not None and self._advised.failures:
                await self._advised.advise(opened, self._advised.failed)

    async def probe(self) -> bool:
        """Whether the stream has brought what the gateway has, asked of a few tags.

        Raises GatewayError or TimeoutError when nobody answers, or the session is gone. Any other refusal is
        an answer too: the gateway is there, and whether the stream has brought all cannot be told.
        """
        opened = self._link.opened
        good = list(islice((found for found in self.subscriptions if not found.failure), PROBED_TAGS))
        if opened is None or not good:
            return True
        try:
            async with asyncio.timeout(PROBE_SECONDS):
                readings = await opened.session.read_bulk(
                    opened.server_handle, [found.tag for found in good], timeout=PROBE_SECONDS
                )
        except GatewayError as error:
            if is_gone(error) or not error.is_answer:
                raise
            return True
        self._take(opened)
        # What a buffered item has may be on its way yet.
        settled = self.gateway_now - BUFFERED_INTERVALS * self._advised.interval.milliseconds * 1_000_000
        return not any(newer(reading, found, settled) for reading, found in zip(readings, good, strict=True))

    # -------------------------------------------------------------- beneath

    async def _flush_always(self) -> None:
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            if self._link.opened is not None:
                self._take(self._link.opened)
            self._loops[0].mark_live()

    def _take(self, opened: ActiveSession) -> None:
        """Moves what the reader has collected into the histories."""
        taken = opened.reader.taken
        try:
            columns = opened.reader.columns()
        except Exception:
            # They are spent. "failing" ends with the next batch; that these are missing has to be told on.
            self._intake.lose_unread(max(1, opened.reader.taken - taken))
            raise
        if columns is not None:
            self._link.on_flow()
            try:
                self._intake.store(columns, opened.session.outcomes.complete)
            except Exception:
                self._intake.lose(columns)
                raise
            if self._intake.continuity.is_broken:
                self._link.abandon("the gateway's event numbers went back", is_over=True)


def newer(reading: Reading, subscription: Subscription, settled_ns: int) -> bool:
    """Whether the gateway has a value of a later time than the stream has brought, and should have."""
    newest = subscription.history.newest(1)
    if subscription.buffered and reading.time_ns >= settled_ns:
        return False
    # What came without a time may be what the gateway has.
    came_ns = int(newest.time_ns[0]) if len(newest) else 0
    return not reading.failure and came_ns != 0 and reading.time_ns > came_ns
