"""What watched tags did between two times: for the trend's cursors and for Python the same."""

from __future__ import annotations

import pandas as pd

from mxgw_notebook.analysis import QualityAccessor
from mxgw_notebook.frames import long_frame
from mxgw_notebook.gateway.tags.watched_set import WatchedSet
from mxgw_notebook.history import gap_attrs, held_into


def measured(watched: WatchedSet, start_ns: int, end_ns: int) -> pd.DataFrame:
    """A row a tag, see `Watch.between`; what is still to come is not part of it."""
    tags = [entry.tag for entry in watched.shown]
    frame, newest = seen(watched, tags, start_ns, end_ns)
    # A plant whose clock runs ahead has samples after now; between now and them nothing is to come.
    end_ns = min(end_ns, max(watched.now_ns, newest))
    if end_ns <= start_ns:
        frame, end_ns = frame.iloc[:0], start_ns + 1  # all of it is still to come
    table = QualityAccessor(frame).between(pd.Timestamp(start_ns, tz="UTC"), pd.Timestamp(end_ns, tz="UTC"))
    table = table.astype({"tag": "str"}).set_index("tag")
    table = table.reindex(pd.Index(tags, name="tag", dtype="str")).reset_index()
    table.insert(1, "units", pd.Series([entry.pen.units for entry in watched.shown], dtype="str"))
    return table


def seen(watched: WatchedSet, tags: list[str], start_ns: int, end_ns: int) -> tuple[pd.DataFrame, int]:
    """The samples of that time with what held when it began, as a long frame, and the newest one's time."""
    past = watched.past
    gaps, found = past.gaps(tags, start_ns, end_ns), past.samples(tags, start_ns, end_ns)
    frame = long_frame({tag: held_into(part, start_ns, gaps) for tag, part in found.items()})
    frame.attrs = gap_attrs(gaps)
    return frame, max((int(part.time_ns.max(initial=0)) for part in found.values()), default=0)
