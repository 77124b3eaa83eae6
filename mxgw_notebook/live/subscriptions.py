"""The tags of a hub: who watches them, and what the gateway made of advising them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from typing import TypeVar

from mxgw_notebook.client import NO_REASON
from mxgw_notebook.errors import GatewayError
from mxgw_notebook.live.samples import CAPACITY, EventIngest, History, Subscription
from mxgw_notebook.live.session import ActiveSession

T = TypeVar("T")

# What comes before the reply that says whose it is has to wait for it: not for that of too many tags.
TAGS_A_COMMAND = 1000
LEAST_SAMPLES = 200
EXPLAIN_SECONDS = 1.0


class Subscriptions:
    """Every watched tag once. Changed on the loop thread, by one caller at a time; read from any.

    All histories together keep `most_samples`, as long as that leaves each at least 200.
    """

    def __init__(self, intake: EventIngest, most_samples: int) -> None:
        self._intake = intake
        self._most_samples = most_samples
        self._by_tag: dict[str, Subscription] = {}
        self._failed: dict[str, Subscription] = {}
        self._largest = 0  # no history may keep more than this

    def __len__(self) -> int:
        return len(self._by_tag)

    @property
    def all(self) -> list[Subscription]:
        """In the order in which they came."""
        return list(self._by_tag.values())

    @property
    def failed(self) -> list[Subscription]:
        """Those that the gateway refused when it was asked last."""
        return list(self._failed.values())

    @property
    def failures(self) -> int:
        """How many these are."""
        return len(self._failed)

    async def join(self, opened: ActiveSession, tags: Sequence[str]) -> list[Subscription]:
        """Advises those tags that nobody watches yet; one entry a tag, in order, with one more watcher.

        When it fails or is given up, none of them is watched, and those advised by then are unadvised.
        """
        new = dict.fromkeys(tag for tag in tags if tag not in self._by_tag)
        capacity = self._shared_out(len(new))
        added = {tag: Subscription(tag, History(capacity)) for tag in new}
        try:
            await self.advise(opened, list(added.values()))
        except BaseException:
            await self._withdraw(opened, added.values())
            raise
        self._by_tag |= added
        wanted = [self._by_tag[tag] for tag in tags]
        for subscription in wanted:
            subscription.watchers += 1
        return wanted

    async def leave(self, opened: ActiveSession | None, tags: Sequence[str]) -> None:
        """One watcher less for each tag; those without any are unadvised."""
        gone = []
        for subscription in [self._by_tag[tag] for tag in tags if tag in self._by_tag]:
            subscription.watchers -= 1
            if subscription.watchers == 0:
                gone.append(self._by_tag.pop(subscription.tag))
        await self._withdraw(opened, gone)

    async def again(self, opened: ActiveSession) -> None:
        """Advises every tag in a new session; a present value that is known already is no sample."""
        self._intake.begin_session()
        for subscription in self._by_tag.values():
            subscription.renewed = True
        await self.advise(opened, self.all)

    async def advise(self, opened: ActiveSession, wanted: Sequence[Subscription]) -> None:
        """Asks the gateway for the values of tags, and notes what it refuses."""
        for part in sliced(wanted):
            self._intake.expect()
            try:
                results = await opened.session.subscribe_bulk(
                    opened.server_handle, [subscription.tag for subscription in part]
                )
                for subscription, result in zip(part, results, strict=True):
                    subscription.failure = result.failure
                    subscription.item_handle = None if result.failure else result.item_handle
                    if subscription.item_handle is None:
                        self._failed[subscription.tag] = subscription
                    else:
                        self._failed.pop(subscription.tag, None)
                        self._intake.by_handle[subscription.item_handle] = subscription
            finally:
                self._intake.claim()
            await self._explain(opened, [found for found in part if found.failure == NO_REASON])

    async def _explain(self, opened: ActiveSession, refused: Sequence[Subscription]) -> None:
        """Refusals without a word: this reply has no statuses, but that of a read has, with their numbers."""
        if not refused:
            return
        with contextlib.suppress(GatewayError):  # why it is refused is worth a question, not more
            readings = await opened.session.read_bulk(
                opened.server_handle, [found.tag for found in refused], timeout=EXPLAIN_SECONDS
            )
            for found, reading in zip(refused, readings, strict=True):
                found.failure = reading.failure or found.failure

    async def _withdraw(self, opened: ActiveSession | None, gone: Iterable[Subscription]) -> None:
        handles = []
        for subscription in gone:
            self._failed.pop(subscription.tag, None)
            if subscription.item_handle is not None:
                self._intake.by_handle.pop(subscription.item_handle, None)
                handles.append(subscription.item_handle)
        if opened is None or not handles:
            return
        # A session that is lost meanwhile has unadvised everything by itself.
        with contextlib.suppress(GatewayError):
            await opened.session.unsubscribe_bulk(opened.server_handle, handles)

    def _shared_out(self, new: int) -> int:
        """How many samples a tag may keep once `new` more are watched; the others are cut to it."""
        capacity = max(LEAST_SAMPLES, min(CAPACITY, self._most_samples // rounded(len(self) + new)))
        if capacity < self._largest:
            for subscription in self._by_tag.values():
                if subscription.history.capacity > capacity:
                    subscription.history.limit(capacity)
        self._largest = capacity
        return capacity


def rounded(tags: int) -> int:
    """A number of tags, up to an eighth more: then not every new tag makes all histories smaller."""
    step = 1 << max(0, tags.bit_length() - 4)
    return max(1, -(-tags // step) * step)


def sliced(entries: Sequence[T]) -> list[Sequence[T]]:
    """The entries in parts of a command each."""
    return [entries[start : start + TAGS_A_COMMAND] for start in range(0, len(entries), TAGS_A_COMMAND)]
