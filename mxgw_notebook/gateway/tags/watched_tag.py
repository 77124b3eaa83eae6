"""One tag of a watch, and what is known of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from mxgw_notebook.frames import MILLISECOND_NS
from mxgw_notebook.gateway.tags.describing import Description
from mxgw_notebook.gateway.tags.state_words import StateWords
from mxgw_notebook.live import Subscription
from mxgw_notebook.widgets import TrendTag
from mxgw_notebook.words import figures

# What tells whether a limit is near.
RECENT = 600
STEPS = 500  # of a setpoint's history
NEAR = 0.2


@dataclass(slots=True, eq=False)
class WatchedTag:
    """One tag of a watch, with the subscription of its setpoint where it has one.

    `described` once the plant was asked for its description while it knew the tag.
    """

    subscription: Subscription
    description: Description
    setpoint: Subscription | None = None
    states: StateWords = field(default_factory=StateWords)
    described: bool = True

    @property
    def tag(self) -> str:
        """Its name."""
        return self.subscription.tag

    @property
    def advised(self) -> list[str]:
        """The tags that are advised for it."""
        return [self.tag, *([self.setpoint.tag] if self.setpoint else [])]

    @property
    def pen(self) -> TrendTag:
        """As the trend draws it."""
        return replace(self.description.tag, words=self.states.words)

    def lines(self, index: int) -> list[tuple[int, float, str]]:
        """The limits that it is near, of those in its own units.

        A limit far away would press the line flat: the axis makes room for whatever is drawn.
        """
        low, high = near(self.subscription.history.newest(RECENT).number)
        limits = self.description.limits.items()
        return [(index, value, f"{name} {figures(value)}") for name, value in limits if low <= value <= high]

    def levels(self, index: int) -> list[tuple[int, str, list[tuple[float, float]]]]:
        """Its setpoint, from when on (epoch milliseconds) with which value; none in other units than its."""
        wanted = self._setpoint_now()
        if self.setpoint is None or wanted is None or self.description.setpoint_has_other_units:
            return []
        kept = self.setpoint.history.newest(STEPS)
        known = np.isfinite(kept.number) & (kept.time_ns != 0)
        number, time_ms = kept.number[known], kept.time_ns[known] / MILLISECOND_NS
        new = np.flatnonzero(np.diff(number, prepend=np.nan) != 0)
        steps = list(zip(time_ms[new].tolist(), number[new].tolist(), strict=True))
        return [(index, f"SP {figures(wanted)}", steps)]

    def notes(self, index: int) -> list[tuple[int, str]]:
        """Its setpoint and limits in other units than its own, in words: its axis has no place for them."""
        described = self.description
        levels = [f"{name} {words}" for name, words in described.other_limits.items()]
        wanted = self._setpoint_now() if described.setpoint_has_other_units else None
        if wanted is not None:
            levels.insert(0, f"setpoint {figures(wanted)} {described.setpoint_units}")
        return [(index, f"{level} (other units)") for level in levels]

    def takes(self, limit: str) -> bool:
        """Whether a limit of this name, `Hi`, may be on its axis: not where its units are known as others."""
        return limit not in self.description.other_limits

    def _setpoint_now(self) -> float | None:
        newest = None if self.setpoint is None else self.setpoint.history.newest(1)
        known = newest is not None and len(newest) and np.isfinite(newest.number[0])
        return float(newest.number[0]) if newest is not None and known else None


def near(numbers: NDArray[np.float64]) -> tuple[float, float]:
    """Where a limit is near to these values: as far again as they range, or a part of their size."""
    known = numbers[np.isfinite(numbers)]
    if not len(known):
        return np.inf, -np.inf
    low, high = float(known.min()), float(known.max())
    reach = max(high - low, NEAR * max(abs(low), abs(high)))
    return low - reach, high + reach
