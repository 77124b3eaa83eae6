"""Limits and markers on a trend's picture."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from mxgw_notebook.widgets.plot_area import PALETTE, PLOT_BOTTOM, PLOT_TOP, WIDTH, Scale, text_at

# A picture is drawn without its font at hand: about as wide as a letter is, and a line high.
_LETTER, _LINE, _GAP = 6.6, 14.0, 10.0


class Limit(NamedTuple):
    """A limit of the tag at this place, at a height of the picture."""

    y: float
    words: str
    tag: int


def drawn_limits(limits: Iterable[Limit], time: Scale) -> Iterator[str]:
    """Dashed lines in their tags' colours; their words stand beside one another where they would meet."""
    named: list[tuple[float, float]] = []  # height and right end of the words so far
    for y, words, tag in sorted(limits):
        colour = PALETTE[tag % len(PALETTE)]
        x = max([time.start + 6, *(end + _GAP for at, end in named if abs(at - y) < _LINE)])
        named.append((y, x + _LETTER * len(words)))
        yield f'<path d="M{time.start:.1f} {y:.1f}H{time.end:.1f}" stroke="{colour}" stroke-dasharray="7 4"/>'
        yield text_at(x, y - 4, words, "start")


def drawn_markers(markers: Iterable[tuple[float, str]], time: Scale) -> Iterator[str]:
    """Events as lines from top to bottom with their words; those outside of the drawing are left out."""
    shown = [marker for marker in markers if time.low <= marker[0] <= time.high]
    for place, (at, words) in enumerate(shown):
        x = time.at(at)
        yield f'<path d="M{x:.1f} {PLOT_TOP}V{PLOT_BOTTOM}" stroke="currentColor" stroke-dasharray="2 3"/>'
        anchor, aside = ("end", -4) if x > WIDTH * 0.75 else ("start", 4)
        yield text_at(x + aside, PLOT_TOP + 12 + place % 3 * 14, words, anchor)
