"""The thread of worker_sequence through one session: what came twice, what never came.

Why: DECISIONS.md, "The present value after a reconnect is not a new sample".
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mxgw_notebook.client import EventColumns


@dataclass(frozen=True, slots=True)
class Missing:
    """Events that the gateway numbered and we never got: those between two sequences, both excluded."""

    after: int
    before: int
    replay_gap: bool = False

    @property
    def events(self) -> int:
        """How many."""
        return self.before - self.after - 1


# So many events in a row that all seem to have come before, or for so long: no replay is like that.
STALE_EVENTS = 200
STALE_SECONDS = 10.0


class Continuity:
    """Follows one session's sequences. `last` is the highest seen, 0 before the first."""

    def __init__(self) -> None:
        self.last = 0
        self._stale = 0  # events since the last fresh one
        self._stale_since = 0.0

    def begin(self) -> None:
        """A new session counts anew."""
        self.last = self._stale = 0

    @property
    def is_broken(self) -> bool:
        """Whether the sequences went back: what comes counts as seen, and would be left out for ever."""
        stale_for = time.monotonic() - self._stale_since if self._stale > 1 else 0.0
        return self._stale >= STALE_EVENTS or stale_for >= STALE_SECONDS

    def follow(self, columns: EventColumns) -> tuple[EventColumns, list[Missing]]:
        """The batch without what came before already, and what is missing before or in it."""
        missing = []
        # Before the numbers: the notice of a replay gap comes ahead of the events that are left, and explains
        # why they begin later.
        for event in columns.others:
            if event.replay_gap is not None:
                missing += self._replay_gap(event.replay_gap.oldest_available)
        # After the notices, which may have moved it.
        before = self.last
        # What is not above was seen already: a replay begins a little earlier than asked for, and a change of
        # readers reads some twice.
        numbers = columns.seen[columns.seen > before]
        self._note_stale(len(columns.seen), len(numbers))
        if not len(numbers):
            return without(columns, before), missing
        if before == 0:  # a session that was read from its beginning: whatever comes first is the first
            before = int(numbers[0]) - 1
        # Over all events of the session, not over one tag's: only together their numbers have no holes.
        steps = np.diff(numbers, prepend=before)
        for place in np.flatnonzero(steps > 1).tolist():
            previous = int(numbers[place]) - int(steps[place])
            missing.append(Missing(previous, int(numbers[place])))
        # Mostly nothing came twice, and copies would be for nothing. `self.last` is still that of before.
        kept = columns if len(numbers) == len(columns.seen) else without(columns, self.last)
        self.last = int(numbers[-1])
        return kept, missing

    def _note_stale(self, events: int, fresh: int) -> None:
        if fresh:
            self._stale = 0
        elif events:
            self._stale_since = self._stale_since if self._stale else time.monotonic()
            self._stale += events

    def _replay_gap(self, oldest: int) -> list[Missing]:
        """The gateway itself says that it no longer has what we ask for."""
        # To just before the oldest: what follows is then no second gap.
        after, self.last = self.last, max(self.last, oldest - 1)
        return [Missing(after, oldest, replay_gap=True)] if oldest > after + 1 else []


def without(columns: EventColumns, last: int) -> EventColumns:
    """The batch without the events up to a sequence."""
    rows: NDArray[np.int64] = np.flatnonzero(columns.sequence > last)
    kept = columns.take(rows)
    kept.others = [event for event in columns.others if event.sequence > last or event.replay_gap]
    # Facts of the batch, not of its rows: they hold whatever is left out.
    kept.broken, kept.arrival = columns.broken, columns.arrival
    kept.seen = columns.seen[columns.seen > last]
    return kept
