"""The value axes of a drawing: as the values are, or as somebody has chosen."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mxgw_notebook.svg import Scale
from mxgw_notebook.widgets.snapshot_marks import PLOT_BOTTOM, PLOT_TOP
from mxgw_notebook.widgets.sources import AUTOMATIC, ChosenScale, TagSamples

FEW_TICKS = 8


@dataclass(frozen=True)
class HandScale(Scale):
    """A scale by hand: what lies beyond it is drawn at its edge."""

    def at(self, value: float) -> float:
        """The pixel of one value."""
        return super().at(min(max(value, self.low), self.high))


@dataclass(frozen=True)
class LogScale(Scale):
    """A scale of powers of ten; what has no logarithm is drawn at its lower edge."""

    def at(self, value: float) -> float:
        """The pixel of one value."""
        low, high = math.log10(self.low), math.log10(self.high)
        place = math.log10(min(max(value, self.low), self.high))
        return self.start + (place - low) * (self.end - self.start) / (high - low)

    def ticks(self, most: int) -> list[float]:
        """The powers of ten; without two of them the ends."""
        del most
        first, last = math.ceil(math.log10(self.low)), math.floor(math.log10(self.high))
        step = max(1, (last - first) // FEW_TICKS)
        powers = [10.0**power for power in range(first, last + 1, step)]
        return powers if len(powers) > 1 else [self.low, self.high]


def value_scale(
    parts: Collection[TagSamples], limits: Sequence[float], chosen: ChosenScale = AUTOMATIC
) -> Scale:
    """The scale of tags of one unit, on which the limits are in sight where it is not chosen otherwise."""
    numbers = np.concatenate([*(finite(part) for part in parts), np.asarray(limits, np.float64)])
    if chosen.log:
        return log_scale(numbers[numbers > 0], chosen)
    low, high = float(numbers.min()), float(numbers.max())
    # A value that never changes needs a scale as well, 0 too.
    margin = (high - low) * 0.08 or abs(high) * 0.05 or 1.0
    low, high = within(chosen, low - margin, high + margin)
    kind = Scale if chosen == AUTOMATIC else HandScale
    return kind(low, high, PLOT_BOTTOM, PLOT_TOP)


def log_scale(numbers: NDArray[np.float64], chosen: ChosenScale) -> Scale:
    """From one power of ten to another."""
    low, high = (float(numbers.min()), float(numbers.max())) if len(numbers) else (1.0, 10.0)
    least, most = 10.0 ** math.floor(math.log10(low)), 10.0 ** math.ceil(math.log10(high))
    low, high = within(chosen, least, most if most > least else least * 10)
    return LogScale(low, high, PLOT_BOTTOM, PLOT_TOP)


def within(chosen: ChosenScale, low: float, high: float) -> tuple[float, float]:
    """Both ends, those that are chosen as they are; an end that is not gives way to one that is."""
    least = low if chosen.low is None else chosen.low
    most = high if chosen.high is None else chosen.high
    if least < most:
        return least, most
    span = (high - low) or 1.0
    if chosen.log:
        return (least, least * 10) if chosen.high is None else (most / 10, most)
    return (least, least + span) if chosen.high is None else (most - span, most)


def finite(part: TagSamples) -> NDArray[np.float64]:
    """Its values that are numbers."""
    return part.value[np.isfinite(part.value)]
