"""Many serialised events to columns at once: live data's fast path.

Large batches go through ptars on a descriptor pruned to the fields kept; small ones, and batches with a
broken message, through the protobuf runtime. Both give the same columns.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, cast

import numpy as np
from google.protobuf.descriptor import Descriptor
from google.protobuf.message import DecodeError
from numpy.typing import NDArray
from ptars import HandlerPool

from mxgw_notebook.client.clock import GatewayClock
from mxgw_notebook.client.contract import wire
from mxgw_notebook.client.fast_events.columns import (
    DATA_CHANGE,
    KINDS,
    LARGE_INTEGER,
    LARGEST_EXACT,
    NO_KIND,
    NOT_NUMERIC,
    NUMERIC,
    UNTOLD,
    EventColumns,
    Table,
    is_large,
)
from mxgw_notebook.client.fast_events.sorting import sort_out
from mxgw_notebook.client.prune import prune
from mxgw_notebook.client.values import EARLIEST, nanoseconds

# Below this many events the protobuf runtime is faster [measured: 150 us against 290 at 32, equal at 90].
SMALL_BATCH = 64
LARGEST_SEQUENCE = 2**63 - 1
SCALARS = ("worker_sequence", "item_handle", "quality", "family")
KEPT = (*SCALARS, "source_timestamp", "value.is_null", *(f"value.{kind}" for kind in KINDS))
# Arrow's names; numpy's float is another.
NUMPY_KINDS: Mapping[str, Any] = {
    "bool": np.bool_,
    "int32": np.int32,
    "uint32": np.uint32,
    "int64": np.int64,
    "uint64": np.uint64,
    "float": np.float32,
    "double": np.float64,
}
DTYPES = (np.int64, np.int32, np.uint8, np.bool_, np.int64, np.float64, np.int8)  # of a Table


class EventDecoder:
    """Serialised MxEvents to columns. Used by one thread at a time."""

    def __init__(self) -> None:
        # What is not in the descriptor (statuses, texts, handles of the server) is skipped, not built.
        pruned = prune(cast(Descriptor, wire.MxEvent.DESCRIPTOR), KEPT)
        self._handler = HandlerPool([pruned.file]).get_for_message(pruned)
        # The first conversion takes longest: now, not when values are waited for.
        table_from_arrow(self._handler.list_to_record_batch([]))

    def decode(
        self, payloads: Sequence[bytes], clock: GatewayClock | None = None, secret: str = ""
    ) -> EventColumns:
        """The columns of a batch, its times judged by `clock`, the `secret` struck out of its texts.

        A payload that is no event is left out and counted.
        """
        # `read` has the payloads of the table's rows only: with a broken one among them, rows and payloads
        # would no longer be counted alike.
        table, read = self.table(payloads)
        broken = len(payloads) - len(read)
        return sort_out(table, read.__getitem__, clock or GatewayClock(), broken=broken, secret=secret)

    def table(self, payloads: Sequence[bytes]) -> tuple[Table, Sequence[bytes]]:
        """Every event in stream order, and the payloads that are events."""
        # One broken message fails its batch: it is found below.
        with contextlib.suppress(ValueError):
            if len(payloads) >= SMALL_BATCH:
                return table_from_arrow(self._handler.list_to_record_batch(list(payloads))), payloads
        # Message and payload side by side, so that leaving one out leaves out the other.
        whole = list(parsed(payloads))
        return table_from_messages([message for _, message in whole]), [payload for payload, _ in whole]


@cache
def event_decoder() -> EventDecoder:
    """The decoder that the loop thread's readers share: making one takes longer than a batch."""
    return EventDecoder()


def parsed(payloads: Iterable[bytes]) -> Iterable[tuple[bytes, wire.MxEvent]]:
    """Each payload that is an event, with its message."""
    for payload in payloads:
        try:
            message = wire.MxEvent.FromString(payload)
        except DecodeError:
            continue
        if message.worker_sequence <= LARGEST_SEQUENCE:  # else its place among the others cannot be told
            yield payload, message


def table_from_arrow(batch: Any) -> Table:
    """The table of a record batch made with the pruned descriptor."""
    sequence, handle, quality, family = (plain(batch.column(name)) for name in SCALARS)
    if len(sequence) and np.maximum.reduce(sequence) > LARGEST_SEQUENCE:
        raise ValueError("a sequence that no column holds")  # it is found among the messages, one by one
    # A time that was not sent is null in Arrow and 0 in the other way of decoding: here both become 0.
    stamps = plain(batch.column("source_timestamp").cast("int64"))
    # ptars saturates a nanosecond further down than the other way of decoding.
    stamps = np.maximum(stamps, EARLIEST)
    number, kind = merged(batch.column("value"), batch.num_rows)
    return Table(
        sequence=sequence.astype(np.int64, copy=False),
        item_handle=handle.astype(np.int32, copy=False),
        # An OPC quality is the low byte of the contract's int32, which this conversion keeps: what a server
        # puts above it is its own business.
        quality=quality.astype(np.uint8),
        is_change=family == DATA_CHANGE,
        time_ns=stamps,
        number=number,
        kind=kind,
    )


def plain(column: Any) -> NDArray[Any]:
    """A column as an array, its nulls 0 or False.

    Arrow's own conversions import pandas where that is installed, and as long as that takes, seconds on a
    busy machine, a program can neither see values nor end.
    """
    kind, start, end = str(column.type), column.offset, column.offset + len(column)
    valid, data = column.buffers()
    if data is None:
        return np.zeros(len(column), NUMPY_KINDS[kind])
    values = bits(data, start, end) if kind == "bool" else np.frombuffer(data, NUMPY_KINDS[kind])[start:end]
    return np.where(bits(valid, start, end), values, values.dtype.type()) if column.null_count else values


def bits(buffer: Any, start: int, end: int) -> NDArray[np.bool_]:
    """A stretch of Arrow's booleans, which take a bit each."""
    whole = np.unpackbits(np.frombuffer(buffer, np.uint8), count=end, bitorder="little")
    return whole[start:].view(np.bool_)


def merged(values: Any, rows: int) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
    """The numeric arms as one column, and which arm each row had."""
    number, kind = np.full(rows, np.nan), np.full(rows, NO_KIND, np.int8)
    for place, name in enumerate(KINDS):
        arm = values.field(name)
        if arm.null_count == rows:
            continue
        present: Any = slice(None)
        if arm.null_count:
            present = plain(arm.is_valid())
        kind[present] = place
        if name in NUMERIC:
            # Without its nulls: Arrow makes floats of an integer column that has some, and rounds what is
            # beyond 2**53 before anybody could notice.
            numbers = plain(arm.drop_null() if arm.null_count else arm)
            number[present] = numbers
            if name == "int64_value":
                kind[present] = np.where(is_large(numbers), LARGE_INTEGER, place)
    # After the arms: a null value may carry one all the same, whose number is then not a value.
    null = values.field("is_null")
    kind[kind == NO_KIND] = UNTOLD
    if null.true_count:
        gone = plain(null)
        number[gone], kind[gone] = np.nan, NO_KIND
    return number, kind


def table_from_messages(messages: Sequence[wire.MxEvent]) -> Table:
    """The same table through the protobuf runtime."""
    rows = [row(message) for message in messages]
    columns: Iterable[Any] = zip(*rows, strict=True) if rows else [()] * len(DTYPES)
    return Table(*(np.array(column, dtype) for column, dtype in zip(columns, DTYPES, strict=True)))


PLACES = {name: place for place, name in enumerate(KINDS)}


def row(message: wire.MxEvent) -> tuple[float, ...]:
    """One event in the order of the table's columns."""
    value = message.value
    # As above: what is null has no number, whatever stands in its arm.
    arm = None if value.is_null else value.WhichOneof("kind")
    kind = NO_KIND if value.is_null else PLACES.get(arm or "", UNTOLD)
    number = float(getattr(value, str(arm))) if 0 <= kind < NOT_NUMERIC else float("nan")
    # The float is kept for drawing; the exact integer is read from the payload by `sort_out`, which this kind
    # leads to.
    if arm == "int64_value" and not -LARGEST_EXACT <= value.int64_value <= LARGEST_EXACT:
        kind = LARGE_INTEGER
    return (
        message.worker_sequence,
        message.item_handle,
        message.quality & 0xFF,
        message.family == DATA_CHANGE,
        nanoseconds(message.source_timestamp),
        number,
        kind,
    )
