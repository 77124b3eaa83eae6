"""Small frames of samples with their quality, to work a measure out of by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from mxgw_notebook.analysis.quality import QualityAccessor

START = pd.Timestamp("2026-01-01T00:00:00Z")
SECOND = 1_000_000_000
NAN = float("nan")
# A is 10 from 0 s and 30 from 20 s; nobody knows what was between 5 s and 9 s.
GAPPED = (("A", 0.0, 10.0, "good"), ("A", 20.0, 30.0, "good"))


def columns(seconds: list[float], numbers: list[float], quality: list[int], objects: Any = None) -> Any:
    times = np.array([START.value + int(second * SECOND) for second in seconds], np.int64)
    kept = None if objects is None else np.array(objects, dtype=object)
    return times, np.array(numbers, np.float64), np.array(quality, np.uint8), kept


def after(seconds: float) -> pd.Timestamp:
    return START + pd.Timedelta(seconds=seconds)


def by_quality(frame: pd.DataFrame) -> QualityAccessor:
    """`frame.mxgw`, which pandas' stubs do not know."""
    found: Any = frame
    assert isinstance(found.mxgw, QualityAccessor)
    return found.mxgw


def frame_of(*rows: tuple[str, float, Any, str], gaps: Any = ()) -> pd.DataFrame:
    """Rows of tag, seconds, value and quality, in their order; gaps as begin, end and cause."""
    made = pd.DataFrame(
        {
            "tag": [row[0] for row in rows],
            "timestamp": pd.DatetimeIndex([after(row[1]) for row in rows], tz="UTC").as_unit("ns"),
            "value": [row[2] for row in rows],
            "quality": [row[3] for row in rows],
        }
    )
    made.attrs["gaps"] = [
        {"start": text(begin), "end": None if end is None else text(end), "cause": cause, "events": 0}
        for begin, end, cause in gaps
    ]
    return made


def without_gaps(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame, as one of a watch without any gap has it."""
    frame.attrs["gaps"] = []
    return frame


def text(seconds: float) -> str:
    return after(seconds).isoformat()


def gapped(cause: str, *, end: float | None = 9.0) -> pd.DataFrame:
    return frame_of(*GAPPED, gaps=[(5.0, end, cause)])
