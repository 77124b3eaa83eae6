"""Times between the wire and Python."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
from google.protobuf.timestamp_pb2 import Timestamp

from mxgw_notebook.errors import ConfigurationError

NANOSECONDS = 1_000_000_000
# What datetime64[ns] can hold: 1677 to 2262; the number below stands for no time at all.
EARLIEST, LATEST = -(2**63) + 1, 2**63 - 1
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def nanoseconds(stamp: Timestamp) -> int:
    """Nanoseconds since 1970 UTC; 0 for a timestamp that was not sent.

    A time that 64 bits do not reach (COM's year 1, a FILETIME's 9999) is the nearest that they do.
    """
    return max(EARLIEST, min(LATEST, int(stamp.seconds) * NANOSECONDS + int(stamp.nanos)))


def timestamp(moment: datetime | np.datetime64) -> Timestamp:
    """The wire's timestamp. A datetime without a time zone is refused: nobody could say which it is."""
    if isinstance(moment, datetime):
        if moment.tzinfo is None:
            raise ConfigurationError(f"{moment} has no time zone", hint="Give one, e.g. tzinfo=timezone.utc.")
        since = moment - EPOCH
        return Timestamp(seconds=since.days * 86_400 + since.seconds, nanos=since.microseconds * 1000)
    if np.isnat(moment):
        raise ValueError("not a time")
    if moment.dtype == np.dtype("datetime64[ns]"):
        seconds, nanos = divmod(int(moment.astype(np.int64)), NANOSECONDS)
        return Timestamp(seconds=seconds, nanos=nanos)
    # A coarser unit reaches further than nanoseconds do, so only what is left of a second becomes some.
    whole = moment.astype("datetime64[s]")
    rest = (moment - whole).astype("timedelta64[ns]")
    return Timestamp(seconds=int(whole.astype(np.int64)), nanos=int(rest.astype(np.int64)))


def moment_of(time_ns: int) -> datetime | None:
    """Nanoseconds since 1970 UTC as a datetime in UTC, to the microsecond; None for 0, a time not sent."""
    return EPOCH + timedelta(microseconds=time_ns // 1000) if time_ns else None


def moment(stamp: Timestamp) -> datetime:
    """The wire's timestamp as a datetime in UTC, to the microsecond."""
    return EPOCH + timedelta(seconds=int(stamp.seconds), microseconds=int(stamp.nanos) // 1000)
