"""A table of events sorted out: data changes as columns, and the rest as records."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

import numpy as np
from google.protobuf.message import DecodeError
from numpy.typing import NDArray

from mxgw_notebook.client.batches import Batch
from mxgw_notebook.client.clock import GatewayClock
from mxgw_notebook.client.contract import wire
from mxgw_notebook.client.events import Event, event_from_wire
from mxgw_notebook.client.fast_events.columns import (
    KINDS,
    LARGE_INTEGER,
    NO_KIND,
    UNTOLD,
    EventColumns,
    Table,
    is_large,
)
from mxgw_notebook.client.secret import strike_out
from mxgw_notebook.client.values import BAD, Value, from_wire

log = logging.getLogger(__name__)

# What the values of a batch were sent as, by the dtype that they came in.
KIND_OF_DTYPE = {
    np.dtype(bool): KINDS.index("bool_value"),
    np.dtype(np.int32): KINDS.index("int32_value"),
    np.dtype(np.int64): KINDS.index("int64_value"),
    np.dtype(np.float32): KINDS.index("float_value"),
    np.dtype(np.float64): KINDS.index("double_value"),
    np.dtype("datetime64[ns]"): KINDS.index("timestamp_value"),
    np.dtype(object): KINDS.index("string_value"),
}
Rows = tuple[int, EventColumns]  # of one buffered event, and where it stood in the table


def sort_out(
    table: Table, payload: Callable[[int], bytes], clock: GatewayClock, *, broken: int = 0, secret: str = ""
) -> EventColumns:
    """Data changes apart from the rest, and the values that are no plain numbers parsed one by one.

    `payload` is asked for the rows that the table does not hold in full, in their order. One that turns out
    to be no event, in a part that the table leaves out, is added to those `broken` already. `clock` judges
    the times. The `secret` is struck out of every text.
    """
    kind = np.where(table.kind == UNTOLD, NO_KIND, table.kind).astype(np.int8)
    whole = EventColumns(
        table.sequence, table.item_handle, table.quality, table.time_ns, table.number, kind=kind
    )
    odd = OddRows(whole, clock, secret, broken)
    # The loop is over the odd rows alone, a few in a hundred: one over all would cost what the columns save.
    for row in np.flatnonzero(~table.is_plain).tolist():
        odd.take(row, payload, is_change=bool(table.is_change[row]))
    columns = without_rows(whole, odd.gone, odd.batches) if odd.gone else whole
    # Once for the whole batch, after sorting out: the times of other events are judged as they are
    # translated, and would be counted twice.
    columns.time_ns = clock.times_ns(columns.time_ns)
    # `seen` are all sequences, the broken rows' too: an event that could not be read is not one that was
    # lost.
    columns.others, columns.seen, columns.broken = odd.others, table.sequence, odd.broken
    return columns


class OddRows:
    """The rows of a table that it does not hold in full, read one by one.

    Each either stays in the columns, with its value, or is among those `gone`.
    """

    def __init__(self, whole: EventColumns, clock: GatewayClock, secret: str, broken: int) -> None:
        self.whole, self.broken = whole, broken
        self._clock, self._secret = clock, secret
        self.others: list[Event] = []
        self.batches: list[Rows] = []
        self.gone: list[int] = []

    def take(self, row: int, payload: Callable[[int], bytes], *, is_change: bool) -> None:
        """Reads one row. Whatever is wrong with it, the others are taken."""
        is_value = is_change
        try:
            # A row with a text is never plain, so that each text of an event comes by here.
            message = wire.MxEvent.FromString(strike_out(payload(row), wire.MxEvent, self._secret))
            is_value = is_change or message.HasField("on_buffered_data_change")
            if is_change:
                if (value := from_wire(message.value)) is not None:
                    self.whole.objects[row] = value
                return
            self._take_event(row, event_from_wire(message, self._clock))
        except Exception as error:
            log.debug("an event could not be read: %r", error)
            self.broken += 1
            if is_value and not isinstance(error, DecodeError):
                # The tag has changed to something unknown: to go on with its value of before would be wrong.
                self.whole.number[row], self.whole.quality[row] = np.nan, BAD
                return
        # Also where it could not be translated: it must not stay there as a data change of item 0.
        self.gone.append(row)

    def _take_event(self, row: int, event: Event) -> None:
        self.broken += event.unreadable
        if event.batch is None or event.batch.is_empty:
            self.others.append(event)
        else:
            self.batches.append((row, rows_of(event, event.batch)))


def rows_of(event: Event, batch: Batch) -> EventColumns:
    """A buffered event's values, a row each.

    Raises ValueError where it is unknown which value belongs to which time.
    """
    if not batch.is_whole:
        raise ValueError("a batch of values, qualities and times that differ in number")
    count = len(batch)
    number = np.full(count, np.nan)
    objects: dict[int, Value] = {}
    kind = np.full(count, KIND_OF_DTYPE[batch.values.dtype], np.int8)
    if batch.values.dtype.kind in "bif":
        number = batch.values.astype(np.float64)
        if batch.values.dtype == np.int64:
            large = is_large(batch.values)
            kind[large] = LARGE_INTEGER
            objects = {row: int(batch.values[row]) for row in np.flatnonzero(large).tolist()}
    else:
        objects = dict(enumerate(batch.values))
    return EventColumns(
        sequence=np.full(count, event.sequence, np.int64),
        item_handle=np.full(count, event.item_handle, np.int32),
        quality=(batch.qualities & 0xFF).astype(np.uint8),
        time_ns=batch.times_ns,
        number=number,
        objects=objects,
        kind=kind,
    )


def without_rows(whole: EventColumns, gone: Sequence[int], batches: Sequence[Rows]) -> EventColumns:
    """The columns without some rows, those of buffered events in their place."""
    kept = np.delete(np.arange(len(whole)), gone)
    columns = whole.take(kept)
    if not batches:
        return columns
    places = [kept, *(np.full(len(rows), place) for place, rows in batches)]
    return joined(
        [columns, *(rows for _, rows in batches)], np.argsort(np.concatenate(places), kind="stable")
    )


def joined(parts: Sequence[EventColumns], order: NDArray[np.int64]) -> EventColumns:
    """Columns one after the other, then in another order."""
    objects: dict[int, Value] = {}
    start = 0
    for part in parts:
        objects |= {start + row: value for row, value in part.objects.items()}
        start += len(part)
    return EventColumns(
        np.concatenate([part.sequence for part in parts]),
        np.concatenate([part.item_handle for part in parts]),
        np.concatenate([part.quality for part in parts]),
        np.concatenate([part.time_ns for part in parts]),
        np.concatenate([part.number for part in parts]),
        objects,
        kind=np.concatenate([part.kind for part in parts]),
    ).take(order)
