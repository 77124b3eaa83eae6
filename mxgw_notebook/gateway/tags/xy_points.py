"""Two tags joined by time: what each read whenever one of them changed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mxgw_notebook.frames import MILLISECOND_NS, Samples
from mxgw_notebook.live import Gap
from mxgw_notebook.widgets import XYPoints
from mxgw_notebook.words import RESUMING, UNCERTAIN_FROM

# More than these are not told apart; of each part of the time its extremes and its last are kept.
MOST_POINTS, PARTS = 2000, 400


def join_points(x: Samples, y: Samples, gaps: Sequence[Gap], start_ns: int, end_ns: int) -> XYPoints:
    """The points from a time to another, and the one that held when it began.

    A value holds until the next, and into no gap. Where one of both is not known, is no number or of bad
    quality, there is no point; behind that, and behind a gap, another piece of the track begins.
    """
    every = np.concatenate([x.time_ns, y.time_ns])
    inside = every[(every >= start_ns) & (every <= end_ns)]
    time_ns = np.unique(np.append(inside, start_ns)) if (every < start_ns).any() else np.unique(inside)
    columns = [held(part, time_ns, gaps) for part in (x, y)]
    (x_value, x_quality), (y_value, y_quality) = columns
    quality = np.minimum(x_quality, y_quality)
    is_drawn = np.isfinite(x_value) & np.isfinite(y_value) & (quality >= UNCERTAIN_FROM)
    breaks = ~is_drawn
    for gap in gaps:
        after = int(np.searchsorted(time_ns, gap.start_ns, "right"))
        if after < len(breaks):
            breaks[after] = True
    piece = np.cumsum(breaks, dtype=np.int64)
    rows = np.flatnonzero(is_drawn)
    made = XYPoints(time_ns[rows] / MILLISECOND_NS, x_value[rows], y_value[rows], quality[rows], piece[rows])
    return thinned(made) if len(rows) > MOST_POINTS else made


def held(
    part: Samples, time_ns: NDArray[np.int64], gaps: Sequence[Gap]
) -> tuple[NDArray[np.float64], NDArray[np.uint8]]:
    """What a tag read at each of these times, NaN where that is not known, and its quality."""
    if not len(part):
        return np.full(len(time_ns), np.nan), np.zeros(len(time_ns), np.uint8)
    places = np.searchsorted(part.time_ns, time_ns, "right") - 1
    since = part.time_ns[places]
    lost = places < 0
    for gap in gaps:
        goes_on = gap.cause in RESUMING and gap.end_ns is not None
        over = time_ns < (gap.end_ns or 0) if goes_on else True
        lost |= (since <= gap.start_ns) & (gap.start_ns < time_ns) & over
    return np.where(lost, np.nan, part.number[places]), (part.quality[places] & 0xFF).astype(np.uint8)


def thinned(points: XYPoints) -> XYPoints:
    """Of each part of the time the points that reach furthest, and the last."""
    kept = []
    for rows in np.array_split(np.arange(len(points.time_ms)), PARTS):
        for column in (points.x[rows], points.y[rows]):
            kept += [rows[column.argmin()], rows[column.argmax()]]
        kept.append(rows[-1])
    chosen = np.unique(kept)
    return XYPoints(
        points.time_ms[chosen],
        points.x[chosen],
        points.y[chosen],
        points.quality[chosen],
        points.piece[chosen],
        left_out=len(points.time_ms) - len(chosen),
    )
