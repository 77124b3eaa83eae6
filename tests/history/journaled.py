"""Journals and recordings that tests write by hand, row by row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from mxgw_notebook.history.folder import hour_of
from mxgw_notebook.history.journal import Journal
from mxgw_notebook.history.recorded import RecordedSource
from mxgw_notebook.history.rows import sample_rows

PLANT = "plant"
HOUR = 3_600_000_000_000
BEGIN = hour_of(1_780_000_000_000_000_000)
ALL = 2**62


def rows(tag: str, times: list[int], values: list[Any], flags: int = 0) -> Any:
    """Samples of one tag; what is no float goes beside the numbers, as a decoder has it."""
    others = {row: value for row, value in enumerate(values) if not isinstance(value, float)}
    count = len(times)
    return sample_rows(
        pa.array([tag] * count),
        np.array(times, np.int64),
        np.array([np.nan if row in others else value for row, value in enumerate(values)]),
        np.full(count, 192, np.uint8),
        np.full(count, 4, np.int8),
        {row: value for row, value in others.items() if value is not None},
        np.full(count, flags, np.uint8),
        np.arange(count),
    )


def begin(path: Path, run: str, begin_ns: int, *tags: str) -> Journal:
    path.parent.mkdir(parents=True, exist_ok=True)
    journal = Journal(path)
    told = {"table": "begin", "run": run, "plant": PLANT, "begin_ns": begin_ns, "tags": list(tags)}
    journal.append(None, [told])
    return journal


def place(folder: Path, run: str, number: int = 0) -> Path:
    return folder / "journal" / f"plant={PLANT}" / f"{run}.{number:06d}.arrow"


def source(folder: Path) -> RecordedSource:
    return RecordedSource(pa.fs.LocalFileSystem(), str(folder), PLANT, "recording")
