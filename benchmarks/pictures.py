"""How something grows as a drawing: its seconds and its megabytes over its size, both in powers of ten."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from mxgw_notebook.svg import (
    BLUE,
    VERMILION,
    WIDTH,
    Scale,
    Svg,
    across,
    drawing,
    grid_line,
    path,
    upright,
    words_at,
)

Points = Sequence[tuple[float, float]]
HEIGHT, TOP, BOTTOM = 220.0, 30.0, 34.0
LEFT, RIGHT = 64.0, 16.0
PANEL = WIDTH / 2
SUFFIXES = ((1e6, "M"), (1e3, "k"))


def growth_drawing(name: str, seconds: Points, megabytes: Points) -> Svg:
    """Two panels side by side; a faint line shows what grows in proportion."""
    body = [
        *panel(0.0, f"{name}: seconds", seconds, BLUE),
        *panel(PANEL, f"{name}: megabytes", megabytes, VERMILION),
    ]
    return drawing(HEIGHT, f"Time and memory over {name}", body)


def panel(start: float, title: str, points: Points, colour: str) -> Iterator[Svg]:
    """One figure over the size."""
    across_scale = scale([size for size, _ in points], start + LEFT, start + PANEL - RIGHT)
    up_scale = scale([figure for _, figure in points], HEIGHT - BOTTOM, TOP)
    yield words_at(start + LEFT, TOP - 12, title, "start", weight=600)
    for power in powers(across_scale):
        x = across_scale.at(power)
        yield grid_line(upright(x, TOP, HEIGHT - BOTTOM))
        yield words_at(x, HEIGHT - BOTTOM + 18, short(10**power), "middle")
    for power in powers(up_scale):
        y = up_scale.at(power)
        yield grid_line(across(y, start + LEFT, start + PANEL - RIGHT))
        yield words_at(start + LEFT - 8, y + 4, short(10**power), "end")
    yield path(moves(proportion(points), across_scale, up_scale), width=1, opacity=0.5, dashes="4 4")
    yield path(moves(points, across_scale, up_scale), colour, width=2)


def proportion(points: Points) -> Points:
    """A line through the last point along which all grows by the size, as far as the panel shows it."""
    (size, figure), lowest = points[-1], min(figure for _, figure in points)
    least = max(points[0][0], size * lowest / figure)
    return (least, figure * least / size), (size, figure)


def scale(values: Sequence[float], start: float, end: float) -> Scale:
    """Pixels by the power of ten, whole powers at both ends."""
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return Scale(low, max(high, low + 1), start, end)


def powers(scale: Scale) -> range:
    """The whole powers of a scale."""
    return range(int(scale.low), int(scale.high) + 1)


def moves(points: Points, across_scale: Scale, up_scale: Scale) -> str:
    """A line through the points, as SVG writes it."""
    places = (
        f"{across_scale.at(math.log10(size)):.1f} {up_scale.at(math.log10(figure)):.1f}"
        for size, figure in points
    )
    return "M" + "L".join(places)


def short(number: float) -> str:
    """A number as an axis has it."""
    for factor, suffix in SUFFIXES:
        if number >= factor:
            return f"{number / factor:g}{suffix}"
    return f"{number:g}"
