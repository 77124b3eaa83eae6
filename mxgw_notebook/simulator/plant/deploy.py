"""Deploys: every few minutes an engineer adds a transmitter, changes one or takes it away again."""

from __future__ import annotations

from collections.abc import Callable

from mxgw_notebook.simulator.plant.codes import DataType
from mxgw_notebook.simulator.plant.plant import Plant
from mxgw_notebook.simulator.plant.plant_object import PlantObject

EVERY = (180.0, 420.0)  # s of plant time
MOST = 6  # temporary transmitters at a time


class Deploys:
    """Keeps the time of the last deploy; listeners are told after each. Without areas nobody deploys."""

    def __init__(self, plant: Plant, areas: list[PlantObject]) -> None:
        self.time = plant.start - 7200.0
        self.listeners: list[Callable[[], None]] = []
        self._plant = plant
        self._areas = areas
        self._dice = plant.dice("Deploys")
        self._added: list[PlantObject] = []
        self._made = 0
        self._next = plant.now + self._dice.uniform(*EVERY)
        if areas:
            plant.schedule(self, 1.0)

    def step(self, seconds: float, now: float) -> None:
        """Deploys when its time has come."""
        if now >= self._next:
            self._next = now + self._dice.uniform(*EVERY)
            self.deploy(now)

    def deploy(self, now: float) -> None:
        """Changes the galaxy and tells the listeners."""
        if self._added and (len(self._added) >= MOST or self._dice.random() < 0.3):
            self._plant.remove(self._added.pop(0).tag_name)
        elif self._areas:
            self._add(now)
        self.time = now
        for listener in tuple(self.listeners):
            listener()

    def _add(self, now: float) -> None:
        self._made += 1
        area = self._dice.choice(self._areas)
        made = self._plant.make(
            f"TempTI{self._made:03d}", "$AnalogInput", area, description="Temporary probe"
        )
        value = round(self._dice.uniform(15.0, 60.0), 1)
        made.analog("PV", value, "degC", "Temporary probe", data_type=DataType.FLOAT)
        self._plant.complete()
        self._added.append(made)
