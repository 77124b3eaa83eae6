"""A reader that lets seldom events gather: a rest after one that was waited for, none under load.

To wake up for one event costs ten times what reading one does that lies there. So a thousand events a second
are read in twenty bursts, each just before they are taken from the reader.

Why: DECISIONS.md, "A reader rests where events are few".
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from time import monotonic

# As often as a hub takes: for longer nobody is to wait, whoever takes and how often.
REST_SECONDS = 0.05
# Taken twice at once, as on request, it is not to rest for so short a time again and again.
SHORTEST_REST_SECONDS = 0.01
# What a burst needs to be read, on a busy machine: the rest ends so long before the next take.
LEAD_SECONDS = 0.005
# What takes longer to come had not come before: nothing else lies there either.
WAITED_SECONDS = 0.0003
# Of more than these a rest would be felt at the gateway, whose queue is short.
SELDOM_A_SECOND = 3_000.0
# Over so long they are counted: a source that stands still for a moment under load is none of few events.
WINDOW_SECONDS = 0.05
SELDOM_A_WINDOW = SELDOM_A_SECOND * WINDOW_SECONDS


class Takes:
    """When what lies ready is taken next, by when it was lately: `last` and `interval`, by one clock.

    `interval` is 0 before it is known.
    """

    def __init__(self, last: float = 0.0, interval: float = 0.0) -> None:
        self.last, self.interval = last, interval

    def note(self, now: float) -> None:
        """It is being taken. Called by the thread that takes."""
        between = max(now - self.last, SHORTEST_REST_SECONDS)
        self.interval, self.last = min(between, REST_SECONDS), now

    def seconds_before(self, now: float) -> float:
        """How long it is from now until just before the next."""
        if not self.interval:
            return REST_SECONDS
        return (self.last - LEAD_SECONDS - now) % self.interval


class Rests:
    """When one reading thread rests; `stopped`, once it is set, ends the rest and all later ones."""

    def __init__(self, stopped: threading.Event) -> None:
        self.taken = 0
        self._stopped = stopped
        self._takes = Takes()

    def note_emptied(self) -> None:
        """What was read has been taken from the reader. Called by the thread that takes."""
        self._takes.note(monotonic())

    def seconds(self, now: float) -> float:
        """How long a rest that begins now lasts: until just before what was read is taken next."""
        return self._takes.seconds_before(now)

    def between(self, messages: Iterator[bytes]) -> Iterator[bytes]:
        """The messages, with rests where they are few: one that comes alone is handed on before."""
        began = last = monotonic()
        events, is_seldom = 0, False
        # Beside each event stand one look at the clock and two comparisons: more would be felt at 50,000 a
        # second.
        for data in messages:
            yield data
            now = monotonic()
            waited, last = now - last, now
            events += 1
            if waited < WAITED_SECONDS:
                continue
            if now - began >= WINDOW_SECONDS:
                is_seldom = events < SELDOM_A_SECOND * (now - began)
                began, events = now, 0
            if is_seldom and events < SELDOM_A_WINDOW:
                self.taken += 1
                self._stopped.wait(self.seconds(now))
                last = monotonic()
