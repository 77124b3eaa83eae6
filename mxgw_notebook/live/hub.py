"""The hub: one session a gateway, in which every tag is advised once, whoever watches it."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Sequence
from typing import Any, TypeVar

from mxgw_notebook.client import GatewayClient, ItemHandle, Reading
from mxgw_notebook.client.outcomes import PendingWrites
from mxgw_notebook.errors import GatewayError, Status, TagError, WriteError
from mxgw_notebook.live.gaps import Gap
from mxgw_notebook.live.health import StreamHealth
from mxgw_notebook.live.history import CAPACITY, History
from mxgw_notebook.live.intake import Intake
from mxgw_notebook.live.link import LIVE, Link, Opened
from mxgw_notebook.live.reading import PROCESS_TAGS, ReaderKind
from mxgw_notebook.live.subscription import Subscription
from mxgw_notebook.live.watchdog import Patience, Watchdog

T = TypeVar("T")

FLUSH_SECONDS = 0.05
# What comes before the reply that says whose it is has to wait for it: not for that of too many tags.
TAGS_A_COMMAND = 1000
# All histories together, 17 bytes a sample; many tags share it out, and each keeps at least the lesser.
MOST_SAMPLES = 20_000_000
LEAST_SAMPLES = 200
# gRPC waits so long for the answer to a keep-alive ping before it takes the connection for dead.
KEEPALIVE_ANSWER_SECONDS = 20.0
PROBED_TAGS = 20
PROBE_SECONDS = 5.0
SECURED_HINT = {
    1012: "The attribute is SecuredWrite: it takes a signed user (write_secured with authenticate_user).",
    1013: "The attribute is VerifiedWrite: it takes a signed user and a second, verifying one.",
}


class Hub:
    """Shared, counted subscriptions, and reads and writes in the same session.

    Its coroutines run on the loop thread; its counters and histories can be read from any.

    Args:
        client: The gateway.
        name: What the gateway's own lists call the session.
        reader: `thread`, `process`, or `auto`: a thread for a few tags, a process above 200 tags or 500
            events a second.
        patience: How long to wait before looking closer.
    """

    def __init__(
        self,
        client: GatewayClient,
        name: str,
        *,
        reader: ReaderKind = "auto",
        patience: Patience | None = None,
    ) -> None:
        self._writes = PendingWrites()
        self._intake = Intake(self._writes.completed)
        self._link = Link(client, name, self, reader=reader)
        self._watchdog = Watchdog(self, self._link, self._intake.pulse, patience or Patience())
        self._silence_ns = int((client.options.keepalive + KEEPALIVE_ANSWER_SECONDS) * 1e9)
        self._subscriptions: dict[str, Subscription] = {}
        self._subscribing = asyncio.Lock()
        self._tasks: list[asyncio.Task[None]] = []
        self._dropped_before = 0

    # -------------------------------------------------------------- what one sees of it

    @property
    def status(self) -> str:
        """live, idle (nothing watched yet), stopped, or in words why values do not come."""
        status = self._link.status
        return self._watchdog.silent or status if status == LIVE else status

    @property
    def outages(self) -> list[Gap]:
        """Every interval without values so far, oldest first."""
        return self._intake.gaps.all()

    @property
    def replays(self) -> list[tuple[int, int]]:
        """Intervals whose events came late, nanoseconds since 1970 UTC by the gateway's clock."""
        return self._intake.gaps.replayed()

    @property
    def interruptions(self) -> int:
        """How often the stream was lost, whether or not a replay made up for it."""
        return self._intake.gaps.interruptions

    @property
    def received(self) -> int:
        """Events taken from the stream so far."""
        return self._intake.pulse.events

    @property
    def broken(self) -> int:
        """Messages of the stream that were no events."""
        return self._intake.broken

    @property
    def other_events(self) -> Counter[str]:
        """How many events came that are no data changes, by family."""
        return self._intake.other_events

    @property
    def dropped(self) -> int:
        """Events lost because they were not taken in time."""
        opened = self._link.opened
        return self._dropped_before + (opened.reader.dropped if opened else 0)

    @property
    def forgotten(self) -> int:
        """Samples that gave way to newer ones in their tags' histories."""
        return sum(subscription.history.forgotten for subscription in self.subscriptions)

    @property
    def gateway_now(self) -> int:
        """The gateway's clock, nanoseconds since 1970 UTC, as far as events have shown it."""
        return self._intake.pulse.gateway_now()

    @property
    def health(self) -> StreamHealth:
        """Rate, latency and clocks of the stream as of now."""
        opened = self._link.opened
        depth = opened.reader.received - opened.reader.taken if opened else 0
        kind = "none" if opened is None else opened.reader.kind
        return self._intake.pulse.health(depth, kind)

    @property
    def subscriptions(self) -> Sequence[Subscription]:
        """The tags advised now."""
        return list(self._subscriptions.values())

    @property
    def tags_advised(self) -> int:
        """How many tags are watched."""
        return len(self._subscriptions)

    @property
    def tags_failed(self) -> int:
        """How many of them the gateway refused."""
        return sum(bool(subscription.failure) for subscription in self.subscriptions)

    # -------------------------------------------------------------- watching

    async def subscribe(self, tags: Sequence[str]) -> list[Subscription]:
        """Advises tags, or joins who watches them already; one entry a tag, in order.

        A tag that the gateway refuses has its reason in `failure`, and is tried again in the background.
        Every call needs a `release`.
        """
        async with self._subscribing:
            if len(tags) >= PROCESS_TAGS and self._link.reader_kind == "auto" and not self._link.opened:
                self._link.reader_kind = "process"
            opened = await self._link.current()
            if not self._tasks:
                loop = asyncio.get_running_loop()
                self._tasks = [loop.create_task(self._flush_always()), loop.create_task(self._watchdog.run())]
            new = dict.fromkeys(tag for tag in tags if tag not in self._subscriptions)
            capacity = self._shared_out(len(new))
            added = {tag: Subscription(tag, History(capacity)) for tag in new}
            await self._advise(opened, list(added.values()))
            self._subscriptions |= added
            wanted = [self._subscriptions[tag] for tag in tags]
            for subscription in wanted:
                subscription.watchers += 1
            return wanted

    async def release(self, tags: Sequence[str]) -> None:
        """Takes back one `subscribe`; a tag that nobody watches any more is unadvised."""
        async with self._subscribing:
            gone = []
            for subscription in [self._subscriptions[tag] for tag in tags if tag in self._subscriptions]:
                subscription.watchers -= 1
                if subscription.watchers == 0:
                    gone.append(self._subscriptions.pop(subscription.tag))
            handles = [found.item_handle for found in gone if found.item_handle is not None]
            for handle in handles:
                self._intake.by_handle.pop(handle, None)
            await self._unadvise(handles)

    async def read_by(self, kind: ReaderKind) -> None:
        """Reads events by a `thread` or a `process` from now on; `auto` decides by load."""
        await self._link.read_by(kind)

    def deployed(self) -> None:
        """Something was deployed: tags that failed are tried at once. Call it on the loop thread."""
        self._watchdog.hurry.set()

    # -------------------------------------------------------------- reading and writing

    async def read(self, tags: Sequence[str], *, timeout: float) -> list[Reading]:
        """The present value of each tag, in order. A watched tag answers at once."""
        opened = await self._link.current()
        return await opened.session.read_bulk(opened.server_handle, tags, timeout=timeout) if tags else []

    async def write(
        self, tag: str, value: Any, *, data_type: str | None, timeout: float
    ) -> tuple[Status, ...]:
        """Writes one value and waits for its outcome.

        Raises:
            TagError: The gateway does not know the tag.
            WriteError: The plant refused the value.
            GatewayError: No outcome came within `timeout` seconds: the value may have been written.
        """
        (subscription,) = await self.subscribe([tag])
        try:
            if subscription.item_handle is None:
                raise TagError({tag: subscription.failure})
            statuses = await self._written(subscription.item_handle, tag, value, data_type, timeout)
        finally:
            await self.release([tag])
        if any(status.failed for status in statuses):
            hint = next((SECURED_HINT[s.detail] for s in statuses if s.detail in SECURED_HINT), None)
            raise WriteError(tag, statuses, hint=hint)
        return statuses

    async def _written(
        self, handle: ItemHandle, tag: str, value: Any, data_type: str | None, timeout: float
    ) -> tuple[Status, ...]:
        opened = await self._link.current()
        return await self._writes.outcome_of(
            handle,
            tag,
            timeout,
            lambda: opened.session.write(opened.server_handle, handle, value, data_type=data_type),
        )

    async def close(self) -> None:
        """Ends the session and everything that runs here. Harmless the second time."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._link.opened is not None:
            self._take(self._link.opened)
        await self._link.close()

    # -------------------------------------------------------------- what the link tells

    @property
    def last_sequence(self) -> int:
        """The newest event seen of the present session; 0 for none."""
        return self._intake.continuity.last

    def lost(self, opened: Opened) -> None:
        """The stream has ended; what its reader still has is taken."""
        self._take(opened)
        self._dropped_before += opened.reader.dropped
        if self._link.opened is None:  # lost indeed, and not only handed to another reader
            self._intake.lost(self._silence_ns)

    def resumed(self, opened: Opened) -> None:
        """The same session's events follow, those of the meantime first."""
        del opened
        self._intake.resumed()

    async def reopened(self, opened: Opened) -> None:
        """A new session has new handles, and knows nothing of writes under way."""
        self._writes.fail(
            GatewayError("The gateway was lost before the write's outcome came", hint="Read the tag to see.")
        )
        async with self._subscribing:
            self._intake.begin_session()
            for subscription in self._subscriptions.values():
                subscription.renewed = True
            await self._advise(opened, list(self._subscriptions.values()))
        self._intake.advised_again()

    # -------------------------------------------------------------- what the watchdog asks

    async def retry(self) -> None:
        """Advises the failed tags once more."""
        async with self._subscribing:
            opened = self._link.opened
            failed = [subscription for subscription in self._subscriptions.values() if subscription.failure]
            if opened is not None and failed:
                await self._advise(opened, failed)

    async def probe(self) -> bool:
        """Whether the stream has brought what the gateway has, asked of a few tags.

        Raises GatewayError or TimeoutError when the gateway does not answer.
        """
        opened = self._link.opened
        good = [subscription for subscription in self.subscriptions if not subscription.failure][:PROBED_TAGS]
        if opened is None or not good:
            return True
        async with asyncio.timeout(PROBE_SECONDS):
            await opened.session.ping()
            readings = await opened.session.read_bulk(
                opened.server_handle, [found.tag for found in good], timeout=PROBE_SECONDS
            )
        self._take(opened)
        return not any(newer(reading, found) for reading, found in zip(readings, good, strict=True))

    # -------------------------------------------------------------- beneath

    async def _advise(self, opened: Opened, wanted: Sequence[Subscription]) -> None:
        for part in sliced(wanted):
            self._intake.expect()
            try:
                results = await opened.session.subscribe_bulk(
                    opened.server_handle, [subscription.tag for subscription in part]
                )
                for subscription, result in zip(part, results, strict=True):
                    subscription.failure = result.failure
                    subscription.item_handle = None if result.failure else result.item_handle
                    if subscription.item_handle is not None:
                        self._intake.by_handle[subscription.item_handle] = subscription
            finally:
                self._intake.claim()

    async def _unadvise(self, handles: Sequence[ItemHandle]) -> None:
        opened = self._link.opened
        if opened is None or not handles:
            return
        # A session that is lost meanwhile has unadvised everything by itself.
        with contextlib.suppress(GatewayError):
            await opened.session.unsubscribe_bulk(opened.server_handle, handles)

    def _shared_out(self, new: int) -> int:
        """How many samples a tag may keep once `new` more are watched; the others are cut to it."""
        capacity = max(LEAST_SAMPLES, min(CAPACITY, MOST_SAMPLES // max(1, len(self._subscriptions) + new)))
        for subscription in self.subscriptions if new else ():
            if subscription.history.capacity > capacity:
                subscription.history.limit(capacity)
        return capacity

    async def _flush_always(self) -> None:
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            if self._link.opened is not None:
                self._take(self._link.opened)

    def _take(self, opened: Opened) -> None:
        """Moves what the reader has collected into the histories."""
        columns = opened.reader.columns()
        if columns is not None:
            self._link.flows()
            self._intake.store(columns)


def newer(reading: Reading, subscription: Subscription) -> bool:
    """Whether the gateway has a value of a later time than the stream has brought."""
    newest = subscription.history.newest(1)
    return not reading.failure and len(newest) > 0 and reading.time_ns > int(newest.time_ns[0])


def sliced(entries: Sequence[T]) -> list[Sequence[T]]:
    """The entries in parts of a command each."""
    return [entries[start : start + TAGS_A_COMMAND] for start in range(0, len(entries), TAGS_A_COMMAND)]
