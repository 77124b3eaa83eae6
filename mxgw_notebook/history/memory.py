"""What this process remembers of the tags that it watches."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mxgw_notebook.client import AlarmRecord
from mxgw_notebook.frames import Samples
from mxgw_notebook.history.source import Span, cut, in_order
from mxgw_notebook.live import Gap, Hub, Subscription

MEMORY = "memory"
NO_ALARMS: Sequence[AlarmRecord] = ()


class MemorySource:
    """The histories of subscriptions, and the transitions of an alarm board, as they are when asked."""

    def __init__(
        self,
        hub: Hub,
        subscriptions: Callable[[], Sequence[Subscription]],
        transitions: Callable[[], Sequence[AlarmRecord]] = lambda: NO_ALARMS,
        now_ns: Callable[[], int] | None = None,
    ) -> None:
        self._hub, self._subscriptions, self._transitions = hub, subscriptions, transitions
        self._now_ns = now_ns or (lambda: hub.gateway_now)

    @property
    def origin(self) -> str:
        """memory."""
        return MEMORY

    def tags(self) -> list[str]:
        """The tags that are watched, and not refused."""
        return list(self._by_tag())

    def covers(self, tags: Sequence[str]) -> dict[str, list[Span]]:
        """From when each tag was watched, or from its oldest sample where older ones gave way, to now."""
        known, now = self._by_tag(), self._now_ns()
        begins = {tag: begin_of(self._hub, known[tag]) for tag in tags if tag in known}
        return {tag: [(begin, max(begin, now))] for tag, begin in begins.items()}

    def samples(self, tags: Sequence[str], start_ns: int, end_ns: int) -> dict[str, Samples]:
        """Of each tag the samples from start to end, and the newest earlier one."""
        known = self._by_tag()
        parts = {tag: in_order(known[tag].history.all()) for tag in tags if tag in known}
        found = {tag: cut(part, start_ns, end_ns) for tag, part in parts.items()}
        return {tag: part for tag, part in found.items() if len(part)}

    def gaps(self, tags: Sequence[str], start_ns: int, end_ns: int) -> list[Gap]:
        """The stream's gaps: they are every tag's."""
        del tags
        return [gap for gap in self._hub.outages if touches(gap, start_ns, end_ns)]

    def alarms(self, start_ns: int, end_ns: int) -> list[AlarmRecord]:
        """The transitions of that time."""
        return [record for record in self._transitions() if start_ns <= record.changed_ns <= end_ns]

    def _by_tag(self) -> dict[str, Subscription]:
        return {found.tag: found for found in self._subscriptions() if not found.failure}


def begin_of(hub: Hub, subscription: Subscription) -> int:
    """From when all is kept of a tag."""
    history = subscription.history
    kept = in_order(history.all()) if history.forgotten else None
    return hub.since_ns(subscription) if kept is None or not len(kept) else int(kept.time_ns[0])


def touches(gap: Gap, start_ns: int, end_ns: int) -> bool:
    """Whether a gap has anything of a stretch of time."""
    return gap.start_ns <= end_ns and (gap.end_ns is None or gap.end_ns >= start_ns)
