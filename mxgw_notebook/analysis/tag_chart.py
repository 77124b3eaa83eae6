"""A tag's values over a time as inline SVG: steps, grey where nobody knows, red where quality is not good."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mxgw_notebook.analysis.alarm_charts import clock
from mxgw_notebook.analysis.behaviour import GOOD
from mxgw_notebook.analysis.sample_columns import numbers, ranks_of
from mxgw_notebook.svg import (
    BLUE,
    INK,
    VERMILION,
    WIDTH,
    Scale,
    Svg,
    across,
    bar,
    drawing,
    element,
    grid_line,
    path,
    upright,
    words_at,
)

HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 130, 72, 12, 24, 106
ROOM_FOR_DEPLOY = 48
MOST_POINTS = 3_000
Span = tuple[int, int]
Places = NDArray[Any]


def tag_chart(
    tag: str, part: pd.DataFrame, holes: Sequence[Span], span: Span, deploys: Sequence[int] = ()
) -> str:
    """One tag's drawing, over a span of nanoseconds since 1970 UTC; without a number a line that says so.

    With a line at each time at which something was deployed.
    """
    ordered = part.sort_values("timestamp", kind="stable")
    stamps = ordered["timestamp"].astype("datetime64[ns, UTC]").astype("int64").to_numpy()
    values, ranks = numbers(ordered["value"]), ranks_of(ordered["quality"]).to_numpy()
    if not np.isfinite(values).any() or span[1] <= span[0]:
        return element("p", {}, text=f"{tag}: no numbers; its values are in the data.")
    kept = thinned(stamps, values, ranks)
    parts = drawn(tag, stamps[kept], values[kept], ranks[kept], holes, span)
    return drawing(HEIGHT, f"Trend of {tag}", [*parts, *deploy_lines(span, deploys)])


def deploy_lines(span: Span, deploys: Sequence[int]) -> Iterator[Svg]:
    """Where something was deployed."""
    for deployed in (one for one in deploys if span[0] <= one <= span[1]):
        at = Scale(*span, LEFT, WIDTH - RIGHT).at(deployed)
        yield path(upright(at, TOP, BOTTOM), INK, width=1.0, dashes="4 3")
        is_late = at > WIDTH - RIGHT - ROOM_FOR_DEPLOY
        yield words_at(at - 4 if is_late else at + 4, TOP + 10, "deploy", "end" if is_late else "start")


def thinned(stamps: Places, values: NDArray[np.float64], ranks: Places) -> Places:
    """The places of all, or of very many each stretch's first, least and most, and changes of quality."""
    if len(stamps) <= MOST_POINTS:
        return np.arange(len(stamps))
    frame = pd.DataFrame(
        {"value": np.nan_to_num(values), "bucket": np.arange(len(stamps)) * 800 // len(stamps)}
    )
    grouped = frame.groupby("bucket")["value"]
    firsts = np.flatnonzero(np.diff(frame["bucket"].to_numpy(), prepend=-1))
    turned = np.flatnonzero(np.diff(ranks, prepend=ranks[0]))
    return np.unique(np.concatenate([firsts, grouped.idxmin(), grouped.idxmax(), turned]))


def drawn(
    tag: str,
    stamps: Places,
    values: NDArray[np.float64],
    ranks: Places,
    holes: Sequence[Span],
    span: Span,
) -> Iterator[Svg]:
    """The parts of the drawing."""
    finite = values[np.isfinite(values)]
    low, high = float(finite.min()), float(finite.max())
    room = (high - low) * 0.06 or max(abs(high), 1.0) * 0.05
    x, y = Scale(*span, LEFT, WIDTH - RIGHT), Scale(low - room, high + room, BOTTOM, TOP)
    ends = until(stamps, holes, span[1])
    yield words_at(LEFT, TOP - 8, tag, "start", weight=600)
    yield from bands([(span[0], int(stamps[0])), *holes], x, INK, "unknown", span)
    bad = ranks < GOOD
    yield from bands(
        zip(stamps[bad].tolist(), ends[bad].tolist(), strict=True), x, VERMILION, "not good", span
    )
    for value in y.ticks(3):
        yield grid_line(across(y.at(value), LEFT, WIDTH - RIGHT))
        yield words_at(LEFT - 8, y.at(value) + 4, f"{value:.12g}", "end")
    yield words_at(LEFT, BOTTOM + 18, f"{clock(span[0])} UTC", "start")
    yield words_at(WIDTH - RIGHT, BOTTOM + 18, clock(span[1]), "end")
    yield path(steps(stamps, ends, values, x, y), BLUE, width=1.5)


def until(stamps: Places, holes: Sequence[Span], end: int) -> Places:
    """Until when each value is known to hold: the next one, or a gap that begins before."""
    ends = np.append(stamps[1:], max(end, int(stamps[-1])))
    for begin, _ in holes:
        ends = np.where((stamps <= begin) & (begin < ends), begin, ends)
    return ends


def bands(stretches: Iterable[Span], x: Scale, fill: str, title: str, span: Span) -> Iterator[Svg]:
    """Shaded stretches, cut to the span."""
    for start, end in stretches:
        left, right = x.at(max(start, span[0])), x.at(min(end, span[1]))
        if right > left:
            yield bar(left, TOP, right - left, BOTTOM - TOP, fill, opacity=0.18, title=title)


def steps(stamps: Places, ends: Places, values: NDArray[np.float64], x: Scale, y: Scale) -> str:
    """The moves of a line that holds each value; broken where one is no number or not known to hold."""
    moves, at = [], -1
    for start, end, value in zip(stamps.tolist(), ends.tolist(), values.tolist(), strict=True):
        if np.isfinite(value):
            joint = f"V{y.at(value):.1f}" if at == start else f"M{x.at(start):.1f} {y.at(value):.1f}"
            moves.append(f"{joint}H{x.at(end):.1f}")
            at = end
    return "".join(moves)
