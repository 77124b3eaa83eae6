"""The story of a start: a cold, stopped plant comes up line by line."""

from __future__ import annotations

from mxgw_notebook.simulator.plant import Line, Measurement, Quality, Site
from mxgw_notebook.simulator.stories.script import Act, Script

FIRST = 120.0  # s until the first line starts
NEXT = 90.0  # s from one line to the next
COLD = 22.0  # degC


def startup(site: Site, begin: float = 0.0) -> None:
    """All lines stand cold; transmitters wait for their first value, are doubtful, good; lines start."""
    plant = site.plant
    dice = plant.dice("startup")
    acts: list[tuple[float, Act]] = []
    for one in plant.equipment:
        if isinstance(one, Measurement):
            one.hold(Quality.WAITING, plant.now)
            awake = begin + dice.uniform(10.0, 90.0)
            acts += [(awake, one.wake), (awake + dice.uniform(10.0, 30.0), one.settle)]
    for number, line in site.lines.items():
        _stop(line, plant.now)
        acts.append((begin + FIRST + NEXT * (number - 1), _starting(line)))
    Script(plant, acts)


def _stop(line: Line, now: float) -> None:
    for pump in (line.feeder, line.drawer):
        pump.stand(now)
    line.agitator.wanted.put(0.0, now)
    line.heat_loop.mode.put("Manual", now)
    line.heat_loop.cv.put(0.0, now)
    line.reactor.warmth = COLD
    line.reactor.temperature.put(COLD, now)
    line.reactor.volume = 0.15 * line.reactor.capacity


def _starting(line: Line) -> Act:
    def start(now: float) -> None:
        for pump in (line.feeder, line.drawer):
            pump.command.set(True, now)
        line.agitator.wanted.set(90.0, now)
        line.heat_loop.mode.set("Auto", now)

    return start
