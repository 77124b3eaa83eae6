"""What a frame of watched tags says of them beside their values: its `attrs`."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import pandas as pd

from mxgw_notebook.gateway.tags.watched_tag import WatchedTag
from mxgw_notebook.live import Hub


def annotated(frame: pd.DataFrame, hub: Hub, entries: Sequence[WatchedTag]) -> pd.DataFrame:
    """The frame, which says so from now on."""
    frame.attrs = attrs_of(hub, entries)
    return frame


def attrs_of(hub: Hub, entries: Sequence[WatchedTag]) -> dict[Hashable, Any]:
    """Units, descriptions and limits by tag, and when values are missing; see `Watch.frame`.

    pandas copies all of it deeply with every operation on the frame: nothing is said of tags with nothing.
    """
    gaps = hub.outages
    known = [entry for entry in entries if entry.description.is_known]
    pens = [entry.description.tag for entry in known]
    return {
        "units": {pen.tag: pen.units for pen in pens if pen.units},
        "descriptions": {pen.tag: pen.description for pen in pens if pen.description},
        "limits": {entry.tag: dict(entry.description.limits) for entry in known if entry.description.limits},
        "outages": [(utc_text(gap.start_ns), utc_text(gap.end_ns)) for gap in gaps],
        "gaps": [
            {
                "start": utc_text(gap.start_ns),
                "end": utc_text(gap.end_ns),
                "cause": gap.cause,
                "events": gap.events,
            }
            for gap in gaps
        ],
    }


def units_of(entries: Sequence[WatchedTag]) -> dict[str, str]:
    """Each tag's engineering units, empty where it has none."""
    return {entry.tag: entry.description.tag.units for entry in entries}


def utc_text(nanoseconds: int | None) -> str | None:
    """A time as ISO 8601 in UTC; None while it is not over."""
    return None if nanoseconds is None else pd.Timestamp(nanoseconds, tz="UTC").isoformat()
