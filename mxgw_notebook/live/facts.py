"""What one sees of a hub: its state, its counters and its clocks."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from weakref import WeakSet

from mxgw_notebook.client import is_unnamed
from mxgw_notebook.errors import GatewayError
from mxgw_notebook.live.follow import Follower, Standing
from mxgw_notebook.live.samples import EventIngest, Gap, StreamHealth, Subscription
from mxgw_notebook.live.session import Reader, SessionLink
from mxgw_notebook.live.subscriptions import Subscriptions
from mxgw_notebook.live.watchdog import Watchdog
from mxgw_notebook.words import Phase


class HubFacts:
    """The part of a hub that can be read from any thread."""

    _advised: Subscriptions
    _intake: EventIngest
    _link: SessionLink
    _watchdog: Watchdog
    _dropped_before: int
    _counted: WeakSet[Reader]
    _loops: tuple[Follower, Follower]

    @property
    def standing(self) -> Standing:
        """How the values stand: as their stream does, SILENT where that brings none for too long.

        FAILING where a loop of ours does, which takes values in or looks after them, INCOMPLETE for a while
        after an event that could not be read.
        """
        standing = self._link.standing
        if not standing.is_live:
            return standing
        failing = [kept.standing for kept in self._loops if kept.standing.phase is Phase.FAILING]
        return failing[0] if failing else self._watchdog.silence or self._intake.unread.standing or standing

    @property
    def status(self) -> str:
        """live, idle (nothing watched yet), stopped, or in words why values do not come."""
        return str(self.standing)

    @property
    def outages(self) -> list[Gap]:
        """Every interval without values so far, oldest first."""
        return self._intake.gaps.all()

    def gaps_after(self, number: int) -> list[Gap]:
        """Every gap after the first so many, filled ones included, oldest first."""
        return self._intake.gaps.since(number)

    @property
    def gaps_settled(self) -> int:
        """Of so many gaps nothing more will be known."""
        return self._intake.gaps.settled

    @property
    def refusal(self) -> GatewayError | None:
        """Why the gateway will never be asked again, where its refusal is final."""
        return self._link.refusal

    @property
    def all_gaps(self) -> list[Gap]:
        """The same, and those that a replay has filled since."""
        return self._intake.gaps.everything()

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
        """Events of the stream that could not be read, or not whole."""
        return self._intake.unread.count

    @property
    def other_events(self) -> Counter[str]:
        """How many events came that are no data changes, by family."""
        return self._intake.other_events

    @property
    def unknown(self) -> int:
        """Of these, events of families that this version does not know."""
        counted = list(self.other_events.items())
        return sum(count for family, count in counted if family == "UNSPECIFIED" or is_unnamed(family))

    @property
    def dropped(self) -> int:
        """Events lost because they were not taken in time."""
        opened = self._link.opened
        present = 0 if opened is None or opened.reader in self._counted else opened.reader.dropped
        return self._dropped_before + present

    @property
    def forgotten(self) -> int:
        """Samples that gave way to newer ones in their tags' histories."""
        return sum(subscription.history.forgotten for subscription in self._advised.all)

    @property
    def gateway_now(self) -> int:
        """The gateway's clock, nanoseconds since 1970 UTC, as far as it has shown it."""
        return self._intake.pulse.gateway_now()

    def since_ns(self, subscription: Subscription) -> int:
        """When a tag was advised first, by the gateway's clock as far as it has shown it by now."""
        return subscription.since_ns or subscription.asked_ns - (time.time_ns() - self.gateway_now)

    @property
    def heard_ns(self) -> int:
        """The gateway's time of the newest event, nanoseconds since 1970 UTC; 0 before one came."""
        return self._intake.pulse.gateway_ns

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
        return self._advised.all

    @property
    def tags_advised(self) -> int:
        """How many tags are watched."""
        return len(self._advised)

    @property
    def tags_failed(self) -> int:
        """How many of them the gateway refused."""
        return self._advised.failures
