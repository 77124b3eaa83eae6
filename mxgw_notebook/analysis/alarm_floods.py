"""Alarm floods: when alarms come faster than a person can read them.

EEMUA 191 and ISA-18.2 speak of a flood from the moment in which more than 10 alarms an operator came within
10 minutes, until fewer than 5 do. Both leave open where the 10 minutes begin. Here they end at every moment
in turn, so that a flood is found wherever it falls, also across the edge of clock intervals. The figures
are second-hand (ANSI/ISA-18.2-2016, clause 16; EEMUA 191, 3rd edition).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mxgw_notebook.analysis.alarm_log import stamps
from mxgw_notebook.analysis.alarm_rates import checked_operators
from mxgw_notebook.analysis.alarm_window import Moment, ReviewWindow, checked_count, moments, span_ns
from mxgw_notebook.analysis.review_period import ReviewPeriod, review_period
from mxgw_notebook.client import checks_arguments
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames import gives_table

Times = NDArray[np.int64]


@checks_arguments
@gives_table
def alarm_floods(
    episodes: pd.DataFrame,
    *,
    more_than: int = 10,
    below: int = 5,
    within: str = "10min",
    operators: float = 1,
    start: Moment = None,
    end: Moment = None,
) -> pd.DataFrame:
    """One row per flood, by time: `start`, `end`, `alarms`, `duration`, `peak`, `ended`.

    `start` is the first of the alarms that were too many. `end` is when fewer than `below` alarms had come
    `within` the time before. A flood that still goes on ends with the review, and its `ended` is False.
    `peak` is the most alarms within the time. All counts are for one operator: the alarms divided by
    `operators`.

    Raises:
        ConfigurationError: A number of operators, a length or a time is not valid, or a flood would end as
            soon as it begins.
    """
    return floods_in(review_period(episodes, start, end), more_than, below, within, operators)


def floods_in(
    period: ReviewPeriod, more_than: int = 10, below: int = 5, within: str = "10min", operators: float = 1
) -> pd.DataFrame:
    """The same of a period."""
    check_bounds(more_than, below)
    raised, width, operators = period.raised_ns, span_ns(within), checked_operators(operators)
    # Both sides of a sorted list: the raises within the width up to each one, without a window that is moved
    # along.
    low = np.searchsorted(raised, raised - width, side="right")
    counts = np.searchsorted(raised, raised, side="right") - low
    ends = ending_times(raised, below, width, operators)
    found = spans(raised, low, counts > more_than * operators, ends)
    return shared(frame_of(found, counts, ends, raised, period.window), operators)


def check_bounds(more_than: int, below: int) -> None:
    """Refuses a flood that ends with more than it takes to begin: it would end before it began."""
    if checked_count(below, "below") > checked_count(more_than, "more_than", 0) + 1:
        message = f"A flood that begins with more than {more_than} cannot end below {below}"
        raise ConfigurationError(message, hint="Give below= at most one above more_than=.")


def ending_times(raised: Times, below: int, width: int, operators: float) -> Times:
    """After each raise, when the count would fall below the least; -1 where the next raise comes before."""
    # The count falls below `needed` when the needed-th latest raise is as old as the window is wide.
    needed = int(np.ceil(below * operators))
    place = np.arange(len(raised)) - needed + 1
    falls = np.where(place >= 0, raised[np.maximum(place, 0)] + width, raised)
    # After the last one nothing comes: its flood ends by time alone.
    following = np.append(raised[1:], np.iinfo(np.int64).max) if len(raised) else raised
    return np.where(following > falls, falls, -1)


def spans(raised: Times, low: Times, begins: NDArray[np.bool_], ends: Times) -> list[tuple[int, int]]:
    """First and last raise of each flood, as places."""
    # From flood to flood by search, not from raise to raise: a log has a million raises and some hundred
    # floods.
    starting, ending = np.flatnonzero(begins), np.flatnonzero(ends >= 0)
    found: list[tuple[int, int]] = []
    free = 0
    while True:
        at = np.searchsorted(starting, free)
        if at == len(starting):
            return found
        begun = int(starting[at])
        last = int(ending[np.searchsorted(ending, begun)])
        # A flood begins with the first of those that were too many, but none of them is of the flood before
        # as well.
        found.append((max(int(low[begun]), free), last))
        free = last + 1


def frame_of(
    found: list[tuple[int, int]], counts: Times, ends: Times, raised: Times, window: ReviewWindow
) -> pd.DataFrame:
    """The floods as a frame."""
    first, last = np.array(found, dtype=np.int64).reshape(-1, 2).T
    # One that goes on at the end of the review has no end; beyond it nothing is known.
    over = ends[last] if len(found) else first
    ended = over <= window.last_ns
    end = np.where(ended, over, window.end_ns)
    start = raised[first] if len(found) else first
    return pd.DataFrame(
        {
            "start": moments(start),
            "end": moments(end),
            "alarms": last - first + 1,
            "duration": (end - start).view("timedelta64[ns]"),
            "peak": np.array([counts[a : b + 1].max() for a, b in found], dtype=np.int64),
            "ended": ended,
        }
    )


def shared(floods: pd.DataFrame, operators: float) -> pd.DataFrame:
    """The counts of one operator."""
    if operators == 1:
        return floods
    return floods.assign(alarms=floods["alarms"] / operators, peak=floods["peak"] / operators)


def most_within(period: ReviewPeriod, within: str = "10min") -> int:
    """The most alarms that came within the time, wherever it begins."""
    raised = period.raised_ns
    if not len(raised):
        return 0
    low = np.searchsorted(raised, raised - span_ns(within), side="right")
    return int((np.arange(1, len(raised) + 1) - low).max())


@checks_arguments
def share_in_flood(floods: pd.DataFrame, window: ReviewWindow) -> float:
    """The part of the window, 0 to 1, that was flood; ISA-18.2 asks for less than 0.01.

    The window is `report.window` of an alarm report. Of a flood that began before the window or continues
    after it, only the part inside counts.
    """
    length = window.end_ns - window.start_ns
    start, end = (np.clip(stamps(floods[name]), window.start_ns, window.end_ns) for name in ("start", "end"))
    return int((end - start).sum()) / length if length else 0.0
