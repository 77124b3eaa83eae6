"""Alarms that come and go too fast to be of use.

Chattering (ISA-18.2): an alarm that goes in and out again and again; EEMUA 191 takes three or more raises
within a minute as its mark. Fleeting: it comes and goes before anyone could act, without repeating at once.
Either is mended at the alarm (deadband, delays), not by the operator; the standards accept none. What is
said of the standards is second-hand (ANSI/ISA-18.2-2016, clause 16; EEMUA 191, 3rd edition).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mxgw_notebook.analysis.alarm_window import Moment, checked_count, lapse_ns, moments, span_ns
from mxgw_notebook.analysis.review_period import ReviewPeriod, review_period
from mxgw_notebook.client import checks_arguments
from mxgw_notebook.frames import gives_table

CHATTERING = ["reference", "tag", "area", "alarms", "chattering", "runs", "first", "last", "shortest"]
NO_GAP = np.iinfo(np.int64).max

Times = NDArray[np.int64]


@checks_arguments
@gives_table
def chattering_alarms(
    episodes: pd.DataFrame,
    *,
    raises: int = 3,
    within: str = "1min",
    start: Moment = None,
    end: Moment = None,
) -> pd.DataFrame:
    """One row per chattering alarm, the worst first: it had `raises` or more raises `within` the time.

    Columns: `reference`, `tag`, `area`, `alarms` (all its raises), `chattering` (the raises that were part of
    a run), `runs` (periods of chatter without a break), `first` and `last` of these raises (UTC), `shortest`
    (the shortest time between two raises).
    """
    return chattering_in(review_period(episodes, start, end), raises, within)


def chattering_in(period: ReviewPeriod, raises: int = 3, within: str = "1min") -> pd.DataFrame:
    """The same of a period."""
    order, codes = period.by_alarm
    at = period.raised_ns[order]
    inside, runs = chatter(codes, at, checked_count(raises, "raises", 2), span_ns(within))
    frame = pd.DataFrame({"code": codes, "inside": inside, "run": runs, "at": at, "gap": gaps(codes, at)})
    total = frame.groupby("code").agg(alarms=("code", "size"), shortest=("gap", "min"))
    part = frame[frame["inside"]].groupby("code")
    found = part.agg(
        chattering=("code", "size"), runs=("run", "sum"), first=("at", "min"), last=("at", "max")
    )
    alarms = period.raised.iloc[order]
    found = found.join(total).join(alarms.groupby(codes)[["reference", "tag", "area"]].first())
    found["first"], found["last"] = moments(found["first"]), moments(found["last"])
    found["shortest"] = found["shortest"].to_numpy(dtype=np.int64).view("timedelta64[ns]")
    return found.sort_values("chattering", ascending=False, kind="stable")[CHATTERING].reset_index(drop=True)


def part_of_chatter(period: ReviewPeriod, raises: int = 3, within: str = "1min") -> NDArray[np.bool_]:
    """Which occurrences of a period are part of a run of chatter."""
    order, codes = period.by_alarm
    found = np.zeros(len(order), dtype=bool)
    found[order] = chatter(codes, period.raised_ns[order], raises, span_ns(within))[0]
    return found


def gaps(codes: Times, at: Times) -> Times:
    """The time since the same alarm's raise before each, sorted by alarm and time; the first has none."""
    found = np.full(len(at), NO_GAP)
    again = np.flatnonzero(codes[1:] == codes[:-1]) + 1
    found[again] = at[again] - at[again - 1]
    return found


def chatter(codes: Times, at: Times, raises: int, width: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which raises, sorted by alarm and time, are part of a run, and which begin one."""
    inside = np.zeros(len(at), dtype=bool)
    begins = np.zeros(len(at), dtype=bool)
    span = raises - 1
    if len(at) <= span:
        return inside, begins
    # Sorted, so the first and the last of a group are enough: where they are close, all between them are.
    close = (codes[span:] == codes[: len(codes) - span]) & (at[span:] - at[: len(at) - span] <= width)
    for offset in range(raises):
        inside[offset : len(at) - span + offset] |= close
    # A run ends where the next close group shares no raise with it.
    heads = np.flatnonzero(close)
    begins[heads] = np.diff(heads, prepend=-raises) >= raises
    return inside, begins


@checks_arguments
@gives_table
def fleeting_alarms(
    episodes: pd.DataFrame,
    *,
    shorter_than: str = "10s",
    start: Moment = None,
    end: Moment = None,
) -> pd.DataFrame:
    """One row per fleeting alarm, the most frequent first: it cleared within `shorter_than` of its raise.

    Columns: `reference`, `tag`, `area`, `fleeting` (how often), `alarms` (all its raises), `share`, `median`
    (of the fleeting durations). Occurrences in a run of chatter are left out: they have their own table. The
    other occurrences of such an alarm count. The standards give no length of time; 10 seconds is hardly
    enough to read an alarm.
    """
    return fleeting_in(review_period(episodes, start, end), shorter_than)


def fleeting_in(period: ReviewPeriod, shorter_than: str = "10s") -> pd.DataFrame:
    """The same of a period."""
    raised = period.raised
    brief = (raised["duration"] <= pd.Timedelta(lapse_ns(shorter_than))).to_numpy()
    short = raised[brief & ~part_of_chatter(period)].groupby("reference", sort=False)
    found = short.agg(
        tag=("tag", "first"), area=("area", "first"), fleeting=("tag", "size"), median=("duration", "median")
    )
    found.insert(3, "alarms", raised.groupby("reference").size().reindex(found.index))
    found.insert(4, "share", found["fleeting"] / found["alarms"])
    return found.sort_values("fleeting", ascending=False, kind="stable").reset_index()
