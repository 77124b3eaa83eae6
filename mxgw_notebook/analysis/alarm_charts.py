"""The report's plots as inline SVG: they need no JavaScript and take the colour of the text around them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mxgw_notebook.analysis.alarm_log import stamps
from mxgw_notebook.svg import (
    BLUE,
    INK,
    VERMILION,
    WIDTH,
    Anchor,
    Scale,
    Svg,
    across,
    bar,
    drawing,
    element,
    grid_line,
    path,
    readable,
    words_at,
)
from mxgw_notebook.words import counted

HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 240, 56, 100, 22, 206
ROW, NAME_WIDTH = 24, 330
MOST_BARS = 420  # wider than two pixels each


def rate_chart(rate: pd.DataFrame, floods: pd.DataFrame, not_connected: pd.DataFrame) -> str:
    """Alarms an operator by 10 minutes as bars, with lines at 1 and 10.

    Shaded are floods, and in grey the times of which nothing is known.
    """
    if not rate["alarms"].sum():
        seen = " while somebody was connected" if len(not_connected) else ""
        return element("p", {}, text=f"No alarm was raised{seen}.")
    start, width, count = bars_of(rate)
    x = Scale(int(start[0]), int(start[-1] + width), LEFT, WIDTH - RIGHT)
    y = Scale(0, max(float(count.max()), 10.0) * 1.08, BOTTOM, TOP)
    body = [unseen_band(x, begin, end) for begin, end in zip(*edges(not_connected), strict=True)]
    body += [flood_band(x, begin, end) for begin, end in zip(*edges(floods), strict=True)]
    body += [
        bar(
            x.at(at),
            y.at(n),
            max(x.at(at + width) - x.at(at) - 1, 1),
            BOTTOM - y.at(n),
            BLUE,
            title=f"{counted(int(n), 'alarm')} from {clock(at)}",
        )
        for at, n in zip(start.tolist(), count.tolist(), strict=True)
        if n
    ]
    body += [*value_axis(y), *time_axis(x)]
    body += [*benchmark(y.at(1), "1: acceptable"), *benchmark(y.at(10), "10: flood")]
    return readable(drawing(HEIGHT, "Alarms per 10 minutes", body))


def bars_of(rate: pd.DataFrame) -> tuple[NDArray[np.int64], int, NDArray[np.float64]]:
    """Beginnings, width and heights; of a long review each bar is the worst of several intervals."""
    start = stamps(rate["start"])
    count = rate["per_operator"].to_numpy(dtype=np.float64)
    width = int(start[1] - start[0]) if len(start) > 1 else 600_000_000_000
    joined = -(-len(start) // MOST_BARS)
    heads = np.arange(0, len(start), joined)
    return start[heads], width * joined, np.maximum.reduceat(count, heads)


def edges(stretches: pd.DataFrame) -> tuple[list[int], list[int]]:
    """Beginnings and ends of floods, or of times without a connection, ns."""
    return stamps(stretches["start"]).tolist(), stamps(stretches["end"]).tolist()


def flood_band(x: Scale, start: int, end: int) -> Svg:
    """One flood, shaded."""
    return band(x, start, end, VERMILION, f"flood from {clock(start)}")


def unseen_band(x: Scale, start: int, end: int) -> Svg:
    """A time of which nothing is known: without it no bar would look like no alarm."""
    return band(x, start, end, INK, f"nothing known from {clock(start)} to {clock(end)}")


def band(x: Scale, start: int, end: int, colour: str, title: str) -> Svg:
    """A stretch of time, shaded."""
    left = max(x.at(start), LEFT)
    width = max(x.at(end) - left, 2)
    return bar(left, TOP, width, BOTTOM - TOP, colour, opacity=0.22, title=title)


def value_axis(y: Scale) -> Iterator[Svg]:
    """Round numbers of alarms."""
    for value in y.ticks(5):
        yield grid_line(across(y.at(value), LEFT, WIDTH - RIGHT))
        yield words_at(LEFT - 8, y.at(value) + 4, f"{value:.12g}", "end")
    yield words_at(LEFT - 8, TOP - 8, "alarms", "end")


def time_axis(x: Scale) -> Iterator[Svg]:
    """Five times, UTC."""
    anchors: tuple[Anchor, ...] = ("start", "middle", "middle", "middle", "end")
    for step, anchor in enumerate(anchors):
        at = x.low + (x.high - x.low) * step // 4
        yield words_at(x.at(at), BOTTOM + 18, clock(at), anchor)
    yield words_at(WIDTH - RIGHT, TOP - 8, "UTC", "end")


def benchmark(height: float, words: str) -> Iterator[Svg]:
    """A dashed line with its meaning."""
    yield path(across(height, LEFT, WIDTH - RIGHT), VERMILION, dashes="5 4", width=1.2)
    yield words_at(WIDTH - RIGHT + 8, height + 4, words, "start")


def share_chart(names: Sequence[str], counts: Sequence[int], shares: Sequence[float], words: str) -> str:
    """A bar a name with its count and share, in the order given."""
    if not names:
        return element("p", {}, text="None.")
    most = max(*counts, 1)
    body = []
    for place, (name, count, share) in enumerate(zip(names, counts, shares, strict=True)):
        y = 6 + place * ROW
        length = max((WIDTH - NAME_WIDTH - 130) * count / most, 1)
        body.append(words_at(NAME_WIDTH - 10, y + 14, short(name), "end", title=name))
        body.append(bar(NAME_WIDTH, y, length, ROW - 6, BLUE))
        share_words = "" if np.isnan(share) else f" ({share:.0%})"
        body.append(words_at(NAME_WIDTH + length + 8, y + 14, f"{count:,}{share_words}", "start"))
    return readable(drawing(12 + ROW * len(names), words, body))


def short(name: str) -> str:
    """The end of a long name: a reference's beginning is the same for all."""
    return name if len(name) <= 46 else f"…{name[-45:]}"


def clock(at_ns: float) -> str:
    """A time for an axis, UTC."""
    return f"{pd.Timestamp(int(at_ns), tz='UTC'):%m-%d %H:%M}"
