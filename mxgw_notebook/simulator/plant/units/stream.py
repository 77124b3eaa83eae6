"""What equipment is made of: streams between vessels, ranges, disturbances, lags and ramps."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Range:
    """Of a measured value."""

    low: float
    high: float
    unit: str

    @property
    def width(self) -> float:
        """From end to end."""
        return self.high - self.low

    def at(self, part: float) -> float:
        """The value at a part of the width, 0 to 1."""
        return self.low + part * self.width


class Stream:
    """A flow in m3/h. Who drives it sets it; both vessels integrate the same number."""

    __slots__ = ("flow",)

    def __init__(self, flow: float = 0.0) -> None:
        self.flow = flow


class Wander:
    """A disturbance: a slow wave with a random walk that is drawn back to the middle."""

    def __init__(self, dice: random.Random, middle: float, swing: float, period: float) -> None:
        self.value = middle
        self._dice = dice
        self._middle = middle
        self._swing = swing
        self._period = period
        self._phase = dice.random() * math.tau
        self._walk = 0.0

    def move(self, seconds: float, now: float) -> float:
        """Moves on and gives the present value."""
        decay = math.exp(-seconds / (0.2 * self._period))
        self._walk = self._walk * decay + self._dice.gauss(0.0, 0.35) * math.sqrt(1 - decay * decay)
        wave = math.sin(math.tau * now / self._period + self._phase)
        self.value = self._middle + self._swing * (0.7 * wave + self._walk)
        return self.value


def lagged(present: float, target: float, seconds: float, constant: float) -> float:
    """One step of a first-order lag with a time constant in seconds."""
    return target + (present - target) * math.exp(-seconds / constant)


def toward(present: float, target: float, most: float) -> float:
    """Moves toward a target by at most so much."""
    return present + max(-most, min(most, target - present))
