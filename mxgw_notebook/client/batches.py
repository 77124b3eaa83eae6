"""What a buffered item sends: several values of one tag at once, each with its quality and time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mxgw_notebook.client.clock import GatewayClock
from mxgw_notebook.client.contract import enum_name, wire
from mxgw_notebook.client.values import array_from_wire, nanoseconds


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """The values of one buffered event, the oldest first, in three arrays that belong together by place.

    `values` has the dtype that an array of such values has; `qualities` are the raw OPC codes; `times_ns` is
    nanoseconds since 1970 UTC, 0 where none was sent, or one out of reason. `data_type` is the contract's
    name without prefix. The arrays are as they came: where `is_whole` is False their lengths differ, and
    nobody can tell which value belongs to which time.
    """

    values: NDArray[Any]
    qualities: NDArray[np.int32]
    times_ns: NDArray[np.int64]
    data_type: str

    def __len__(self) -> int:
        return len(self.values)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was sent at all."""
        return not (len(self.values) or len(self.qualities) or len(self.times_ns))

    @property
    def is_whole(self) -> bool:
        """Whether each value has a quality and a time."""
        return len(self.values) == len(self.qualities) == len(self.times_ns)


def batch_from_wire(body: wire.OnBufferedDataChangeEvent, clock: GatewayClock) -> Batch:
    """The batch of a buffered event; `clock` judges its times."""
    stamps = body.timestamps.values
    return Batch(
        values=array_from_wire(body.values).reshape(-1),
        qualities=np.array(body.qualities, np.int32),
        times_ns=clock.times_ns(np.fromiter(map(nanoseconds, stamps), np.int64, len(stamps))),
        data_type=enum_name(body, "data_type"),
    )
