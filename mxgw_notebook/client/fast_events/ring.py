"""Decoded events in memory that two processes share: a child writes, the kernel takes.

Columns of fixed width form the ring. Events that columns cannot hold (texts, arrays, outcomes of writes)
lie serialised in a second ring of bytes. Whoever writes never waits: what finds no room is counted.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import sys
import tempfile
import threading
import uuid
from collections.abc import Sequence
from time import monotonic
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mxgw_notebook.client.clock import GatewayClock
from mxgw_notebook.client.fast_events.arrival import Arrival
from mxgw_notebook.client.fast_events.columns import EventColumns, Table
from mxgw_notebook.client.fast_events.resting import Takes
from mxgw_notebook.client.fast_events.sorting import sort_out

# Twenty seconds of 50,000 events a second: longer than a cell usually keeps every other thread out.
CAPACITY = 1 << 20
EXTRA_BYTES = 1 << 24
SECOND_NS = 1_000_000_000
COUNTERS = (
    "written", "taken", "received", "dropped", "broken", "extra_written", "extra_taken",
    "source_ns", "gateway_ns", "kernel_ns", "last_take_ns", "take_interval_ns",
)  # fmt: skip
# A Table's columns, and where a row's payload lies: the widest first, so that each lies on its own boundary.
COLUMNS = (
    ("sequence", "i8"), ("time_ns", "i8"), ("number", "f8"), ("place", "i8"), ("item_handle", "i4"),
    ("length", "i4"), ("quality", "u1"), ("is_change", "?"), ("kind", "i1"),
)  # fmt: skip


class EventRing:
    """One writer, one reader, each in a process of its own. Made by `create`, joined by `attach`."""

    def __init__(self, memory: mmap.mmap, handle: str) -> None:
        self.handle = handle
        self._memory = memory
        self._lock = threading.Lock()
        self._takes = Takes()
        self._told_broken = 0  # of the payloads that are no event, those that `take` has told of
        # Counters only ever grow, and a place is one of them modulo the size: full and empty cannot be mixed
        # up, and neither side needs a lock of the other's, which would outlive a process that was killed
        # while it held it.
        offset = len(COUNTERS) * 8
        self._counters: NDArray[np.int64] = np.ndarray((len(COUNTERS),), np.int64, memory)
        self._columns: dict[str, NDArray[Any]] = {}
        for name, dtype in COLUMNS:
            self._columns[name] = np.ndarray((CAPACITY,), np.dtype(dtype), memory, offset)
            offset += CAPACITY * np.dtype(dtype).itemsize
        self._extra_at = offset

    @classmethod
    def create(cls) -> tuple[EventRing, tuple[int, ...]]:
        """A new ring, and the file descriptors that the child has to be given.

        Its memory has no name that could be left behind: it is gone with the last process that holds it.
        Raises OSError when there is none.
        """
        if os.name == "nt":
            name = f"mxgw-{uuid.uuid4()}"
            return cls(mmap.mmap(-1, size(), tagname=name), name), ()  # type: ignore[call-arg,unused-ignore]
        kept = nameless(size())
        try:
            return cls(mmap.mmap(kept, size()), str(kept)), (kept,)
        except BaseException:
            os.close(kept)
            raise

    @classmethod
    def attach(cls, handle: str) -> EventRing:
        """The ring of the parent, by the handle that it was given."""
        if os.name == "nt":
            return cls(mmap.mmap(-1, size(), tagname=handle), handle)  # type: ignore[call-arg,unused-ignore]
        return cls(mmap.mmap(int(handle), size()), handle)

    def counter(self, name: str) -> int:
        """A counter's present value, by its name in COUNTERS; 0 once the ring is closed."""
        # One aligned 64-bit word: it is read whole or not at all, so no lock is needed to look at it.
        return int(self._counters[COUNTERS.index(name)]) if len(self._counters) else 0

    def count(self, name: str, value: int) -> None:
        """Sets a counter."""
        self._counters[COUNTERS.index(name)] = value

    def close(self) -> None:
        """Lets go of the memory. Harmless the second time."""
        # The arrays are views of the memory and would keep it mapped.
        self._columns, self._counters = {}, np.empty(0, np.int64)
        # A view of it that is still about keeps it until it goes too: unmapping under a reader would end the
        # kernel.
        with contextlib.suppress(BufferError):
            self._memory.close()

    # -------------------------------------------------------------- the writer's side

    def write(self, table: Table, payloads: Sequence[bytes], *, broken: int = 0) -> None:
        """Adds a batch. What is not plain goes along as it came; what finds no room is counted.

        `broken` payloads of it are no event.
        """
        # A count of its own: of a payload that is no event there is no row to carry the news.
        self.count("broken", self.counter("broken") + broken)
        written = self.counter("written")
        # `taken` may have grown meanwhile: then there is more room than is used, never less.
        room = CAPACITY - (written - self.counter("taken"))
        places, lengths, kept = self._write_extra(table.is_plain, payloads)
        # The newest are dropped, not the oldest: the oldest may be read at this moment, and to overwrite one
        # would hand out a row that is half of one event and half of another.
        rows = np.flatnonzero(kept)[: max(0, room)]
        into = np.arange(written, written + len(rows)) % CAPACITY
        for name, column in (*table._asdict().items(), ("place", places), ("length", lengths)):
            self._columns[name][into] = column[rows]
        # The rows come before the count that makes them visible: a reader never takes a row that is half
        # written.
        self._fence()
        self.count("written", written + len(rows))
        # Only the child writes this counter; one that both sides wrote would lose counts without an atomic
        # add.
        self.count("dropped", self.counter("dropped") + len(table.sequence) - len(rows))

    def _write_extra(
        self, plain: NDArray[np.bool_], payloads: Sequence[bytes]
    ) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.bool_]]:
        places, lengths = np.zeros(len(plain), np.int64), np.zeros(len(plain), np.int32)
        kept = np.ones(len(plain), np.bool_)
        # Row by row: those that cannot be columns are few, and each may be the one that finds no room.
        for row in np.flatnonzero(~plain).tolist():
            if (place := self._room_for(len(payloads[row]))) is None:
                kept[row] = False
                continue
            start = self._extra_at + place % EXTRA_BYTES
            # Bytes before the row that points to them, that before `written`: what is seen is complete.
            self._memory[start : start + len(payloads[row])] = payloads[row]
            places[row], lengths[row] = place, len(payloads[row])
            self.count("extra_written", place + len(payloads[row]))
        return places, lengths, kept

    def _room_for(self, length: int) -> int | None:
        """Where so many bytes in a row may go; None when there is no room."""
        place = self.counter("extra_written")
        # A payload lies in one piece, so that it is read as one: an end that is too short for it stays empty.
        if place % EXTRA_BYTES + length > EXTRA_BYTES:
            place += EXTRA_BYTES - place % EXTRA_BYTES
        return place if place + length - self.counter("extra_taken") <= EXTRA_BYTES else None

    @property
    def takes(self) -> Takes:
        """When the other process takes what is written; its clock is this one's as well."""
        last, interval = (self.counter(name) / SECOND_NS for name in ("last_take_ns", "take_interval_ns"))
        return Takes(last, interval)

    # -------------------------------------------------------------- the reader's side

    def take(self, clock: GatewayClock | None = None, secret: str = "") -> EventColumns | None:
        """What was written since the last call, its times judged by `clock`; None when that is nothing.

        The `secret` is struck out of its texts.
        """
        clock = clock or GatewayClock()
        self._note_take()
        # Read before `written`: they may be older than the rows then, which makes a stream look late, never
        # early.
        times = Arrival(*(self.counter(name) for name in ("source_ns", "gateway_ns", "kernel_ns")))
        self._fence()
        taken, written, broken = self.counter("taken"), self.counter("written"), self.counter("broken")
        if written == taken and broken == self._told_broken:
            return None
        self._fence()
        rows = np.arange(taken, written) % CAPACITY
        # Indexing by an array copies: the rows stay what they were when the writer goes on into the same
        # places.
        table = Table(*(self._columns[name][rows] for name in Table._fields))
        # Before the rows are judged by it: a gateway whose clock is hours ahead would have all of its first
        # batch refused as being of the future.
        clock.tell(times.gateway_ns)
        places, lengths = self._columns["place"][rows], self._columns["length"][rows]
        try:
            columns = sort_out(
                table,
                lambda row: self._payload(int(places[row]), int(lengths[row])),
                clock,
                broken=broken - self._told_broken,
                secret=secret,
            )
        finally:
            # Only now may the writer have the room again: all that was in it is read, or never will be.
            self._free(places, lengths, written)
            self._told_broken = broken
        columns.arrival = times
        return columns

    def _note_take(self) -> None:
        """Has the writer see when it was, and how often: whatever is written just before waits least."""
        self._takes.note(monotonic())
        self.count("last_take_ns", int(self._takes.last * SECOND_NS))
        self.count("take_interval_ns", int(self._takes.interval * SECOND_NS))

    def _free(self, places: NDArray[np.int64], lengths: NDArray[np.int32], written: int) -> None:
        """Gives the room of rows back, and that of their payloads."""
        self._fence()
        # Payloads lie in the order of their rows: behind the last one everything is free.
        extra = np.flatnonzero(lengths)[-1:]
        if len(extra):
            self.count("extra_taken", int((places + lengths)[extra[0]]))
        self.count("taken", written)

    def _payload(self, place: int, length: int) -> bytes:
        start = self._extra_at + place % EXTRA_BYTES
        return self._memory[start : start + length]

    def _fence(self) -> None:
        """Nothing read or written before is seen after what follows, on processors that would swap them."""
        # numpy has no atomic stores. A lock taken and given back orders memory on every processor that Python
        # runs on; taken twice, because a store may move into a locked part, but not out of it on the other
        # side.
        for _ in range(2):
            with self._lock:
                pass


def open_nameless() -> int:
    """The descriptor of a file without a name, and of no length yet."""
    if sys.platform == "linux":
        return os.memfd_create("mxgw-events", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    # Deleted at once, so that it goes with the last process that holds it; its descriptor is kept by `dup`.
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


def nameless(length: int) -> int:
    """The descriptor of so many bytes that processes can share. Raises OSError when there are none.

    Touching a page that cannot be had kills a process, so a file is never mapped beyond what is there for it:
    not /dev/shm, which in a container holds 64 MB, and nothing that somebody could cut short.
    """
    descriptor = open_nameless()
    try:
        os.ftruncate(descriptor, length)
        seal(descriptor)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def seal(descriptor: int) -> None:
    """Fixes the length of memory for good; where the system has no seals, nobody else can open it anyway."""
    if sys.platform == "linux":
        import fcntl

        fcntl.fcntl(
            descriptor, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL
        )


def size() -> int:
    """The bytes of a ring."""
    columns = sum(np.dtype(dtype).itemsize for _, dtype in COLUMNS)
    return len(COUNTERS) * 8 + CAPACITY * columns + EXTRA_BYTES
