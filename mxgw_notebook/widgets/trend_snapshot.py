"""A trend as a static drawing: inline SVG that a saved notebook shows without JavaScript."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from mxgw_notebook.svg import (
    INK,
    PALETTE,
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
    upright,
    words_at,
)
from mxgw_notebook.widgets.as_of import words_of
from mxgw_notebook.widgets.earlier import NOTHING_KNOWN
from mxgw_notebook.widgets.snapshot_marks import PLOT_BOTTOM, PLOT_TOP, Limit, drawn_limits, drawn_markers
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
from mxgw_notebook.widgets.value_scale import finite, value_scale
from mxgw_notebook.words import Phase, quality_word

NO_UNITS = "no units"
Outage = tuple[float, float | None]
Interval = tuple[float, float]
Step = tuple[float, float]

_AXIS, _LEGEND_TOP, _LEGEND_LINE, _LANE = 62, 326, 20, 34
_BAND = 20  # of a lane, below its tag's name
PALE, DASHES = 0.55, "3 3"  # of an earlier period
_TINTS = (0.2, 0.55, 0.36, 0.75)
_OUTAGE = "mxgw-outage"
_SHADES = {"bad": "#d64545", "uncertain": "#e0a100"}


def draw_trend(
    tags: Sequence[TrendTag],
    delta: TrendDelta,
    window: Interval | None = None,
    scales: Mapping[str, ChosenScale] = MappingProxyType({}),
    measured: CursorMeasures | None = None,
    earlier: EarlierPeriod | None = None,
) -> str:
    """An `<svg>` of the samples in `delta`: an axis a unit, a legend with last values, local times.

    `window` is what was on view, in epoch milliseconds: each tag's samples within it, and what it held when
    that began. Unless told it is all there is. `scales` are those by hand, by unit.

    Text and grid take the colour of the text around it, so it suits a dark page as well as a light one.
    Below them stands how the feed is, and when the gateway last said anything. Without a single number it is
    a line of text that says so.
    """
    parts = delta.samples if window is None else [part_of(part, window) for part in delta.samples]
    samples = {part.index: part for part in parts if np.isfinite(part.value).any()}
    if not samples:
        return element("p", {}, text=f"The trend kept no value of {_names(tags)}: {words_of(delta)}.")
    states = {index: part for index, part in samples.items() if tags[index].words is not None}
    units = list(dict.fromkeys(tags[index].units for index in sorted(samples) if index not in states))
    left, right = _AXIS * max(1, (len(units) + 1) // 2), _AXIS * (len(units) // 2) or 16
    time = _time_scale(samples.values(), window, left, WIDTH - right)
    lined = [part for index, part in samples.items() if index not in states]
    past = [] if earlier is None else [part_of(part, (time.low, time.high)) for part in earlier.samples]
    # A value that is older than the drawing is held to its begin; into an outage of then it is not.
    outages = [(max(start, time.low), end) for start, end in delta.outages if (end or time.high) > time.low]
    body = [_hatch(), *_bands(lined, delta, time), *_time_axis(time)]
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
        body += _value_axis(place, unit, scale, time)
        body += [_pale(part, time, scale, earlier) for part in before if earlier]
        body += [_line(part, index, time, scale, outages) for index, part in members.items()]
        body += [_level(steps, index, time, scale) for index, _, steps in levels]
        lines += [Limit(scale.at(value), words, index) for index, value, words in limits]
        named += [Limit(scale.at(steps[-1][1]), words, index) for index, words, steps in levels if steps]
    noted = on_view(delta.noted, time)
    body += [
        *drawn_limits(lines, time, named),
        *drawn_markers(delta.markers, time),
        *drawn_notes(noted, time),
        *drawn_cursors(measured, time),
    ]
    lanes = [("", part, outages) for part in states.values()]
    lanes += [(f", {earlier.words}", part, earlier.outages(part.index)) for part in past if earlier]
    lanes = [(when, part, holes) for when, part, holes in lanes if part.index in states]
    for lane, (when, part, holes) in enumerate(lanes):
        tag, top = tags[part.index], _LEGEND_TOP - 12 + lane * _LANE
        body.append(words_at(time.start, top + 8, f"{tag.label or tag.tag}{when}", "start"))
        body += _lane(tag.words or (), part, part.index, top + _LANE - _BAND, time, holes)
    legend_top = _LEGEND_TOP + len(lanes) * _LANE
    body += _legend(tags, samples, delta.notes, legend_top)
    end = legend_top + _LEGEND_LINE * len(tags)
    if earlier is not None:
        body += _earlier_legend(tags, past, earlier, end)
        end += _LEGEND_LINE * len(tags)
    body += listed_measures(measured, tags, end)
    end += LINE * measured_lines(measured)
    body += listed_notes(noted, end)
    end += LINE * lines_of(noted)
    # In bold where it is not the plant as it was when the picture was made.
    weight = 400 if delta.phase is Phase.LIVE else 600
    body.append(words_at(12, end, words_of(delta), "start", weight=weight))
    return drawing(end + _LEGEND_LINE, f"Trend of {_names(tags)}, {words_of(delta)}", body)


def _names(tags: Sequence[TrendTag]) -> str:
    return ", ".join(tag.tag for tag in tags)


def _hatch() -> Svg:
    """What an outage is filled with."""
    attributes = {
        "id": _OUTAGE,
        "width": "7",
        "height": "7",
        "patternUnits": "userSpaceOnUse",
        "patternTransform": "rotate(45)",
    }
    stripes = element("pattern", attributes, inside=[path(upright(0, 0, 7), opacity=0.35, width=2)])
    return element("defs", {}, inside=[stripes])


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
        for start, end in _told(at, until, outages):
            height = f"{scale.at(value):.1f}"
            moves.append(f"V{height}" if start == drawn_to else f"M{time.at(start):.1f} {height}")
            moves.append(f"H{time.at(end):.1f}")
            drawn_to = end
    return "".join(moves)


def _told(start: float, end: float, outages: Sequence[Outage]) -> list[tuple[float, float]]:
    """The parts of a stretch in which a value was known to hold: outages that begin in it are none of it."""
    parts = [(start, end)]
    for begin, until in outages:
        over = end if until is None else min(until, end)
        parts = [
            piece
            for low, high in parts
            for piece in (((low, begin), (over, high)) if low <= begin < high else ((low, high),))
        ]
    return [(low, high) for low, high in parts if low < high or start == end]


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


def _bands(parts: Collection[TagSamples], delta: TrendDelta, time: Scale) -> Iterator[Svg]:
    for part in parts:
        for word, start, end in quality_intervals(part, time.high):
            x, width = _stretch(time, start, end)
            height = PLOT_BOTTOM - PLOT_TOP
            yield bar(x, PLOT_TOP, width, height, _SHADES[word], opacity=0.16, title=f"quality {word}")
    for start, until in delta.outages:
        x, width = _stretch(time, start, until or time.high)
        yield bar(x, PLOT_TOP, width, PLOT_BOTTOM - PLOT_TOP, f"url(#{_OUTAGE})", title="no connection")


def quality_intervals(part: TagSamples, until_ms: float) -> Iterator[tuple[str, float, float]]:
    """The stretches of uncertain and bad quality as (word, start, end); the last one lasts to `until_ms`."""
    # What stands before the first differs from it in every bit, so that the first begins a stretch.
    changes = np.flatnonzero(np.diff(part.quality, prepend=part.quality[:1] ^ 0xFF))
    ends = [*part.time_ms[changes[1:]].tolist(), until_ms]
    for position, end in zip(changes, ends, strict=True):
        word = quality_word(int(part.quality[position]))
        if word != "good":
            yield word, float(part.time_ms[position]), end


def _stretch(time: Scale, start: float, end: float) -> tuple[float, float]:
    """Where a stretch of time begins in the plot, and how wide it is: wide enough to be seen."""
    x = min(max(time.at(start), time.start), time.end)
    return x, max(min(time.at(end), time.end) - x, 1.0)


def _time_axis(time: Scale) -> Iterator[Svg]:
    # Times stand in the zone of the kernel's machine: a drawing cannot know its reader's.
    first = datetime.fromtimestamp(time.low / 1000).astimezone()
    last = datetime.fromtimestamp(time.high / 1000).astimezone()
    for step in range(6):
        at = first + (last - first) * step / 5
        x = time.at(at.timestamp() * 1000)
        yield grid_line(upright(x, PLOT_TOP, PLOT_BOTTOM))
        yield words_at(x, PLOT_BOTTOM + 18, f"{at:%H:%M:%S}", "middle")
    days = f"{first:%Y-%m-%d}" if first.date() == last.date() else f"{first:%Y-%m-%d} to {last:%Y-%m-%d}"
    words = f"{days}, local time (UTC{first.isoformat()[-6:]})"
    yield words_at((time.start + time.end) / 2, PLOT_BOTTOM + 36, words, "middle")


def _value_axis(place: int, units: str, scale: Scale, time: Scale) -> Iterator[Svg]:
    offset = (place // 2) * _AXIS
    on_left = place % 2 == 0
    x = time.start - offset if on_left else time.end + offset
    anchor: Anchor = "end" if on_left else "start"
    sign = -1 if on_left else 1
    yield words_at(x + sign * 8, PLOT_TOP - 11, units or NO_UNITS, anchor, weight=600)
    for value in scale.ticks(5):
        y = scale.at(value)
        # The grid is of the first axis alone: the lines of a second would fall between its own.
        if place == 0:
            yield grid_line(across(y, time.start, time.end))
        yield words_at(x + sign * 8, y + 4, f"{value:g}", anchor)
    yield path(upright(x, PLOT_TOP, PLOT_BOTTOM), INK, opacity=0.5)


def _lane(
    words: Sequence[str], part: TagSamples, index: int, top: float, time: Scale, outages: Sequence[Outage]
) -> Iterator[Svg]:
    """A tag's states as a band below the time axis, each with its word where there is room."""
    # NaN differs from everything, itself too: the first sample begins a stretch, and so does each without a
    # value, which is then left blank.
    changes = np.flatnonzero(np.diff(part.value, prepend=np.nan) != 0)
    ends = [*part.time_ms[changes[1:]].tolist(), time.high]
    for position, end in zip(changes, ends, strict=True):
        value = float(part.value[position])
        if not np.isfinite(value):
            continue
        word = words[int(value)] if 0 <= value < len(words) else f"{value:g}"
        for low, high in _told(float(part.time_ms[position]), end, outages):
            x, width = time.at(low), max(1.0, time.at(high) - time.at(low) - 1)
            tint = _TINTS[int(value) % len(_TINTS)]
            yield bar(x, top, width, _BAND - 4, PALETTE[index % len(PALETTE)], opacity=tint, title=word)
            if width > 8 * len(word) + 8:
                yield words_at(x + 4, top + 12, word, "start")


def _legend(
    tags: Sequence[TrendTag],
    samples: Mapping[int, TagSamples],
    notes: Sequence[tuple[int, str]],
    top: float,
) -> Iterator[Svg]:
    for index, tag in enumerate(tags):
        y = top + index * _LEGEND_LINE
        colour = PALETTE[index % len(PALETTE)]
        yield path(across(y - 4, 12, 34), colour, width=3)
        said = [_last_words(tag, samples.get(index)), *(note for of, note in notes if of == index)]
        yield words_at(42, y, f"{tag.tag}   {', '.join(said)}", "start")


def _earlier_legend(
    tags: Sequence[TrendTag], past: Sequence[TagSamples], earlier: EarlierPeriod, top: float
) -> Iterator[Svg]:
    """A line a tag: by how much it is shifted, and what it read then, at that time."""
    by_index = {part.index: part for part in past if np.isfinite(part.value).any()}
    for index, tag in enumerate(tags):
        y = top + index * _LEGEND_LINE
        part = by_index.get(index)
        then = None if part is None else replace(part, time_ms=part.time_ms - earlier.shift_ms)
        said = NOTHING_KNOWN if then is None else _last_words(tag, then, day=True)
        yield path(across(y - 4, 12, 34), PALETTE[index % len(PALETTE)], width=3, opacity=PALE, dashes=DASHES)
        yield words_at(42, y, f"{tag.tag}, {earlier.words}   {said}", "start")


def _last_words(tag: TrendTag, part: TagSamples | None, *, day: bool = False) -> str:
    if part is None:
        return "no value"
    at = datetime.fromtimestamp(float(part.time_ms[-1]) / 1000).astimezone()
    last = float(finite(part)[-1])
    known = tag.words is not None and 0 <= last < len(tag.words)
    value = tag.words[int(last)] if tag.words and known else f"{last:.6g} {tag.units}".rstrip()
    said = f"{value}, quality {quality_word(int(part.quality[-1]))}, at {at:%H:%M:%S}"
    return f"{said}{at: on %Y-%m-%d}" if day else said
