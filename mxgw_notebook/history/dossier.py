"""A dossier of a recording."""

from __future__ import annotations

from typing import Any

import pandas as pd

from mxgw_notebook.analysis import Dossier, alarm_episodes
from mxgw_notebook.history.deployed import recorded_deploys
from mxgw_notebook.history.readable import Readable


def recorded_dossier(recording: Readable, tags: list[str], start_ns: int, end_ns: int, title: str) -> Dossier:
    """All that a recording has of a time; see `Recording.dossier`."""
    start, end = pd.Timestamp(start_ns, tz="UTC"), pd.Timestamp(end_ns, tz="UTC")
    alarms = recording.alarms(start, end)
    return Dossier(
        title=title,
        start=start,
        end=end,
        samples=recording.frame(tags, start=start, end=end),
        tables={
            "Gaps": recording.gaps(tags, start=start, end=end),
            "Alarms": alarms,
            "Episodes": alarm_episodes(alarms),
            "Writes": within(recording.writes(), start, end),
            "Acknowledges": within(recording.acknowledges(), start, end),
            "Deploys": recorded_deploys(recording, start_ns, end_ns),
            "Notes": within(recording.notes(), start, end),
        },
        provenance={"plant": recording.plant, "recording": recording.source.origin, **reach(recording)},
    )


def within(table: pd.DataFrame, start: Any, end: Any) -> pd.DataFrame:
    """The rows of a time."""
    found: pd.DataFrame = table[(table["time"] >= start) & (table["time"] <= end)]
    return found.reset_index(drop=True)


def reach(recording: Readable) -> dict[str, str]:
    """From when to when the recording knows anything."""
    first, last = recording.span
    return {"recorded from": str(first or "unknown"), "recorded until": str(last or "unknown")}
