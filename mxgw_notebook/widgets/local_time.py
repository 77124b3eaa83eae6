"""Times of pictures in words: in the reader's zone where a page has told it, else in that of this machine."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo


def local(time_ms: float, zone: tzinfo | None = None) -> datetime:
    """A time in epoch milliseconds UTC in a zone; None is this machine's."""
    return datetime.fromtimestamp(time_ms / 1000, UTC).astimezone(zone)


def zone_named(name: str) -> tzinfo | None:
    """The zone of a page by its IANA name; None without one, UTC where this machine does not know it."""
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # ValueError: what is no name of a zone at all
        return UTC


def zone_words(at: datetime) -> str:
    """As pages say it: Europe/Berlin (UTC+01:00), or the offset alone where the zone has no name."""
    offset = f"UTC{at.isoformat()[-6:]}"
    name = getattr(at.tzinfo, "key", "")
    return f"{name} ({offset})" if name and name != "UTC" else offset
