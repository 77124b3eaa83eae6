"""When values of tags left what they had been before a time: each is measured against its own baseline."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mxgw_notebook.analysis.alarm_window import span_ns
from mxgw_notebook.analysis.held import spans
from mxgw_notebook.analysis.sample_columns import RANKS, numbers, ranks_of, read_values

EVIDENCE = ["tag", "area", "at", "how", "besides"]
FAR = 6.0  # spreads from the baseline
LEAD = span_ns("2min")  # by which a value may have moved before any alarm came of it
NEVER = np.iinfo(np.int64).max


def departures(samples: pd.DataFrame, start: int, width: int) -> pd.DataFrame:
    """When each tag's value left its baseline, the time before `start`; of those that did soon after it."""
    frame = read_values(samples)
    held = spans(frame, None)
    rows, begin = held.row, held.begin
    values = numbers(frame["value"])[rows]
    good = (ranks_of(frame["quality"]).to_numpy()[rows] >= RANKS["good"]) & np.isfinite(values)
    near = good & (held.end >= start - width) & (begin <= start + LEAD + width)
    tags = frame["tag"].astype("str").to_numpy()[rows]
    table = pd.DataFrame({"tag": tags, "begin": begin, "value": values})
    found = []
    for tag, part in table[near].groupby("tag", sort=False):
        at, besides = departure(part["begin"].to_numpy(), part["value"].to_numpy(), start)
        if at != NEVER:
            found.append((tag, "", at, "departure", besides))
    return pd.DataFrame(found, columns=EVIDENCE).astype({"tag": "str", "at": "int64", "besides": "int64"})


def departure(begin: NDArray[np.int64], values: NDArray[np.float64], start: int) -> tuple[int, int]:
    """When values left what they were before `start`, and how many of those had been as far out."""
    base = values[begin < start]
    if not len(base):
        return NEVER, 0
    # Medians, which one odd sample does not move. The factor makes a standard deviation of it where values
    # scatter evenly; of what never moved it is 0, and any step is a departure.
    middle = float(np.median(base))
    spread = 1.4826 * float(np.median(np.abs(base - middle)))
    gone = np.abs(values - middle) > FAR * spread
    later = np.flatnonzero(gone & (begin >= start))
    return (int(begin[later[0]]), int(gone[begin < start].sum())) if len(later) else (NEVER, 0)
