"""Small logs of alarm transitions, written as lines: seconds, alarm, transition."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from mxgw_notebook.frames import kinds_joined

BASE = pd.Timestamp("2026-05-04T06:00:00Z")


def at(seconds: float | None) -> Any:
    """A time so many seconds after the logs' beginning; NaT for None."""
    return pd.NaT if seconds is None else BASE + pd.Timedelta(seconds=seconds)


def log(*rows: tuple[Any, ...], **columns: Any) -> pd.DataFrame:
    """A log of (seconds, reference, transition) rows, each with more columns as a dict at its end."""
    made = []
    for seconds, reference, transition, *more in rows:
        row = {
            "reference": reference, "tag": reference, "area": "Area1", "description": "", "severity": 300,
            "time": at(seconds), "transition": transition, "raised": pd.NaT, "alarm_type": "Hi",
            "value": None, "limit": None, "operator": "", "comment": "", "origin": "",
        }  # fmt: skip
        made.append({**row, **columns, **(more[0] if more else {})})
    frame = pd.DataFrame(made, columns=None if made else EMPTY)
    for name in ("time", "raised"):
        frame[name] = pd.to_datetime(frame[name], utc=True).astype("datetime64[ns, UTC]")
    for name in ("reference", "tag", "area", "description", "alarm_type", "operator", "comment", "origin"):
        frame[name] = frame[name].astype("str")
    for name in ("value", "limit"):
        frame[name] = frame[name].astype(object)
    frame["severity"] = frame["severity"].astype("int32")
    return frame


EMPTY = [
    "reference", "tag", "area", "description", "severity", "time", "transition", "raised", "alarm_type",
    "value", "limit", "operator", "comment", "origin",
]  # fmt: skip


def raises(*seconds: float, alarm: str = "A", clear_after: float | None = None) -> list[tuple[Any, ...]]:
    """Rows that raise an alarm at some times, and clear it some time later."""
    rows: list[tuple[Any, ...]] = []
    for second in seconds:
        rows.append((second, alarm, "raise"))
        if clear_after is not None:
            rows.append((second + clear_after, alarm, "clear"))
    return rows


def reviewed(frame: pd.DataFrame, seconds: float) -> pd.DataFrame:
    """The log as one that covers so many seconds from its beginning."""
    frame.attrs["reviewed"] = [at(0).isoformat(), at(seconds).isoformat()]
    return frame


def unconnected(frame: pd.DataFrame, *gaps: tuple[float, float]) -> pd.DataFrame:
    """The log as one that says when there was no connection, in seconds after its beginning."""
    frame.attrs["not_connected"] = [[at(start).isoformat(), at(end).isoformat()] for start, end in gaps]
    return frame


# A flood, an alarm with a life, and one that stands.
ROWS = [
    *raises(*range(0, 120, 10), alarm="Flood", clear_after=4),
    (5000, "Tank001.<b>Hi", "raise", {"severity": 900, "value": 81.5, "limit": 80}),
    (5060, "Tank001.<b>Hi", "acknowledge", {"operator": "jdoe", "comment": "seen"}),
    (None, "Tank001.<b>Hi", "clear", {"origin": "reconciled", "value": True}),
    (6000, "007", "raise", {"value": "open"}),
]


def whole_values(frame: pd.DataFrame, name: str = "value") -> list[Any]:
    """A log's values as they were before numbers and texts went apart; None where there is none."""
    joined = kinds_joined(frame, **{name: f"{name}_text"})[name]
    return [None if isinstance(one, float) and np.isnan(one) else one for one in joined]
