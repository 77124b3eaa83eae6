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
    """A tag, who watches it, and what came of it. `failure` is empty, or why the gateway refused the tag.

    `buffered` when its values come in batches: then every one of them, also between two events.
    `asked_ns` is when it was advised first by this machine's clock, `since_ns` by the gateway's, which events
    show: 0 where none had come. Both are nanoseconds since 1970 UTC.
    `renewed` while its present value is awaited from a new session: one that is known already is no sample.
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
        """Whether a row is the newest sample over again."""
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
