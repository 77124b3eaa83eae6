"""Cooling water: circulating pumps hold the header's pressure, a tower cools the basin."""

from __future__ import annotations

from mxgw_notebook.simulator.plant.codes import Category
from mxgw_notebook.simulator.plant.plant import Plant
from mxgw_notebook.simulator.plant.plant_object import PlantObject
from mxgw_notebook.simulator.plant.units.loop import Controlled, Loop, Tuning
from mxgw_notebook.simulator.plant.units.measurement import Measurement, Transmitter
from mxgw_notebook.simulator.plant.units.pump import Motor, Pump
from mxgw_notebook.simulator.plant.units.stream import Range, Wander, lagged
from mxgw_notebook.simulator.plant.units.tank import level_alarms

DESIGN_FLOW = 576.0  # m3/h, of the two pumps that run
HEADER = Controlled("Cooling water header", Range(0.0, 10.0, "bar"), 4.5, Tuning(6.0, 12.0), 0.01)
SUPPLY = Transmitter(
    "Cooling water supply", Range(0.0, 60.0, "degC"), 0.03, limits=(12.0, 27.0), priority=380
)
RETURN = Transmitter("Cooling water return", Range(0.0, 60.0, "degC"), 0.05)
FLOW = Transmitter("Cooling water flow", Range(0.0, 1200.0, "m3/h"), 1.5)


class CoolingWater:
    """Two circulating pumps run and a third stands by."""

    def __init__(self, plant: Plant, utilities: PlantObject) -> None:
        self.area = area = plant.make(
            "CoolingWater", "$Area", utilities, category=Category.AREA, description="Cooling water"
        )
        self._make_tower(plant, area)
        self.pumps = [
            Pump(
                plant,
                f"Pump90{n}",
                area,
                capacity=400.0,
                speed=72.0,
                running=n < 3,
                description="Cooling water pump",
            )
            for n in (1, 2, 3)
        ]
        self.pressure = 4.5
        self.loop = Loop(plant, "PIC901", area, lambda: self.pressure, self.pumps[0].demand, HEADER)
        self.supply = Measurement(plant, "TI901", area, lambda s, t: self.basin.number + 0.4, SUPPLY)
        Measurement(plant, "TI902", area, lambda s, t: self.basin.number + 8.5, RETURN)
        Measurement(plant, "FI903", area, lambda s, t: self.delivery(), FLOW)
        self._demand = Wander(plant.dice("CoolingWater"), 1.0, 0.1, 260.0)
        self._air = Wander(plant.dice("CoolingWater.air"), 24.0, 3.0, 1400.0)
        self._make_up = Wander(plant.dice("CoolingWater.makeup"), 70.0, 9.0, 1100.0)
        plant.schedule(self, 1.0)

    def _make_tower(self, plant: Plant, area: PlantObject) -> None:
        tower = plant.make("CoolingTower901", "$CoolingTower", area, description="Cooling tower")
        self.basin = tower.analog(
            "BasinTemp", 24.0, "degC", "Basin temperature", digits=2, deadband=0.03, historized=True
        )
        self.basin_level = tower.analog("BasinLevel", 71.0, "%", digits=2, deadband=0.05)
        level_alarms(plant, tower, self.basin_level, "Basin level")
        self.fan = Motor(plant, tower, "CT901", 30.0)

    def delivery(self) -> float:
        """What circulates, in m3/h."""
        return sum(pump.delivery() for pump in self.pumps)

    def step(self, seconds: float, now: float) -> None:
        """Follows the header's pressure and the basin."""
        flow = self.delivery() / DESIGN_FLOW
        self.pressure = lagged(
            self.pressure, 4.5 * flow * flow / self._demand.move(seconds, now), seconds, 4.0
        )
        self.basin.measure(lagged(self.basin.exact, self._air.move(seconds, now), seconds, 60.0), now)
        self.basin_level.measure(self._make_up.move(seconds, now), now)
        for pump in self.pumps:
            pump.flow.measure(pump.delivery(), now)
        self.fan.step(0.7, 0.0, seconds, now)
