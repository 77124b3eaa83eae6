"""Holds a recording against what a watch has seen of the same plant: nothing lost unmarked, nothing twice."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from mxgw_notebook.gateway import Watch
from mxgw_notebook.history import open_recording

# What came with the same time in the same session is one event; a tag never has two of one time here.
EVENT = ["tag", "timestamp"]


def check_account(folder: Path | str, watch: Watch, *, until: pd.Timestamp | None = None) -> pd.DataFrame:
    """The recorded frame, when every value of the watch stands in it once, or lies in a gap of it."""
    recording = open_recording(folder)
    first, last = recording.span
    found = recording.frame()
    assert not found.duplicated(EVENT).any()
    seen = watch.frame()
    assert first is not None
    assert last is not None
    # What comes at the very moment of the last that was written may not have been.
    seen = seen[seen["timestamp"].between(first, until or last, inclusive="left")]
    both = seen.merge(found, how="left", on=EVENT, suffixes=("", "_recorded"), indicator=True)
    missing = both[both["_merge"] == "left_only"]
    unmarked = missing[~are_in_gaps(missing["timestamp"], recording.gaps())]
    assert unmarked.empty, unmarked
    kept = both[both["_merge"] == "both"]
    assert kept["value"].equals(kept["value_recorded"])
    return found


def are_in_gaps(moments: pd.Series, gaps: pd.DataFrame) -> pd.Series:
    """Of each moment whether a gap tells that its values are missing."""
    inside = pd.Series(False, index=moments.index)
    ends = gaps["end"].fillna(pd.Timestamp.max.tz_localize("UTC"))
    for start, end in zip(gaps["start"], ends, strict=True):
        inside |= (start <= moments) & (moments <= end)
    return inside
