"""Which alarms make up the load.

ISA-18.2 and EEMUA 191 look at the ten most frequent, which should make up less than 1 to 5 % of all.
Second-hand: ANSI/ISA-18.2-2016, clause 16; EEMUA 191, 3rd edition.
"""

from __future__ import annotations

import pandas as pd

from mxgw_notebook.analysis.alarm_window import Moment, checked_count
from mxgw_notebook.analysis.needed_columns import check_columns
from mxgw_notebook.analysis.review_period import ReviewPeriod, review_period
from mxgw_notebook.client import checks_arguments
from mxgw_notebook.frames import gives_table


@checks_arguments
@gives_table
def top_contributors(
    episodes: pd.DataFrame,
    most: int = 10,
    *,
    by: str = "reference",
    start: Moment = None,
    end: Moment = None,
) -> pd.DataFrame:
    """One row per alarm, the most frequent first: `by`, `alarms`, `share`, `cumulative`; `tag`, `area`.

    Shares are of all raises in the window, 0 to 1. Equally frequent alarms are in the order of their first
    raise. The ten most frequent alarms should make up less than 1 to 5 % of all raises. In practice a few
    alarms make up most raises, and these are the cheapest to correct.

    Args:
        episodes: The table from `alarm_episodes`.
        most: How many rows.
        by: The column to count by: `reference`, or `area`, `tag`, `alarm_type`.
        start: Count from this time. Default: the start of the log.
        end: Count until before this time. Default: the end of the log.
    """
    return contributors_in(review_period(episodes, start, end), most, by)


def contributors_in(period: ReviewPeriod, most: int = 10, by: str = "reference") -> pd.DataFrame:
    """The same of a period."""
    checked_count(most, "most")
    raised = period.raised
    check_columns(raised, (by,), "These occurrences cannot be counted so", "by= names one of them.")
    names = raised[by].astype("str")
    grouped = raised.groupby(names, sort=False)
    found = pd.DataFrame({"alarms": grouped.size()})
    if by == "reference":
        found = found.join(grouped[["tag", "area"]].first())
    found = found.sort_values("alarms", ascending=False, kind="stable").head(most)
    found.insert(1, "share", found["alarms"] / len(raised) if len(raised) else 0.0)
    found.insert(2, "cumulative", found["share"].cumsum())
    return found.rename_axis(by).reset_index()
