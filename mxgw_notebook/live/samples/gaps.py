"""Intervals in which values are missing, or may be.

Why: DECISIONS.md, "A gap begins with the last event, not when the loss is noticed".
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Literal

Cause = Literal["outage", "replay gap", "dropped", "not read in time", "not recorded"]
GAPS_KEPT = 10_000
# Gaps that follow each other so closely are one: a reader that is overrun loses in many small pieces.
JOINED_NS = 1_000_000_000


@dataclass(slots=True)
class Gap:
    """An interval without some or all values, nanoseconds since 1970 UTC by the gateway's clock.

    It begins with the last event before it; `end_ns` is None while it lasts. `events` counts lost events, 0
    if their number is not known. `filled` is True after a replay has brought everything. `tag` is empty if it
    applies to all tags. `number` counts gaps from 1: an update of a gap has the same number.
    """

    start_ns: int
    end_ns: int | None = None
    cause: Cause = "outage"
    events: int = 0
    filled: bool = False
    tag: str = ""
    number: int = 0


class Gaps:
    """All gaps of a hub, the oldest first. Written on the loop thread, read from any."""

    def __init__(self) -> None:
        # Bounded: a gateway that comes and goes for a month must not fill a notebook's memory.
        self._gaps: deque[Gap] = deque(maxlen=GAPS_KEPT)
        self._outage: Gap | None = None
        self.count = 0

    def since(self, number: int) -> list[Gap]:
        """Those after the first so many, filled ones included, oldest first."""
        found = []
        for gap in reversed(list(self._gaps)):
            if gap.number <= number:
                break
            found.append(gap)
        return found[::-1]

    @property
    def settled(self) -> int:
        """Of so many gaps nothing more will be known."""
        # The newest may still grow, and the outage before it wait for what its replay brings.
        open_since = self._outage.number if self._outage is not None else self.count
        return max(0, min(open_since, self.count) - 1)

    def all(self) -> list[Gap]:
        """Every gap, those that a replay has filled excluded."""
        # A copy first: a deque that is appended to while another thread walks it raises.
        return [gap for gap in list(self._gaps) if not gap.filled]

    def everything(self) -> list[Gap]:
        """Every gap, those that a replay has filled included."""
        return list(self._gaps)

    def replayed(self) -> list[tuple[int, int]]:
        """Intervals whose events came late, by a replay of all of them or of the newer ones."""
        late = [gap for gap in list(self._gaps) if gap.filled or gap.cause == "replay gap"]
        return [(gap.start_ns, gap.end_ns) for gap in late if gap.end_ns is not None]

    @property
    def interruptions(self) -> int:
        """How often the stream was lost, whether or not something is missing for it."""
        return sum(gap.cause != "dropped" for gap in list(self._gaps))

    def begin_outage(self, start_ns: int) -> None:
        """The stream is lost."""
        self._outage = self._add(Gap(start_ns))

    def end_outage(self, end_ns: int, *, replay: bool) -> None:
        """Events come again; what was between is missing, unless a replay that follows brings it."""
        if self._outage is not None:
            # The gateway's clock as we know it may have moved back meanwhile; a gap that ends before it
            # begins would vanish from every look.
            self._outage.end_ns = max(end_ns, self._outage.start_ns)
            self._outage = self._outage if replay else None

    def extend_last(self, gateway_ns: int) -> None:
        """The first events after an outage carry this time: until then values may be missing."""
        last = self._gaps[-1] if self._gaps else None
        if last is not None and last.end_ns is not None:
            # Only ever later: the first event may be an old value that was sent again.
            last.end_ns = max(last.end_ns, gateway_ns)

    def note_filled(self) -> None:
        """The last outage's events have all come by replay."""
        if self._outage is not None:
            # Kept, and marked: that the values of this time came late stays visible in `replayed`.
            self._outage.filled = True
            self._outage = None

    def note_replay_gap(self, events: int) -> None:
        """The gateway could not replay everything that the last outage took."""
        if self._outage is not None:
            self._outage.cause, self._outage.events = "replay gap", events
            self._outage = None

    def note_dropped(self, start_ns: int, end_ns: int, events: int) -> None:
        """Events that were numbered and did not come, though the stream stood."""
        last = self._gaps[-1] if self._gaps else None
        if last is not None and last.cause == "dropped" and start_ns - (last.end_ns or 0) < JOINED_NS:
            last.end_ns, last.events = max(end_ns, last.end_ns or 0), last.events + events
        else:
            self._add(Gap(start_ns, max(start_ns, end_ns), "dropped", events))

    def _add(self, gap: Gap) -> Gap:
        self.count += 1
        gap.number = self.count
        self._gaps.append(gap)
        return gap
