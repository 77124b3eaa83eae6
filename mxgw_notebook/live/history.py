"""What is remembered of one tag: a bounded ring of samples."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mxgw_notebook.client.values import Value

FIRST_SIZE = 256
CAPACITY = 100_000


@dataclass(frozen=True, slots=True)
class Samples:
    """Samples of one tag, oldest first, all arrays of one length.

    `time_ns` is nanoseconds since 1970 UTC, `quality` the OPC byte, `number` NaN where the value is no
    number: that value then stands in `objects`, which is None where all are numbers. `total` is how many
    samples the tag had ever had by then.
    """

    time_ns: NDArray[np.int64]
    number: NDArray[np.float64]
    quality: NDArray[np.uint8]
    objects: NDArray[Any] | None = None
    total: int = 0

    def __len__(self) -> int:
        return len(self.time_ns)


class History:
    """The newest samples of one tag. Grows to `capacity`, then the oldest give way and are counted."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self.capacity = capacity
        self.total = 0
        self._lock = threading.Lock()
        self._time = np.empty(min(FIRST_SIZE, capacity), np.int64)
        self._number = np.empty(len(self._time), np.float64)
        self._quality = np.empty(len(self._time), np.uint8)
        self._objects: NDArray[Any] | None = None

    def __len__(self) -> int:
        return min(self.total, self.capacity)

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
    ) -> None:
        """Adds samples in order; `objects` has the values that are no numbers, by row."""
        with self._lock:
            skipped = max(0, len(time_ns) - self.capacity)
            self.total += skipped
            self._grow(len(self) + len(time_ns) - skipped)
            places = np.arange(self.total, self.total + len(time_ns) - skipped) % len(self._time)
            self._time[places] = time_ns[skipped:]
            self._number[places] = number[skipped:]
            self._quality[places] = quality[skipped:]
            self._keep_objects(places, objects or {}, skipped)
            self.total += len(places)

    def since(self, total: int) -> Samples:
        """The samples after the first `total` ever seen, as far as they are still kept."""
        with self._lock:
            start = max(total, self.total - len(self))
            places = np.arange(start, self.total) % len(self._time)
            objects = None if self._objects is None else self._objects[places]
            return Samples(
                self._time[places], self._number[places], self._quality[places], objects, self.total
            )

    def all(self) -> Samples:
        """Every sample kept."""
        return self.since(0)

    def _keep_objects(self, places: NDArray[np.int64], objects: dict[int, Value], skipped: int) -> None:
        if objects and self._objects is None:
            self._objects = np.full(len(self._time), None, dtype=object)
        if self._objects is not None:
            for row, place in enumerate(places):
                self._objects[place] = objects.get(row + skipped)

    def _grow(self, needed: int) -> None:
        """Doubles the ring until it holds what is needed; it has not wrapped before its full size."""
        size = len(self._time)
        if needed <= size or size == self.capacity:
            return
        while size < needed:
            size *= 2
        size = min(size, self.capacity)
        self._time = np.resize(self._time, size)
        self._number = np.resize(self._number, size)
        self._quality = np.resize(self._quality, size)
        if self._objects is not None:
            self._objects = np.append(self._objects, np.full(size - len(self._objects), None, dtype=object))
