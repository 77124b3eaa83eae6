"""One advised tag of the hub.

Why: DECISIONS.md, "Histories of texts and arrays are bounded by bytes".
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from mxgw_notebook.client import EventColumns, ItemHandle, Samples, Value
from mxgw_notebook.live.samples.history import History


@dataclass(slots=True)
class Subscription:
    """A tag, who watches it, and its state. `failure` is empty, or why the gateway refused the tag.

    `buffered` is True if its values come in batches, with every value between two events. `asked_ns` is when
    it was advised first, by this computer's clock; `since_ns` the same by the gateway's clock, 0 if no event
    had come. Both are nanoseconds since 1970 UTC. `renewed` is True while a new session's present value is
    awaited: a value that is already known is not a new sample.
    """

    tag: str
    history: History = field(default_factory=History)
    item_handle: ItemHandle | None = None
    failure: str = ""
    watchers: int = 0
    renewed: bool = False
    buffered: bool = False
    since_ns: int = 0
    asked_ns: int = 0

    def is_known(self, columns: EventColumns, row: int) -> bool:
        """Whether a row is the newest sample again."""
        newest = self.history.newest(1)
        if not len(newest) or newest.time_ns[0] != columns.time_ns[row]:
            return False
        return bool(newest.quality[0] == columns.quality[row]) and same_value(newest, columns, row)


def same_value(newest: Samples, columns: EventColumns, row: int) -> bool:
    """Whether the newest sample's value came again, NaN for once equal to itself."""
    kept: Value = None if newest.objects is None else newest.objects[0]
    came = columns.objects.get(row)
    if kept is not None or came is not None:
        return bool(np.array_equal(np.asarray(kept), np.asarray(came)))
    return bool(np.array_equal(newest.number[:1], columns.number[row : row + 1], equal_nan=True))
