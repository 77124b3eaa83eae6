"""The transitions of a board: the newest of them, and how the alarms came to be that stood before."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from itertools import islice

from mxgw_notebook.client import AlarmRecord
from mxgw_notebook.live.alarms.active_alarm import SNAPSHOT, ActiveAlarm, concluded
from mxgw_notebook.live.samples import size_of

MOST_BYTES = 128 << 20


class TransitionLog:
    """Transitions in the order they came. Not safe between threads: whoever owns it has a lock.

    `seen` counts all of them, also those that were forgotten since: the oldest of more than so many, and
    where their texts and arrays take more than 128 MiB.
    """

    def __init__(self, kept: int) -> None:
        # Bounded: a board lives as long as its notebook, and a chattering alarm may come twice a second.
        self.records: deque[AlarmRecord] = deque()
        self.seen = 0
        self._kept, self._bytes = kept, 0
        self._opening: list[AlarmRecord] = []

    def begin(self, records: list[AlarmRecord]) -> None:
        """Takes what the first snapshot lets one conclude; it came before all that is noted here."""
        self._opening = records

    def note(self, records: Iterable[AlarmRecord]) -> None:
        """These came, in this order."""
        for record in records:
            self.seen += 1
            self._bytes += bytes_of(record)
            self.records.append(record)
            while len(self.records) > self._kept or (self._bytes > MOST_BYTES and len(self.records) > 1):
                self._bytes -= bytes_of(self.records.popleft())

    def news(self, seen: int) -> tuple[int, list[AlarmRecord]]:
        """How many were seen by now, and those kept of the ones after the first `seen`."""
        # Those forgotten in between cannot be given; the caller sees it by the count.
        count = min(self.seen - seen, len(self.records))
        # From the end: a look brings a few of up to 100,000, and the front of a deque is far from there.
        return self.seen, list(islice(reversed(self.records), count))[::-1]

    def account(self, active: Iterable[ActiveAlarm]) -> list[AlarmRecord]:
        """All there are, and before them how the alarms came to be that stood when it began.

        Once transitions were forgotten, that is concluded from what is active, for alarms of which none is
        kept.
        """
        kept = list(self.records)
        if self.seen == len(kept):
            return [*self._opening, *kept]
        named = {record.reference for record in kept}
        missing = (alarm for alarm in active if alarm.record.reference not in named)
        return [record for alarm in missing for record in concluded(None, alarm, SNAPSHOT)] + kept


def bytes_of(record: AlarmRecord) -> int:
    """What can be large of a record: the values that a plant sends along, and what people write."""
    return size_of(record.value) + size_of(record.limit) + size_of(record.comment)
