"""What was seen, asked by time: what memory, recordings and any other keeper of values have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from mxgw_notebook.client import AlarmRecord
from mxgw_notebook.frames import Samples, by_time
from mxgw_notebook.live import Gap

# Nobody has values of later than this; what a recorder's clock says of now is not known to its reader.
LATEST_NS: Final = 1 << 62
# Beginning and end, nanoseconds since 1970 UTC.
Span = tuple[int, int]


@runtime_checkable
class HistorySource(Protocol):
    """What reads past values: the methods that an object for another historian needs.

    All times are nanoseconds since 1970 UTC by the gateway's clock. Both ends of a span belong to it. Each
    method is called on any thread, and must not wait for a gateway.
    """

    @property
    def origin(self) -> str:
        """Where the values come from, for the column `origin` of tables."""

    def tags(self) -> Sequence[str]:
        """The tags that it knows."""

    def covers(self, tags: Sequence[str]) -> dict[str, list[Span]]:
        """For each tag, the spans (start, end) in which its values were kept, in order of time."""

    def samples(self, tags: Sequence[str], start_ns: int, end_ns: int) -> dict[str, Samples]:
        """For each known tag, the samples from start to end, and the newest one before the start.

        They are in order of time. Samples with equal times are in the order in which they came. Samples
        without a time are left out.
        """

    def gaps(self, tags: Sequence[str], start_ns: int, end_ns: int) -> list[Gap]:
        """The gaps within the covered spans, in order of time."""

    def alarms(self, start_ns: int, end_ns: int) -> list[AlarmRecord]:
        """The transitions of that time, in the order in which they came."""


def one_after_other(parts: Sequence[Samples]) -> Samples:
    """The samples of one tag from several pieces."""
    if len(parts) == 1:
        return parts[0]
    return Samples(
        np.concatenate([part.time_ns for part in parts] or [np.empty(0, np.int64)]),
        np.concatenate([part.number for part in parts] or [np.empty(0)]),
        np.concatenate([part.quality for part in parts] or [np.empty(0, np.uint8)]),
        optional([part.objects for part in parts], [len(part) for part in parts], None),
        optional([part.replayed for part in parts], [len(part) for part in parts], False),
        any(part.boolean for part in parts),
        sum(part.total for part in parts),
    )


def optional(parts: Sequence[NDArray[Any] | None], lengths: Sequence[int], nothing: Any) -> Any:
    """A column that some pieces do not have: there it is `nothing`; None where none has it."""
    dtype = next((part.dtype for part in parts if part is not None), None)
    if dtype is None:
        return None
    filled = [
        np.full(length, nothing, dtype) if part is None else part
        for part, length in zip(parts, lengths, strict=True)
    ]
    return np.concatenate(filled)


def in_order(part: Samples) -> Samples:
    """The samples that have a time, by it."""
    order = by_time(part.time_ns)
    return part if isinstance(order, slice) else part.rows(order)


def cut(part: Samples, start_ns: int, end_ns: int) -> Samples:
    """Of samples in the order of time those from start to end, and the newest earlier one."""
    first, last = np.searchsorted(part.time_ns, [start_ns, end_ns + 1]).tolist()
    return part.rows(slice(max(0, first - 1), last))
