"""A trend as a static drawing: inline SVG that a saved notebook shows without JavaScript."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

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
from mxgw_notebook.widgets.snapshot_marks import PLOT_BOTTOM, PLOT_TOP, Limit, drawn_limits, drawn_markers
from mxgw_notebook.widgets.sources import TagSamples, TrendDelta, TrendTag
from mxgw_notebook.words import Phase, quality_word

NO_UNITS = "no units"

_AXIS, _LEGEND_TOP, _LEGEND_LINE, _LANE = 62, 326, 20, 20
_TINTS = (0.2, 0.55, 0.36, 0.75)
_OUTAGE = "mxgw-outage"
_SHADES = {"bad": "#d64545", "uncertain": "#e0a100"}


def draw_trend(tags: Sequence[TrendTag], delta: TrendDelta, *, reach_seconds: float = 0.0) -> str:
    """An `<svg>` of the samples in `delta`: an axis a unit, a legend with last values, local times.

    A marker of the last `reach_seconds` is on it also where no sample is as old.

    Text and grid take the colour of the text around it, so it suits a dark page as well as a light one.
    Below them stands how the feed is, and when the gateway last said anything. Without a single number it is
    a line of text that says so.
    """
    samples = {part.index: part for part in delta.samples if np.isfinite(part.value).any()}
    if not samples:
        return element("p", {}, text=f"The trend kept no value of {_names(tags)}: {words_of(delta)}.")
    states = {index: part for index, part in samples.items() if tags[index].words is not None}
    units = list(dict.fromkeys(tags[index].units for index in sorted(samples) if index not in states))
    left, right = _AXIS * max(1, (len(units) + 1) // 2), _AXIS * (len(units) // 2) or 16
    markers = [at for at, _ in delta.markers]
    time = _time_scale(samples.values(), markers, reach_seconds, left, WIDTH - right)
    lined = [part for index, part in samples.items() if index not in states]
    body = [_hatch(), *_bands(lined, delta, time), *_time_axis(time)]
    lines: list[Limit] = []
    for place, unit in enumerate(units):
        members = {
            index: part
            for index, part in samples.items()
            if tags[index].units == unit and index not in states
        }
        limits = [limit for limit in delta.limits if limit[0] in members]
        scale = _value_scale(members.values(), [value for _, value, _ in limits])
        body += _value_axis(place, unit, scale, time)
        body += [_line(part, index, time, scale) for index, part in members.items()]
        lines += [Limit(scale.at(value), words, index) for index, value, words in limits]
    body += [*drawn_limits(lines, time), *drawn_markers(delta.markers, time)]
    for lane, (index, part) in enumerate(states.items()):
        body += _lane(tags[index].words or (), part, index, _LEGEND_TOP - 12 + lane * _LANE, time)
    legend_top = _LEGEND_TOP + len(states) * _LANE
    body += _legend(tags, samples, delta.notes, legend_top)
    end = legend_top + _LEGEND_LINE * len(tags)
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


def _time_scale(
    parts: Collection[TagSamples], markers: Sequence[float], reach_seconds: float, left: float, right: float
) -> Scale:
    high = max(float(part.time_ms[-1]) for part in parts)
    near = [at for at in markers if 0 <= high - at <= reach_seconds * 1000]
    low = min(*(float(part.time_ms[0]) for part in parts), *near, high)
    # At least a second: a single sample has no width of its own.
    return Scale(low, max(high, low + 1000), left, right)


def _value_scale(parts: Collection[TagSamples], limits: Sequence[float]) -> Scale:
    low = min(*limits, *(float(np.nanmin(_finite(part))) for part in parts), np.inf)
    high = max(*limits, *(float(np.nanmax(_finite(part))) for part in parts), -np.inf)
    # A value that never changes needs a scale as well, 0 too.
    margin = (high - low) * 0.08 or abs(high) * 0.05 or 1.0
    return Scale(low - margin, high + margin, PLOT_BOTTOM, PLOT_TOP)


def _finite(part: TagSamples) -> NDArray[np.float64]:
    return part.value[np.isfinite(part.value)]


def _line(part: TagSamples, index: int, time: Scale, scale: Scale) -> Svg:
    """The stepped line: a value holds until the next one, also through samples without a number."""
    number = np.isfinite(part.value)
    x, y = _thinned(part.time_ms[number], part.value[number], time)
    moves = [f"M{time.at(x[0]):.1f} {scale.at(y[0]):.1f}"]
    moves += [f"H{time.at(a):.1f}V{scale.at(b):.1f}" for a, b in zip(x[1:], y[1:], strict=True)]
    return path(f"{''.join(moves)}H{time.end:.1f}", PALETTE[index % len(PALETTE)], width=1.6)


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


def _lane(words: Sequence[str], part: TagSamples, index: int, top: float, time: Scale) -> Iterator[Svg]:
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
        x = time.at(float(part.time_ms[position]))
        width = max(1.0, time.at(end) - x - 1)
        tint = _TINTS[int(value) % len(_TINTS)]
        colour = PALETTE[index % len(PALETTE)]
        yield bar(x, top, width, _LANE - 4, colour, opacity=tint, title=word)
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


def _last_words(tag: TrendTag, part: TagSamples | None) -> str:
    if part is None:
        return "no value"
    at = datetime.fromtimestamp(float(part.time_ms[-1]) / 1000).astimezone()
    last = float(_finite(part)[-1])
    known = tag.words is not None and 0 <= last < len(tag.words)
    value = tag.words[int(last)] if tag.words and known else f"{last:.6g} {tag.units}".rstrip()
    return f"{value}, quality {quality_word(int(part.quality[-1]))}, at {at:%H:%M:%S}"
