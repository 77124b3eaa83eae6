"""Events as DATA frames of one width, made a block at a time by filling a few bytes into copies of one.

Serialising fifty thousand messages a second would take a core, and ten minutes of them made before would
take gigabytes. Here the protobuf runtime serialises one event, and again with one field changed: the bytes
that differ are the field's. Numbers are written as varints of five bytes, whatever they are, which every
parser takes.
"""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.framing import FRAME_HEAD, NUMBER, data_frames
from benchmarks.preframed import ITEMS, data_change

Bytes = NDArray[np.uint8]
NANOSECONDS = 1_000_000_000
SHIFTS = np.arange(0, 35, 7)
MORE = np.array([0x80, 0x80, 0x80, 0x80, 0], np.uint8)  # a byte of a varint says whether another follows


def event(session_id: str, *, sequence: int, item: int, value: float, seconds: int, nanos: int) -> bytes:
    """One event, serialised."""
    made = data_change(session_id)
    made.worker_sequence, made.item_handle, made.value.double_value = sequence, item, value
    for stamp in (made.source_timestamp, made.worker_timestamp):
        stamp.seconds, stamp.nanos = seconds, nanos
    return made.SerializeToString()


def alike(digit: int) -> dict[str, Any]:
    """A value a field, of which every byte is the digit, the bits for `more follows` aside."""
    number = sum(digit << int(shift) for shift in SHIFTS)
    (value,) = struct.unpack("<d", bytes([digit]) * 8)
    return {"sequence": number, "item": digit, "value": value, "seconds": number, "nanos": number}


def varints(numbers: NDArray[np.int64]) -> Bytes:
    """A row of five bytes a number below 2**35."""
    return (numbers[:, None] >> SHIFTS & 0x7F).astype(np.uint8) | MORE


class EventFrames:
    """One session's events; their items' handles fit one byte.

    `width` is a frame's bytes, `carried` those of them that count against a window.
    """

    def __init__(self, session_id: str) -> None:
        self._session_id = session_id
        self._pattern = self._framed(alike(1))
        self.width = len(self._pattern)
        self.carried = self.width - FRAME_HEAD.size
        self._places = {
            name: np.flatnonzero(self._pattern != self._framed({**alike(1), name: other}))
            for name, other in alike(2).items()
        }

    def block(self, first: int, time_ns: NDArray[np.int64]) -> Bytes:
        """A row an event, their sequences beginning with `first`; value = sequence / 2."""
        sequence = np.arange(first, first + len(time_ns))
        seconds, nanos = np.divmod(time_ns, NANOSECONDS)
        rows = np.tile(self._pattern, (len(time_ns), 1))
        rows[:, self._places["sequence"]] = varints(sequence)
        rows[:, self._places["item"]] = (sequence % ITEMS + 1)[:, None]
        rows[:, self._places["value"]] = (sequence / 2).astype("<f8").view(np.uint8).reshape(-1, 8)
        # Each stands twice: at the source, at the worker.
        rows[:, self._places["seconds"]] = np.tile(varints(seconds), 2)
        rows[:, self._places["nanos"]] = np.tile(varints(nanos), 2)
        return rows

    def on_stream(self, stream: int, block: bytearray) -> bytearray:
        """The same frames with the number of their stream filled in."""
        rows = np.frombuffer(block, np.uint8).reshape(-1, self.width)
        rows[:, FRAME_HEAD.size - NUMBER.size : FRAME_HEAD.size] = np.frombuffer(
            NUMBER.pack(stream), np.uint8
        )
        return block

    def _framed(self, fields: dict[str, Any]) -> Bytes:
        (framed,) = data_frames(event(self._session_id, **fields))
        return np.frombuffer(framed, np.uint8)
