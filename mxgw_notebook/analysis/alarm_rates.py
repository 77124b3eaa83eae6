"""How many alarms an operator is shown, against what one can be expected to handle.

EEMUA 191 judges the average in steady operation by 10 minutes and operator: about one alarm is very likely
acceptable, two are manageable, five likely ask too much, more than ten are very likely unacceptable. ISA-18.2
has the same figures by day and operating position: about 150 very likely acceptable, 300 the most that is
manageable. A raise counts, whatever becomes of it; a retrigger of an alarm that stands does not.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mxgw_notebook.analysis.alarm_window import Moment, moments, span_ns
from mxgw_notebook.analysis.review_period import ReviewPeriod, review_period

Ints = NDArray[np.int64]
# Up to how many alarms an operator each word holds; the last one for all above.
Bands = Sequence[tuple[float, str]]
BANDS_10_MINUTES: Bands = (
    (1, "very likely acceptable"),
    (2, "manageable"),
    (10, "likely over-demanding"),
    (np.inf, "very likely unacceptable"),
)
BANDS_DAY: Bands = (
    (150, "very likely acceptable"),
    (300, "manageable"),
    (1500, "likely over-demanding"),
    (np.inf, "very likely unacceptable"),
)


def alarm_rate(
    episodes: pd.DataFrame,
    *,
    per: str = "10min",
    operators: float = 1,
    bands: Bands = BANDS_10_MINUTES,
    start: Moment = None,
    end: Moment = None,
) -> pd.DataFrame:
    """One row an interval, by time, quiet ones too: `start`, `alarms`, `per_operator`, `band`.

    Intervals begin at round times (UTC): with `per="10min"` at :00, :10 ... The first and the last one
    may be covered in part only. `band` is an ordered categorical, the most bearable first.

    Args:
        episodes: What `alarm_episodes` gives.
        per: The length of an interval.
        operators: How many share the alarms.
        bands: Up to how many alarms an operator each word holds; of EEMUA 191 for 10 minutes unless told.
        start: The first moment counted; unless told, the first raise seen.
        end: The last one; unless told, the last event.
    """
    return rate_in(review_period(episodes, start, end), per, operators, bands)


def rate_in(
    period: ReviewPeriod, per: str = "10min", operators: float = 1, bands: Bands = BANDS_10_MINUTES
) -> pd.DataFrame:
    """The same of a period, none where nothing was raised and nobody told where to begin."""
    if not len(period) and not period.window.told:
        return intervals(np.empty(0, np.int64), np.empty(0, np.int64), operators, bands)
    width = span_ns(per)
    first, last = period.window.start_ns // width, period.window.end_ns // width
    counts = np.bincount(period.raised_ns // width - first, minlength=last - first + 1)
    return intervals(np.arange(first, last + 1) * width, counts, operators, bands)


def intervals(starts: Ints, counts: Ints, operators: float, bands: Bands) -> pd.DataFrame:
    """The intervals as a frame."""
    shared = counts / operators
    words = pd.CategoricalDtype([word for _, word in bands], ordered=True)
    places = np.searchsorted([most for most, _ in bands], shared)
    return pd.DataFrame(
        {
            "start": moments(starts),
            "alarms": counts.astype("int64"),
            "per_operator": shared.astype("float64"),
            "band": pd.Categorical.from_codes(places, dtype=words),
        }
    )


def daily_alarm_rate(
    episodes: pd.DataFrame, *, operators: float = 1, start: Moment = None, end: Moment = None
) -> pd.DataFrame:
    """One row a day (UTC): `start`, `alarms`, `per_operator`, `band` by ISA-18.2's 150 and 300 a day."""
    return alarm_rate(episodes, per="1D", operators=operators, bands=BANDS_DAY, start=start, end=end)


def daily_rate_in(period: ReviewPeriod, operators: float = 1) -> pd.DataFrame:
    """The same of a period."""
    return rate_in(period, "1D", operators, BANDS_DAY)
