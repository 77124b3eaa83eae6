"""Between the stream, which never waits, and the recorder's thread: a bounded queue that counts.

Why: DECISIONS.md, "The first value of a tag in a recording is not a sample".
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from mxgw_notebook.client import Value
from mxgw_notebook.history.rows import PRESENT, REPLAYED, sample_rows
from mxgw_notebook.live import Hub, Subscription, Taken
from mxgw_notebook.words import NOT_RECORDED

# Some 100 MB; at 50,000 events a second the writing may stand for 40 s.
MOST_WAITING: Final = 2_000_000
DOUBLE, BOOLEAN, NOTHING = 4, 0, -1
Key = tuple[str, bool]


@dataclass(slots=True)
class Resumed:
    """From here on everything is there again; `present` is what tags read then, `lost` how many went."""

    since_ns: int
    at_ns: int
    present: Any
    lost: int = 0
    why: str = ""

    def lost_fact(self, number: int) -> dict[str, Any]:
        """The gap that ends here."""
        return {
            "table": "gaps", "number": number, "start_ns": self.since_ns, "end_ns": self.at_ns,
            "cause": NOT_RECORDED, "events": self.lost, "filled": False, "why": self.why,
        }  # fmt: skip


@dataclass(slots=True)
class Intake:
    """What waits to be written. `offer` runs on the loop thread, `drain` on the recorder's.

    Where it is full, or writing stands for want of room, events are counted and not kept; the first that is
    taken again is led by what all tags read then.
    """

    chosen: Callable[[], Sequence[Subscription]]
    now_ns: Callable[[], int]
    most: int = MOST_WAITING
    dropped: int = 0
    waiting: int = 0
    failure: str = ""
    _items: deque[Taken | Resumed] = field(default_factory=deque)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _shut: tuple[int, str] | None = None  # since when nothing is taken, and why
    _stands: bool = False  # whoever writes cannot
    _lost: int = 0

    @property
    def shut_ns(self) -> int:
        """Since when nothing is taken; 0 where all is."""
        return self._shut[0] if self._shut is not None else 0

    def begin(self) -> Resumed:
        """What the tags read now, before any of what is offered."""
        now = self.now_ns()
        return Resumed(now, now, self._present())

    def shut(self, since_ns: int, why: str, lost: int) -> None:
        """Takes nothing until `open`; what waits is given up, and so were `lost` events that did."""
        with self._lock:
            self._shut, self._stands = self._shut or (since_ns, why), True
            lost += sum(item.lost for item in self._items if isinstance(item, Resumed)) + self.waiting
            self._lost += lost
            self.dropped += lost
            self._items.clear()
            self.waiting = 0

    def open(self) -> None:
        """Takes again what comes: the next event leads to a `Resumed`."""
        self._stands = False

    def offer(self, taken: Taken) -> None:
        """Keeps what came, or counts it. Returns at once; raises nothing."""
        try:
            self._offer(taken)
        except Exception as error:  # whatever it is, the stream goes on
            self.failure = f"{type(error).__name__}: {error}"

    def drain(self) -> list[Taken | Resumed]:
        """What waits; it is the caller's then."""
        with self._lock:
            found, self._items = list(self._items), deque()
            self.waiting = 0
        return found

    def _offer(self, taken: Taken) -> None:
        count = sum(end - start for _, start, end in taken.parts)
        with self._lock:
            if self._shut is None and self.waiting + count > self.most:
                self._shut = (self.now_ns(), "events came faster than they could be written")
            if self._shut is not None and (self._stands or self.waiting + count > self.most // 2):
                self._lost += count
                self.dropped += count
                return
            if self._shut is not None:
                (since, why), self._shut = self._shut, None
                lost, self._lost = self._lost, 0
                self._items.append(Resumed(since, self.now_ns(), self._present(), lost, why))
            self._items.append(taken)
            self.waiting += count

    def _present(self) -> Any:
        return present_rows([found for found in self.chosen() if not found.failure])


def key_of(subscription: Subscription) -> Key:
    """A tag may be watched both ways: buffered, and not."""
    return subscription.tag, subscription.buffered


def present_rows(subscriptions: Sequence[Subscription]) -> Any:
    """What tags read now, flagged as such; None where there is nothing."""
    newest = [(found.tag, found.history.newest(1), found.history.boolean) for found in subscriptions]
    known = [(tag, part, boolean) for tag, part, boolean in newest if len(part)]
    if not known:
        return None
    number = np.array([part.number[0] for _, part, _ in known])
    objects = {
        row: part.objects[0]
        for row, (_, part, _) in enumerate(known)
        if part.objects is not None and part.objects[0] is not None
    }
    booleans = np.array([boolean for _, _, boolean in known]) & ((number == 0) | (number == 1))
    kinds = np.where(booleans, BOOLEAN, np.where(np.isnan(number), NOTHING, DOUBLE)).astype(np.int8)
    return sample_rows(
        pa.array([tag for tag, _, _ in known], pa.string()),
        np.array([part.time_ns[0] for _, part, _ in known], np.int64),
        number,
        np.array([part.quality[0] for _, part, _ in known], np.uint8),
        kinds,
        objects,
        np.full(len(known), PRESENT, np.uint8),
        np.zeros(len(known), np.int64),
    )


def rows_of(taken: Taken, keys: Collection[Key], seen: set[Key], hub: Hub) -> Any:
    """The samples of what was taken in, of the tags that are recorded; None where there are none.

    `seen` are those that had any before; it is added to.
    """
    parts = [part for part in taken.parts if key_of(part[0]) in keys]
    if not parts:
        return None
    lengths = np.array([end - start for _, start, end in parts])
    rows: NDArray[np.int64] = np.concatenate([np.arange(start, end) for _, start, end in parts])
    places = pa.array(np.repeat(np.arange(len(parts), dtype=np.int32), lengths))
    names = pa.array([found.tag for found, _, _ in parts], pa.string())
    columns = taken.columns
    number, time_ns = columns.number[rows], columns.time_ns[rows]
    kinds = columns.kind[rows] if len(columns.kind) else np.where(np.isnan(number), NOTHING, DOUBLE)
    late = np.zeros(len(rows), np.uint8) if taken.late is None else taken.late[rows] * np.uint8(REPLAYED)
    # What came as a tag was advised was its value before: it is no event of this recording's time.
    firsts = np.cumsum(lengths) - lengths
    fresh = np.array([key_of(found) not in seen for found, _, _ in parts])
    since = np.array(
        [hub.since_ns(found) if new else 0 for (found, _, _), new in zip(parts, fresh, strict=True)]
    )
    before = np.zeros(len(rows), np.uint8)
    before[firsts[fresh & (time_ns[firsts] > 0) & (time_ns[firsts] < since)]] = PRESENT
    seen.update(key_of(found) for found, _, _ in parts)
    objects: dict[int, Value] = {}
    if columns.objects:
        objects = {
            place: columns.objects[row] for place, row in enumerate(rows.tolist()) if row in columns.objects
        }
    return sample_rows(
        names.take(places),
        time_ns,
        number,
        columns.quality[rows],
        kinds.astype(np.int8),
        objects,
        late | before,
        columns.sequence[rows],
    )


def joined(batches: Sequence[Any]) -> Any:
    """Several batches as one; None for none."""
    if not batches:
        return None
    return pa.Table.from_batches(batches).combine_chunks().to_batches()[0]


def newest_time(batch: Any, now: int) -> int:
    """The newest time of samples, as far as the gateway's clock has come."""
    newest = pc.max(batch["timestamp"].cast(pa.int64())).as_py() or 0
    return min(newest, now)


def events_in(item: Any) -> int:
    """How many events are lost where it cannot be written."""
    return item.lost if isinstance(item, Resumed) else sum(end - start for _, start, end in item.parts)
