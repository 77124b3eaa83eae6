"""How an earlier period is spoken of that is laid onto the time that a trend shows."""

from __future__ import annotations

from datetime import timedelta

NOTHING_KNOWN = "nothing is known of that time"
# What is at least so long is said in this unit where it is whole.
LONG_UNITS = (
    ("days", timedelta(days=1), timedelta(days=2)),
    ("h", timedelta(hours=1), timedelta(hours=1)),
    ("min", timedelta(minutes=1), timedelta(minutes=1)),
)


def shift_words(shift_ms: float) -> str:
    """Words such as "24 h earlier", "7 days earlier", "2 days 1:30:00 earlier"."""
    shift = timedelta(milliseconds=round(shift_ms))
    for unit, length, least in LONG_UNITS:
        if shift >= least and not shift % length:
            return f"{shift // length} {unit} earlier"
    if shift < timedelta(minutes=2):
        return f"{shift.total_seconds():g} s earlier"
    return f"{str(timedelta(seconds=round(shift.total_seconds()))).replace(',', '')} earlier"
