"""Alarms by the plant's own day and by shift: a shift begins at 06:00 there, also when clocks are set."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

import numpy as np
import pandas as pd

from mxgw_notebook.analysis.alarm_rates import TEN_MINUTES, banded, bands_for, checked_operators
from mxgw_notebook.analysis.alarm_window import Moment, ReviewWindow
from mxgw_notebook.analysis.other_logs import Zone, zone_of
from mxgw_notebook.analysis.review_period import ReviewPeriod, review_period
from mxgw_notebook.client import checks_arguments
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames import gives_table

Shifts = Mapping[str, str]
THREE: Shifts = {"early": "06:00", "late": "14:00", "night": "22:00"}
DAYS: Shifts = {"day": "00:00"}
COLUMNS = ["shift", "start", "end", "alarms", "per_operator", "per_10_minutes", "band"]


@checks_arguments
@gives_table
def alarms_by_shift(
    episodes: pd.DataFrame,
    *,
    shifts: Shifts | None = None,
    tz: Zone = None,
    operators: float = 1,
    start: Moment = None,
    end: Moment = None,
) -> pd.DataFrame:
    """One row per shift, by time, also if it has no alarms.

    Columns: `shift`, `start`, `end` (in the zone `tz`), `alarms`, `per_operator`, `per_10_minutes` (for one
    operator, over the reviewed and connected time of the shift), `band` (of this rate; missing if a part of
    the shift had no connection). The log may cover only a part of the first and the last shift; their `start`
    and `end` are the whole shift's. In a night with a clock change the shift is one hour shorter or longer.

    Args:
        episodes: The table from `alarm_episodes`.
        shifts: When each shift begins, by the plant's clock. Default: `{"early": "06:00", "late": "14:00",
            "night": "22:00"}`. `{"day": "00:00"}` gives the plant's days.
        tz: The plant's time zone, for example "Europe/Berlin". Default: UTC.
        operators: How many operators share the alarms.
        start: Count from this time. Default: the start of the log.
        end: Count until before this time. Default: the end of the log.

    Raises:
        ConfigurationError: A shift's time is not valid, two shifts begin at the same time, or the zone is not
            known.
    """
    return shifts_in(review_period(episodes, start, end), shifts or THREE, tz, operators)


def shifts_in(period: ReviewPeriod, shifts: Shifts, tz: Zone, operators: float = 1) -> pd.DataFrame:
    """The same of a period."""
    operators = checked_operators(operators)
    zone = zone_of(tz or "UTC")
    edges, names = edges_of(period.window, begins_of(shifts), zone)
    at = edges.as_unit("ns").asi8
    counts = np.bincount(np.searchsorted(at, period.raised_ns, side="right"), minlength=len(at) + 1)[
        1 : len(at)
    ]
    missing = period.unseen_within(at[:-1], at[1:])
    covered = np.minimum(at[1:], period.window.end_ns) - np.maximum(at[:-1], period.window.start_ns) - missing
    rate = np.where(covered > 0, counts / operators * TEN_MINUTES / np.maximum(covered, 1), np.nan)
    return pd.DataFrame(
        {
            "shift": pd.Series(names, dtype="str"),
            "start": edges[:-1].as_unit("ns"),
            "end": edges[1:].as_unit("ns"),
            "alarms": counts.astype("int64"),
            "per_operator": counts / operators,
            "per_10_minutes": rate,
            "band": banded(rate, bands_for(TEN_MINUTES), missing),
        }
    )[COLUMNS]


def begins_of(shifts: Shifts) -> list[tuple[pd.Timedelta, str]]:
    """When each shift begins after midnight, in order."""
    found = []
    for name, begin in shifts.items():
        if not re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d", str(begin)):
            message = f"The shift {name!r} begins at {begin!r}, which is not a time of the day"
            raise ConfigurationError(message, hint='One is "06:00".')
        found.append((pd.Timedelta(f"{begin}:00"), str(name)))
    if len({begin for begin, _ in found}) < max(len(found), 1):
        raise ConfigurationError(
            "Two shifts begin at the same time, or no shift is given", hint=f"Write them as {dict(THREE)}."
        )
    return sorted(found)


def edges_of(
    window: ReviewWindow, begins: list[tuple[pd.Timedelta, str]], zone: tzinfo
) -> tuple[pd.DatetimeIndex, list[str]]:
    """The begins of all shifts that the window touches, with one more for the last one's end; their names."""
    if not window.known:
        return pd.DatetimeIndex([], tz=zone), []
    first = window.start.tz_convert(zone).tz_localize(None).normalize() - pd.Timedelta(days=1)
    last = pd.Timestamp(window.last_ns, tz="UTC").tz_convert(zone).tz_localize(None).normalize()
    days = pd.date_range(first, last + pd.Timedelta(days=2), freq="D")
    local = pd.DatetimeIndex([day + begin for day in days for begin, _ in begins])
    # Where the clocks leave a begin out it is when they go on; where it comes twice it is the first.
    edges: Any = local.tz_localize(zone, ambiguous=np.ones(len(local), bool), nonexistent="shift_forward")
    names = [name for _ in days for _, name in begins]
    at = edges.as_unit("ns").asi8
    begin = int(np.searchsorted(at, window.start_ns, side="right")) - 1
    stop = int(np.searchsorted(at, window.last_ns, side="right"))
    return edges[begin : stop + 1], names[begin:stop]
