"""What is remembered of one tag: a bounded ring of samples.

Why: DECISIONS.md, "All histories share one bound".
"""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mxgw_notebook.client import Samples, Value
from mxgw_notebook.live.samples.room import Room, size_of

FIRST_SIZE = 64
CAPACITY = 100_000


class History:
    """The newest samples of one tag. Grows to `capacity`, then the oldest give way and are counted.

    They do so earlier where texts or arrays take more than the `room` has, which histories can share; the
    newest sample always stays. `boolean` is set once a boolean came: they are kept as 0 and 1.
    """

    __slots__ = (
        "_bytes",
        "_first",
        "_lock",
        "_number",
        "_objects",
        "_quality",
        "_replayed",
        "_room",
        "_time",
        "boolean",
        "capacity",
        "total",
    )

    def __init__(self, capacity: int = CAPACITY, room: Room | None = None) -> None:
        self.capacity, self._room = capacity, room or Room()
        self._bytes = 0  # of the values that are no numbers
        self._first = 0  # samples before this one gave way to newer ones for their size
        # Ever seen, not kept: a cursor of a widget is such a number, stays good when the oldest give way, and
        # a sample's place is it modulo the size.
        self.total = 0
        self.boolean = False
        # Cells read while the loop writes; a lock each, so that a long read of one tag holds up no other.
        self._lock = threading.Lock()
        # Small at first: 50,000 tags with room for 100,000 samples each would take gigabytes at once.
        self._time = np.empty(min(FIRST_SIZE, capacity), np.int64)
        self._number = np.empty(len(self._time), np.float64)
        self._quality = np.empty(len(self._time), np.uint8)
        self._objects: NDArray[Any] | None = None
        self._replayed: NDArray[np.bool_] | None = None

    def __len__(self) -> int:
        return min(self.total - self._first, self.capacity)

    @property
    def forgotten(self) -> int:
        """Samples that gave way to newer ones."""
        return self.total - len(self)

    def append(
        self,
        time_ns: NDArray[np.int64],
        number: NDArray[np.float64],
        quality: NDArray[np.uint8],
        objects: dict[int, Value] | None = None,
        *,
        replayed: NDArray[np.bool_] | None = None,
    ) -> None:
        """Adds samples in order; `objects` has the values that are no numbers, by row."""
        with self._lock:
            # More at once than there is room for: the older are counted as seen and forgotten at once, so
            # that `total` stays the truth.
            skipped = max(0, len(time_ns) - self.capacity)
            # Before the places are worked out, which follow from it.
            self.total += skipped
            self._grow(len(self) + len(time_ns) - skipped)
            places = self._places(len(time_ns) - skipped)
            self._time[places] = time_ns[skipped:]
            self._number[places] = number[skipped:]
            self._quality[places] = quality[skipped:]
            # Once there are texts, every sample has an entry: an old text would otherwise come back with a
            # number that takes its place a round later.
            if objects or self._objects is not None:
                self._keep_objects(np.arange(len(self._time))[places], objects or {}, skipped)
            # The same: a flag that is not overwritten would belong to the sample of a round ago.
            if replayed is not None or self._replayed is not None:
                self._flags()[places] = False if replayed is None else replayed[skipped:]
            self.total += len(time_ns) - skipped
            if self._bytes:
                self._give_way()

    def add(
        self, time_ns: int, number: float, quality: int, value: Value = None, *, replayed: bool = False
    ) -> None:
        """Adds one sample; `value` where it is not a number. A third of what `append` takes for one."""
        with self._lock:
            if self.total >= len(self._time):
                self._grow(len(self) + 1)
            place = self.total % len(self._time)
            self._time[place] = time_ns
            self._number[place] = number
            self._quality[place] = quality
            if value is not None or self._objects is not None:
                self._put(place, value)
            if replayed or self._replayed is not None:
                self._flags()[place] = replayed
            self.total += 1
            if self._bytes:
                self._give_way()

    def since(self, total: int) -> Samples:
        """The samples after the first `total` ever seen, as far as they are still kept."""
        with self._lock:
            return self._between(max(total, self.total - len(self)), self.total)

    def all(self) -> Samples:
        """Every sample kept."""
        return self.since(0)

    def newest(self, count: int) -> Samples:
        """The last samples, at most so many."""
        return self.since(max(0, self.total - count))

    def limit(self, capacity: int) -> None:
        """Another capacity; a smaller one forgets the oldest samples at once."""
        with self._lock:
            kept = min(len(self), capacity)
            self.capacity = capacity
            if len(self._time) > capacity:
                self._lay_out(kept, min(capacity, max(FIRST_SIZE, kept)))

    def leave_room(self) -> None:
        """It grows no more: what it has is its holder's, and not the others' loss."""
        if not self._bytes:  # as those of all numbers, of which there may be 50,000
            return
        with self._lock:
            self._room.used -= self._bytes
            self._room = Room(self._room.most)
            self._room.used = self._bytes

    def _between(self, start: int, end: int) -> Samples:
        # By an array, so copied: what a cell holds does not change under it.
        places = np.arange(start, end) % len(self._time)
        return Samples(
            self._time[places],
            self._number[places],
            self._quality[places],
            None if self._objects is None else self._objects[places],
            None if self._replayed is None else self._replayed[places],
            self.boolean,
            self.total,
        )

    def _places(self, count: int) -> slice | NDArray[np.int64]:
        """Where the next samples go; mostly they lie in one piece."""
        size = len(self._time)
        start = self.total % size
        if start + count <= size:
            return slice(start, start + count)
        return np.arange(self.total, self.total + count) % size

    def _keep_objects(self, places: NDArray[np.int64], objects: dict[int, Value], skipped: int) -> None:
        for row, place in enumerate(places.tolist()):
            self._put(place, objects.get(row + skipped))

    def _put(self, place: int, value: Value) -> None:
        """Keeps a value that is not a number, or None, where another may have been."""
        kept = self._others()
        self._take(size_of(value) - size_of(kept[place]))
        kept[place] = value

    def _take(self, size: int) -> None:
        """So many bytes more of the room."""
        self._bytes += size
        self._room.used += size

    def _give_way(self) -> None:
        """Forgets the oldest samples while the values that are no numbers take too much."""
        while self._room.is_too_small(self._bytes) and len(self) > 1:
            self._put((self.total - len(self)) % len(self._time), None)
            self._first = self.total - len(self) + 1

    def _others(self) -> NDArray[Any]:
        """The values that are no numbers, made with the first of them."""
        if self._objects is None:
            self._objects = np.full(len(self._time), None, dtype=object)
        return self._objects

    def _flags(self) -> NDArray[np.bool_]:
        """Which samples came late, made with the first of them."""
        if self._replayed is None:
            self._replayed = np.zeros(len(self._time), np.bool_)
        return self._replayed

    def _grow(self, needed: int) -> None:
        """Doubles the ring until it holds what is needed."""
        before = size = len(self._time)
        if needed <= size or size == self.capacity:
            return
        # Doubling makes growing cheap in all: each sample is moved once or twice in the history's life.
        while size < needed:
            size *= 2
        self._lay_out(min(len(self), before), min(size, self.capacity))

    def _lay_out(self, kept: int, size: int) -> None:
        """Moves the newest samples to a ring of another size; a sample's place follows from its number."""
        places: slice | NDArray[np.int64] = slice(0, kept)
        new, held = places, min(self.total - self._first, len(self._time))
        if kept < self.total:  # it has gone round
            numbers = np.arange(self.total - kept, self.total)
            # Places change with the size, numbers do not.
            places, new = numbers % len(self._time), numbers % size
        self._time = laid_out(self._time[places], new, size)
        self._number = laid_out(self._number[places], new, size)
        self._quality = laid_out(self._quality[places], new, size)
        if self._objects is not None:
            self._objects = laid_out(self._objects[places], new, size)
            if kept < held:
                self._take(sum(map(size_of, self._objects)) - self._bytes)
        if self._replayed is not None:
            self._replayed = laid_out(self._replayed[places], new, size)


def laid_out(values: NDArray[Any], places: slice | NDArray[np.int64], size: int) -> NDArray[Any]:
    """An array of a size with the values at their places; None or zero elsewhere."""
    made = np.zeros(size, values.dtype) if values.dtype != object else np.full(size, None, dtype=object)
    made[places] = values
    return made
