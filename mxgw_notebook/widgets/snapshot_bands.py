"""What lies behind the lines of a trend's picture, and below them: quality, outages, the states of tags."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from mxgw_notebook.svg import PALETTE, Scale, Svg, bar, element, path, upright, words_at
from mxgw_notebook.widgets.snapshot_marks import PLOT_BOTTOM, PLOT_TOP
from mxgw_notebook.widgets.sources import TagSamples
from mxgw_notebook.words import figures, quality_word

Outage = tuple[float, float | None]
BREADTH = 18  # of the shade along a line whose quality is poor
LANE = 34
BAND = 20  # of a lane, below its tag's name
_TINTS = (0.2, 0.55, 0.36, 0.75)
_OUTAGE = "mxgw-outage"
SHADES = {"bad": "#d64545", "uncertain": "#e0a100"}


def hatch() -> Svg:
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


def drawn_outages(outages: Sequence[Outage], time: Scale) -> Iterator[Svg]:
    """Outages, hatched."""
    for start, until in outages:
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


def told_parts(start: float, end: float, outages: Sequence[Outage]) -> list[tuple[float, float]]:
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


def drawn_lane(
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
        word = words[int(value)] if 0 <= value < len(words) else figures(value)
        for low, high in told_parts(float(part.time_ms[position]), end, outages):
            x, width = time.at(low), max(1.0, time.at(high) - time.at(low) - 1)
            tint = _TINTS[int(value) % len(_TINTS)]
            yield bar(x, top, width, BAND - 4, PALETTE[index % len(PALETTE)], opacity=tint, title=word)
            if width > 8 * len(word) + 8:
                yield words_at(x + 4, top + 12, word, "start")
