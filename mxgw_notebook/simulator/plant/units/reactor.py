"""A stirred, steam-heated reactor: level, temperature, pressure and the batch it runs."""

from __future__ import annotations

from collections.abc import Callable

from mxgw_notebook.simulator.plant.alarm import AlarmTexts
from mxgw_notebook.simulator.plant.attribute import Traits
from mxgw_notebook.simulator.plant.codes import Classification, DataType
from mxgw_notebook.simulator.plant.plant import Plant
from mxgw_notebook.simulator.plant.plant_object import PlantObject
from mxgw_notebook.simulator.plant.units.pump import Motor
from mxgw_notebook.simulator.plant.units.stream import Stream, lagged
from mxgw_notebook.simulator.plant.units.tank import level_alarms
from mxgw_notebook.simulator.plant.units.valve import ControlValve

STEP = 1.0
PHASES = ("Charge", "Heat", "Hold", "Transfer")
PROBES = 8  # thermometers along the wall


class Reactor:
    """Level in percent, temperature in degC, pressure in bar absolute."""

    def __init__(self, plant: Plant, tag_name: str, area: PlantObject, capacity: float) -> None:
        self.object = made = plant.make(tag_name, "$Reactor", area, description="Stirred reactor")
        self.capacity = capacity
        self.inlets: list[Stream] = []
        self.outlets: list[Stream] = []
        self.heating: ControlValve | None = None
        self.vent: ControlValve | None = None
        self.steam: Callable[[], float] = lambda: 1.0  # the header's pressure, 1.0 as designed
        self.volume = capacity * 0.6
        self.warmth, self.tension = 72.0, 2.2
        self.level = made.analog(
            "Level", 60.0, "%", "Reactor level", deadband=0.03, digits=3, historized=True
        )
        self.temperature = made.analog(
            "Temperature", 72.0, "degC", "Reactor temperature", deadband=0.05, digits=2, historized=True
        )
        self.pressure = made.analog(
            "Pressure", 2.2, "bar", "Reactor pressure", deadband=0.004, digits=3, historized=True
        )
        self.profile = made.array("TemperatureProfile", [72.0] * PROBES, DataType.FLOAT)
        made.text("TemperatureProfile.EngUnits", "degC")
        made.array("DoorClosed", [True, True, True, True], DataType.BOOLEAN)
        self.alarms = level_alarms(plant, made, self.level, "Reactor level")
        for name, limit, high, priority in (("Hi", 92.0, True, 200), ("Lo", 55.0, False, 550)):
            texts = AlarmTexts(
                f"Temperature.{name}", name.upper(), f"Reactor {'hot' if high else 'cold'}", priority
            )
            plant.alarm(made, self.temperature, texts, limit=limit, high=high, deadband=1.0, delay=5.0)
        texts = AlarmTexts("Pressure.Hi", "HI", "Reactor pressure high", 80)
        plant.alarm(made, self.pressure, texts, limit=3.0, deadband=0.1, delay=3.0)
        self._dice = plant.dice(tag_name)
        plant.schedule(self, STEP)

    @property
    def fill(self) -> float:
        """The level in percent, without rounding."""
        return 100.0 * self.volume / self.capacity

    def step(self, seconds: float, now: float) -> None:
        """Integrates level and follows with temperature and pressure."""
        flow = sum(stream.flow for stream in self.inlets) - sum(stream.flow for stream in self.outlets)
        self.volume = max(0.0, min(self.capacity, self.volume + flow * seconds / 3600.0))
        self.level.measure(self.fill, now)
        heat = self.heating.opening * self.steam() if self.heating else 0.45
        self.warmth = lagged(self.warmth, 27.0 + 100.0 * heat, seconds, 220.0)
        relief = self.vent.opening if self.vent else 0.45
        self.tension = lagged(self.tension, 2.4 + 0.04 * self.warmth - 3.0 * relief - 1.6, seconds, 25.0)
        noise = self._dice.gauss
        self.temperature.measure(self.warmth + noise(0.0, 0.04), now)
        self.pressure.measure(self.tension + noise(0.0, 0.003), now)
        if int(now) % 5 == 0:
            wall = [round(self.warmth - 0.6 * probe + noise(0.0, 0.1), 1) for probe in range(PROBES)]
            self.profile.set(wall, now)


class Agitator:
    """The contained agitator with its motor. It turns at its setpoint, in rpm."""

    def __init__(self, plant: Plant, reactor: Reactor, number: str) -> None:
        self.object = made = plant.make(
            f"Agitator_{number}", "$Agitator", reactor.object, contained_name="Agitator"
        )
        operate = Classification.OPERATE
        self.speed = made.analog("Speed", 90.0, "rpm", digits=1, deadband=0.15, historized=True)
        self.wanted = made.analog("SpeedSP", 90.0, "rpm", classification=operate)
        self.running = made.switch("Running", True, operate, historized=True)
        self.torque = made.analog("Torque", 40.0, "Nm", digits=1, deadband=0.3, data_type=DataType.FLOAT)
        self.motor = Motor(plant, made, f"9{number}", 11.0)
        self._dice = plant.dice(made.tag_name)
        self._turns = 90.0
        plant.schedule(self, STEP)

    def step(self, seconds: float, now: float) -> None:
        """Follows the setpoint with a lag."""
        self._turns = lagged(self._turns, self.wanted.number if self.running.value else 0.0, seconds, 3.0)
        turning = self._turns > 0.5
        self.speed.measure(self._turns + (self._dice.gauss(0.0, 0.12) if turning else 0.0), now)
        self.torque.measure(self._turns * 0.45 + self._dice.gauss(0.0, 0.4) * turning, now)
        self.motor.step(min(1.0, self._turns / 120.0), 0.0, seconds, now)


class Recipe:
    """The contained recipe: it walks through its phases, one batch after the other."""

    def __init__(self, plant: Plant, reactor: Reactor, number: str) -> None:
        self.object = made = plant.make(
            f"Recipe_{number}", "$Recipe", reactor.object, contained_name="Recipe"
        )
        self._dice = plant.dice(made.tag_name)
        self._number = number
        self._batch = self._dice.randrange(100, 900)
        self.name = made.text("Name", "Resin A", Classification.OPERATE)
        self.batch = made.text("BatchId", f"B{number}-{self._batch}", Classification.VIEW_ONLY)
        self.phase = made.choice("Phase", PHASES[0], PHASES, Classification.VIEW_ONLY)
        self.step_number = made.count("Step", 1)
        made.array("Steps", list(PHASES), DataType.STRING, Classification.CONFIGURE)
        self.charges = made.array(
            "Charges", [120.0, 45.5, 12.25, 3.0], DataType.DOUBLE, Classification.OPERATE
        )
        made.text("Charges.EngUnits", "kg")
        made.array("StepLimits", [10, 45, 120, 20], DataType.INTEGER, Classification.TUNE)
        self.started = made.moment("BatchStart", plant.now - 300.0)
        self.elapsed = made.add("PhaseElapsed", 0.0, Traits(DataType.ELAPSED_TIME, digits=0))
        text = "Charge, heat at full steam, hold, transfer. " * 40
        made.add("Instructions", text, Traits(DataType.BIG_STRING, Classification.CONFIGURE))
        titled = Traits(DataType.INTERNATIONALIZED_STRING, Classification.FREE_ACCESS)
        made.add("Title", "Harz A \u2013 R\u00fchrkessel", titled)
        self.hold = made.switch("Hold", False, Classification.SECURED_WRITE)
        self.abort = made.switch("Abort", False, Classification.VERIFIED_WRITE)
        self.led = False  # whether somebody else says when the next phase comes
        self._entered = plant.now
        self._next = plant.now + self._dice.uniform(20.0, 150.0)
        plant.schedule(self, STEP)

    def step(self, seconds: float, now: float) -> None:
        """Goes to the next phase when its time has come, unless the batch is held."""
        if int(now) % 5 == 0:
            self.elapsed.measure(now - self._entered, now)
        if self.led or now < self._next or self.hold.value:
            return
        self._next = now + self._dice.uniform(60.0, 200.0)
        self.enter((PHASES.index(str(self.phase.value)) + 1) % len(PHASES), now)

    def enter(self, place: int, now: float) -> None:
        """Begins a phase; the first one begins a batch."""
        self._entered = now
        if place == 0:
            self._batch += 1
            self.batch.set(f"B{self._number}-{self._batch}", now)
            self.started.set(now, now)
        self.phase.set(PHASES[place], now)
        self.step_number.set(place + 1, now)
