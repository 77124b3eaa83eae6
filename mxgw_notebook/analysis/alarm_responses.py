"""What became of the alarms: how long until somebody acknowledged, and whether anything was done.

That every alarm needs an answer is ISA-18.2's definition of one; EEMUA 191 gives no limit of the time until
somebody acknowledges. Second-hand: ANSI/ISA-18.2-2016, clause 3; EEMUA 191, 3rd edition.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mxgw_notebook.analysis.alarm_log import UNKNOWN, stamps
from mxgw_notebook.analysis.alarm_occurrences import OVER
from mxgw_notebook.analysis.alarm_priorities import PRIORITIES, Priorities, priority_of
from mxgw_notebook.analysis.alarm_window import Moment, span_ns
from mxgw_notebook.analysis.needed_columns import check_columns
from mxgw_notebook.analysis.review_period import ReviewPeriod, review_period
from mxgw_notebook.client import checks_arguments
from mxgw_notebook.frames import gives_table
from mxgw_notebook.words import ACKNOWLEDGED, MAY_STAND, WAITING_STATES

ANSWERED = (ACKNOWLEDGED, OVER)
QUANTILES = {"median": 0.5, "p90": 0.9, "longest": 1.0}
SHOWN = ["reference", "tag", "area", "severity", "raised", "acknowledged", "cleared", "operator", "comment"]


@checks_arguments
@gives_table
def times_to_acknowledge(
    episodes: pd.DataFrame,
    *,
    by: str = "priority",
    priorities: Priorities = PRIORITIES,
    start: Moment = None,
    end: Moment = None,
) -> pd.DataFrame:
    """One row per group of alarms: `by`, `alarms`, `acknowledged`, `waiting`, `median`, `p90`, `longest`.

    The times go from the raise to the first acknowledgement (timedelta64[ns], NaT if there is none).
    `acknowledged` includes alarms whose time of acknowledgement is not known. `waiting` counts alarms that
    nobody has acknowledged, or not since they were raised again. `by` is `priority` or a column such as
    `area`. EEMUA 191 gives no limit. A median above some minutes means that alarms are not answered as they
    come.
    """
    return responses_in(review_period(episodes, start, end), by, priorities)


def responses_in(
    period: ReviewPeriod, by: str = "priority", priorities: Priorities = PRIORITIES
) -> pd.DataFrame:
    """The same of a period."""
    raised = period.raised
    if by != "priority":
        check_columns(raised, (by,), "These occurrences cannot be grouped so", "by= names one, or priority.")
    state = raised["state"].astype("str")
    frame = pd.DataFrame(
        {
            "key": priority_of(raised["severity"], priorities) if by == "priority" else raised[by],
            "seconds": raised["time_to_acknowledge"].dt.total_seconds(),
            "acknowledged": raised["acknowledged"].notna() | state.isin(ANSWERED),
            "waiting": state.isin(WAITING_STATES),
        }
    )
    grouped = frame.groupby("key", observed=True)
    found = grouped.agg(
        alarms=("seconds", "size"), acknowledged=("acknowledged", "sum"), waiting=("waiting", "sum")
    )
    for name, share in QUANTILES.items():
        found[name] = pd.to_timedelta(grouped["seconds"].quantile(share), unit="s").astype("timedelta64[ns]")
    return found.rename_axis(by).reset_index()


@checks_arguments
@gives_table
def acknowledged_without_action(
    episodes: pd.DataFrame,
    actions: pd.DataFrame | None = None,
    *,
    within: str = "10min",
    start: Moment = None,
    end: Moment = None,
) -> pd.DataFrame:
    """One row per alarm that was acknowledged and had no clear and no action `within` the time.

    An action is a row of `actions` (`time`, `tag`, as from `Gateway.actions`) on the alarm's object, from the
    raise on. If `actions` has a column `taken`, only rows with True count. A write to an `AckMsg` is an
    acknowledgement, not an action. Without `actions` only the clear counts. By ISA-18.2 every alarm needs an
    answer: an alarm that is only acknowledged is no alarm, or nobody answered it. Left out are alarms whose
    time is not over at the end of the review, and alarms with unknown times.

    Columns: `reference`, `tag`, `area`, `severity`, `raised`, `acknowledged`, `cleared`, `operator`,
    `comment`.
    """
    return without_action_in(review_period(episodes, start, end), actions, within)


def without_action_in(
    period: ReviewPeriod, actions: pd.DataFrame | None = None, within: str = "10min"
) -> pd.DataFrame:
    """The same of a period."""
    width = span_ns(within)
    idle = period.raised[stood_on(period, width)]
    if actions is not None:
        idle = idle[~acted_upon(idle, actions, width)]
    shown: pd.DataFrame = idle[SHOWN]
    return shown.reset_index(drop=True)


def stood_on(period: ReviewPeriod, width: int) -> NDArray[np.bool_]:
    """Which alarms had not cleared so long after they were acknowledged, as far as that can be told yet."""
    acknowledged, cleared = stamps(period.raised["acknowledged"]), stamps(period.raised["cleared"])
    # UNKNOWN is the least of all numbers: with the width added it would pass for a time.
    due = np.where(acknowledged == UNKNOWN, UNKNOWN, acknowledged + width)
    decided = (acknowledged != UNKNOWN) & (due <= period.window.end_ns)
    still = period.raised["state"].astype("str").isin(MAY_STAND).to_numpy()
    stood: NDArray[np.bool_] = decided & (still | ((cleared != UNKNOWN) & (cleared > due)))
    return stood


def acted_upon(idle: pd.DataFrame, actions: pd.DataFrame, width: int) -> np.ndarray:
    """Which alarms' objects were acted upon between the raise and the end of the time allowed."""
    check_columns(actions, ("time", "tag"), "These are not actions", "gateway.actions() gives them.")
    done = counting(actions)
    by_object = {name: np.sort(stamps(part["time"])) for name, part in done.groupby(objects_of(done["tag"]))}
    nothing = np.empty(0, np.int64)
    found = []
    limits = zip(objects_of(idle["tag"]), stamps(idle["raised"]), stamps(idle["acknowledged"]), strict=True)
    for name, since, acknowledged in limits:
        times = by_object.get(name, nothing)
        # The first action from the raise on is enough: where that one is too late, so are all others.
        at = np.searchsorted(times, since)
        found.append(at < len(times) and times[at] <= acknowledged + width)
    return np.array(found, dtype=bool)


def counting(actions: pd.DataFrame) -> pd.DataFrame:
    """The actions that can be an answer: the plant took them, and they did more than acknowledge.

    One of which nobody knows whether the plant took it is none: an answer has to have been given.
    """
    acknowledging = actions["tag"].astype("str").str.lower().str.endswith(".ackmsg")
    taken = actions["taken"].astype("boolean").fillna(False).astype("bool") if "taken" in actions else True
    return actions[~acknowledging & taken]


def objects_of(tags: pd.Series[Any]) -> pd.Series[Any]:
    """The object of each tag, what stands before the first dot, in one case: to the galaxy they are alike."""
    names = [str(tag).partition(".")[0].lower() for tag in tags]
    return pd.Series(names, index=tags.index, dtype="str")
