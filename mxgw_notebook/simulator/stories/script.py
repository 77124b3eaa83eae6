"""A story as acts at their times."""

from __future__ import annotations

from collections.abc import Callable

from mxgw_notebook.simulator.plant import Plant

Act = Callable[[float], None]  # of the plant time


class Script:
    """Does each act once its time has come, in order. Times are seconds from the story's beginning."""

    def __init__(self, plant: Plant, acts: list[tuple[float, Act]]) -> None:
        self._begin = plant.now
        self._acts = sorted(acts, key=lambda act: act[0])
        plant.schedule(self, 1.0)

    def step(self, seconds: float, now: float) -> None:
        """Does what is due."""
        while self._acts and now - self._begin >= self._acts[0][0] - 1e-6:
            self._acts.pop(0)[1](now)
