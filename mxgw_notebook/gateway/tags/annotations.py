"""What a frame of watched tags says of them beside their values: its `attrs`."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Sequence
from typing import Any

import pandas as pd

from mxgw_notebook.frames import PlantTable
from mxgw_notebook.gateway.tags.watched_tag import WatchedTag
from mxgw_notebook.history import Feed, gap_attrs, value_text
from mxgw_notebook.live import Gap, Hub


def annotated(
    frame: pd.DataFrame, hub: Hub, entries: Sequence[WatchedTag], gaps: Sequence[Gap] | None = None
) -> pd.DataFrame:
    """The frame, which says so from now on."""
    table = PlantTable(frame)
    table.attrs = attrs_of(hub, entries, gaps)
    return table


def attrs_of(
    hub: Hub, entries: Sequence[WatchedTag], gaps: Sequence[Gap] | None = None
) -> dict[Hashable, Any]:
    """Units, descriptions and limits by tag, and when values are missing; see `Watch.frame`.

    The gaps are the hub's unless given. pandas copies all of it with every operation on the frame, deeply:
    nothing is said of tags with nothing.
    """
    known = [entry for entry in entries if entry.description.is_known]
    pens = [entry.description.tag for entry in known]
    return {
        "units": {pen.tag: pen.units for pen in pens if pen.units},
        "descriptions": {pen.tag: pen.description for pen in pens if pen.description},
        "limits": {entry.tag: dict(entry.description.limits) for entry in known if entry.description.limits},
        **gap_attrs(hub.outages if gaps is None else gaps),
    }


def units_of(entries: Sequence[WatchedTag]) -> dict[str, str]:
    """Each tag's engineering units, empty where it has none."""
    return {entry.tag: entry.description.tag.units for entry in entries}


def description_feed(entries: Callable[[], Sequence[WatchedTag]]) -> Feed:
    """Units, descriptions and limits of tags that are new, or were described anew."""
    known: dict[str, dict[str, Any]] = {}

    def feed() -> list[dict[str, Any]]:
        news = []
        for entry in entries():
            said = said_of(entry)
            if entry.description.is_known and known.get(entry.tag) != said:
                known[entry.tag] = said
                news.append({"table": "descriptions", "time_ns": time.time_ns(), "tag": entry.tag, **said})
        return news

    return feed


def said_of(entry: WatchedTag) -> dict[str, Any]:
    """What a recording keeps of a tag's description."""
    described = entry.description
    limits = value_text(described.limits)
    return {"units": described.tag.units, "description": described.tag.description, "limits": limits}
