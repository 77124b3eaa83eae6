"""Watched tags as a trend wants them."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence

import numpy as np

from mxgw_notebook.gateway.alarm_trend import Marks
from mxgw_notebook.live import Hub, Samples, Subscription
from mxgw_notebook.widgets import TagSamples, TrendDelta, TrendTag
from mxgw_notebook.widgets.sources import STOPPED

NANOSECONDS_A_MILLISECOND = 1e6
# A widget keeps one cursor and asks from 0 for a resync; a few more allow for several views.
CURSORS_KEPT = 64


class WatchedTags:
    """A trend's source: the histories of some subscriptions. A cursor stands for one total a tag."""

    def __init__(self, hub: Hub, subscriptions: Sequence[Subscription], tags: Sequence[TrendTag]) -> None:
        self.tags = tags
        self.stopped = False
        self.marks: Callable[[], Marks] = lambda: ([], [])
        self._hub = hub
        self._histories = [subscription.history for subscription in subscriptions]
        self._totals: OrderedDict[int, list[int]] = OrderedDict({0: [0] * len(subscriptions)})
        self._cursor = 0
        self._lock = threading.Lock()

    def since(self, cursor: int) -> TrendDelta:
        """Everything after `cursor`; after 0, or one no longer known, everything kept."""
        with self._lock:
            seen = self._totals.get(cursor, self._totals[0])
            kept = [history.since(start) for history, start in zip(self._histories, seen, strict=True)]
            self._remember([part.total for part in kept])
            samples = [samples_of(index, part) for index, part in enumerate(kept) if len(part)]
            status = STOPPED if self.stopped else self._hub.status
            return TrendDelta(self._cursor, samples, self._outages(), status, *self.marks())

    def _remember(self, totals: list[int]) -> None:
        self._cursor += 1
        self._totals[self._cursor] = totals
        if len(self._totals) > CURSORS_KEPT:
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


def samples_of(index: int, kept: Samples) -> TagSamples:
    """The samples of the tag at `index`."""
    return TagSamples(
        index=index,
        time_ms=kept.time_ns.astype(np.float64) / NANOSECONDS_A_MILLISECOND,
        value=kept.number,
        quality=kept.quality,
    )
