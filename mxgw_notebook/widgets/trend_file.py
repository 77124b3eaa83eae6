"""A trend's window as a file: a drawing, or a table of values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np

from mxgw_notebook.frames import kinds_joined, without_formulas
from mxgw_notebook.widgets.local_time import zone_named
from mxgw_notebook.widgets.snapshot_measures import CursorMeasures
from mxgw_notebook.widgets.sources import ChosenScale, TrendSource
from mxgw_notebook.widgets.trend_snapshot import draw_trend


def trend_file(
    source: TrendSource,
    extension: str,
    start_ms: float,
    end_ms: float,
    scales: Mapping[str, ChosenScale] | None = None,
    measured: CursorMeasures | None = None,
    zone: str = "",
) -> tuple[str, str, bytes]:
    """Name, media type and content of an `svg` or, for anything else, a `csv`.

    A drawing has the times of the page's `zone`, as its PNG has; the name and the values have UTC.
    """
    stem = f"trend-{datetime.fromtimestamp(end_ms / 1000, UTC):%Y%m%d-%H%M%S}Z"
    if extension == "svg":
        kept = source.since(0)
        outages = [
            outage for outage in kept.outages if outage[0] < end_ms and (outage[1] or end_ms) > start_ms
        ]
        delta = replace(kept, samples=source.between(start_ms, end_ms), outages=outages)
        earlier = source.earlier(start_ms, end_ms) if kept.shift_ms else None
        window, told = (start_ms, end_ms), zone_named(zone)
        drawn = draw_trend(source.tags, delta, window, scales or {}, measured, earlier, told)
        return f"{stem}.svg", "image/svg+xml", drawn.encode()
    frame = source.frame(start_ms, end_ms)
    # A person's file has one cell a value, whatever it is.
    frame = kinds_joined(frame, value="text")
    if frame["value"].dtype == object:
        frame["value"] = frame["value"].map(written)
    return f"{stem}.csv", "text/csv", without_formulas(frame).to_csv(index=False).encode()


def written(value: Any) -> Any:
    """A value as one cell has it: arrays as a JSON list, however long."""
    return json.dumps(value.tolist(), default=str) if isinstance(value, np.ndarray) else value
