"""Alarms that stand, and those that have stood so long that nobody sees them any more.

ISA-18.2 calls an alarm stale that has stood for a long time, by custom 24 hours, and accepts fewer than five
of them on any day, each with a plan to be rid of it. Second-hand: ANSI/ISA-18.2-2016, clause 16.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mxgw_notebook.analysis.alarm_log import UNKNOWN, stamps
from mxgw_notebook.analysis.alarm_window import Moment, ReviewWindow, review_window, span_ns
from mxgw_notebook.analysis.review_period import ReviewPeriod
from mxgw_notebook.client import checks_arguments
from mxgw_notebook.frames import gives_table, moment_ns
from mxgw_notebook.words import MAY_STAND

DAY = span_ns("1D")
SHOWN = ["reference", "tag", "area", "description", "severity", "state", "raised", "cleared"]


@checks_arguments
@gives_table
def standing_alarms(episodes: pd.DataFrame, *, at: Moment = None) -> pd.DataFrame:
    """One row per alarm that stood at a moment, the oldest first, with its `age` at that moment.

    Columns: `reference`, `tag`, `area`, `description`, `severity`, `state` (at the end of the log), `raised`,
    `cleared`, `age` (timedelta64[ns]; NaT if the raise is not known). The default moment is the end of the
    review. An alarm that cleared at an unknown time counts as cleared. If two occurrences of an alarm stood
    at the moment (a clock was set back, or a raise is unknown), the older is shown.
    """
    moment = asked_moment(episodes, at)
    return standing_at(episodes, moment, moment)


def standing_in(period: ReviewPeriod) -> pd.DataFrame:
    """The same at the end of what was seen of a period."""
    until = period.seen_until_ns
    return standing_at(period.episodes, min(period.window.last_ns, until), until)


def standing_at(episodes: pd.DataFrame, last: int, moment: int) -> pd.DataFrame:
    """Those raised until the one moment and not cleared at it, with their age at the other."""
    raised, cleared = stamps(episodes["raised"]), stamps(episodes["cleared"])
    stands = (raised <= last) & (never_cleared(episodes) | ((cleared != UNKNOWN) & (cleared > last)))
    found = aged(episodes, stands, raised, moment)
    return found.drop_duplicates("reference", ignore_index=True)


@checks_arguments
@gives_table
def stale_alarms(
    episodes: pd.DataFrame,
    *,
    longer_than: str | pd.Timedelta = "24h",
    at: Moment = None,
    start: Moment = None,
) -> pd.DataFrame:
    """One row per occurrence that stood longer than 24 hours, the oldest first; also cleared ones.

    Columns as in `standing_alarms`. `age` is the time to the clear, or to the moment (default: the end of the
    review). With `start`, occurrences that cleared before it are left out.
    """
    since = moment_ns(start) if start is not None else np.iinfo(np.int64).min
    return stale_between(episodes, since, asked_moment(episodes, at), longer_than)


def stale_in(period: ReviewPeriod, longer_than: str | pd.Timedelta = "24h") -> pd.DataFrame:
    """The same of a period: those that were stale at a moment of what was seen of it."""
    return stale_between(period.episodes, period.window.start_ns, period.seen_until_ns, longer_than)


def stale_between(
    episodes: pd.DataFrame, since: int, moment: int, longer_than: str | pd.Timedelta
) -> pd.DataFrame:
    """The occurrences that stood longer than the span by the moment, and were not over before `since`."""
    raised, cleared = stamps(episodes["raised"]), stamps(episodes["cleared"])
    until = np.where((cleared != UNKNOWN) & (cleared < moment), cleared, moment)
    relevant = never_cleared(episodes) | (cleared != UNKNOWN)
    length = np.where((raised != UNKNOWN) & relevant, until - np.where(raised == UNKNOWN, 0, raised), 0)
    return aged(episodes, (length > span_ns(longer_than)) & (until > since), raised, until)


def most_stale_on_a_day(
    stale: pd.DataFrame, window: ReviewWindow, longer_than: str | pd.Timedelta = "24h"
) -> int:
    """The most alarms that were stale on any one day (UTC) of the window; ISA-18.2 counts by the day."""
    raised = stamps(stale["raised"])
    first = np.maximum(raised + span_ns(longer_than), window.start_ns) // DAY
    last = (raised + stale["age"].to_numpy("timedelta64[ns]").view(np.int64) - 1) // DAY
    if not len(stale):
        return 0
    begin = int(first.min())
    changes = np.zeros(int(last.max()) - begin + 2, dtype=np.int64)
    np.add.at(changes, first - begin, 1)
    np.add.at(changes, last - begin + 1, -1)
    return int(np.cumsum(changes).max())


def never_cleared(episodes: pd.DataFrame) -> NDArray[np.bool_]:
    """Which occurrences stand to the end of the log, or may: the gateway listed those of unknown state."""
    found: NDArray[np.bool_] = episodes["state"].astype("str").isin(MAY_STAND).to_numpy()
    return found


def asked_moment(episodes: pd.DataFrame, at: Moment) -> int:
    """The moment asked for, else the end of the review, in nanoseconds."""
    window = review_window(episodes)  # says as well whether these are episodes
    return moment_ns(at) if at is not None else window.end_ns


def aged(
    episodes: pd.DataFrame, chosen: np.ndarray, raised: np.ndarray, until: np.ndarray | int
) -> pd.DataFrame:
    """The chosen occurrences with their age, the oldest first."""
    known = raised != UNKNOWN
    age = np.where(known, until - np.where(known, raised, 0), UNKNOWN).view("timedelta64[ns]")
    found = episodes.loc[chosen, SHOWN].assign(age=age[chosen])
    return found.sort_values("age", ascending=False, kind="stable", ignore_index=True)
