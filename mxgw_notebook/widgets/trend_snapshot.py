"""A trend as a static drawing: inline SVG that a saved notebook shows without JavaScript."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import tzinfo
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from mxgw_notebook.svg import (
    PALETTE,
    WIDTH,
    Scale,
    Svg,
    drawing,
    element,
    path,
    words_at,
)
from mxgw_notebook.widgets.as_of import words_of
from mxgw_notebook.widgets.snapshot_axes import AXIS, time_axis, value_axis
from mxgw_notebook.widgets.snapshot_bands import (
    BAND,
    BREADTH,
    LANE,
    SHADES,
    Outage,
    drawn_lane,
    drawn_outages,
    hatch,
    quality_intervals,
    told_parts,
)
from mxgw_notebook.widgets.snapshot_legend import (
    DASHES,
    LEGEND_LINE,
    PALE,
    drawn_earlier_legend,
    drawn_legend,
    names_of,
)
from mxgw_notebook.widgets.snapshot_marks import Limit, drawn_limits, drawn_markers
from mxgw_notebook.widgets.snapshot_measures import CursorMeasures, drawn_cursors, listed_measures
from mxgw_notebook.widgets.snapshot_measures import lines_of as measured_lines
from mxgw_notebook.widgets.snapshot_notes import LINE, drawn_notes, lines_of, listed_notes, on_view
from mxgw_notebook.widgets.sources import (
    AUTOMATIC,
    ChosenScale,
    EarlierPeriod,
    TagSamples,
    TrendDelta,
    TrendTag,
)
from mxgw_notebook.widgets.value_scale import value_scale
from mxgw_notebook.words import Phase

Interval = tuple[float, float]
Step = tuple[float, float]

_LEGEND_TOP = 326


def draw_trend(
    tags: Sequence[TrendTag],
    delta: TrendDelta,
    window: Interval | None = None,
    scales: Mapping[str, ChosenScale] = MappingProxyType({}),
    measured: CursorMeasures | None = None,
    earlier: EarlierPeriod | None = None,
    zone: tzinfo | None = None,
    told: Sequence[TagSamples] | None = None,
) -> str:
    """An `<svg>` of the samples in `delta`: an axis a unit, a legend with last values.

    `window` is what was on view, in epoch milliseconds: each tag's samples within it, and what it held when
    that began. Unless told it is all there is. `scales` are those by hand, by unit.

    `told` are the samples as they came, if those of `delta` begin with what was carried over a clearing: the
    legend tells since when a value holds.

    Its times are local: of `zone`, or else of this machine's.

    Text and grid take the colour of the text around it, so it suits a dark page as well as a light one.
    Below them stands how the feed is, and when the gateway last said anything. Without a single number it is
    a line of text that says so.
    """
    parts = delta.samples if window is None else [part_of(part, window) for part in delta.samples]
    samples = {part.index: part for part in parts if np.isfinite(part.value).any()}
    if not samples:
        return element("p", {}, text=f"The trend kept no value of {names_of(tags)}: {words_of(delta, zone)}.")
    states = {index: part for index, part in samples.items() if tags[index].words is not None}
    units = list(dict.fromkeys(tags[index].units for index in sorted(samples) if index not in states))
    left, right = AXIS * max(1, (len(units) + 1) // 2), AXIS * (len(units) // 2) or 16
    time = _time_scale(samples.values(), window, left, WIDTH - right)
    past = [] if earlier is None else [part_of(part, (time.low, time.high)) for part in earlier.samples]
    # A value that is older than the drawing is held to its begin; into an outage of then it is not.
    outages = [(max(start, time.low), end) for start, end in delta.outages if (end or time.high) > time.low]
    body = [hatch(), *drawn_outages(delta.outages, time), *time_axis(time, zone)]
    lines: list[Limit] = []
    named: list[Limit] = []  # levels, whose lines are drawn by their own history
    for place, unit in enumerate(units):
        members = {
            index: part
            for index, part in samples.items()
            if tags[index].units == unit and index not in states
        }
        limits = [limit for limit in delta.limits if limit[0] in members]
        levels = [level for level in delta.levels if level[0] in members]
        wanted = [value for _, _, steps in levels for value in _within(steps, time)]
        before = [part for part in past if part.index in members]
        scale = value_scale(
            [*members.values(), *before],
            [*(value for _, value, _ in limits), *wanted],
            scales.get(unit, AUTOMATIC),
        )
        body += value_axis(place, unit, scale, time)
        body += [_pale(part, time, scale, earlier) for part in before if earlier]
        for part in members.values():
            body += _poor(part, time, scale, outages)
        body += [_line(part, index, time, scale, outages) for index, part in members.items()]
        body += [_level(steps, index, time, scale) for index, _, steps in levels]
        lines += [Limit(scale.at(value), words, index) for index, value, words in limits]
        named += [Limit(scale.at(steps[-1][1]), words, index) for index, words, steps in levels if steps]
    noted = on_view(delta.noted, time)
    body += [
        *drawn_limits(lines, time, named),
        *drawn_markers(delta.markers, time),
        *drawn_notes(noted, time, zone),
        *drawn_cursors(measured, time),
    ]
    lanes = [("", part, outages) for part in states.values()]
    lanes += [(f", {earlier.words}", part, earlier.outages(part.index)) for part in past if earlier]
    lanes = [(when, part, holes) for when, part, holes in lanes if part.index in states]
    for lane, (when, part, holes) in enumerate(lanes):
        tag, top = tags[part.index], _LEGEND_TOP - 12 + lane * LANE
        body.append(words_at(time.start, top + 8, f"{tag.label or tag.tag}{when}", "start"))
        body += drawn_lane(tag.words or (), part, part.index, top + LANE - BAND, time, holes)
    legend_top = _LEGEND_TOP + len(lanes) * LANE
    since = {part.index: part for part in told or delta.samples if part.index in samples}
    until = {index: part_of(part, (-np.inf, time.high)) for index, part in since.items()}
    body += drawn_legend(tags, until, delta.notes, legend_top, zone)
    end = legend_top + LEGEND_LINE * len(tags)
    if earlier is not None:
        body += drawn_earlier_legend(tags, past, earlier, end, zone)
        end += LEGEND_LINE * len(tags)
    body += listed_measures(measured, tags, end, zone)
    end += LINE * measured_lines(measured)
    body += listed_notes(noted, end, zone)
    end += LINE * lines_of(noted)
    # In bold where it is not the plant as it was when the picture was made.
    weight = 400 if delta.phase is Phase.LIVE else 600
    body.append(words_at(12, end, words_of(delta, zone), "start", weight=weight))
    return drawing(end + LEGEND_LINE, f"Trend of {names_of(tags)}, {words_of(delta, zone)}", body)


def part_of(part: TagSamples, window: Interval) -> TagSamples:
    """A tag's samples within a window; the newest number before it stands at its begin, where it holds."""
    start, end = window
    first = int(np.searchsorted(part.time_ms, start, "left"))
    last = int(np.searchsorted(part.time_ms, end, "right"))
    before = np.flatnonzero(np.isfinite(part.value[:first]))[-1:]
    rows = np.concatenate((before, np.arange(first, last)))
    time_ms = np.maximum(part.time_ms[rows], start)
    return TagSamples(part.index, time_ms, part.value[rows], part.quality[rows])


def _time_scale(parts: Collection[TagSamples], window: Interval | None, left: float, right: float) -> Scale:
    low = min(float(part.time_ms[0]) for part in parts)
    high = max(float(part.time_ms[-1]) for part in parts)
    low, high = window or (low, high)
    # At least a second: a single sample has no width of its own.
    return Scale(low, max(high, low + 1000), left, right)


def _line(part: TagSamples, index: int, time: Scale, scale: Scale, outages: Sequence[Outage]) -> Svg:
    """The stepped line of a tag."""
    return path(_steps(part, time, scale, outages), PALETTE[index % len(PALETTE)], width=1.6)


def _poor(part: TagSamples, time: Scale, scale: Scale, outages: Sequence[Outage]) -> Iterator[Svg]:
    """A broad shade along the line wherever the quality is bad or uncertain, wide enough to be seen."""
    pixel = (time.high - time.low) / (time.end - time.start)
    numbers = np.maximum.accumulate(np.where(np.isfinite(part.value), np.arange(len(part.value)), 0))
    held = part.value[numbers]  # as the line is drawn: through samples without a number
    for word, start, end in quality_intervals(part, time.high):
        # Of several of one time the last: one that is carried into the window is not part of the stretch.
        first = int(np.searchsorted(part.time_ms, start, "right")) - 1
        rows = slice(first, max(int(np.searchsorted(part.time_ms, end)), first + 1))
        own = TagSamples(part.index, part.time_ms[rows], held[rows], part.quality[rows])
        if np.isfinite(own.value).any():
            last = max(end, start + pixel)
            moves = _steps(own, Scale(time.low, last, time.start, time.at(last)), scale, outages)
            yield path(moves, SHADES[word], width=BREADTH, opacity=0.22, title=f"quality {word}")


def _pale(part: TagSamples, time: Scale, scale: Scale, earlier: EarlierPeriod) -> Svg:
    """The same of an earlier period; within its gaps there is none."""
    moves = _steps(part, time, scale, earlier.outages(part.index))
    colour = PALETTE[part.index % len(PALETTE)]
    return path(moves or "M0 0", colour, width=1.4, opacity=PALE, dashes=DASHES)


def _steps(part: TagSamples, time: Scale, scale: Scale, outages: Sequence[Outage]) -> str:
    """The moves of a stepped line: a value holds until the next one, also through samples without a number.

    Into an outage it does not hold; behind it, it does again.
    """
    number = np.isfinite(part.value)
    x, y = _thinned(part.time_ms[number], part.value[number], time)
    moves: list[str] = []
    drawn_to = np.nan  # up to which time the line is drawn
    for at, until, value in zip(x, [*x[1:], time.high], y, strict=True):
        for start, end in told_parts(at, until, outages):
            height = f"{scale.at(value):.1f}"
            moves.append(f"V{height}" if start == drawn_to else f"M{time.at(start):.1f} {height}")
            moves.append(f"H{time.at(end):.1f}")
            drawn_to = end
    return "".join(moves)


def _within(steps: Sequence[Step], time: Scale) -> list[float]:
    """What a level read in the drawing."""
    ends = [*(at for at, _ in steps[1:]), np.inf]
    return [value for (at, value), end in zip(steps, ends, strict=True) if at < time.high and end > time.low]


def _level(steps: Sequence[Step], index: int, time: Scale, scale: Scale) -> Svg:
    """A setpoint's history: dashed, in steps."""
    ends = [*(at for at, _ in steps[1:]), time.high]
    moves: list[str] = []
    for (at, value), end in zip(steps, ends, strict=True):
        low, high = max(at, time.low), min(end, time.high)
        if low <= high:
            moves.append("V" if moves else f"M{time.at(low):.1f} ")
            moves.append(f"{scale.at(value):.1f}H{time.at(high):.1f}")
    return path("".join(moves) or "M0 0", PALETTE[index % len(PALETTE)], dashes="7 4")


def _thinned(x: NDArray[np.float64], y: NDArray[np.float64], time: Scale) -> tuple[list[float], list[float]]:
    """At most the first, lowest, highest and last sample of each pixel column: it draws the same."""
    if len(x) <= WIDTH * 4:
        return x.tolist(), y.tolist()
    column = ((x - time.low) / (time.high - time.low) * WIDTH).astype(np.int64)
    edges = np.flatnonzero(np.diff(column, prepend=column[0] - 1))
    keep: set[int] = set()
    for start, end in zip(edges, [*edges[1:], len(x)], strict=True):
        inside = y[start:end]
        keep.update((int(start), int(start + inside.argmin()), int(start + inside.argmax()), int(end - 1)))
    chosen = sorted(keep)
    return x[chosen].tolist(), y[chosen].tolist()
