"""Alarms acknowledged in bulk: faster after one another than anybody can have looked at them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mxgw_notebook.analysis.alarm_log import UNKNOWN, stamps
from mxgw_notebook.analysis.alarm_window import Moment, checked_count, moments, span_ns
from mxgw_notebook.analysis.review_period import ReviewPeriod, review_period
from mxgw_notebook.client import checks_arguments
from mxgw_notebook.frames import gives_table

COLUMNS = ["first", "last", "operator", "alarms", "areas", "standing", "examples"]
SHOWN = 3


@checks_arguments
@gives_table
def acknowledged_in_bulk(
    episodes: pd.DataFrame,
    *,
    alarms: int = 5,
    within: str = "1s",
    start: Moment = None,
    end: Moment = None,
) -> pd.DataFrame:
    """One row per run of acknowledgements by one operator, each `within` the time of the one before; by time.

    Columns: `first` and `last` (UTC), `operator` (empty where the log does not name one), `alarms`
    (occurrences, at least as many as the argument `alarms`), `areas` (how many different ones), `standing`
    (how many alarms were still raised), `examples` (the first references).

    No standard gives a figure. The default of one second is less than it takes to read an alarm's name.
    Acknowledgements within the window count, whenever their alarms were raised.
    """
    return bulk_in(review_period(episodes, start, end), alarms, within)


def bulk_in(period: ReviewPeriod, alarms: int = 5, within: str = "1s") -> pd.DataFrame:
    """The same of a period."""
    checked_count(alarms, "alarms")
    at = stamps(period.episodes["acknowledged"])
    inside = (at != UNKNOWN) & (at >= period.window.start_ns) & (at <= period.window.last_ns)
    answered = period.episodes[inside]
    cleared = stamps(answered["cleared"])
    table = pd.DataFrame(
        {
            "at": at[inside],
            "who": pd.factorize(answered["operator"].astype("str"))[0],
            "operator": answered["operator"].astype("str").to_numpy(),
            "reference": answered["reference"].astype("str").to_numpy(),
            "area": answered["area"].astype("str").to_numpy(),
            "standing": (cleared == UNKNOWN) | (cleared > at[inside]),
        }
    ).sort_values(["who", "at"], kind="stable", ignore_index=True)
    apart = (table["at"].diff() > span_ns(within)) | (table["who"].diff() != 0)
    number = apart.cumsum().to_numpy(dtype=np.int64)
    # Before anything is worked out for them: most acknowledgements are runs of one.
    long = np.bincount(number)[number] >= alarms if len(number) else np.zeros(0, bool)
    found = table[long].groupby(number[long]).agg(
        first=("at", "min"), last=("at", "max"), operator=("operator", "first"), alarms=("at", "size"),
        areas=("area", "nunique"), standing=("standing", "sum"),
        examples=("reference", lambda names: ", ".join(dict.fromkeys(names.iloc[:SHOWN]))),
    )  # fmt: skip
    found = found.sort_values("first", kind="stable", ignore_index=True)
    found = found.assign(first=moments(found["first"]), last=moments(found["last"]))
    return found.astype({"operator": "str", "examples": "str"})[COLUMNS]  # of no rows, too
