"""When a condition began to hold, held long enough, and ended: told from samples in their order."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from mxgw_notebook.client import Samples
from mxgw_notebook.live.conditions.condition import Condition
from mxgw_notebook.live.conditions.expression import Present
from mxgw_notebook.live.samples import Gap, Subscription

NANOSECONDS_A_SECOND = 1e9


@dataclass(slots=True)
class ConditionEvent:
    """One time that a condition was true, nanoseconds since 1970 UTC; `end_ns` is None while it is true."""

    number: int
    start_ns: int
    end_ns: int | None = None


Occasion = ConditionEvent  # as scripts may have it in their annotations


class ConditionMonitor:
    """Follows the tags of a condition. `look` is called again and again by one thread.

    `gaps` tells when values were missing: such time does not count for how long the condition held.
    """

    def __init__(
        self,
        condition: Condition,
        subscriptions: Sequence[Subscription],
        gaps: Callable[[], Sequence[Gap]] = tuple,
    ) -> None:
        self.condition = condition
        self._gaps = gaps
        self.events: list[ConditionEvent] = []
        self._subscriptions = subscriptions
        self._totals = {
            # The newest value counts from the beginning: a condition that holds already is no less true, and
            # a tag that never changes would else stay unknown.
            found.tag: found.history.total - len(found.history.newest(1))
            for found in subscriptions
        }
        self._readings: dict[str, Present] = {}
        self._since_ns: int | None = None
        self._open: ConditionEvent | None = None

    @property
    def holding(self) -> bool:
        """Whether the condition holds now, and has long enough."""
        return self._open is not None

    def look(self, now_ns: int) -> list[ConditionEvent]:
        """Takes in what came since the last look; the events that began with it."""
        known = len(self.events)
        new = {}
        for found in self._subscriptions:
            new[found.tag] = found.history.since(self._totals[found.tag])
            self._totals[found.tag] = new[found.tag].total
        # In the order of time over all tags, not tag by tag: `A > 1 and B < 2` would else hold for moments at
        # which it never did.
        for time_ns, tag, reading in in_order(new, now_ns):
            self._expire(time_ns)
            self._readings[tag] = reading
            self._judge(time_ns)
        # Without a sample time passes, too: `for 5s` comes true between two of them.
        self._expire(now_ns)
        return self.events[known:]

    def _judge(self, time_ns: int) -> None:
        if self.condition.holds(self._readings):
            # From the first of the samples that make it true; later ones do not begin it anew.
            self._since_ns = time_ns if self._since_ns is None else self._since_ns
            self._expire(time_ns)
            return
        self._since_ns = None
        if self._open is not None:
            self._open.end_ns, self._open = time_ns, None

    def _expire(self, now_ns: int) -> None:
        """The condition has held up to now: an event begins once that is long enough."""
        if self._since_ns is None or self._open is not None:
            return
        hold_ns = self.condition.hold_seconds * NANOSECONDS_A_SECOND
        # The plain time first, which is nearly always enough to say no; the gaps are many after a bad night.
        if now_ns - self._since_ns >= hold_ns and self._known_ns(self._since_ns, now_ns) >= hold_ns:
            self._open = ConditionEvent(len(self.events) + 1, self._since_ns)
            self.events.append(self._open)

    def _known_ns(self, start_ns: int, end_ns: int) -> int:
        """How much of an interval lies in no gap."""
        bounds = ((gap.start_ns, end_ns if gap.end_ns is None else gap.end_ns) for gap in self._gaps())
        missing = (min(end_ns, end) - max(start_ns, start) for start, end in bounds)
        return end_ns - start_ns - sum(length for length in missing if length > 0)


def in_order(new: Mapping[str, Samples], now_ns: int) -> Iterator[tuple[int, str, Present]]:
    """The samples of all tags by time, each as what its tag then read."""

    def of(tag: str, samples: Samples) -> Iterator[tuple[int, str, Present]]:
        for row, time_ns in enumerate(placed(samples.time_ns.tolist(), now_ns)):
            yield time_ns, tag, Present(samples.value(row), int(samples.quality[row]))

    parts = [of(tag, samples) for tag, samples in new.items()]
    # Each tag's samples are in order, and merging is stable: of equal times the tag named first is first.
    return heapq.merge(*parts, key=lambda entry: entry[0])


def placed(times_ns: list[int], now_ns: int) -> list[int]:
    """Times where those that are not known, 0, are their follower's: as late as they can have been.

    So a condition has never held longer than is certain. Without a follower it is now.
    """
    for row in reversed(range(len(times_ns))):
        if not times_ns[row]:
            times_ns[row] = times_ns[row + 1] if row + 1 < len(times_ns) else now_ns
    return times_ns
