"""The story of batches: reactor 101 goes through its recipe, and level and temperature follow each phase."""

from __future__ import annotations

from dataclasses import dataclass

from mxgw_notebook.simulator.plant import Line, Site


@dataclass(frozen=True, slots=True)
class BatchPhase:
    """A phase of the recipe: how long it lasts, and where level (%) and temperature (degC) are to go."""

    name: str
    seconds: float
    level: float
    temperature: float


PHASES = (
    BatchPhase("Charge", 240.0, 75.0, 62.0),
    BatchPhase("Heat", 240.0, 75.0, 84.0),
    BatchPhase("Hold", 180.0, 75.0, 84.0),
    BatchPhase("Transfer", 300.0, 30.0, 60.0),
)


def batch(site: Site, begin: float = 0.0) -> None:
    """Runs batches in reactor 101, one after the other, 16 minutes each."""
    Batches(site.lines[1], site, begin)


class Batches:
    """Leads the recipe, and the setpoints of LIC102 and TIC103 with it."""

    def __init__(self, line: Line, site: Site, begin: float) -> None:
        self._line = line
        self._begin = site.plant.now + begin
        self._place = -1
        self._until = self._begin
        line.recipe.led = True
        site.plant.schedule(self, 1.0)

    def step(self, seconds: float, now: float) -> None:
        """Goes to the next phase when its time has come, unless the batch is held."""
        recipe = self._line.recipe
        if now < self._until or recipe.hold.value:
            return
        self._place = (self._place + 1) % len(PHASES)
        phase = PHASES[self._place]
        self._until = now + phase.seconds
        recipe.enter(self._place, now)
        self._line.level_loop.sp.write(phase.level, now, "recipe")
        self._line.heat_loop.sp.write(phase.temperature, now, "recipe")
