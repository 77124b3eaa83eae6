"""Tags that are followed: what came of them since the last look, through whatever becomes of the gateway.

Why: DECISIONS.md, "Plant.follow reads the histories when it is asked".
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from mxgw_notebook.client import LooseEnds, Samples, backoff_seconds
from mxgw_notebook.errors import ConfigurationError, GatewayError, SessionClosedError
from mxgw_notebook.live.follow import is_final
from mxgw_notebook.live.hub import Hub
from mxgw_notebook.live.plant.items import Sample, TagState, Update, sample_of
from mxgw_notebook.live.plant.rounds import Rounds
from mxgw_notebook.live.samples import Gap, Subscription

# A gateway that is away is asked again after so long at the most: whoever follows looks all the time.
LONGEST_WAIT_SECONDS = 5.0
CLOSING_SECONDS = 1.0


class Following(Rounds[Update]):
    """Followed tags: an async iterator of updates, made by `Plant.follow`.

    Each tag's first sample is its present value. Every value comes once, or is in a gap that you receive.
    """

    def __init__(
        self,
        hub: Hub,
        tags: Sequence[str],
        every: float,
        buffered_ms: int,
        ends: LooseEnds,
    ) -> None:
        self._subscriptions: list[Subscription] = []  # first: what is refused here is dropped, too
        super().__init__(every, ends)
        self.tags = list(dict.fromkeys(tags))
        if not self.tags:
            raise ConfigurationError("No tag given", hint="Give those to be followed.")
        self._hub, self._buffered_ms = hub, buffered_ms
        self._loop = asyncio.get_running_loop()
        self._next = self._loop.time()  # the first look asks for the tags: it need not wait
        self._is_refused = False
        self._totals: dict[str, int] = {}
        self._failures: dict[str, str] = {}
        self._waits = backoff_seconds(longest=LONGEST_WAIT_SECONDS)
        self._ask_at = 0.0
        self._gaps = GapNews(hub)
        self._unread: list[Gap] = []  # of this follower alone: it came too late for them
        self._began_ns = hub.gateway_now

    def present(self) -> dict[str, Sample]:
        """The newest sample of each tag that has one, also before it is part of an update."""
        newest = ((found.tag, found.history.newest(1)) for found in self._subscriptions)
        return {tag: sample_of(tag, samples, 0) for tag, samples in newest if len(samples)}

    async def look(self) -> Update:
        """The new items since the last look. After that it raises a refusal that cannot go away by itself."""
        if self._is_refused and (refusal := self._hub.refusal) is not None:
            raise refusal
        if not self._subscriptions:
            await self._join()
        self._is_refused = self._hub.refusal is not None
        columns = dict(self._new_samples())
        return Update(
            standing=self._hub.standing,
            gateway_ns=self._hub.gateway_now,
            heard_ns=self._hub.heard_ns,
            columns=columns,
            gaps=(*self._gaps.take(), *self._take_unread()),
            tags=tuple(self._new_states()),
        )

    async def leave(self) -> None:
        """Stops following: the tags are unadvised."""
        found, self._subscriptions = self._subscriptions, []
        if found:
            await self._hub.release(self.tags, buffered_ms=self._buffered_ms)

    # A `break` out of `async for` closes nothing: without this its tags would stay advised.
    def __del__(self) -> None:
        if self._subscriptions:
            release = partial(self._hub.release, self.tags, buffered_ms=self._buffered_ms)
            with contextlib.suppress(RuntimeError):  # the loop has ended, and with it the session
                self._loop.call_soon_threadsafe(self._ends.begin, release)

    # -------------------------------------------------------------- beneath

    async def _join(self) -> None:
        """Asks for the tags; a gateway that is away is asked again at a later look."""
        now = asyncio.get_running_loop().time()
        if now < self._ask_at or self._ending.is_set():
            return
        try:
            self._subscriptions = await self._hub.subscribe(self.tags, buffered_ms=self._buffered_ms)
        except SessionClosedError:
            # The plant is being closed, and says so here once its session is; or its client alone was.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(CLOSING_SECONDS):
                    await self._ending.wait()
            if not self._ending.is_set():
                raise
            return
        except GatewayError as error:
            if is_final(error):
                raise
            self._ask_at = now + next(self._waits)
            self._gaps.begin_late(self._began_ns)
            return
        self._gaps.end_late(self._hub.gateway_now)
        # The newest of before is each tag's present value.
        self._totals = {
            found.tag: found.history.total - len(found.history.newest(1)) for found in self._subscriptions
        }

    def _new_samples(self) -> Iterator[tuple[str, Samples]]:
        for found in self._subscriptions:
            known = self._totals[found.tag]
            if found.history.total == known:
                continue
            samples = found.history.since(known)
            if (lost := samples.total - len(samples) - known) > 0:
                self._unread.append(self._gaps.overrun(found.tag, lost, samples))
            self._totals[found.tag] = samples.total
            yield found.tag, samples

    def _new_states(self) -> Iterator[TagState]:
        for found in self._subscriptions:
            if found.failure != self._failures.get(found.tag, ""):
                self._failures[found.tag] = found.failure
                yield TagState(found.tag, found.failure)

    def _take_unread(self) -> list[Gap]:
        taken, self._unread = self._unread, []
        return taken


class GapNews:
    """A follower's view of the hub's gaps: what is new of them, under numbers of its own."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._settled = hub.gaps_settled
        newest = hub.gaps_after(self._settled)
        # An outage that lasts is this follower's too; what had ended before is not.
        self._old = {gap.number for gap in newest if gap.end_ns is not None}
        self._told: dict[int, Gap] = {}
        self._numbers: dict[int, int] = {}
        self._count = 0
        self._late: Gap | None = None  # from the first question to the first answer
        self._late_is_news = False

    def begin_late(self, start_ns: int) -> None:
        """The gateway was asked for tags, and is away. Harmless where that is known."""
        known = any(gap.end_ns is None for gap in self._hub.gaps_after(self._settled))
        if self._late is None and not known:
            self._late = Gap(start_ns, number=self._next())
            self._late_is_news = True

    def end_late(self, end_ns: int) -> None:
        """The tags are followed."""
        if self._late is not None:
            self._late = replace(self._late, end_ns=max(end_ns, self._late.start_ns))
            self._late_is_news = True

    def overrun(self, tag: str, lost: int, kept: Samples) -> Gap:
        """Samples of a tag gave way before anybody looked: up to the first of those that are left."""
        first = int(kept.time_ns[0]) if len(kept) else self._hub.gateway_now
        return Gap(first, first, "not read in time", lost, tag=tag, number=self._next())

    def take(self) -> list[Gap]:
        """Those that are new, or of which more is known, as they are now."""
        news = [self._late] if self._late is not None and self._late_is_news else []
        self._late_is_news = False
        settled = self._hub.gaps_settled
        for gap in self._hub.gaps_after(self._settled):
            if gap.number in self._old:
                continue
            number = self._numbers.get(gap.number) or self._next()
            self._numbers[gap.number] = number
            now = replace(gap, number=number)
            if self._told.get(number) != now:
                self._told[number] = now
                news.append(now)
        self._forget(settled)
        return news

    def _forget(self, settled: int) -> None:
        """Of so many gaps nothing more will be known."""
        self._settled = settled
        for number in [number for number in self._numbers if number <= settled]:
            self._told.pop(self._numbers.pop(number), None)
        self._old = {number for number in self._old if number > settled}

    def _next(self) -> int:
        self._count += 1
        return self._count
