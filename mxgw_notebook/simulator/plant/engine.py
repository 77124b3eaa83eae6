"""Platforms and application engines: what hosts the objects, with a load that wanders."""

from __future__ import annotations

from mxgw_notebook.simulator.plant.codes import Category, Classification, DataType
from mxgw_notebook.simulator.plant.plant import Plant
from mxgw_notebook.simulator.plant.plant_object import PlantObject
from mxgw_notebook.simulator.plant.units import Wander

_TEMPLATES = {Category.PLATFORM: "$WinPlatform", Category.APP_ENGINE: "$AppEngine"}


class Engine:
    """A platform or an application engine. It shows its scan state and its load."""

    def __init__(self, plant: Plant, tag_name: str, category: Category, parent: PlantObject | None) -> None:
        self.object = made = plant.make(tag_name, _TEMPLATES[category], parent, category=category)
        made.switch("ScanState", True)
        made.switch("ScanStateCmd", True, Classification.VERIFIED_WRITE)
        made.text("Host", "localhost")
        self.load = made.analog("CpuLoad", 11.0, "%", "Processor load", digits=1, deadband=0.4)
        self.scan = made.analog("ScanTime", 120.0, "ms", digits=0, deadband=2.0, data_type=DataType.FLOAT)
        self.scans = made.count("ScanCount", 0)
        self._wander = Wander(plant.dice(tag_name), 11.0, 5.0, 240.0)
        plant.schedule(self, 5.0)

    def step(self, seconds: float, now: float) -> None:
        """Follows the load."""
        load = max(1.0, self._wander.move(seconds, now))
        self.load.measure(load, now)
        self.scan.measure(60.0 + 5.0 * load, now)
        self.scans.set(int(self.scans.number) + int(seconds), now)
