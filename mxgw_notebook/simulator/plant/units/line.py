"""A production line: feed tank, reactor and product tank, what moves between them and who controls it."""

from __future__ import annotations

from collections.abc import Callable

from mxgw_notebook.simulator.plant.attribute import Attribute
from mxgw_notebook.simulator.plant.codes import Category, Classification
from mxgw_notebook.simulator.plant.plant import Plant
from mxgw_notebook.simulator.plant.plant_object import PlantObject
from mxgw_notebook.simulator.plant.units.loop import HANDS_OFF, Controlled, Loop, Tuning
from mxgw_notebook.simulator.plant.units.measurement import LevelSwitch, Measurement, Process, Transmitter
from mxgw_notebook.simulator.plant.units.pump import Pump
from mxgw_notebook.simulator.plant.units.reactor import Agitator, Reactor, Recipe
from mxgw_notebook.simulator.plant.units.stream import Range, Stream, Wander
from mxgw_notebook.simulator.plant.units.tank import Tank
from mxgw_notebook.simulator.plant.units.valve import ControlValve, OnOffValve

LOOPS = (
    Controlled(
        "Feed flow",
        Range(0.0, 50.0, "m3/h"),
        30.0,
        Tuning(0.6, 4.0),
        0.03,
        0.4,
        (24.0, 27.0, 30.0, 33.0, 36.0),
    ),
    Controlled("Reactor level", Range(0.0, 100.0, "%"), 60.0, Tuning(-1.6, 90.0), 0.03),
    Controlled(
        "Reactor temperature",
        Range(0.0, 120.0, "degC"),
        72.0,
        Tuning(4.0, 160.0, 8.0),
        0.04,
        2.0,
        (68.0, 72.0, 76.0, 80.0),
    ),
    Controlled("Reactor pressure", Range(0.0, 5.0, "bar"), 2.2, Tuning(-18.0, 30.0), 0.003),
)
TRANSMITTERS = {
    "TI{}11": Transmitter("Jacket temperature", Range(0.0, 150.0, "degC"), 0.08),
    "TI{}12": Transmitter("Hall temperature", Range(-10.0, 60.0, "degC"), 0.02, period=5.0),
    "TI{}13": Transmitter("Product temperature", Range(0.0, 100.0, "degC"), 0.05),
    "PI{}21": Transmitter("Supply header pressure", Range(0.0, 8.0, "bar"), 0.01, limits=(3.0, 5.25)),
    "FI{}31": Transmitter("Dispatch flow", Range(0.0, 100.0, "m3/h"), 0.1, limits=(-1.0, 95.0)),
    "AI{}41": Transmitter("Acidity", Range(0.0, 14.0, "pH"), 0.01, 5.0, (5.8, 8.2), 650),
    "AI{}42": Transmitter("Conductivity", Range(0.0, 1000.0, "uS/cm"), 1.0, period=5.0),
    "LI{}51": Transmitter("Product level, radar", Range(0.0, 100.0, "%"), 0.1, 1.0, (8.0, 95.0)),
}
# Processes of their own: middle, swing and period in seconds.
WANDERING = {
    "TI{}12": (24.0, 5.0, 700.0),
    "TI{}13": (41.0, 4.0, 800.0),
    "PI{}21": (4.1, 0.9, 240.0),
    "AI{}41": (7.0, 1.0, 520.0),
    "AI{}42": (310.0, 60.0, 900.0),
}


STEP = 0.4
PRODUCTS = ("Monomer", "Solvent", "Resin", "Caustic", "Brine", "Acid", "Glycol", "Latex")
MEAN_TRIP = 2400.0  # s between trips of a line's feed pump
MEAN_JAM = 2800.0  # s between jams of a line's level valve


class Line:
    """Line `number` (from 1). Its streams are set here, each from one pump or valve, for both ends."""

    def __init__(self, plant: Plant, area: PlantObject, number: int, steam: Callable[[], float]) -> None:
        self.number = number
        self.area = plant.make(
            f"Line{number}", "$Area", area, category=Category.AREA, description=f"Line {number}"
        )
        self._dice = dice = plant.dice(f"Line{number}")
        tags = range(2 * number - 1, 2 * number + 1)
        feed, product = (f"Tank{tag:03d}" for tag in tags)
        what = PRODUCTS[(number - 1) % len(PRODUCTS)]
        self.feed = Tank(plant, feed, area, 12.0, dice.uniform(35.0, 75.0), what)
        self.product = Tank(plant, product, area, 15.0, dice.uniform(35.0, 70.0), f"{what} product")
        self.reactor = Reactor(plant, f"Reactor{number}01", self.area, 6.0)
        self.reactor.steam = steam
        self._make_moving_parts(plant, area)
        self._make_streams()
        self._make_loops(plant)
        self._make_measurements(plant)
        self._header = Wander(plant.dice(f"Line{number}.header"), 1.0, 0.12, 300.0)
        self._fill_from = self._level_setting(self.feed, "FillStart", dice.uniform(17.0, 27.0))
        self._fill_to = self._level_setting(self.feed, "FillStop", dice.uniform(80.0, 90.0))
        self._ship_from = self._level_setting(self.product, "DispatchStart", dice.uniform(78.0, 88.0))
        self._ship_to = self._level_setting(self.product, "DispatchStop", dice.uniform(17.0, 30.0))
        self._next_trip = plant.now + dice.expovariate(1.0 / MEAN_TRIP)
        self._next_jam = plant.now + dice.expovariate(1.0 / MEAN_JAM)
        plant.schedule(self, STEP)

    @staticmethod
    def _level_setting(tank: Tank, name: str, value: float) -> Attribute:
        return tank.object.analog(name, round(value, 1), "%", classification=Classification.TUNE)

    def _make_moving_parts(self, plant: Plant, area: PlantObject) -> None:
        n, first = self.number, 3 * self.number - 2
        self.feeder = Pump(
            plant, f"Pump{first:03d}", area, capacity=45.0, speed=66.0, description="Feed pump"
        )
        self.drawer = Pump(
            plant, f"Pump{first + 1:03d}", self.area, capacity=65.0, speed=85.0, description="Reactor pump"
        )
        self.shipper = Pump(
            plant,
            f"Pump{first + 2:03d}",
            area,
            capacity=75.0,
            speed=95.0,
            running=n % 2 == 0,
            description="Dispatch pump",
        )
        self.filler = OnOffValve(plant, f"XV{n}01", area, is_open=n % 3 == 0)
        self.outlet = OnOffValve(plant, f"XV{n}02", area, is_open=n % 2 == 0)
        self.isolation = OnOffValve(plant, f"XV{n}03", self.area, is_open=True)
        self.drain = OnOffValve(plant, f"XV{n}04", self.area)
        self.level_valve = ControlValve(plant, f"LCV{n}02", self.area, position=54.0)
        self.steam_valve = ControlValve(plant, f"TCV{n}03", self.area, position=46.0, stroke=12.0)
        self.vent_valve = ControlValve(plant, f"PCV{n}04", self.area, position=50.0, stroke=5.0)
        self.reactor.heating, self.reactor.vent = self.steam_valve, self.vent_valve
        self.agitator = Agitator(plant, self.reactor, f"{n}01")
        self.recipe = Recipe(plant, self.reactor, f"{n}01")

    def _make_streams(self) -> None:
        self.supply, self.charge, self.draw, self.ship = Stream(), Stream(), Stream(), Stream()
        self.feed.inlets.append(self.supply)
        self.feed.outlets.append(self.charge)
        self.reactor.inlets.append(self.charge)
        self.reactor.outlets.append(self.draw)
        self.product.inlets.append(self.draw)
        self.product.outlets.append(self.ship)

    def _make_loops(self, plant: Plant) -> None:
        n, area, reactor = self.number, self.area, self.reactor
        self.charge.flow = 30.0
        flow, level, heat, pressure = LOOPS
        self.flow_loop = Loop(plant, f"FIC{n}01", area, lambda: self.charge.flow, self.feeder.demand, flow)
        self.level_loop = Loop(plant, f"LIC{n}02", area, lambda: reactor.fill, self.level_valve.demand, level)
        self.heat_loop = Loop(plant, f"TIC{n}03", area, lambda: reactor.warmth, self.steam_valve.demand, heat)
        self.pressure_loop = Loop(
            plant, f"PIC{n}04", area, lambda: reactor.tension, self.vent_valve.demand, pressure
        )

    def _make_measurements(self, plant: Plant) -> None:
        processes: dict[str, Process] = {
            "TI{}11": lambda seconds, now: self.reactor.warmth + 9.0,
            "FI{}31": lambda seconds, now: self.ship.flow,
            "LI{}51": lambda seconds, now: self.product.level.number + 0.7,
        }
        for name, setting in TRANSMITTERS.items():
            tag_name = name.format(self.number)
            if name in WANDERING:
                processes[name] = Wander(plant.dice(f"{tag_name}.process"), *WANDERING[name]).move
            made = Measurement(plant, tag_name, self.area, processes[name], setting)
            if name == "LI{}51":
                self.radar = made
        self.switch = LevelSwitch(plant, f"LSH{self.number}52", self.area, self.product.level)

    def step(self, seconds: float, now: float) -> None:
        """Sets the streams from pumps and valves, then fills, ships and lets things go wrong."""
        self.feeder.starved = self.feed.volume < 0.05 * self.feed.capacity
        self.drawer.starved = self.reactor.volume < 0.05 * self.reactor.capacity
        self.supply.flow = 95.0 * self.filler.opening * self._header.move(seconds, now)
        self.charge.flow = self.feeder.delivery() * (self.feed.volume > 0.0)
        self.draw.flow = self.drawer.delivery(self.level_valve.opening) * (self.reactor.volume > 0.0)
        self.ship.flow = self.shipper.delivery(self.outlet.opening) * (self.product.volume > 0.0)
        self.feeder.flow.measure(self.charge.flow, now)
        self.drawer.flow.measure(self.draw.flow, now)
        self.shipper.flow.measure(self.ship.flow, now)
        self._switch_between(self.feed, self._fill_to, self._fill_from, self.filler.command, now)
        self._switch_between(self.product, self._ship_to, self._ship_from, self.shipper.command, now)
        if now - self.outlet.command.written > HANDS_OFF:
            self.outlet.command.set(bool(self.shipper.command.value), now)
        self._cause_mishaps(now)

    @staticmethod
    def _switch_between(
        tank: Tank, stop: Attribute, start: Attribute, command: Attribute, now: float
    ) -> None:
        """Switches on at one level and off at the other, unless somebody has the switch in hand."""
        if now - command.written < HANDS_OFF:
            return
        level, rising = tank.level.number, stop.number > start.number
        if (level <= start.number) if rising else (level >= start.number):
            command.set(True, now)
        elif (level >= stop.number) if rising else (level <= stop.number):
            command.set(False, now)

    def _cause_mishaps(self, now: float) -> None:
        if now >= self._next_trip:
            tripped = not self.feeder.tripped.value
            self.feeder.tripped.set(tripped, now)
            spell = self._dice.uniform(15.0, 45.0) if tripped else self._dice.expovariate(1.0 / MEAN_TRIP)
            self._next_trip = now + spell
        if now >= self._next_jam:
            jammed = not self.level_valve.stuck.value
            self.level_valve.stuck.set(jammed, now)
            spell = self._dice.uniform(30.0, 90.0) if jammed else self._dice.expovariate(1.0 / MEAN_JAM)
            self._next_jam = now + spell
