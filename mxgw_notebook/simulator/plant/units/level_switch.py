"""A level switch: on above its height, off again a little below; a worn one chatters."""

from __future__ import annotations

from mxgw_notebook.simulator.plant.alarm import AlarmTexts
from mxgw_notebook.simulator.plant.attribute import Attribute
from mxgw_notebook.simulator.plant.plant import Plant
from mxgw_notebook.simulator.plant.plant_object import PlantObject

STEP = 1.0
HEIGHT, HYSTERESIS = 90.0, 2.0  # %
PACE = (3.0, 11.0)  # s between two changes of a switch that chatters


class LevelSwitch:
    """`PV` is true above the height. `chatters` makes it change without a reason."""

    def __init__(self, plant: Plant, tag_name: str, area: PlantObject, level: Attribute) -> None:
        self.object = made = plant.make(tag_name, "$DiscreteInput", area, description="Level switch high")
        self.chatters = False
        self.level = level
        self.pv = made.switch("PV", level.number > HEIGHT, historized=True)
        texts = AlarmTexts("PV.Dsc", "DSC", "Level switch high", 260)
        self.alarm = plant.alarm(made, self.pv, texts, delay=0.0)
        self._dice = plant.dice(tag_name)
        self._next = 0.0
        plant.schedule(self, STEP)

    def step(self, seconds: float, now: float) -> None:
        """Follows the level, or its worn contact."""
        if not self.chatters:
            height = HEIGHT - HYSTERESIS if self.pv.value else HEIGHT
            self.pv.set(self.level.number > height, now)
        elif now >= self._next:
            self._next = now + self._dice.uniform(*PACE)
            self.pv.set(not self.pv.value, now)
