"""The report's plots as inline SVG: they need no JavaScript and take the colour of the text around them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mxgw_notebook.analysis.alarm_log import stamps

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 900, 240, 56, 100, 22, 206
# Okabe and Ito's blue and vermilion: told apart with every common kind of colour blindness.
BLUE, VERMILION = "#0a84c6", "#d9730d"
ROW, NAME_WIDTH = 24, 330
MOST_BARS = 420  # wider than two pixels each


def rate_chart(rate: pd.DataFrame, floods: pd.DataFrame) -> str:
    """Alarms an operator by 10 minutes as bars, floods shaded, with lines at 1 and 10."""
    if not rate["alarms"].sum():
        return "<p>No alarm was raised.</p>"
    start, width, count = bars_of(rate)
    first, last = int(start[0]), int(start[-1] + width)
    most = max(float(count.max()), 10.0) * 1.08

    def x(at: float) -> float:
        return LEFT + (at - first) * (WIDTH - LEFT - RIGHT) / (last - first)

    def y(value: float) -> float:
        return BOTTOM - value * (BOTTOM - TOP) / most

    body = [flood_band(x, begin, end) for begin, end in zip(*edges(floods), strict=True)]
    body += [
        f'<rect x="{x(at):.1f}" y="{y(n):.1f}" width="{max(x(at + width) - x(at) - 1, 1):.1f}" '
        f'height="{BOTTOM - y(n):.1f}" fill="{BLUE}"><title>{n:g} alarms from {clock(at)}</title></rect>'
        for at, n in zip(start.tolist(), count.tolist(), strict=True)
        if n
    ]
    body += [*value_axis(most, y), *time_axis(first, last, x)]
    body += [*benchmark(y(1), "1: acceptable"), *benchmark(y(10), "10: flood")]
    return svg(HEIGHT, "Alarms per 10 minutes", body)


def bars_of(rate: pd.DataFrame) -> tuple[NDArray[np.int64], int, NDArray[np.float64]]:
    """Beginnings, width and heights; of a long review each bar is the worst of several intervals."""
    start = stamps(rate["start"])
    count = rate["per_operator"].to_numpy(dtype=np.float64)
    width = int(start[1] - start[0]) if len(start) > 1 else 600_000_000_000
    joined = -(-len(start) // MOST_BARS)
    heads = np.arange(0, len(start), joined)
    return start[heads], width * joined, np.maximum.reduceat(count, heads)


def edges(floods: pd.DataFrame) -> tuple[list[int], list[int]]:
    """Beginnings and ends of the floods, ns."""
    return stamps(floods["start"]).tolist(), stamps(floods["end"]).tolist()


def flood_band(x: Any, start: int, end: int) -> str:
    """One flood, shaded."""
    left = max(x(start), LEFT)
    return (
        f'<rect x="{left:.1f}" y="{TOP}" width="{max(x(end) - left, 2):.1f}" height="{BOTTOM - TOP}" '
        f'fill="{VERMILION}" fill-opacity=".22"><title>flood from {clock(start)}</title></rect>'
    )


def value_axis(most: float, y: Any) -> Iterator[str]:
    """Round numbers of alarms."""
    step = next(step for step in steps() if most / step <= 5)
    for value in np.arange(0, most, step):
        yield f'<path d="M{LEFT} {y(value):.1f}H{WIDTH - RIGHT}" stroke="currentColor" stroke-opacity=".12"/>'
        yield text(LEFT - 8, y(value) + 4, f"{value:g}", "end")
    yield text(LEFT - 8, TOP - 8, "alarms", "end")


def steps() -> Iterator[int]:
    """1, 2, 5, 10, 20 ..."""
    size = 1
    while True:
        yield from (size, 2 * size, 5 * size)
        size *= 10


def time_axis(first: int, last: int, x: Any) -> Iterator[str]:
    """Five times, UTC."""
    for step in range(5):
        at = first + (last - first) * step // 4
        anchor = ("start", "middle", "middle", "middle", "end")[step]
        yield text(x(at), BOTTOM + 18, clock(at), anchor)
    yield text(WIDTH - RIGHT, TOP - 8, "UTC", "end")


def benchmark(height: float, words: str) -> Iterator[str]:
    """A dashed line with its meaning."""
    yield (
        f'<path d="M{LEFT} {height:.1f}H{WIDTH - RIGHT}" stroke="{VERMILION}" stroke-dasharray="5 4" '
        'stroke-width="1.2"/>'
    )
    yield text(WIDTH - RIGHT + 8, height + 4, words, "start")


def share_chart(names: Sequence[str], counts: Sequence[int], shares: Sequence[float], words: str) -> str:
    """A bar a name with its count and share, in the order given."""
    if not names:
        return "<p>None.</p>"
    most = max(*counts, 1)
    body = []
    for place, (name, count, share) in enumerate(zip(names, counts, shares, strict=True)):
        y = 6 + place * ROW
        length = max((WIDTH - NAME_WIDTH - 130) * count / most, 1)
        body.append(text(NAME_WIDTH - 10, y + 14, short(name), "end", title=name))
        body.append(f'<rect x="{NAME_WIDTH}" y="{y}" width="{length:.1f}" height="{ROW - 6}" fill="{BLUE}"/>')
        share_words = "" if np.isnan(share) else f" ({share:.0%})"
        body.append(text(NAME_WIDTH + length + 8, y + 14, f"{count:,}{share_words}", "start"))
    return svg(12 + ROW * len(names), words, body)


def short(name: str) -> str:
    """The end of a long name: a reference's beginning is the same for all."""
    return name if len(name) <= 46 else f"…{name[-45:]}"


def clock(at_ns: float) -> str:
    """A time for an axis, UTC."""
    return f"{pd.Timestamp(int(at_ns), tz='UTC'):%m-%d %H:%M}"


def text(x: float, y: float, words: str, anchor: str, title: str = "") -> str:
    """Words at a place; what the plant says is escaped."""
    more = f"<title>{escape(title)}</title>" if title and title != words else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}{more}</text>'


def svg(height: float, words: str, body: Sequence[str]) -> str:
    """The drawing."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-label="{escape(words)}" style="max-width:{WIDTH}px;width:100%" '
        f'font-family="system-ui,sans-serif" font-size="12" fill="currentColor">{"".join(body)}</svg>'
    )
