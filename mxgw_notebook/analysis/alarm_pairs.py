"""Which alarm follows which: one cause is often announced by many."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mxgw_notebook.analysis.alarm_log import stamps
from mxgw_notebook.analysis.alarm_window import Moment, raised_within, review_window, span_ns

Ints = NDArray[np.int64]
COMPARED_AT_ONCE = 100_000


def correlated_pairs(
    episodes: pd.DataFrame,
    most: int = 20,
    *,
    within: str = "1min",
    least: int = 3,
    neighbours: int = 50,
    start: Moment = None,
    end: Moment = None,
) -> pd.DataFrame:
    """One row a pair: after the alarm `first`, `follower` was raised `within` the time; the closest pairs
    first.

    `times` is how often (a raise of `first` counts once), `share` the part of the first's raises, `lift`
    how much oftener than if the follower came at random, `median_delay` (timedelta64[ns]) from the one to
    the other. Sorted by share, then times. Of equal times the one that came first is the first. A pair may
    be cause and effect, or two effects of a third; both are a reason to show one alarm instead of two.

    Args:
        episodes: What `alarm_episodes` gives.
        most: How many rows.
        within: The longest delay.
        least: Pairs seen less often are left out.
        neighbours: How many of the next raises are looked at; bounds the work in a flood.
        start: The first moment counted; unless told, the first raise seen.
        end: The last one; unless told, the last event.
    """
    window = review_window(episodes, start, end)
    raised = raised_within(episodes, window)
    at = stamps(raised["raised"])
    codes, names = pd.factorize(raised["reference"])
    key, delay = followings(codes.astype(np.int64), at, len(names), span_ns(within), neighbours)
    pairs = pd.DataFrame({"key": key, "delay": delay}).groupby("key")["delay"].agg(["size", "median"])
    pairs = pairs[pairs["size"] >= least]
    first, follower = np.divmod(pairs.index.to_numpy(dtype=np.int64), max(len(names), 1))
    counts = np.bincount(codes, minlength=len(names))
    share = pairs["size"].to_numpy() / np.maximum(counts[first], 1)
    rate = counts[follower] * span_ns(within) / max(window.end_ns - window.start_ns, 1)
    labels = pd.Series(names, dtype="str")
    found = pd.DataFrame(
        {
            "first": labels.take(first).to_numpy(),
            "follower": labels.take(follower).to_numpy(),
            "times": pairs["size"].to_numpy(dtype=np.int64),
            "share": share,
            # By chance it would be there in this part of the cases (Poisson).
            "lift": share / -np.expm1(-np.maximum(rate, 1e-12)),
            "median_delay": pairs["median"].to_numpy().astype(np.int64).view("timedelta64[ns]"),
        }
    )
    found = found.astype({"first": "str", "follower": "str"})
    return found.sort_values(["share", "times"], ascending=False, kind="stable", ignore_index=True).head(most)


def followings(codes: Ints, at: Ints, names: int, width: int, neighbours: int) -> tuple[Ints, Ints]:
    """Each first following of another alarm after each raise: the pair as one number, and the delay."""
    keys: list[Ints] = [np.empty(0, np.int64)]
    delays: list[Ints] = [np.empty(0, np.int64)]
    for begin in range(0, len(at), COMPARED_AT_ONCE):
        rows = np.arange(begin, min(begin + COMPARED_AT_ONCE, len(at)))
        key, delay = followings_of(rows, codes, at, names, width, neighbours)
        keys.append(key)
        delays.append(delay)
    return np.concatenate(keys), np.concatenate(delays)


def followings_of(
    rows: Ints, codes: Ints, at: Ints, names: int, width: int, neighbours: int
) -> tuple[Ints, Ints]:
    """The same of some raises."""
    until = np.minimum(np.searchsorted(at, at[rows] + width, side="right"), rows + 1 + neighbours)
    counts = until - rows - 1
    lead = np.repeat(rows, counts)
    after = lead + 1 + np.arange(len(lead)) - np.repeat(np.cumsum(counts) - counts, counts)
    other = codes[lead] != codes[after]
    lead, after = lead[other], after[other]
    # The first time that an alarm follows this very raise, not its later repetitions.
    _, once = np.unique(lead * names + codes[after], return_index=True)
    lead, after = lead[once], after[once]
    return codes[lead] * names + codes[after], at[after] - at[lead]
