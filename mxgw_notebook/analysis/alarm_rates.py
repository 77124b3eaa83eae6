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

from mxgw_notebook.analysis.alarm_window import Moment, moments, raises_ns, review_window, span_ns

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
    window, width = review_window(episodes, start, end), span_ns(per)
    raised = raises_ns(episodes, window)
    words = pd.CategoricalDtype([word for _, word in bands], ordered=True)
    if not len(raised) and start is None:
        return frame_of(np.empty(0, np.int64), np.empty(0, np.int64), operators, bands, words)
    first, last = window.start_ns // width, window.end_ns // width
    counts = np.bincount(raised // width - first, minlength=last - first + 1)
    return frame_of(np.arange(first, last + 1) * width, counts, operators, bands, words)


def frame_of(
    starts: np.ndarray, counts: np.ndarray, operators: float, bands: Bands, words: pd.CategoricalDtype
) -> pd.DataFrame:
    """The intervals as a frame."""
    shared = counts / operators
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
