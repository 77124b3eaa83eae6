"""Events as columns: every event of a batch as they are decoded, and the data changes among them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mxgw_notebook.client.contract import wire
from mxgw_notebook.client.events import Event
from mxgw_notebook.client.fast_events.arrival import Arrival
from mxgw_notebook.client.values import Value

DATA_CHANGE = wire.MxEventFamily.Value("MX_EVENT_FAMILY_ON_DATA_CHANGE")
NUMERIC = ("bool_value", "int32_value", "int64_value", "float_value", "double_value")
# Arms kept for their presence alone; their values are read one event at a time.
OTHER = ("string_value", "timestamp_value", "array_value", "raw_value", "sparse_array_value")
KINDS = (*NUMERIC, *OTHER)
NOT_NUMERIC = len(NUMERIC)
NO_KIND = -1
# An integer that a float64 would round: beyond the place in KINDS that any arm has.
LARGE_INTEGER = len(KINDS)
LARGEST_EXACT = 2**53
# Neither an arm nor null: nothing was sent, or in an arm of a later contract. The payload tells.
UNTOLD = LARGE_INTEGER + 1
BOOLEAN = KINDS.index("bool_value")


class Table(NamedTuple):
    """Every event of a batch, data change or not, in stream order: columns of one length.

    `quality` is the OPC byte, `is_change` tells the data changes. Of a value that is not a number the table
    has only its `kind`, and of another event nothing: `sort_out` reads these from their payloads. `time_ns`
    is as it was sent, or the nearest that 64 bits hold.
    """

    sequence: NDArray[np.int64]
    item_handle: NDArray[np.int32]
    quality: NDArray[np.uint8]
    is_change: NDArray[np.bool_]
    time_ns: NDArray[np.int64]
    number: NDArray[np.float64]
    kind: NDArray[np.int8]

    @property
    def is_plain(self) -> NDArray[np.bool_]:
        """Which rows are data changes of a number or of nothing: those that the table holds in full."""
        plain: NDArray[np.bool_] = self.is_change & (self.kind < NOT_NUMERIC)
        return plain


@dataclass(slots=True)
class EventColumns:
    """Data changes as columns of one length, in stream order; everything else in `others`.

    A buffered event is a row a value, all of its sequence; one without any value is among the others.

    `number` is NaN where the value is not a number (booleans are 0 and 1); that value then stands in
    `objects` under its row. So does an integer beyond 2**53, of which `number` is the nearest float64.
    `time_ns` is the source's time in nanoseconds since 1970 UTC, 0 where none was sent, or one out of
    reason. `quality` is the OPC byte. `broken` counts payloads that are no event, and values that cannot
    be read: their rows stay, without a value and of bad quality. `seen` are the sequences of all events
    of the batch, the others too, in stream order; `arrival` tells when the last one came. `kind` is the
    place in KINDS of what the value was sent as, LARGE_INTEGER for such an integer, NO_KIND for none.
    """

    sequence: NDArray[np.int64]
    item_handle: NDArray[np.int32]
    quality: NDArray[np.uint8]
    time_ns: NDArray[np.int64]
    number: NDArray[np.float64]
    objects: dict[int, Value] = field(default_factory=dict)
    others: list[Event] = field(default_factory=list)
    broken: int = 0
    seen: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    arrival: Arrival | None = None
    kind: NDArray[np.int8] = field(default_factory=lambda: np.empty(0, np.int8))

    def __len__(self) -> int:
        return len(self.sequence)

    def take(self, rows: NDArray[np.int64]) -> EventColumns:
        """The data changes of some rows, in the order of `rows`."""
        places = enumerate(rows.tolist()) if self.objects else ()
        objects = {place: self.objects[row] for place, row in places if row in self.objects}
        return EventColumns(
            self.sequence[rows],
            self.item_handle[rows],
            self.quality[rows],
            self.time_ns[rows],
            self.number[rows],
            objects,
            kind=self.kind[rows] if len(self.kind) else self.kind,
        )


def is_large(integers: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which integers have digits that a float64 cannot keep."""
    large: NDArray[np.bool_] = (integers > LARGEST_EXACT) | (integers < -LARGEST_EXACT)
    return large
