"""Which alarm follows which: one cause is often announced by many."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mxgw_notebook.analysis.alarm_window import Moment, checked_count, span_ns
from mxgw_notebook.analysis.review_period import ReviewPeriod, review_period
from mxgw_notebook.client import checks_arguments
from mxgw_notebook.frames import gives_table

Ints = NDArray[np.int64]
COMPARED_AT_ONCE = 100_000


@checks_arguments
@gives_table
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
    """One row per pair of alarms: `follower` was raised `within` the time after `first`. The closest first.

    Columns: `times` (how often; a raise of `first` counts once), `share` (of the raises of `first`), `lift`
    (how many times more often than by chance), `median_delay` (timedelta64[ns], from `first` to `follower`).
    Sorted by share, then by times. Of alarms with equal times, the one that came first is `first`. A pair may
    be cause and effect, or two effects of a third cause. Both are a reason to show one alarm instead of two.

    Args:
        episodes: The table from `alarm_episodes`.
        most: How many rows.
        within: The longest delay.
        least: Pairs that occur less often are left out.
        neighbours: How many of the next raises are compared. This limits the work in a flood.
        start: Count from this time. Default: the start of the log.
        end: Count until before this time. Default: the end of the log.
    """
    return pairs_in(review_period(episodes, start, end), most, within, least, neighbours)


def pairs_in(
    period: ReviewPeriod, most: int = 20, within: str = "1min", least: int = 3, neighbours: int = 50
) -> pd.DataFrame:
    """The same of a period."""
    for name, count in (("most", most), ("least", least), ("neighbours", neighbours)):
        checked_count(count, name)
    width = span_ns(within)
    codes, names = pd.factorize(period.raised["reference"])
    key, delay = followings(codes.astype(np.int64), period.raised_ns, len(names), width, neighbours)
    pairs = pd.DataFrame({"key": key, "delay": delay}).groupby("key")["delay"].agg(["size", "median"])
    # Before anything is worked out for them: of a thousand alarms nearly every pair met once by chance.
    pairs = pairs[pairs["size"] >= least]
    first, follower = np.divmod(pairs.index.to_numpy(dtype=np.int64), max(len(names), 1))
    counts = np.bincount(codes, minlength=len(names))
    share = pairs["size"].to_numpy() / np.maximum(counts[first], 1)
    length = max(period.seen_ns, 1)  # what was not seen would make every pair a rare one
    labels = pd.Series(names, dtype="str")
    found = pd.DataFrame(
        {
            "first": labels.take(first).to_numpy(),
            "follower": labels.take(follower).to_numpy(),
            "times": pairs["size"].to_numpy(dtype=np.int64),
            "share": share,
            # Not by the plain product of rates, which is above 1 for an alarm that comes every few seconds:
            # lift would then be below 1 for one that always follows.
            "lift": share / by_chance(counts[follower] * width / length),
            "median_delay": pairs["median"].to_numpy().astype(np.int64).view("timedelta64[ns]"),
        }
    )
    found = found.astype({"first": "str", "follower": "str"})
    return found.sort_values(["share", "times"], ascending=False, kind="stable", ignore_index=True).head(most)


def by_chance(expected: NDArray[np.float64]) -> NDArray[np.float64]:
    """In which part of the cases something comes at least once that comes so often on average (Poisson)."""
    likely: NDArray[np.float64] = -np.expm1(-np.maximum(expected, 1e-12))
    return likely


def followings(codes: Ints, at: Ints, names: int, width: int, neighbours: int) -> tuple[Ints, Ints]:
    """Each first following of another alarm after each raise: the pair as one number, and the delay."""
    keys: list[Ints] = [np.empty(0, np.int64)]
    delays: list[Ints] = [np.empty(0, np.int64)]
    # In parts: the comparisons of a flood of 100,000 raises with 50 neighbours each are 5 million, which fit;
    # all of a year's do not.
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
    # By time and by number: in a flood thousands lie within a minute, and the work would grow with their
    # square.
    until = np.minimum(np.searchsorted(at, at[rows] + width, side="right"), rows + 1 + neighbours)
    counts = until - rows - 1
    lead = np.repeat(rows, counts)
    # Counts 1, 2, 3 ... anew for each raise, without a loop: a running number less that at which its raise
    # began.
    after = lead + 1 + np.arange(len(lead)) - np.repeat(np.cumsum(counts) - counts, counts)
    # An alarm that follows itself is chattering, which is another measure.
    other = codes[lead] != codes[after]
    lead, after = lead[other], after[other]
    # The first time that an alarm follows this very raise, not its later repetitions.
    _, once = np.unique(lead * names + codes[after], return_index=True)
    lead, after = lead[once], after[once]
    return codes[lead] * names + codes[after], at[after] - at[lead]
