"""Still drawings as inline SVG, which a page shows without JavaScript: shapes, words, scales and colours.

What a plant says may stand in any text here: it is escaped in `element` alone, through which everything goes.
A drawing takes the colour of the text around it, so it suits a dark page as well as a light one.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Final, Literal, NewType

Svg = NewType("Svg", str)
Anchor = Literal["start", "middle", "end"]

# Those that MathJax, in the versions that notebooks have, leaves alone.
UNTYPESET: Final = "tex2jax_ignore mathjax_ignore"
WIDTH: Final = 900
READABLE: Final = 800  # where the words of a drawing are still 10 pixels high
# Okabe and Ito's palette, darkened or lightened until each stands out on white and on near black.
PALETTE: Final = (
    "#0a84c6",
    "#d9730d",
    "#12a079",
    "#c466a0",
    "#b08a00",
    "#7a6ff0",
    "#4f9db5",
    "#8a8a8a",
)
BLUE, VERMILION = PALETTE[:2]
INK: Final = "currentColor"

# A file with one of these is no XML, and no viewer would open it.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Scale:
    """A straight line from data to pixels."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """The pixel of one value."""
        return self.start + (value - self.low) * (self.end - self.start) / (self.high - self.low)

    def ticks(self, most: int) -> list[float]:
        """Round values between both ends, at most about `most`."""
        step = _round_step((self.high - self.low) / most)
        first = math.ceil(self.low / step - 1e-9)
        digits = 3 - math.floor(math.log10(step))  # a step has two at most
        return [round(k * step, digits) for k in range(first, math.floor(self.high / step + 1e-9) + 1)]


def as_written(html: str) -> str:
    """HTML in which `$Tank` stays a name: no page takes what is between two of them for mathematics."""
    return f'<div class="{UNTYPESET}">{html}</div>'


def _round_step(rough: float) -> float:
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * (1 - 1e-9))


def element(
    name: str,
    attributes: Mapping[str, str | float | None],
    *,
    text: str = "",
    title: str = "",
    inside: Iterable[Svg] = (),
) -> Svg:
    """One element. Texts and attributes are escaped, numbers rounded to a tenth; what is None is left out.

    `title` is shown where a pointer rests.
    """
    written = "".join(
        f' {key}="{_escaped(value if isinstance(value, str) else f"{value:.1f}")}"'
        for key, value in attributes.items()
        if value is not None
    )
    hover = f"<title>{_escaped(title)}</title>" if title else ""
    content = f"{_escaped(text)}{hover}{''.join(inside)}"
    return Svg(f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>")


def words_at(x: float, y: float, words: str, anchor: Anchor, *, weight: int = 400, title: str = "") -> Svg:
    """Words on one line, which keep their spaces."""
    attributes: dict[str, str | float | None] = {
        "x": x,
        "y": y,
        "text-anchor": anchor,
        "font-weight": str(weight),
        "xml:space": "preserve",
    }
    return element("text", attributes, text=words, title="" if title == words else title)


def bar(
    x: float,
    y: float,
    width: float,
    height: float,
    fill: str,
    *,
    opacity: float | None = None,
    title: str = "",
) -> Svg:
    """A filled rectangle."""
    attributes: dict[str, str | float | None] = {
        "x": x,
        "y": y,
        "width": width,
        "height": height,
        "fill": fill,
        "fill-opacity": _plain(opacity),
    }
    return element("rect", attributes, title=title)


def path(
    moves: str,
    colour: str = INK,
    *,
    width: float | None = None,
    opacity: float | None = None,
    dashes: str | None = None,
    title: str = "",
) -> Svg:
    """A line along `moves`, as SVG writes them; `dashes` are the lengths of strokes and gaps."""
    attributes = {
        "d": moves,
        "fill": "none",
        "stroke": colour,
        "stroke-width": _plain(width),
        "stroke-opacity": _plain(opacity),
        "stroke-dasharray": dashes,
    }
    return element("path", attributes, title=title)


def across(y: float, left: float, right: float) -> str:
    """The moves of a level line."""
    return f"M{left:.1f} {y:.1f}H{right:.1f}"


def upright(x: float, top: float, bottom: float) -> str:
    """The moves of an upright line."""
    return f"M{x:.1f} {top:.1f}V{bottom:.1f}"


def grid_line(moves: str) -> Svg:
    """A faint line."""
    return path(moves, opacity=0.12)


def drawing(height: float, label: str, body: Iterable[Svg]) -> Svg:
    """The whole `<svg>`, as wide as there is room up to `WIDTH`; `label` is for those who cannot see it."""
    attributes = {
        "xmlns": "http://www.w3.org/2000/svg",
        "viewBox": f"0 0 {WIDTH} {height:g}",
        "role": "img",
        "aria-label": label,
        "style": f"max-width:{WIDTH}px;width:100%",
        "font-family": "system-ui,sans-serif",
        "font-size": "12",
        "fill": INK,
    }
    return element("svg", attributes, inside=body)


def readable(drawn: str) -> str:
    """A drawing for a page: where its words would be too small to be read, it scrolls in its own place.

    A line in words stays one.
    """
    if not drawn.startswith("<svg"):
        return drawn
    wide = element("div", {"style": f"min-width:{READABLE}px"}, inside=[Svg(drawn)])
    return element("div", {"class": "mxgw-drawing", "style": "overflow-x:auto"}, inside=[wide])


def _plain(number: float | None) -> str | None:
    return None if number is None else f"{number:g}"


def _escaped(text: str) -> str:
    return escape(_FORBIDDEN.sub("\ufffd", text))
