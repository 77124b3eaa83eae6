"""Steam: firing holds the pressure against what the lines draw, feedwater holds the drum's level."""

from __future__ import annotations

from mxgw_notebook.simulator.plant.alarm import AlarmTexts
from mxgw_notebook.simulator.plant.codes import Category, Classification, Quality
from mxgw_notebook.simulator.plant.plant import Plant
from mxgw_notebook.simulator.plant.plant_object import PlantObject
from mxgw_notebook.simulator.plant.units.loop import Controlled, Loop, Tuning
from mxgw_notebook.simulator.plant.units.measurement import Measurement, Transmitter
from mxgw_notebook.simulator.plant.units.pump import Pump
from mxgw_notebook.simulator.plant.units.stream import Range, Wander
from mxgw_notebook.simulator.plant.units.tank import level_alarms
from mxgw_notebook.simulator.plant.units.valve import ControlValve, OnOffValve

DESIGN_PRESSURE = 8.0  # bar
DRUM_LIMITS = {"Hi": 62.0, "HiHi": 75.0, "Lo": 38.0, "LoLo": 25.0}
PRESSURE = Controlled("Steam pressure", Range(0.0, 12.0, "bar"), DESIGN_PRESSURE, Tuning(14.0, 40.0), 0.004)
DRUM = Controlled("Drum level", Range(0.0, 100.0, "%"), 50.0, Tuning(2.5, 80.0), 0.05)
OXYGEN = Transmitter("Flue gas oxygen", Range(0.0, 21.0, "%"), 0.03, limits=(2.05, 4.3))
FLUE = Transmitter("Flue gas temperature", Range(0.0, 300.0, "degC"), 0.3)
DRY, WET = 6.0, 35.0  # drum levels in %, between which a tripped burner waits
SPARE = Transmitter("Spare input, not configured", Range(0.0, 100.0, "%"), quality=Quality.CONFIG_ERROR)
SILICA = Transmitter(
    "Silica, analyser out of service", Range(0.0, 50.0, "ppb"), 0.1, 10.0, quality=Quality.OUT_OF_SERVICE
)


class Steam:
    """One boiler and its header. `consumers` are the steam valves of the lines."""

    def __init__(self, plant: Plant, utilities: PlantObject) -> None:
        self.area = area = plant.make(
            "Steam", "$Area", utilities, category=Category.AREA, description="Steam"
        )
        self.consumers: list[ControlValve] = []
        self.bar, self.drum = DESIGN_PRESSURE, 50.0
        self._make_boiler(plant)
        self.gas = ControlValve(plant, "PCV920", area, position=50.0)
        self.water = ControlValve(plant, "LCV921", area, position=50.0)
        self.pump = Pump(plant, "Pump921", area, capacity=12.0, speed=90.0, description="Feedwater pump")
        OnOffValve(plant, "XV921", area, is_open=True)
        Loop(plant, "PIC920", area, lambda: self.bar, self.gas.demand, PRESSURE)
        Loop(plant, "LIC921", area, lambda: self.drum, self.water.demand, DRUM)
        self._draw = Wander(plant.dice("Steam"), 0.35, 0.25, 340.0)
        oxygen = Wander(plant.dice("Steam.o2"), 3.1, 1.1, 420.0)
        silica = Wander(plant.dice("Steam.si"), 12.0, 2.0, 900.0)
        Measurement(plant, "AI922", area, oxygen.move, OXYGEN)
        Measurement(plant, "TI923", area, lambda s, t: 150.0 + 60.0 * self.gas.opening, FLUE)
        Measurement(plant, "AI924", area, silica.move, SILICA)
        Measurement(plant, "AI926", area, lambda s, t: 0.0, SPARE)
        plant.schedule(self, 1.0)

    def _make_boiler(self, plant: Plant) -> None:
        boiler = plant.make("Boiler901", "$Boiler", self.area, description="Steam boiler")
        self.pressure = boiler.analog(
            "SteamPressure", self.bar, "bar", "Steam pressure", deadband=0.005, historized=True
        )
        self.level = boiler.analog(
            "DrumLevel", 50.0, "%", "Drum level", digits=2, deadband=0.03, historized=True
        )
        self.flow = boiler.analog("SteamFlow", 4.0, "t/h", "Steam flow", deadband=0.01, historized=True)
        self.flame = boiler.switch("FlameOn", True, historized=True)
        self.flame_failure = boiler.switch("FlameFailure", False)
        texts = AlarmTexts("FlameFailure", "DSC", "Burner tripped on low water", 30)
        plant.alarm(boiler, self.flame_failure, texts, delay=0.0)
        boiler.switch("MasterReset", False, Classification.VERIFIED_WRITE)
        level_alarms(plant, boiler, self.level, "Drum level", DRUM_LIMITS)
        for name, limit, high, priority in (("Hi", 8.8, True, 150), ("Lo", 7.1, False, 330)):
            words = f"Steam pressure {'high' if high else 'low'}"
            texts = AlarmTexts(f"SteamPressure.{name}", name.upper(), words, priority)
            plant.alarm(boiler, self.pressure, texts, limit=limit, high=high, deadband=0.1)

    def _guard(self, now: float) -> None:
        """The burner trips when the drum runs dry, and lights again when there is water."""
        burns = self.drum > (DRY if self.flame.value else WET)
        self.flame.set(burns, now)
        self.flame_failure.set(not burns, now)

    def header(self) -> float:
        """The header's pressure, 1.0 as designed."""
        return self.bar / DESIGN_PRESSURE

    def step(self, seconds: float, now: float) -> None:
        """Balances heat and water, both in t/h of steam."""
        draw = sum(valve.opening for valve in self.consumers) / max(1, len(self.consumers))
        draw = 5.0 * draw + 4.0 * self._draw.move(seconds, now)
        water = self.pump.delivery(self.water.opening)
        self._guard(now)
        heat = 8.4 * self.gas.opening if self.flame.value else 0.0
        draw *= min(1.0, self.bar / 2.0)  # no steam flows from a boiler without pressure
        self.bar = max(0.0, self.bar + (heat - draw) * seconds * 0.01)
        self.drum = max(0.0, min(100.0, self.drum + (0.74 * water - draw) * seconds * 0.05))
        self.pressure.measure(self.bar, now)
        self.level.measure(self.drum, now)
        self.flow.measure(draw, now)
        self.pump.flow.measure(water, now)
