"""How many alarms an operator is shown, against what one can be expected to handle.

EEMUA 191 judges the average in steady operation by 10 minutes and operator: about one alarm is very likely
acceptable, two are manageable, five likely ask too much, more than ten are very likely unacceptable. ISA-18.2
has the same figures by day and operating position: about 150 very likely acceptable, 300 the most that is
manageable, and by the hour about 6 and 12. A raise counts, whatever becomes of it; a retrigger of an alarm
that stands does not.

The figures are those of EEMUA 191 (3rd edition, 2013) and ANSI/ISA-18.2-2016, clause 16, second-hand: from
what has been published about them, not from the standards' own text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mxgw_notebook.analysis.alarm_window import Moment, moments, span_ns
from mxgw_notebook.analysis.review_period import ReviewPeriod, review_period
from mxgw_notebook.client import checks_arguments
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames import gives_table

Ints = NDArray[np.int64]
# Up to how many alarms an operator each word holds; the last one for all above.
Bands = Sequence[tuple[float, str]]
WORDS = ("very likely acceptable", "manageable", "likely over-demanding", "very likely unacceptable")
TEN_MINUTES = span_ns("10min")
# What is published for each length. EEMUA's bound of 10 in 10 minutes stands for an hour as six times that.
MOST = {TEN_MINUTES: (1, 2, 10), span_ns("1h"): (6, 12, 60), span_ns("1D"): (150, 300, 1500)}

MOST_OPERATORS = 1_000_000
MOST_INTERVALS = 10_000_000


def bands_for(width_ns: int) -> Bands:
    """The published bands of 10 minutes, an hour and a day, else those of 10 minutes in proportion."""
    most = MOST.get(width_ns) or tuple(bound * width_ns / TEN_MINUTES for bound in MOST[TEN_MINUTES])
    return tuple(zip((*most, np.inf), WORDS, strict=True))


def checked_operators(operators: float) -> float:
    """How many share the alarms. Raises ConfigurationError for none, or less than none."""
    if not 0 < operators < MOST_OPERATORS:
        message = f"operators={operators} is not a number of operators above 0"
        raise ConfigurationError(message, hint="Say how many share these alarms; half an operator is 0.5.")
    return operators


@checks_arguments
@gives_table
def alarm_rate(
    episodes: pd.DataFrame,
    *,
    per: str = "10min",
    operators: float = 1,
    bands: Bands | None = None,
    start: Moment = None,
    end: Moment = None,
) -> pd.DataFrame:
    """One row per interval, by time, also if it has no alarms.

    Columns: `start`, `alarms`, `per_operator`, `band`. Intervals begin at round times (UTC): with
    `per="10min"` at :00, :10 ... The log may cover only a part of the first and the last interval. `band` is
    an ordered categorical, the best first. It is missing if there was no connection during a part of the
    interval, unless the alarms received are already in the worst band.

    Args:
        episodes: The table from `alarm_episodes`.
        per: The length of an interval.
        operators: How many operators share the alarms.
        bands: The highest number of alarms per operator for each word. Default: the standards' numbers for 10
            minutes, an hour and a day; for other lengths the ones of 10 minutes in proportion.
        start: Count from this time. Default: the start of the log.
        end: Count until before this time. Default: the end of the log.

    Raises:
        ConfigurationError: A number of operators, a length or a time is not valid.
    """
    period = review_period(episodes, start, end)
    return rate_in(period, per, operators, bands)


def rate_in(
    period: ReviewPeriod, per: str = "10min", operators: float = 1, bands: Bands | None = None
) -> pd.DataFrame:
    """The same of a period, from its first moment to its last whether anything was raised or not."""
    width, operators = span_ns(per), checked_operators(operators)
    bands = bands or bands_for(width)
    starts = counts = np.empty(0, np.int64)
    if period.window.known:
        first, last = period.window.start_ns // width, period.window.last_ns // width
        check_intervals(last - first + 1, per)
        counts = np.bincount(period.raised_ns // width - first, minlength=last - first + 1)
        starts = np.arange(first, last + 1) * width
    shared = counts / operators
    return pd.DataFrame(
        {
            "start": moments(starts),
            "alarms": counts.astype("int64"),
            "per_operator": shared.astype("float64"),
            "band": banded(shared, bands, period.unseen_within(starts, starts + width)),
        }
    )


def check_intervals(count: int, per: str) -> None:
    """Refuses a table that would take the kernel down with it."""
    if count > MOST_INTERVALS:
        message = f"{count:,} intervals of {per} are more than a table can have"
        raise ConfigurationError(message, hint="Give a longer per=, or a start= and end= closer together.")


def banded(rates: NDArray[np.float64], bands: Bands, unseen_ns: Ints) -> pd.Categorical[Any]:
    """The band of each rate; missing for one that is none, and where more may have come that nobody saw."""
    places = np.searchsorted([most for most, _ in bands], rates)
    unknown = np.isnan(rates) | ((unseen_ns > 0) & (places < len(bands) - 1))
    words = pd.CategoricalDtype([word for _, word in bands], ordered=True)
    return pd.Categorical.from_codes(np.where(unknown, -1, places), dtype=words)


@checks_arguments
@gives_table
def daily_alarm_rate(
    episodes: pd.DataFrame, *, operators: float = 1, start: Moment = None, end: Moment = None
) -> pd.DataFrame:
    """One row per day (UTC): `start`, `alarms`, `per_operator`, `band` by ISA-18.2's 150 and 300 a day."""
    return alarm_rate(episodes, per="1D", operators=operators, start=start, end=end)


@checks_arguments
@gives_table
def hourly_alarm_rate(
    episodes: pd.DataFrame, *, operators: float = 1, start: Moment = None, end: Moment = None
) -> pd.DataFrame:
    """One row per hour (UTC): `start`, `alarms`, `per_operator`, `band` by ISA-18.2's 6 and 12 an hour."""
    return alarm_rate(episodes, per="1h", operators=operators, start=start, end=end)


def hourly_rate_in(period: ReviewPeriod, operators: float = 1) -> pd.DataFrame:
    """The same of a period."""
    return rate_in(period, "1h", operators)


def daily_rate_in(period: ReviewPeriod, operators: float = 1) -> pd.DataFrame:
    """The same of a period."""
    return rate_in(period, "1D", operators)
