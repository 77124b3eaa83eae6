"""An XY view as a static drawing: inline SVG that a saved notebook shows without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from mxgw_notebook.svg import (
    INK,
    PALETTE,
    WIDTH,
    Scale,
    Svg,
    across,
    drawing,
    element,
    grid_line,
    path,
    upright,
    words_at,
)
from mxgw_notebook.widgets.as_of import words_of
from mxgw_notebook.widgets.local_time import local
from mxgw_notebook.widgets.sources import TrendTag
from mxgw_notebook.widgets.xy_source import XYDelta, XYPoints
from mxgw_notebook.words import GOOD_FROM, figures, quality_word

TOP, BOTTOM, LEFT, RIGHT = 30, 330, 80, WIDTH - 20
# By age, the oldest first.
FADES = (0.2, 0.35, 0.6, 1.0)


def draw_xy(seen: XYDelta) -> str:
    """An `<svg>` of the points: older ones paler, the newest marked; a line of text where there is none."""
    points = seen.points
    if not len(points.time_ms):
        return element("p", {}, text=f"No point of {seen.y.tag} over {seen.x.tag}: {words_of(seen)}.")
    x, y = scale_of(points.x, LEFT, RIGHT), scale_of(points.y, BOTTOM, TOP)
    body = [*axes(seen, x, y), path(track(points, x, y), PALETTE[0], width=1, opacity=0.25)]
    body += dots(points, x, y)
    body.append(dot(x.at(points.x[-1]), y.at(points.y[-1]), 7, PALETTE[1], opacity=1, is_open=True))
    body += [
        words_at(12, BOTTOM + 66, last_words(seen), "start"),
        words_at(12, BOTTOM + 86, words_of(seen), "start"),
    ]
    return drawing(BOTTOM + 106, f"{seen.y.tag} over {seen.x.tag}, {words_of(seen)}", body)


def scale_of(values: NDArray[np.float64], start: float, end: float) -> Scale:
    """A scale with a margin; one value that never changes needs one as well."""
    low, high = float(values.min()), float(values.max())
    margin = (high - low) * 0.08 or abs(high) * 0.05 or 1.0
    return Scale(low - margin, high + margin, start, end)


def axes(seen: XYDelta, x: Scale, y: Scale) -> Iterator[Svg]:
    """Both axes with their numbers, and the names and units of the tags."""
    for value in x.ticks(8):
        yield grid_line(upright(x.at(value), TOP, BOTTOM))
        yield words_at(x.at(value), BOTTOM + 18, f"{value:.12g}", "middle")
    for value in y.ticks(6):
        yield grid_line(across(y.at(value), LEFT, RIGHT))
        yield words_at(LEFT - 8, y.at(value) + 4, f"{value:.12g}", "end")
    yield path(f"M{LEFT} {TOP}V{BOTTOM}H{RIGHT}", INK, opacity=0.5)
    yield words_at((LEFT + RIGHT) / 2, BOTTOM + 40, named(seen.x), "middle", weight=600)
    yield words_at(12, TOP - 12, named(seen.y), "start", weight=600)


def track(points: XYPoints, x: Scale, y: Scale) -> str:
    """The moves from point to point of each piece."""
    begins = np.diff(points.piece, prepend=-1) != 0
    rows = zip(points.x.tolist(), points.y.tolist(), begins.tolist(), strict=True)
    return "".join(f"{'M' if new else 'L'}{x.at(px):.1f} {y.at(py):.1f}" for px, py, new in rows)


def dots(points: XYPoints, x: Scale, y: Scale) -> Iterator[Svg]:
    """Each point by its age; one of uncertain quality is open."""
    span = float(points.time_ms[-1] - points.time_ms[0]) or 1.0
    ages = np.minimum((points.time_ms - points.time_ms[0]) / span * len(FADES), len(FADES) - 1).astype(int)
    for px, py, age, quality in zip(points.x, points.y, ages, points.quality, strict=True):
        yield dot(x.at(px), y.at(py), 2.5, PALETTE[0], opacity=FADES[age], is_open=quality < GOOD_FROM)


def dot(x: float, y: float, radius: float, colour: str, *, opacity: float, is_open: bool) -> Svg:
    """A round point."""
    paint = {"fill": "none", "stroke": colour} if is_open else {"fill": colour}
    place = {"cx": f"{x:.1f}", "cy": f"{y:.1f}", "r": f"{radius:g}"}
    return element("circle", {**place, **paint, "opacity": f"{opacity:g}"})


def last_words(seen: XYDelta) -> str:
    """The newest point in words."""
    points = seen.points
    at = local(float(points.time_ms[-1]))
    x, y = (
        f"{tag.tag} {figures(float(values[-1]))} {tag.units}".rstrip()
        for tag, values in ((seen.x, points.x), (seen.y, points.y))
    )
    quality = quality_word(int(points.quality[-1]))
    return f"{x}, {y}, quality {quality}, at {at:%H:%M:%S on %Y-%m-%d}"


def named(tag: TrendTag) -> str:
    """A tag with its units."""
    return f"{tag.tag} ({tag.units})" if tag.units else tag.tag
