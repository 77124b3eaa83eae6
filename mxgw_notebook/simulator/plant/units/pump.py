"""A centrifugal pump with its motor and suction strainer."""

from __future__ import annotations

import math

from mxgw_notebook.simulator.plant.alarm import AlarmTexts
from mxgw_notebook.simulator.plant.attribute import Traits, Value
from mxgw_notebook.simulator.plant.codes import Classification, DataType
from mxgw_notebook.simulator.plant.plant import Plant
from mxgw_notebook.simulator.plant.plant_object import PlantObject
from mxgw_notebook.simulator.plant.units.stream import lagged

STEP = 0.4
RATED = 2950.0  # rpm
RAMP = 2.5  # s, the lag of the drive
COAST = 4.0  # s, the lag of a pump that runs down


class Motor:
    """The contained motor: it warms with load and counts its hours."""

    def __init__(self, plant: Plant, pump: PlantObject, number: str, kilowatts: float) -> None:
        self.object = made = plant.make(f"Motor_{number}", "$Motor", pump, contained_name="Motor")
        dice = plant.dice(made.tag_name)
        single = DataType.FLOAT
        self.current = made.analog(
            "Current", 0.0, "A", "Phase current", digits=2, deadband=0.25, data_type=single, historized=True
        )
        self.winding = made.analog(
            "WindingTemp", 56.0, "degC", digits=2, deadband=0.15, data_type=single, historized=True
        )
        self.bearing = made.analog("BearingTemp", 47.0, "degC", digits=2, deadband=0.15, data_type=single)
        self.vibration = made.analog(
            "Vibration", 1.5, "mm/s", digits=3, deadband=0.09, data_type=single, historized=True
        )
        self.hours = made.analog("RunHours", dice.uniform(500, 30000), "h", digits=3, deadband=0.005)
        self.starts = made.count("Starts", dice.randrange(20, 4000))
        self.last_start = made.moment("LastStart", plant.now - dice.uniform(600, 90000))
        made.analog("RatedPower", kilowatts, "kW", classification=Classification.CONFIGURE, data_type=single)
        texts = AlarmTexts("WindingTemp.Hi", "HI", "Motor winding hot", 250)
        self.hot = plant.alarm(made, self.winding, texts, limit=95.0, deadband=3.0, delay=5.0)
        texts = AlarmTexts("Vibration.Hi", "HI", "Motor vibration high", 420)
        self.shaking = plant.alarm(made, self.vibration, texts, limit=5.5, deadband=0.8, delay=4.0)
        self.roughness = dice.uniform(0.9, 1.8)  # mm/s
        self.heating = dice.uniform(28.0, 42.0)  # K at full load
        self._full_current = 1.9 * kilowatts
        self._dice = dice

    def step(self, load: float, rough: float, seconds: float, now: float) -> None:
        """Moves on at a load of 0 to 1."""
        noise = self._dice.gauss
        drawn = (0.3 + 0.7 * load) * self._full_current if load > 0.0 else 0.0
        self.current.measure(drawn + (noise(0.0, 0.06) if drawn else 0.0), now)
        self.winding.measure(lagged(self.winding.exact, 32.0 + self.heating * load, seconds, 180.0), now)
        self.bearing.measure(
            lagged(self.bearing.exact, 30.0 + 25.0 * load + 3.0 * rough, seconds, 240.0), now
        )
        shake = (self.roughness + rough) * (0.2 + 0.8 * load) if load else 0.1
        self.vibration.measure(
            max(0.0, lagged(self.vibration.exact, shake, seconds, 1.0) + noise(0.0, 0.03)), now
        )
        if load:
            self.hours.measure(self.hours.exact + seconds / 3600.0, now)


class Pump:
    """Runs while `Running`; its drive follows `SpeedSP` in percent with a lag. `Speed` is in rpm."""

    def __init__(
        self,
        plant: Plant,
        tag_name: str,
        area: PlantObject,
        *,
        capacity: float,
        speed: float = 80.0,
        running: bool = True,
        description: str = "Transfer pump",
    ) -> None:
        self.object = made = plant.make(tag_name, "$Pump", area, description=description)
        number = tag_name.removeprefix("Pump")
        self.capacity = capacity
        self._share = speed / 100.0 if running else 0.0
        self._dice = plant.dice(f"{tag_name}.noise")
        self._drive(speed, running)
        self._make_hydraulics(plant.dice(tag_name).uniform(100, 9000))
        texts = AlarmTexts("Tripped", "DSC", f"{description} tripped", 50)
        plant.alarm(made, self.tripped, texts, delay=0.0)
        self.motor = Motor(plant, made, number, max(4.0, capacity / 4.0))
        self._make_strainer(plant, number)
        self.starved = False
        plant.schedule(self, STEP)

    def _drive(self, speed: float, running: bool) -> None:
        made, operate = self.object, Classification.OPERATE
        self.speed = made.analog(
            "Speed", self._share * RATED, "rpm", "Shaft speed", digits=1, deadband=0.9, historized=True
        )
        self.demand = made.analog(
            "SpeedSP", speed, "%", "Speed wanted", digits=2, deadband=0.1, classification=operate
        )
        self.command = made.switch("StartCmd", running, operate)
        self.running = made.switch("Running", running, historized=True)
        self.tripped = made.switch("Tripped", False)
        reset = made.add("Reset", False, Traits(DataType.BOOLEAN, Classification.SECURED_WRITE))
        reset.writer = self._reset
        made.text("Manufacturer", "Northfield NF-40")

    def _make_hydraulics(self, energy: float) -> None:
        made = self.object
        self.flow = made.analog("Flow", 0.0, "m3/h", digits=2, deadband=0.05, historized=True)
        self.pressure = made.analog("DischargePressure", 1.0, "bar", digits=2, deadband=0.02, historized=True)
        self.power = made.analog("Power", 0.0, "kW", digits=2, deadband=0.05)
        self.energy = made.analog("Energy", energy, "kWh", digits=2, deadband=0.05)

    def _make_strainer(self, plant: Plant, number: str) -> None:
        made = plant.make(f"Strainer_{number}", "$Strainer", self.object, contained_name="Strainer")
        self.drop = made.analog("DiffPressure", 0.1, "bar", deadband=0.005, data_type=DataType.FLOAT)
        texts = AlarmTexts("DiffPressure.Hi", "HI", "Strainer fouled", 600)
        self.fouled = plant.alarm(made, self.drop, texts, limit=0.45, deadband=0.05, delay=5.0)
        self.fouling = plant.dice(made.tag_name).uniform(0.08, 0.25)

    def _reset(self, value: Value, now: float, user: str) -> None:
        """A momentary button: it acts, and its own value never shows that it was pressed."""
        if value:
            self.tripped.set(False, now)

    def stand(self, now: float) -> None:
        """Stands still at once."""
        self.command.put(False, now)
        self.running.put(False, now)
        self._share = 0.0

    @property
    def share(self) -> float:
        """The shaft's speed as a share of the rated one, without noise."""
        return self._share

    def delivery(self, opening: float = 1.0) -> float:
        """What it delivers through a valve of this opening, in m3/h."""
        cavitation = 0.35 if self.starved else 1.0
        return self.capacity * self._share * opening * cavitation

    def step(self, seconds: float, now: float) -> None:
        """Ramps the shaft and follows with pressure, power and motor."""
        runs = bool(self.command.value) and not self.tripped.value
        if runs != self.running.value:
            self._switch(runs, now)
        target = max(0.0, min(100.0, self.demand.number)) / 100.0 if runs else 0.0
        self._share = lagged(self._share, target, seconds, RAMP if runs else COAST)
        if self._share < 0.002 and not runs:
            self._share = 0.0
        share, noise = self._share, self._dice.gauss
        self.speed.measure(share * RATED + (noise(0.0, 2.5) if share else 0.0), now)
        self.pressure.measure(1.0 + 5.0 * share * share + (noise(0.0, 0.01) if share else 0.0), now)
        drawn = self.capacity / 4.4 * math.pow(share, 3)
        self.power.measure(drawn, now)
        self.energy.measure(self.energy.exact + drawn * seconds / 3600.0, now)
        self.drop.measure(self.fouling * (0.3 + share * share) + noise(0.0, 0.001), now)
        self.motor.step(share, 5.0 if self.starved else 0.0, seconds, now)

    def _switch(self, runs: bool, now: float) -> None:
        self.running.set(runs, now)
        if runs:
            self.motor.starts.set(int(self.motor.starts.number) + 1, now)
            self.motor.last_start.set(now, now)
