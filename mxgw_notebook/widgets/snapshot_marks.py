"""Limits and markers on a trend's picture."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from mxgw_notebook.svg import PALETTE, WIDTH, Anchor, Scale, Svg, across, path, upright, words_at

# Where the plot stands from top to bottom; its left and right ends are those of its axis of time.
PLOT_TOP, PLOT_BOTTOM = 26, 270

# A picture is drawn without its font at hand: about as wide as a letter is, and a line high.
_LETTER, _LINE, _GAP = 6.6, 14.0, 10.0


class Limit(NamedTuple):
    """A limit of the tag at this place, at a height of the picture."""

    y: float
    words: str
    tag: int


def drawn_limits(limits: Iterable[Limit], time: Scale, levels: Iterable[Limit] = ()) -> Iterator[Svg]:
    """Dashed lines in their tags' colours; their words stand beside one another where they would meet.

    Of `levels`, whose lines are drawn already, there are the words alone.
    """
    named: list[tuple[float, float]] = []  # height and right end of the words so far
    levels = list(levels)
    drawn = {id(level) for level in levels}
    for limit in sorted([*limits, *levels]):
        y, words, tag = limit
        colour = PALETTE[tag % len(PALETTE)]
        x = max([time.start + 6, *(end + _GAP for at, end in named if abs(at - y) < _LINE)])
        named.append((y, x + _LETTER * len(words)))
        if id(limit) not in drawn:
            yield path(across(y, time.start, time.end), colour, dashes="7 4")
        yield words_at(x, y - 4, words, "start")


def drawn_markers(markers: Iterable[tuple[float, str]], time: Scale) -> Iterator[Svg]:
    """Events as lines from top to bottom with their words; those outside of the drawing are left out."""
    shown = [marker for marker in markers if time.low <= marker[0] <= time.high]
    for place, (at, words) in enumerate(shown):
        x = time.at(at)
        yield path(upright(x, PLOT_TOP, PLOT_BOTTOM), dashes="2 3")
        is_late = x > WIDTH * 0.75
        anchor: Anchor = "end" if is_late else "start"
        yield words_at(x - 4 if is_late else x + 4, PLOT_TOP + 12 + place % 3 * 14, words, anchor)
