"""Alarms that stand, and those that have stood so long that nobody sees them any more.

ISA-18.2 calls an alarm stale that has stood for a long time, by custom 24 hours, and accepts fewer than five
of them on any day, each with a plan to be rid of it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from mxgw_notebook.analysis.alarm_log import UNKNOWN, stamps
from mxgw_notebook.analysis.alarm_window import Moment, moment_ns, review_window
from mxgw_notebook.words import STANDING_STATES

SHOWN = ["reference", "tag", "area", "description", "severity", "state", "raised", "cleared"]


def standing_alarms(episodes: pd.DataFrame, *, at: Moment = None) -> pd.DataFrame:
    """One row an alarm that stood at a moment, the oldest first, with its `age` then.

    `reference`, `tag`, `area`, `description`, `severity`, `state` (at the end of the log), `raised`,
    `cleared`, `age` (timedelta64[ns]; NaT where the raise is not known). Unless told, the moment is the end
    of the review. One that is known to have cleared, but not when, counts as gone. Of two occurrences of an
    alarm that both stood then, as a clock set back or an unknown raise has it, the older is shown.
    """
    moment = asked_moment(episodes, at)
    raised, cleared = stamps(episodes["raised"]), stamps(episodes["cleared"])
    never = episodes["state"].astype("str").isin(STANDING_STATES).to_numpy()
    stands = (raised <= moment) & (never | ((cleared != UNKNOWN) & (cleared > moment)))
    found = aged(episodes, stands, raised, moment)
    return found.drop_duplicates("reference", ignore_index=True)


def stale_alarms(
    episodes: pd.DataFrame, *, longer_than: str | pd.Timedelta = "24h", at: Moment = None
) -> pd.DataFrame:
    """One row an occurrence that stood longer than 24 hours, the oldest first; those over by then as well.

    Columns as in `standing_alarms`; `age` is to the clear, or to the moment asked for.
    """
    moment = asked_moment(episodes, at)
    raised, cleared = stamps(episodes["raised"]), stamps(episodes["cleared"])
    never = episodes["state"].astype("str").isin(STANDING_STATES).to_numpy()
    until = np.where((cleared != UNKNOWN) & (cleared < moment), cleared, moment)
    relevant = never | (cleared != UNKNOWN)
    length = np.where((raised != UNKNOWN) & relevant, until - np.where(raised == UNKNOWN, 0, raised), 0)
    return aged(episodes, length > pd.Timedelta(longer_than).as_unit("ns").value, raised, until)


def asked_moment(episodes: pd.DataFrame, at: Moment) -> int:
    """The moment asked for, else the end of the review, in nanoseconds."""
    return moment_ns(at) if at is not None else review_window(episodes).end_ns


def aged(
    episodes: pd.DataFrame, chosen: np.ndarray, raised: np.ndarray, until: np.ndarray | int
) -> pd.DataFrame:
    """The chosen occurrences with their age, the oldest first."""
    known = raised != UNKNOWN
    age = np.where(known, until - np.where(known, raised, 0), UNKNOWN).view("timedelta64[ns]")
    found = episodes.loc[chosen, SHOWN].assign(age=age[chosen])
    return found.sort_values("age", ascending=False, kind="stable", ignore_index=True)
