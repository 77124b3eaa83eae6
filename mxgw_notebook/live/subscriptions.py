"""The tags of a hub: who watches them, and what the gateway made of advising them."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable, Sequence
from typing import TypeVar

from mxgw_notebook.client import NO_REASON, Subscribed
from mxgw_notebook.errors import GatewayError
from mxgw_notebook.live.buffering import BufferedInterval
from mxgw_notebook.live.samples import CAPACITY, EventIngest, History, Room, Subscription
from mxgw_notebook.live.session import ActiveSession

T = TypeVar("T")
Key = tuple[str, bool]

# What comes before the reply that says whose it is has to wait for it: not for that of too many tags.
TAGS_A_COMMAND = 1000
LEAST_SAMPLES = 200
EXPLAIN_SECONDS = 1.0


class Subscriptions:
    """Every watched tag once. Changed on the loop thread, by one caller at a time; read from any.

    Each history keeps `kept` samples, all together `most_samples`, as long as that leaves each at least 200,
    and of texts and arrays 512 MiB, as long as that leaves each its newest.
    """

    def __init__(self, intake: EventIngest, most_samples: int, kept: int = CAPACITY) -> None:
        self._intake, self._kept = intake, kept
        self._most_samples = most_samples
        self.interval = BufferedInterval()
        self._room = Room()
        # A tag may be watched both ways; a key of both would be 50,000 objects more.
        self._plain: dict[str, Subscription] = {}
        self._buffered: dict[str, Subscription] = {}
        self._failed: dict[Key, Subscription] = {}
        self._largest = 0  # no history may keep more than this

    def __len__(self) -> int:
        return len(self._plain) + len(self._buffered)

    @property
    def all(self) -> list[Subscription]:
        """In the order in which they came, the buffered ones behind the others."""
        return [*self._plain.values(), *self._buffered.values()]

    def _by_tag(self, buffered_ms: int) -> dict[str, Subscription]:
        """Those that are watched in this way."""
        return self._buffered if buffered_ms else self._plain

    @property
    def failed(self) -> list[Subscription]:
        """Those that the gateway refused when it was asked last."""
        return list(self._failed.values())

    @property
    def failures(self) -> int:
        """How many these are."""
        return len(self._failed)

    async def join(
        self, opened: ActiveSession, tags: Sequence[str], buffered_ms: int = 0
    ) -> list[Subscription]:
        """Advises those tags that nobody watches yet; one entry a tag, in order, with one more watcher.

        With `buffered_ms` as buffered items, whose batches come at least this often. When it fails or is
        given up, none of them is watched, and those advised by then are unadvised.
        """
        by_tag = self._by_tag(buffered_ms)
        new = dict.fromkeys(tag for tag in tags if tag not in by_tag)
        capacity = self._share_out(len(new))
        asked, since = time.time_ns(), self._intake.pulse.shown_now()
        added = {
            tag: Subscription(
                tag,
                History(capacity, self._room),
                buffered=buffered_ms > 0,
                since_ns=since,
                asked_ns=asked,
            )
            for tag in new
        }
        self.interval.ask(buffered_ms, len(tags))
        try:
            await self.interval.tell(opened)
            await self.advise(opened, list(added.values()))
        except BaseException:
            self.interval.take_back(buffered_ms, len(tags))
            await self._withdraw(opened, added.values())
            raise
        by_tag |= added
        found = [by_tag[tag] for tag in tags]
        for subscription in found:
            subscription.watchers += 1
        return found

    async def leave(self, opened: ActiveSession | None, tags: Sequence[str], buffered_ms: int = 0) -> None:
        """One watcher less for each tag, which was joined so; those without any are unadvised."""
        gone = []
        by_tag = self._by_tag(buffered_ms)
        known = [tag for tag in tags if tag in by_tag]
        self.interval.take_back(buffered_ms, len(known))
        for tag in known:
            subscription = by_tag[tag]
            subscription.watchers -= 1
            if subscription.watchers == 0:
                gone.append(by_tag.pop(tag))
        await self._withdraw(opened, gone)
        if opened is not None and buffered_ms:
            with contextlib.suppress(GatewayError):  # the others go on at the shorter interval
                await self.interval.tell(opened)

    async def advise_again(self, opened: ActiveSession) -> None:
        """Advises every tag in a new session; a present value that is known already is no sample."""
        self._intake.begin_session()
        for subscription in self.all:
            subscription.renewed = True
        self.interval.forget()
        with contextlib.suppress(GatewayError):  # values are worth more than how often they come
            await self.interval.tell(opened)
        await self.advise(opened, self.all)

    async def advise(self, opened: ActiveSession, wanted: Sequence[Subscription]) -> None:
        """Asks the gateway for the values of tags, and notes what it refuses."""
        for part in parts_of(wanted):
            self._intake.expect()
            try:
                self._note(part, await self._ask(opened, part))
            finally:
                self._intake.claim()
            await self._explain(opened, [found for found in part if found.failure == NO_REASON])

    def _note(self, part: Sequence[Subscription], results: Sequence[Subscribed]) -> None:
        """What the gateway answered: by its handle a tag's events are known; a failure is tried again."""
        by_handle = self._intake.by_handle
        for subscription, result in zip(part, results, strict=True):
            subscription.failure = result.failure
            if result.failure:
                subscription.item_handle = None
                self._failed[key_of(subscription)] = subscription
            else:
                subscription.item_handle = result.item_handle
                by_handle[result.item_handle] = subscription
        self._forget_failures(found for found in part if not found.failure)

    def _forget_failures(self, subscriptions: Iterable[Subscription]) -> None:
        """They are tried no more."""
        if not self._failed:  # as nearly always, with 50,000 tags
            return
        for subscription in subscriptions:
            self._failed.pop(key_of(subscription), None)

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

    async def _ask(self, opened: ActiveSession, part: Sequence[Subscription]) -> list[Subscribed]:
        """The gateway's answer to a part's tags, all of them buffered or none."""
        tags = [subscription.tag for subscription in part]
        if part[0].buffered:
            return await opened.session.subscribe_buffered(opened.server_handle, tags)
        return await opened.session.subscribe_bulk(opened.server_handle, tags)

    async def _withdraw(self, opened: ActiveSession | None, gone: Iterable[Subscription]) -> None:
        handles = []
        self._forget_failures(gone)
        for subscription in gone:
            subscription.history.leave_room()
            if subscription.item_handle is not None:
                self._intake.by_handle.pop(subscription.item_handle, None)
                handles.append(subscription.item_handle)
        if opened is None or not handles:
            return
        # A session that is lost meanwhile has unadvised everything by itself.
        with contextlib.suppress(GatewayError):
            await opened.session.give_back(opened.server_handle, handles)

    def _share_out(self, new: int) -> int:
        """How many samples a tag may keep once `new` more are watched; the others are cut to it."""
        capacity = max(LEAST_SAMPLES, min(self._kept, self._most_samples // rounded(len(self) + new)))
        if capacity < self._largest:
            for subscription in self.all:
                if subscription.history.capacity > capacity:
                    subscription.history.limit(capacity)
        self._largest = capacity
        self._room.share_out(len(self) + new)
        return capacity


def rounded(tags: int) -> int:
    """A number of tags, up to an eighth more: then not every new tag makes all histories smaller."""
    step = 1 << max(0, tags.bit_length() - 4)
    return max(1, -(-tags // step) * step)


def key_of(subscription: Subscription) -> Key:
    """What tells it from the others."""
    return subscription.tag, subscription.buffered


def parts_of(wanted: Sequence[Subscription]) -> list[Sequence[Subscription]]:
    """The subscriptions in parts that are advised by a command each."""
    plain = [subscription for subscription in wanted if not subscription.buffered]
    buffered = [subscription for subscription in wanted if subscription.buffered]
    return [*sliced(plain), *sliced(buffered)]


def sliced(entries: Sequence[T]) -> list[Sequence[T]]:
    """The entries in parts of a command each."""
    return [entries[start : start + TAGS_A_COMMAND] for start in range(0, len(entries), TAGS_A_COMMAND)]
