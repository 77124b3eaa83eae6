"""The area on which a trend's picture is drawn: its size, its colours, scales and words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape

# Okabe and Ito's palette, darkened or lightened until each stands out on white and on near black.
PALETTE = ("#0a84c6", "#d9730d", "#12a079", "#c466a0", "#b08a00", "#7a6ff0", "#4f9db5", "#8a8a8a")

WIDTH, PLOT_BOTTOM, PLOT_TOP = 900, 270, 26


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
        return [round(k * step, 12) for k in range(first, math.floor(self.high / step + 1e-9) + 1)]


def _round_step(rough: float) -> float:
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * (1 - 1e-9))


def grid_line(x1: float, y1: float, x2: float, y2: float) -> str:
    """A faint line."""
    return f'<path d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}" stroke="currentColor" stroke-opacity=".12"/>'


def text_at(x: float, y: float, words: str, anchor: str, weight: int = 400) -> str:
    """Words, escaped; `anchor` is start, middle or end."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-weight="{weight}" '
        f'xml:space="preserve">{escape(words)}</text>'
    )
