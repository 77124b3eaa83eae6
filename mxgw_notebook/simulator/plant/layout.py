"""The whole plant, put together: platforms, utilities and two production areas with four lines each."""

from __future__ import annotations

from dataclasses import dataclass

from mxgw_notebook.simulator.plant.codes import Category, Classification, DataType
from mxgw_notebook.simulator.plant.people import AlarmScan, Deploys, Operators
from mxgw_notebook.simulator.plant.plant import Plant
from mxgw_notebook.simulator.plant.plant_object import PlantObject
from mxgw_notebook.simulator.plant.units import CoolingWater, InstrumentAir, Line, Steam, Wander

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


LINES = {"Production1": (1, 2, 3, 4), "Production2": (5, 6, 7, 8)}


@dataclass(frozen=True)
class BareSite:
    """A plant and its deploys; what stands in it may be a catalogue's."""

    plant: Plant
    deploys: Deploys


@dataclass(frozen=True)
class Site(BareSite):
    """The demo plant with the parts that others ask for by name."""

    lines: dict[int, Line]
    steam: Steam
    operators: Operators


def bare(seed: int, start: float) -> BareSite:
    """A plant without anything in it, for a galaxy from elsewhere; nobody deploys anything by himself."""
    plant = Plant(seed, start)
    return BareSite(plant, Deploys(plant, []))


def build(seed: int, start: float) -> Site:
    """Builds the plant as it stands at `start` (seconds since the epoch), with alarms already up."""
    plant = Plant(seed, start)
    platform = Engine(plant, "GRNode", Category.PLATFORM, None).object
    utilities = _area(plant, platform, "Utilities", "Cooling water, steam and instrument air")
    cooling = CoolingWater(plant, utilities)
    steam = Steam(plant, utilities)
    InstrumentAir(plant, utilities)
    lines: dict[int, Line] = {}
    areas: list[PlantObject] = []
    for name, numbers in LINES.items():
        area = _area(plant, platform, name, f"{name[:-1]} area {name[-1]}")
        areas.append(area)
        for number in numbers:
            lines[number] = Line(plant, area, number, steam.header)
            steam.consumers.append(lines[number].steam_valve)
    _upset(lines, cooling, plant.now)
    AlarmScan(plant)
    operators = Operators(plant)
    plant.complete()
    _stand_already(plant, operators)
    return Site(plant, Deploys(plant, areas), lines, steam, operators)


def _area(plant: Plant, platform: PlantObject, tag_name: str, description: str) -> PlantObject:
    """An area at the root, and the engine that hosts it and all that follows."""
    plant.host = platform
    plant.host = Engine(plant, f"AppEngine_{tag_name}", Category.APP_ENGINE, platform).object
    return plant.make(tag_name, "$Area", None, category=Category.AREA, description=description)


def _upset(lines: dict[int, Line], cooling: CoolingWater, now: float) -> None:
    """What is wrong already when the first operator looks."""
    lines[3].feed.volume = 0.93 * lines[3].feed.capacity
    lines[3].feed.level.put(93.0, now)
    lines[3].filler.command.value = False
    lines[5].product.volume = 0.16 * lines[5].product.capacity
    lines[5].product.level.put(16.0, now)
    lines[2].feeder.fouling = 0.75
    lines[2].feeder.drop.put(0.55, now)
    lines[6].drawer.motor.heating = 76.0
    lines[6].drawer.motor.winding.put(97.5, now)
    lines[4].shipper.motor.roughness = 6.9
    lines[4].shipper.motor.vibration.put(6.6, now)
    lines[7].vent_valve.stuck.value = True
    if warm := cooling.supply.alarms["Hi"].limit:
        warm.put(22.5, now)


def _stand_already(plant: Plant, operators: Operators) -> None:
    """Raises what is violated at the start, some minutes ago, and has an operator acknowledge some."""
    dice = plant.dice("start")
    standing = [alarm for alarm in plant.board.evaluated if alarm.violated]
    for position, alarm in enumerate(standing):
        raised = plant.now - dice.uniform(120.0, 5400.0)
        alarm.trip(raised)
        if position % 3 == 1:
            operators.acknowledge(alarm, raised + 0.5 * (plant.now - raised))
