"""Nanoseconds since 1970 as pandas times: one unit and one time zone everywhere."""

from __future__ import annotations

import re
from numbers import Real
from typing import Any, cast

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from mxgw_notebook.client import GatewayClock
from mxgw_notebook.errors import ConfigurationError

NOT_A_TIME = np.iinfo(np.int64).min
LATEST = np.iinfo(np.int64).max
# Other texts pandas guesses at: 04.05.2026 is April to it, 12h and 06.2026 are times of the year 1.
YEAR_FIRST = re.compile(r"\d{4}(?!\d{5})")
MONTH_IN_WORDS = re.compile(r"(?i)(?=.*\b\d{4}\b).*\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)")
NOW = "now"
MILLISECOND_NS = 1e6  # nanoseconds of a millisecond: pages count in these


def utc(nanoseconds: ArrayLike) -> pd.DatetimeIndex:
    """datetime64[ns, UTC]; 0, which stands for a time that was not sent, is NaT."""
    stamps: Any = np.asarray(nanoseconds, dtype=np.int64)
    stamps = np.where(stamps == 0, np.iinfo(np.int64).min, stamps)
    return pd.DatetimeIndex(stamps.view("datetime64[ns]"), tz="UTC")


def known_ns(times: pd.Series[Any]) -> NDArray[np.int64]:
    """Times as nanoseconds since 1970 UTC; NaT, the least number, for what is missing or they do not reach.

    Naive ones count as UTC. Raises ValueError or TypeError for what is not a time, nor the text of one.
    """
    try:
        are_times = isinstance(times.dtype, pd.DatetimeTZDtype)  # stored in UTC, whatever their zone
        found = pd.DatetimeIndex(times if are_times else pd.to_datetime(times, utc=True, format="ISO8601"))
    except pd.errors.OutOfBoundsDatetime:
        found = pd.DatetimeIndex([within_ns(time) for time in times])
    sent: NDArray[np.int64] = found.asi8
    if found.unit == "ns":  # NaT is the least number already
        return sent
    factor = pd.Timedelta(1, found.unit).as_unit("ns").value
    within = np.abs(sent.astype(np.float64)) < LATEST / factor
    return np.where(within, np.where(within, sent, 0) * factor, NOT_A_TIME)


def within_ns(time: Any) -> pd.Timestamp:
    """One time in UTC; NaT where nanoseconds do not reach it."""
    try:
        found: pd.Timestamp = pd.to_datetime(time, utc=True)
        return found if pd.isna(found) else found.as_unit("ns")
    except pd.errors.OutOfBoundsDatetime:
        return cast(pd.Timestamp, pd.NaT)


def in_reason(times_ns: NDArray[np.int64]) -> NDArray[np.int64]:
    """The times of a file, NaT for those that only look like one: before 1990, or far ahead of the rest.

    Whoever wrote it may have had a clock ahead of ours, so its times vouch for one another: ahead is what
    comes more than a day after all before it, and after now.
    """
    clock = GatewayClock()
    if not len(times_ns) or times_ns.max() <= clock.now_ns:  # the usual case needs no order
        return np.where(times_ns < clock.earliest_ns, NOT_A_TIME, times_ns)
    known = np.sort(times_ns[times_ns >= clock.earliest_ns])
    middle = known[(len(known) - 1) // 2] if len(known) > 2 else 0
    present = max(int(middle), clock.now_ns)
    later = known[known > present]
    jumps = np.flatnonzero(np.diff(later, prepend=present) > clock.ahead_ns)
    latest = later[jumps[0] - 1] if len(jumps) and jumps[0] else present if len(jumps) else LATEST
    return np.where((times_ns < clock.earliest_ns) | (times_ns > latest), NOT_A_TIME, times_ns)


def moment_ns(moment: Any) -> int:
    """A time as nanoseconds since 1970; one without a zone counts as UTC, and a text begins with its year.

    Raises ConfigurationError for what is not a time, or may be several.
    """
    hint = 'A time is written as "2026-05-04 06:00", UTC if it has no zone.'
    if isinstance(moment, str) and moment.strip().lower() == NOW:
        return pd.Timestamp.now("UTC").as_unit("ns").value  # pandas' own would be this machine's local time
    if isinstance(moment, str) and not is_clear(moment.strip()):
        raise ConfigurationError(f"{moment!r} is not a time that begins with its year", hint=hint)
    try:
        # Of a number nobody knows in which unit it counts.
        stamp: Any = pd.NaT if isinstance(moment, Real) else pd.Timestamp(moment)
        if pd.isna(stamp):
            raise ValueError
        aware = stamp.tz_localize("UTC") if stamp.tzinfo is None else stamp.tz_convert("UTC")
        return int(aware.as_unit("ns").value)
    except pd.errors.OutOfBoundsDatetime:
        raise ConfigurationError(f"{moment!r} is not within 1678 to 2261", hint=hint) from None
    except (ValueError, TypeError, OverflowError, AttributeError):
        raise ConfigurationError(f"{moment!r} is not a time", hint=hint) from None


def is_clear(text: str) -> bool:
    """Whether a text of a time says by itself what is its year, and what its month."""
    return bool(YEAR_FIRST.match(text) or MONTH_IN_WORDS.match(text))


def aware(value: Any) -> Any:
    """A time that is a value as a pandas Timestamp in UTC, to the nanosecond; any other value as it is."""
    return pd.Timestamp(value, tz="UTC") if isinstance(value, np.datetime64) else value
