"""How urgent the alarms are, in the words of four priorities.

AVEVA's severities run from 1, the most urgent, to 999; its own four ranges are critical, high, medium and
low. ISA-18.2 and EEMUA 191 ask that of all alarms shown about 80 % are low, 15 % medium and 5 % high, with
less than 1 % above that: an operator who is told that everything is urgent is told nothing. The shares are
second-hand (ANSI/ISA-18.2-2016, clause 16; EEMUA 191, 3rd edition).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from mxgw_notebook.analysis.alarm_window import Moment
from mxgw_notebook.analysis.review_period import ReviewPeriod, review_period
from mxgw_notebook.client import checks_arguments
from mxgw_notebook.frames import gives_table

# The name, the last severity of its range, and the share that is asked for.
Priorities = Sequence[tuple[str, int, float]]
PRIORITIES: Priorities = (
    ("critical", 249, 0.01),
    ("high", 499, 0.05),
    ("medium", 749, 0.15),
    ("low", 999, 0.80),
)
UNKNOWN_PRIORITY = "unknown"


@checks_arguments
def priority_of(severity: pd.Series[Any], priorities: Priorities = PRIORITIES) -> pd.Series[Any]:
    """The priority of each severity, as an ordered categorical: the most urgent first, `unknown` last.

    `unknown` is everything that is not a number from 1 up. The gateway sends 0 for a severity that it does
    not have. Numbers as text are numbers. A number above the last range belongs to another scale and is also
    unknown. OPC, for example, goes to 1000, and 1000 is the most urgent there.
    """
    words = pd.CategoricalDtype([*(name for name, _, _ in priorities), UNKNOWN_PRIORITY], ordered=True)
    plain = severity if pd.api.types.is_numeric_dtype(severity) else severity.astype("object")
    numbers = pd.to_numeric(plain, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    places = np.searchsorted([last for _, last, _ in priorities], numbers)
    places = np.where(numbers >= 1, places, len(priorities))
    return pd.Series(pd.Categorical.from_codes(places, dtype=words), index=severity.index)


@checks_arguments
@gives_table
def priority_distribution(
    episodes: pd.DataFrame,
    *,
    priorities: Priorities = PRIORITIES,
    start: Moment = None,
    end: Moment = None,
) -> pd.DataFrame:
    """One row per priority, the most urgent first: `priority`, `severities`, `alarms`, `share`, `target`.

    `share` is of all raises in the window, 0 to 1 (NaN if there are none). `target` is the share that the
    standards ask for. If some alarms have no severity, there is a last row `unknown`, without severities and
    target.
    """
    return priorities_in(review_period(episodes, start, end), priorities)


def priorities_in(period: ReviewPeriod, priorities: Priorities = PRIORITIES) -> pd.DataFrame:
    """The same of a period."""
    words = priority_of(period.raised["severity"], priorities)
    names = list(words.cat.categories)
    alarms = words.value_counts().reindex(names, fill_value=0).to_numpy(dtype=np.int64)
    lasts = [last for _, last, _ in priorities]
    firsts = [1, *(last + 1 for last in lasts[:-1])]
    ranges = [f"{first} to {last}" for first, last in zip(firsts, lasts, strict=True)]
    found = pd.DataFrame(
        {
            "priority": pd.Categorical(names, categories=names, ordered=True),
            "severities": pd.Series([*ranges, ""], dtype="str"),
            "alarms": alarms,
            "share": alarms / len(period) if len(period) else np.full(len(names), np.nan),
            "target": [*(target for _, _, target in priorities), np.nan],
        }
    )
    return found if alarms[-1] else found.iloc[:-1]
