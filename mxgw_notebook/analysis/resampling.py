"""Times on a grid, and means over its intervals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mxgw_notebook.frames import stepped


def steps(times: NDArray[np.int64], step: pd.Timedelta, columns: int) -> pd.DatetimeIndex:
    """Full steps from the first time, in nanoseconds, to the first one not before the last."""
    known = times[times != pd.NaT.value]
    if not len(known):
        return pd.DatetimeIndex([], tz="UTC", name="timestamp").as_unit("ns")
    ends = pd.DatetimeIndex([known.min(), known.max()], tz="UTC")
    return stepped(ends, step, columns).rename("timestamp")


def resampled(tag: Any, known: pd.DataFrame, good: pd.Series[bool], step: int, enough: float) -> pd.DataFrame:
    """One tag's spans as means by interval of `step` nanoseconds; a long one counts in several."""
    first = int(known["begin"].min()) // step * step if len(known) else 0
    last = int(known["next"].max()) if len(known) else 0
    count = max(1, -(-(last - first) // step)) if len(known) else 0
    counted = known[good]
    # From the first edge on, so that a float64 holds every nanosecond; what a time has gathered up to
    # an edge lies on the line between a span's begin and end.
    bounds = (counted[["begin", "end"]].to_numpy().ravel() - first).astype(np.float64)
    edges = np.arange(count + 1) * float(step)
    seconds = (counted["end"] - counted["begin"]).to_numpy(dtype=np.float64)
    weights = np.diff(gathered(edges, bounds, seconds))
    sums = np.diff(gathered(edges, bounds, seconds * counted["number"].to_numpy()))
    share = weights / step
    with np.errstate(invalid="ignore", divide="ignore"):
        means = np.where((share >= enough) & (weights > 0), sums / weights, np.nan)
    times = pd.DatetimeIndex((first + np.arange(count) * step).view("datetime64[ns]")).tz_localize("UTC")
    return pd.DataFrame(
        {"tag": [tag] * count, "timestamp": times, "value": means, "percent_good": 100.0 * share}
    )


def gathered(edges: NDArray[Any], bounds: NDArray[Any], amounts: NDArray[Any]) -> NDArray[np.float64]:
    """How much of the amounts, each spread evenly from a bound to the next, lies before each edge."""
    if not len(amounts):
        return np.zeros(len(edges))
    after = np.cumsum(amounts)
    whole: NDArray[np.float64] = np.interp(edges, bounds, np.column_stack((after - amounts, after)).ravel())
    return whole
