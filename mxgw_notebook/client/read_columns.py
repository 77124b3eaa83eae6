"""The entries of bulk reads as columns: a table needs no record of each tag.

`replies.readings` makes the records, and is what the columns are compared with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mxgw_notebook.client.clock import GatewayClock
from mxgw_notebook.client.contract import wire
from mxgw_notebook.client.replies import Reading, value_read
from mxgw_notebook.client.values import Value, nanoseconds, statuses_from_wire

Entries = Sequence[wire.BulkReadResult]
# Values that are the fields they came in.
PLAIN = frozenset(("bool_value", "int32_value", "int64_value", "float_value", "double_value", "string_value"))


@dataclass(slots=True)
class ReadColumns:
    """Tags as read, in columns of one length, in the order asked.

    `quality`, `time_ns` and `failure` are those of a Reading. `entries` are what they were read from.
    """

    tag: list[str] = field(default_factory=list)
    value: list[Value] = field(default_factory=list)
    quality: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32))
    time_ns: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    failure: list[str] = field(default_factory=list)
    entries: list[Entries] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.tag)

    @property
    def failures(self) -> dict[str, str]:
        """The tags that failed, and why."""
        return {tag: why for tag, why in zip(self.tag, self.failure, strict=True) if why}

    def notes(self) -> list[Reading]:
        """What errors are written from: of each entry the failure and the statuses."""
        failed = [Reading(tag, failure=why) for tag, why in self.failures.items()]
        told = ((one.tag_address, statuses_from_wire(one.statuses)) for part in self.entries for one in part)
        return failed + [Reading(tag, statuses=statuses) for tag, statuses in told]


def read_columns(results: Entries, clock: GatewayClock | None = None) -> ReadColumns:
    """The entries of a ReadBulk reply as columns, in the order asked; `clock` judges their times."""
    # A call for each entry would cost as much as reading it: only one with more than a plain value has some.
    sent = [result.value for result in results]
    kinds = [value.WhichOneof("kind") for value in sent]
    quality = [result.quality for result in results]
    values: list[Value] = []
    failures = [""] * len(sent)
    for place, (result, value, kind) in enumerate(zip(results, sent, kinds, strict=True)):
        if kind in PLAIN and result.was_successful and not value.is_null:
            values.append(getattr(value, kind))
        else:
            found, quality[place], failures[place] = value_read(result)
            values.append(found)
    times = [nanoseconds(result.source_timestamp) for result in results]
    return ReadColumns(
        tag=[result.tag_address for result in results],
        value=values,
        quality=np.array(quality, np.int32),
        time_ns=(clock or GatewayClock()).times_ns(np.array(times, np.int64)),
        failure=failures,
        entries=[results],  # to look at their statuses takes as long as all else, and only errors need them
    )


def joined(parts: Sequence[ReadColumns]) -> ReadColumns:
    """Columns one after the other."""
    if len(parts) == 1:
        return parts[0]
    return ReadColumns(
        tag=[tag for part in parts for tag in part.tag],
        value=[value for part in parts for value in part.value],
        quality=np.concatenate([part.quality for part in parts]),
        time_ns=np.concatenate([part.time_ns for part in parts]),
        failure=[why for part in parts for why in part.failure],
        entries=[one for part in parts for one in part.entries],
    )


def columns_of(readings: Sequence[Reading]) -> ReadColumns:
    """The same of records."""
    return ReadColumns(
        tag=[reading.tag for reading in readings],
        value=[reading.value for reading in readings],
        quality=np.array([reading.quality for reading in readings], np.int32),
        time_ns=np.array([reading.time_ns for reading in readings], np.int64),
        failure=[reading.failure for reading in readings],
    )
