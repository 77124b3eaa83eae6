"""A trend as a static drawing: inline SVG that a saved notebook shows without JavaScript."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from html import escape

import numpy as np
from numpy.typing import NDArray

from mxgw_notebook.widgets.plot_area import PALETTE, PLOT_BOTTOM, PLOT_TOP, WIDTH, Scale, grid_line, text_at
from mxgw_notebook.widgets.snapshot_marks import Limit, drawn_limits, drawn_markers
from mxgw_notebook.widgets.sources import TagSamples, TrendDelta, TrendTag
from mxgw_notebook.words import quality_word

NO_UNITS = "no units"

_AXIS, _LEGEND_TOP, _LEGEND_LINE, _LANE = 62, 326, 20, 20
_TINTS = (0.2, 0.55, 0.36, 0.75)
_SHADES = {"bad": "#d64545", "uncertain": "#e0a100"}
_HATCH = (
    '<defs><pattern id="mxgw-outage" width="7" height="7" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><path d="M0 0V7" stroke="currentColor" stroke-opacity=".35" '
    'stroke-width="2"/></pattern></defs>'
)


def draw_trend(tags: Sequence[TrendTag], delta: TrendDelta, *, reach_seconds: float = 0.0) -> str:
    """An `<svg>` of the samples in `delta`: an axis a unit, a legend with last values, local times.

    A marker of the last `reach_seconds` is on it also where no sample is as old.

    Text and grid take the colour of the text around it, so it suits a dark page as well as a light one.
    Without a single number it is a line of text that says so.
    """
    samples = {part.index: part for part in delta.samples if np.isfinite(part.value).any()}
    if not samples:
        return f"<p>The trend kept no value of {_names(tags)}.</p>"
    states = {index: part for index, part in samples.items() if tags[index].words is not None}
    units = list(dict.fromkeys(tags[index].units for index in sorted(samples) if index not in states))
    left, right = _AXIS * max(1, (len(units) + 1) // 2), _AXIS * (len(units) // 2) or 16
    markers = [at for at, _ in delta.markers]
    time = _time_scale(samples.values(), markers, reach_seconds, left, WIDTH - right)
    lined = [part for index, part in samples.items() if index not in states]
    body = [*_bands(lined, delta, time), *_time_axis(time)]
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
    body += _legend(tags, samples, legend_top)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" '
        f'viewBox="0 0 {WIDTH} {legend_top + _LEGEND_LINE * len(tags)}" role="img" '
        f'aria-label="Trend of {_names(tags)}" style="max-width:{WIDTH}px;width:100%" '
        f'font-family="system-ui,sans-serif" font-size="12" fill="currentColor">'
        f"{_HATCH}{''.join(body)}</svg>"
    )


def _names(tags: Sequence[TrendTag]) -> str:
    return escape(", ".join(tag.tag for tag in tags))


def _time_scale(
    parts: Collection[TagSamples], markers: Sequence[float], reach_seconds: float, left: float, right: float
) -> Scale:
    high = max(float(part.time_ms[-1]) for part in parts)
    near = [at for at in markers if 0 <= high - at <= reach_seconds * 1000]
    low = min(*(float(part.time_ms[0]) for part in parts), *near, high)
    return Scale(low, max(high, low + 1000), left, right)


def _value_scale(parts: Collection[TagSamples], limits: Sequence[float]) -> Scale:
    low = min(*limits, *(float(np.nanmin(_finite(part))) for part in parts), np.inf)
    high = max(*limits, *(float(np.nanmax(_finite(part))) for part in parts), -np.inf)
    margin = (high - low) * 0.08 or abs(high) * 0.05 or 1.0
    return Scale(low - margin, high + margin, PLOT_BOTTOM, PLOT_TOP)


def _finite(part: TagSamples) -> NDArray[np.float64]:
    return part.value[np.isfinite(part.value)]


def _line(part: TagSamples, index: int, time: Scale, scale: Scale) -> str:
    """The stepped line: a value holds until the next one, also through samples without a number."""
    number = np.isfinite(part.value)
    x, y = _thinned(part.time_ms[number], part.value[number], time)
    moves = [f"M{time.at(x[0]):.1f} {scale.at(y[0]):.1f}"]
    moves += [f"H{time.at(a):.1f}V{scale.at(b):.1f}" for a, b in zip(x[1:], y[1:], strict=True)]
    colour = PALETTE[index % len(PALETTE)]
    return f'<path d="{"".join(moves)}H{time.end:.1f}" fill="none" stroke="{colour}" stroke-width="1.6"/>'


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


def _bands(parts: Collection[TagSamples], delta: TrendDelta, time: Scale) -> Iterator[str]:
    for part in parts:
        for word, start, end in quality_intervals(part, time.high):
            yield _band(time, start, end, f'fill="{_SHADES[word]}" fill-opacity=".16"', f"quality {word}")
    for start, until in delta.outages:
        yield _band(time, start, until or time.high, 'fill="url(#mxgw-outage)"', "no connection")


def quality_intervals(part: TagSamples, until_ms: float) -> Iterator[tuple[str, float, float]]:
    """The stretches of uncertain and bad quality as (word, start, end); the last one lasts to `until_ms`."""
    changes = np.flatnonzero(np.diff(part.quality, prepend=part.quality[:1] ^ 0xFF))
    ends = [*part.time_ms[changes[1:]].tolist(), until_ms]
    for position, end in zip(changes, ends, strict=True):
        word = quality_word(int(part.quality[position]))
        if word != "good":
            yield word, float(part.time_ms[position]), end


def _band(time: Scale, start: float, end: float, style: str, title: str) -> str:
    x = min(max(time.at(start), time.start), time.end)
    width = max(min(time.at(end), time.end) - x, 1.0)
    return (
        f'<rect x="{x:.1f}" y="{PLOT_TOP}" width="{width:.1f}" height="{PLOT_BOTTOM - PLOT_TOP}" '
        f"{style}><title>{title}</title></rect>"
    )


def _time_axis(time: Scale) -> Iterator[str]:
    # Times stand in the zone of the kernel's machine: a drawing cannot know its reader's.
    first = datetime.fromtimestamp(time.low / 1000).astimezone()
    last = datetime.fromtimestamp(time.high / 1000).astimezone()
    for step in range(6):
        at = first + (last - first) * step / 5
        x = time.at(at.timestamp() * 1000)
        yield grid_line(x, PLOT_TOP, x, PLOT_BOTTOM)
        yield text_at(x, PLOT_BOTTOM + 18, f"{at:%H:%M:%S}", "middle")
    days = f"{first:%Y-%m-%d}" if first.date() == last.date() else f"{first:%Y-%m-%d} to {last:%Y-%m-%d}"
    words = f"{days}, local time (UTC{first.isoformat()[-6:]})"
    yield text_at((time.start + time.end) / 2, PLOT_BOTTOM + 36, words, "middle")


def _value_axis(place: int, units: str, scale: Scale, time: Scale) -> Iterator[str]:
    offset = (place // 2) * _AXIS
    on_left = place % 2 == 0
    x = time.start - offset if on_left else time.end + offset
    anchor, sign = ("end", -1) if on_left else ("start", 1)
    yield text_at(x + sign * 8, PLOT_TOP - 11, units or NO_UNITS, anchor, weight=600)
    for value in scale.ticks(5):
        y = scale.at(value)
        if place == 0:
            yield grid_line(time.start, y, time.end, y)
        yield text_at(x + sign * 8, y + 4, f"{value:g}", anchor)
    yield f'<path d="M{x:.1f} {PLOT_TOP}V{PLOT_BOTTOM}" stroke="currentColor" stroke-opacity=".5"/>'


def _lane(words: Sequence[str], part: TagSamples, index: int, top: float, time: Scale) -> Iterator[str]:
    """A tag's states as a band below the time axis, each with its word where there is room."""
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
        style = f'fill="{PALETTE[index % len(PALETTE)]}" fill-opacity="{tint}"'
        yield (
            f'<rect x="{x:.1f}" y="{top:.1f}" width="{width:.1f}" height="{_LANE - 4}" {style}>'
            f"<title>{escape(word)}</title></rect>"
        )
        if width > 8 * len(word) + 8:
            yield text_at(x + 4, top + 12, word, "start")


def _legend(tags: Sequence[TrendTag], samples: Mapping[int, TagSamples], top: float) -> Iterator[str]:
    for index, tag in enumerate(tags):
        y = top + index * _LEGEND_LINE
        colour = PALETTE[index % len(PALETTE)]
        yield f'<path d="M12 {y - 4}H34" stroke="{colour}" stroke-width="3"/>'
        yield text_at(42, y, f"{tag.tag}   {_last_words(tag, samples.get(index))}", "start")


def _last_words(tag: TrendTag, part: TagSamples | None) -> str:
    if part is None:
        return "no value"
    at = datetime.fromtimestamp(float(part.time_ms[-1]) / 1000).astimezone()
    last = float(_finite(part)[-1])
    known = tag.words is not None and 0 <= last < len(tag.words)
    value = tag.words[int(last)] if tag.words and known else f"{last:.6g} {tag.units}".rstrip()
    return f"{value}, quality {quality_word(int(part.quality[-1]))}, at {at:%H:%M:%S}"
