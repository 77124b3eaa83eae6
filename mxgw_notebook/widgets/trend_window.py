"""Which time a trend's picture shows, in epoch milliseconds UTC."""

from __future__ import annotations

import numpy as np

from mxgw_notebook.widgets.sources import TrendDelta

# A new trend is shown from here on, as its page does it.
YOUNGEST_MS = 10_000.0
Window = tuple[float, float]


def newest_window(kept: TrendDelta, span_ms: float) -> Window | None:
    """So much of the newest, or less of a new trend; None for everything, and before the first value."""
    whole = whole_window(kept)
    if whole is None or not np.isfinite(span_ms):
        return None
    end = whole[1]
    # The first sample of each was there before the trend began: a new one shows what came since.
    begins = [float(part.time_ms[1]) for part in kept.samples if len(part.time_ms) > 1]
    begins += [at for at, _ in kept.markers]
    start = end - span_ms
    return max(start, min([*begins, end - YOUNGEST_MS])) if begins else start, end


def whole_window(kept: TrendDelta) -> Window | None:
    """From the first sample to the last; None without any."""
    times = [part.time_ms for part in kept.samples if len(part.time_ms)]
    if not times:
        return None
    return min(float(time[0]) for time in times), max(float(time[-1]) for time in times)
