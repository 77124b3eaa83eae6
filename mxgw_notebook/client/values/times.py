"""Times between the wire and Python.

Why: DECISIONS.md, "A numpy time is UTC".
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import numpy as np
from google.protobuf.timestamp_pb2 import Timestamp

from mxgw_notebook.errors import ConfigurationError

NANOSECONDS = 1_000_000_000
# What datetime64[ns] can hold: 1677 to 2262; the number below stands for no time at all.
EARLIEST, LATEST = -(2**63) + 1, 2**63 - 1
NOT_A_TIME = EARLIEST - 1
# What means "never" where a time is a value: Excel's zero. .NET's (year 1), FILETIME's (1601) and those of
# 9999 lie beyond what nanoseconds reach.
NEVER_NS = -2_209_161_600 * NANOSECONDS
FINER_DIGITS = re.compile(r"[.,][0-9]{6}([0-9]{1,3})")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def nanoseconds(stamp: Timestamp) -> int:
    """Nanoseconds since 1970 UTC; 0 for a timestamp that was not sent.

    A time that 64 bits do not reach is the nearest that they do: good to compare, not to show.
    """
    exact = stamp.seconds * NANOSECONDS + stamp.nanos
    if EARLIEST <= exact <= LATEST:  # min() and max() take as long as all the rest, for each event
        return exact
    return EARLIEST if exact < 0 else LATEST


def value_ns(stamp: Timestamp) -> int:
    """Nanoseconds of a time that is a value; NOT_A_TIME for a "never", or what they do not reach."""
    exact = int(stamp.seconds) * NANOSECONDS + int(stamp.nanos)
    return exact if EARLIEST <= exact <= LATEST and exact != NEVER_NS else NOT_A_TIME


def timestamp(moment: datetime | np.datetime64) -> Timestamp:
    """The wire's timestamp. numpy's own are UTC; a datetime without a time zone is refused."""
    if isinstance(moment, datetime):
        return timestamp_of_datetime(moment)
    if np.isnat(moment):
        raise ValueError("not a time")
    if moment.dtype == np.dtype("datetime64[ns]"):
        seconds, nanos = divmod(int(moment.astype(np.int64)), NANOSECONDS)
        return Timestamp(seconds=seconds, nanos=nanos)
    # A coarser unit reaches further than nanoseconds do, so only what is left of a second becomes some.
    whole = moment.astype("datetime64[s]")
    rest = (moment - whole).astype("timedelta64[ns]")
    return Timestamp(seconds=int(whole.astype(np.int64)), nanos=int(rest.astype(np.int64)))


def timestamp_of_datetime(moment: datetime) -> Timestamp:
    """The same of Python's own, and of pandas' that derives from it."""
    if moment.tzinfo is None:
        raise ConfigurationError(f"{moment} has no time zone", hint="Give one, e.g. tzinfo=timezone.utc.")
    since = moment - EPOCH
    finer = getattr(moment, "nanosecond", 0)  # pandas' own datetime counts further
    return Timestamp(seconds=since.days * 86_400 + since.seconds, nanos=since.microseconds * 1000 + finer)


def time_of_text(text: str) -> Timestamp:
    """The wire's timestamp of an ISO 8601 text with its zone, to the nanosecond. Raises ValueError."""
    if not text.isascii():
        raise ValueError(text)
    stamp = timestamp(datetime.fromisoformat(text.strip()))
    finer = FINER_DIGITS.search(text)  # which Python reads past
    stamp.nanos += int(finer[1].ljust(3, "0")) if finer else 0
    return stamp


def moment_of(time_ns: int) -> datetime | None:
    """Nanoseconds since 1970 UTC as a datetime in UTC, to the microsecond; None for 0, a time not sent."""
    return EPOCH + timedelta(microseconds=time_ns // 1000) if time_ns else None


def moment(stamp: Timestamp) -> datetime | None:
    """The wire's timestamp as a datetime in UTC, to the microsecond; None outside the years 1 to 9999."""
    try:
        return EPOCH + timedelta(seconds=int(stamp.seconds), microseconds=int(stamp.nanos) // 1000)
    except OverflowError:
        return None
