"""Watched tags as a trend wants them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

import numpy as np

from mxgw_notebook.live import Hub, Subscription
from mxgw_notebook.widgets import TagSamples, TrendDelta, TrendTag

NANOSECONDS_A_MILLISECOND = 1e6
# A widget keeps one cursor and asks from 0 for a resync; a few more allow for several views.
CURSORS_KEPT = 16


class WatchedTags:
    """A trend's source: the histories of some subscriptions. A cursor stands for one total a tag."""

    def __init__(self, hub: Hub, subscriptions: Sequence[Subscription], tags: Sequence[TrendTag]) -> None:
        self.tags = tags
        self.stopped = False
        self._hub, self._subscriptions = hub, subscriptions
        self._totals: OrderedDict[int, list[int]] = OrderedDict({0: [0] * len(subscriptions)})
        self._cursor = 0

    def since(self, cursor: int) -> TrendDelta:
        """Everything after `cursor`; after 0, or one no longer known, everything kept."""
        seen = self._totals.get(cursor, self._totals[0])
        totals = [subscription.history.total for subscription in self._subscriptions]
        samples = [
            samples_of(index, self._subscriptions[index], start)
            for index, (start, total) in enumerate(zip(seen, totals, strict=True))
            if total > start
        ]
        self._remember(totals)
        return TrendDelta(
            self._cursor, samples, self._outages(), "stopped" if self.stopped else self._hub.status
        )

    def _remember(self, totals: list[int]) -> None:
        self._cursor += 1
        self._totals[self._cursor] = totals
        while len(self._totals) > CURSORS_KEPT:
            oldest = next(cursor for cursor in self._totals if cursor)
            del self._totals[oldest]

    def _outages(self) -> list[tuple[float, float | None]]:
        return [
            (
                outage.start_ns / NANOSECONDS_A_MILLISECOND,
                outage.end_ns and outage.end_ns / NANOSECONDS_A_MILLISECOND,
            )
            for outage in self._hub.outages
        ]


def samples_of(index: int, subscription: Subscription, start: int) -> TagSamples:
    """The samples of one tag after the first `start`."""
    kept = subscription.history.since(start)
    return TagSamples(
        index=index,
        time_ms=kept.time_ns.astype(np.float64) / NANOSECONDS_A_MILLISECOND,
        value=kept.number,
        quality=kept.quality,
    )
