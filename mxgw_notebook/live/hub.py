"""The hub: one session a gateway, in which every tag is advised once, whoever watches it."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import numpy as np

from mxgw_notebook.client import GatewayClient, ItemHandle, Reading
from mxgw_notebook.client.decoder import EventColumns, EventDecoder
from mxgw_notebook.client.outcomes import PendingWrites
from mxgw_notebook.errors import GatewayError, Status, TagError, WriteError
from mxgw_notebook.live.link import Link, Opened, Outage
from mxgw_notebook.live.subscription import Subscription

T = TypeVar("T")

FLUSH_SECONDS = 0.05
# A bulk command over more tags than this is sent in several.
TAGS_A_COMMAND = 1000
SECURED_HINT = {
    1012: "The attribute is SecuredWrite: it takes a signed user (write_secured with authenticate_user).",
    1013: "The attribute is VerifiedWrite: it takes a signed user and a second, verifying one.",
}


class Hub:
    """Shared, counted subscriptions, and reads and writes in the same session.

    Its coroutines run on the loop thread; its counters and histories can be read from any.
    """

    def __init__(self, client: GatewayClient, name: str) -> None:
        self.received = 0
        self.broken = 0
        self.other_events: Counter[str] = Counter()
        self._link = Link(client, name, reopened=self._advise_again, lost=self._lost)
        self._subscriptions: dict[str, Subscription] = {}
        self._by_handle: dict[int, Subscription] = {}
        self._unclaimed: list[EventColumns] | None = None
        self._subscribing = asyncio.Lock()
        self._writes = PendingWrites()
        self._decoder = EventDecoder()
        self._flusher: asyncio.Task[None] | None = None
        self._dropped_before = 0

    # -------------------------------------------------------------- what one sees of it

    @property
    def status(self) -> str:
        """live, idle (nothing watched yet), stopped, or in words why values do not come."""
        return self._link.status

    @property
    def outages(self) -> Sequence[Outage]:
        """Every interval without values so far, oldest first."""
        return self._link.outages

    @property
    def dropped(self) -> int:
        """Events lost because they were not taken in time."""
        opened = self._link.opened
        return self._dropped_before + (opened.reader.dropped if opened else 0)

    @property
    def subscriptions(self) -> Sequence[Subscription]:
        """The tags advised now."""
        return list(self._subscriptions.values())

    # -------------------------------------------------------------- watching

    async def subscribe(self, tags: Sequence[str]) -> list[Subscription]:
        """Advises tags, or joins who watches them already; one entry a tag, in order.

        A tag that the gateway refuses has its reason in `failure`. Every call needs a `release`.
        """
        async with self._subscribing:
            opened = await self._link.current()
            if self._flusher is None:
                self._flusher = asyncio.get_running_loop().create_task(self._flush_always())
            added = {tag: Subscription(tag) for tag in tags if tag not in self._subscriptions}
            await self._advise(opened, added.values())
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
                self._by_handle.pop(handle, None)
            opened = self._link.opened
            if opened is None:
                return
            # A session that is lost meanwhile has unadvised everything by itself.
            with contextlib.suppress(GatewayError):
                for part in sliced(handles):
                    await opened.session.unsubscribe_bulk(opened.server_handle, part)

    # -------------------------------------------------------------- reading and writing

    async def read(self, tags: Sequence[str], *, timeout: float) -> list[Reading]:
        """The present value of each tag, in order. A watched tag answers at once."""
        opened = await self._link.current()
        parts = [
            await opened.session.read_bulk(opened.server_handle, part, timeout=timeout)
            for part in sliced(tags)
        ]
        return [reading for part in parts for reading in part]

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
        outcome = self._writes.expect(handle)
        try:
            await opened.session.write(opened.server_handle, handle, value, data_type=data_type)
            async with asyncio.timeout(timeout):
                return await outcome
        except TimeoutError:
            message = f"No outcome of the write to {tag} came within {timeout:g} s"
            raise GatewayError(message, hint="The value may have been written: read the tag.") from None
        finally:
            self._writes.forget(handle, outcome)

    async def close(self) -> None:
        """Ends the session and everything that runs here. Harmless the second time."""
        if self._flusher is not None:
            self._flusher.cancel()
            await asyncio.gather(self._flusher, return_exceptions=True)
        if self._link.opened is not None:
            self._take(self._link.opened)
        await self._link.close()

    # -------------------------------------------------------------- beneath

    async def _advise(self, opened: Opened, subscriptions: Iterable[Subscription]) -> None:
        wanted = list(subscriptions)
        for part in sliced(wanted):
            tags = [subscription.tag for subscription in part]
            self._unclaimed = []
            try:
                results = await opened.session.subscribe_bulk(opened.server_handle, tags)
                for subscription, result in zip(part, results, strict=True):
                    subscription.failure = result.failure
                    subscription.item_handle = None if result.failure else result.item_handle
                    if subscription.item_handle is not None:
                        self._by_handle[subscription.item_handle] = subscription
            finally:
                self._claim()

    def _claim(self) -> None:
        """Stores what came before the reply that says whose it is."""
        unclaimed, self._unclaimed = self._unclaimed or [], None
        for columns in unclaimed:
            self._store(columns)

    async def _advise_again(self, opened: Opened) -> None:
        """A new session has new handles."""
        async with self._subscribing:
            self._by_handle.clear()
            await self._advise(opened, self._subscriptions.values())

    def _lost(self, opened: Opened) -> None:
        self._take(opened)
        self._dropped_before += opened.reader.dropped
        self._writes.fail(
            GatewayError("The gateway was lost before the write's outcome came", hint="Read the tag to see.")
        )

    async def _flush_always(self) -> None:
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            if self._link.opened is not None:
                self._take(self._link.opened)

    def _take(self, opened: Opened) -> None:
        """Moves what the reader has collected into the histories."""
        payloads = opened.reader.take()
        if not payloads:
            return
        columns = self._decoder.decode(payloads)
        self.received += len(payloads)
        self.broken += columns.broken
        for event in columns.others:
            self.other_events[event.family] += 1
            if event.family == "ON_WRITE_COMPLETE":
                self._writes.completed(event)
        self._store(columns)

    def _store(self, columns: EventColumns) -> None:
        """Appends each tag's part to its history, in order."""
        order = np.argsort(columns.item_handle, kind="stable")
        handles = columns.item_handle[order]
        cuts = np.flatnonzero(np.diff(handles)) + 1
        for rows in np.split(order, cuts) if len(order) else []:
            subscription = self._by_handle.get(int(columns.item_handle[rows[0]]))
            part = columns.take(rows)
            if subscription is not None:
                subscription.history.append(part.time_ns, part.number, part.quality, part.objects)
            elif self._unclaimed is not None:
                self._unclaimed.append(part)


def sliced(entries: Sequence[T]) -> list[Sequence[T]]:
    """The entries in parts of a command each."""
    return [entries[start : start + TAGS_A_COMMAND] for start in range(0, len(entries), TAGS_A_COMMAND)]
