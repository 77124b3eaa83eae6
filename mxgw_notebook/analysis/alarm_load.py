"""How the load is spread: by area or operator position, and how many alarms stand at a time.

ISA-18.2 and EEMUA 191 judge an operator position, not a plant: an average over all of them hides the one that
has too much. Second-hand: ANSI/ISA-18.2-2016, clause 16; EEMUA 191, 3rd edition.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mxgw_notebook.analysis.alarm_floods import floods_in, most_within, share_in_flood
from mxgw_notebook.analysis.alarm_log import UNKNOWN, stamps
from mxgw_notebook.analysis.alarm_rates import TEN_MINUTES, WORDS, banded, bands_for
from mxgw_notebook.analysis.alarm_standing import never_cleared
from mxgw_notebook.analysis.alarm_window import Moment, moments
from mxgw_notebook.analysis.needed_columns import check_columns
from mxgw_notebook.analysis.review_period import ReviewPeriod, review_period
from mxgw_notebook.client import checks_arguments
from mxgw_notebook.frames import gives_table, glob_matches

HOUR, DAY = 6 * TEN_MINUTES, 144 * TEN_MINUTES
UNASSIGNED = "unassigned"
BAND = pd.CategoricalDtype(list(WORDS), ordered=True)
LOAD = [
    "alarms", "share", "per_10_minutes", "per_hour", "per_day", "band", "most_in_10_minutes", "floods",
    "share_in_flood",
]  # fmt: skip
COUNTS = ["alarms", "most_in_10_minutes", "floods"]
PARTS = ["share", "per_10_minutes", "per_hour", "per_day", "share_in_flood"]


@checks_arguments
@gives_table
def alarm_load(
    episodes: pd.DataFrame,
    *,
    by: str = "area",
    positions: Mapping[str, str] | None = None,
    start: Moment = None,
    end: Moment = None,
) -> pd.DataFrame:
    """One row per area or operator position, the most loaded first. Each is judged on its own.

    Columns: `by` (or `position`), `alarms`, `share` of all, `per_10_minutes`, `per_hour`, `per_day` (averages
    over the connected time in the window; NaN if that is zero), `band` (of the average per 10 minutes, an
    ordered categorical; missing if part of the window had no connection), `most_in_10_minutes`, `floods`,
    `share_in_flood` (0 to 1, of the window). Alarms without an area are one row with an empty name.

    Args:
        episodes: The table from `alarm_episodes`.
        by: The column to divide by: `area`, or `alarm_type`, `operator`.
        positions: The areas of each operator position, by name or glob: `{"North*": "Control room 1"}`. The
            first match counts. Areas without a match are the position "unassigned".
        start: Count from this time. Default: the start of the log.
        end: Count until before this time. Default: the end of the log.
    """
    period = review_period(episodes, start, end)
    if positions is None:
        return load_by(period, by)
    areas = period.raised["area"].astype("str")
    names = {area: position_of(area, positions) for area in areas.unique()}
    return load_in(period, areas.map(names), "position")


def load_by(period: ReviewPeriod, by: str) -> pd.DataFrame:
    """The same of a period, by a column."""
    check_columns(period.episodes, (by,), "These occurrences cannot be divided so", "by= names one of them.")
    return load_in(period, period.raised[by].astype("str"), by)


def position_of(area: str, positions: Mapping[str, str]) -> str:
    """The position that has an area."""
    fitting = (position for pattern, position in positions.items() if glob_matches(pattern, [area]))
    return next(fitting, UNASSIGNED)


def load_in(period: ReviewPeriod, names: pd.Series[Any], by: str) -> pd.DataFrame:
    """The load of each of the names that the raises of a period have."""
    groups = pd.Series(range(len(names)), dtype="int64").groupby(names.to_numpy(), sort=False).groups
    rows = [(str(name), *load_of(period, np.sort(places.to_numpy()))) for name, places in groups.items()]
    found = pd.DataFrame(rows, columns=[by, *LOAD])
    found = found.astype({by: "str"} | dict.fromkeys(COUNTS, "int64") | dict.fromkeys(PARTS, "float64"))
    found["band"] = found["band"].astype(BAND)
    return found.sort_values("alarms", ascending=False, kind="stable", ignore_index=True)


def load_of(period: ReviewPeriod, places: NDArray[np.int64]) -> tuple[Any, ...]:
    """The figures of some of a period's raises."""
    part = replace(period, rows=period.rows[places], raised_ns=period.raised_ns[places])
    window = np.array([period.window.start_ns]), np.array([period.window.end_ns])
    missing = period.unseen_within(*window)
    length = period.window.end_ns - period.window.start_ns - int(missing[0])
    rates = [len(places) * width / length if length else np.nan for width in (TEN_MINUTES, HOUR, DAY)]
    floods = floods_in(part)
    (band,) = banded(np.array(rates[:1]), bands_for(TEN_MINUTES), missing)
    share = len(places) / max(len(period), 1)
    return (
        len(places),
        share,
        *rates,
        band,
        most_within(part),
        len(floods),
        share_in_flood(floods, period.window),
    )


@checks_arguments
@gives_table
def standing_load(
    episodes: pd.DataFrame, *, by: str | None = None, start: Moment = None, end: Moment = None
) -> pd.DataFrame:
    """How many alarms stand at a time, in one row or, with `by`, one per area.

    Columns: `average`, `most`, `at`, `unknown`. `average` is over the window, up to the last time that the
    log covers (NaN if that time is zero). `at` (UTC) is when `most` alarms stood for the first time.
    `unknown` counts occurrences without a known raise or clear. The other figures do not contain them, and
    are too low by them.
    """
    return standing_load_in(review_period(episodes, start, end), by)


def standing_load_in(period: ReviewPeriod, by: str | None = None) -> pd.DataFrame:
    """The same of a period."""
    if by is None:
        return standing_table([standing_figures(period.episodes, period)])
    check_columns(period.episodes, (by,), "These occurrences cannot be divided so", "by= names one of them.")
    names = period.episodes[by].astype("str")
    rows = [
        {by: name, **standing_figures(part, period)}
        for name, part in period.episodes.groupby(names.to_numpy(), sort=True)
    ]
    found = standing_table(rows, by).astype({by: "str"})
    return found.sort_values("average", ascending=False, kind="stable", ignore_index=True)


def standing_table(rows: Sequence[Mapping[str, Any]], *names: str) -> pd.DataFrame:
    """Such figures as a table, whose columns are of the same kind where it has no row."""
    found = pd.DataFrame(rows, columns=[*names, "average", "most", "at", "unknown"])
    found = found.astype({"average": "float64", "most": "int64", "unknown": "int64"})
    return found.assign(at=moments(found["at"]))


def standing_figures(episodes: pd.DataFrame, period: ReviewPeriod) -> dict[str, Any]:
    """Average and most standing of some of a period's occurrences, up to where anything was seen."""
    start_ns, until_ns = period.window.start_ns, period.seen_until_ns
    raised, cleared = stamps(episodes["raised"]), stamps(episodes["cleared"])
    still = never_cleared(episodes)
    known = (raised != UNKNOWN) & (still | ((cleared != UNKNOWN) & (cleared >= raised)))
    # Half-open: what cleared as it was raised stood at no time. What stands at the last moment of the window
    # does so at that moment, too.
    stop = min(period.window.last_ns, until_ns) + 1
    begin = np.clip(raised[known], start_ns, stop)
    end = np.clip(np.where(still, stop, cleared)[known], start_ns, stop)
    begin, end = begin[end > begin], end[end > begin]
    length = until_ns - start_ns
    standing = int((np.minimum(end, until_ns) - np.minimum(begin, until_ns)).sum())
    times = np.concatenate([end, begin])
    steps = np.append(np.full(len(end), -1), np.full(len(begin), 1))
    # A clear at the moment of another's raise comes first: then one more did not stand.
    order = np.lexsort((steps, times))
    counts = np.cumsum(steps[order])
    most = int(counts.max(initial=0))
    at = int(times[order][counts.argmax()]) if most else 0
    return {
        "average": standing / length if length else np.nan,
        "most": most,
        "at": at,
        "unknown": int((~known).sum()),
    }
