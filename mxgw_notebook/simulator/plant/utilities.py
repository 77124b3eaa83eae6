"""Cooling water, steam and instrument air."""

from __future__ import annotations

from .alarm import AlarmTexts
from .codes import Category, Classification, DataType, Quality
from .loop import Loop, Range, Tuning
from .measurement import Measurement
from .plant import Plant
from .plant_object import PlantObject
from .pump import Motor, Pump
from .stream import Wander, lagged
from .tank import level_alarms
from .valve import ControlValve, OnOffValve


def sub_area(plant: Plant, area: PlantObject, tag_name: str, description: str) -> PlantObject:
    """An area within an area."""
    return plant.make(tag_name, "$Area", area, category=Category.AREA, description=description)


class CoolingWater:
    """Two circulating pumps hold the header's pressure; fans cool the basin."""

    def __init__(self, plant: Plant, utilities: PlantObject) -> None:
        self.area = area = sub_area(plant, utilities, "CoolingWater", "Cooling water")
        self.tower = tower = plant.make("CoolingTower901", "$CoolingTower", area, description="Cooling tower")
        self.basin = tower.analog(
            "BasinTemp", 24.0, "degC", "Basin temperature", digits=2, deadband=0.03, historized=True
        )
        self.basin_level = tower.analog("BasinLevel", 71.0, "%", digits=2, deadband=0.05)
        level_alarms(plant, tower, self.basin_level, "Basin level")
        self.fan = Motor(plant, tower, "CT901", 30.0)
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
        self.loop = Loop(
            plant, "PIC901", area, lambda: self.pressure, self.pumps[0].demand,
            setpoint=4.5, span=Range(0.0, 10.0, "bar"), tuning=Tuning(6.0, 12.0), noise=0.01,
            description="Cooling water header",
        )  # fmt: skip
        self._demand = Wander(plant.dice("CoolingWater"), 1.0, 0.1, 260.0)
        self._air = Wander(plant.dice("CoolingWater.air"), 24.0, 3.0, 1400.0)
        self._make_up = Wander(plant.dice("CoolingWater.makeup"), 70.0, 9.0, 1100.0)
        self.supply = Measurement(
            plant,
            "TI901",
            area,
            lambda s, t: self.basin.number + 0.4,
            Range(0.0, 60.0, "degC"),
            description="Cooling water supply",
            noise=0.03,
            limits=(12.0, 27.0),
            priority=380,
        )
        Measurement(
            plant,
            "TI902",
            area,
            lambda s, t: self.basin.number + 8.5,
            Range(0.0, 60.0, "degC"),
            description="Cooling water return",
            noise=0.05,
        )
        Measurement(
            plant,
            "FI903",
            area,
            lambda s, t: sum(p.delivery() for p in self.pumps),
            Range(0.0, 1200.0, "m3/h"),
            description="Cooling water flow",
            noise=1.5,
        )
        plant.schedule(self, 1.0)

    def step(self, seconds: float, now: float) -> None:
        """Follows the header's pressure and the basin."""
        flow = sum(pump.delivery() for pump in self.pumps) / 576.0
        self.pressure = lagged(
            self.pressure, 4.5 * flow * flow / self._demand.move(seconds, now), seconds, 4.0
        )
        self.basin.measure(lagged(self.basin.exact, self._air.move(seconds, now), seconds, 60.0), now)
        self.basin_level.measure(self._make_up.move(seconds, now), now)
        for pump in self.pumps:
            pump.flow.measure(pump.delivery(), now)
        self.fan.step(0.7, 0.0, seconds, now)


class Steam:
    """A boiler: firing holds the pressure against what the lines draw, feedwater holds the drum's level."""

    def __init__(self, plant: Plant, utilities: PlantObject) -> None:
        self.area = area = sub_area(plant, utilities, "Steam", "Steam")
        self.consumers: list[ControlValve] = []
        self.bar, self.drum = 8.0, 50.0
        self.boiler = boiler = plant.make("Boiler901", "$Boiler", area, description="Steam boiler")
        self.pressure = boiler.analog(
            "SteamPressure", 8.0, "bar", "Steam pressure", digits=3, deadband=0.005, historized=True
        )
        self.level = boiler.analog(
            "DrumLevel", 50.0, "%", "Drum level", digits=2, deadband=0.03, historized=True
        )
        self.flow = boiler.analog(
            "SteamFlow", 4.0, "t/h", "Steam flow", digits=3, deadband=0.01, historized=True
        )
        self.flame = boiler.switch("FlameOn", True, historized=True)
        boiler.switch("MasterReset", False, Classification.VERIFIED_WRITE)
        level_alarms(
            plant, boiler, self.level, "Drum level", {"Hi": 62.0, "HiHi": 75.0, "Lo": 38.0, "LoLo": 25.0}
        )
        for name, limit, high, priority in (("Hi", 8.8, True, 150), ("Lo", 7.1, False, 330)):
            texts = AlarmTexts(
                f"SteamPressure.{name}", name.upper(), f"Steam pressure {'high' if high else 'low'}", priority
            )
            plant.alarm(boiler, self.pressure, texts, limit=limit, high=high, deadband=0.1)
        self.gas = ControlValve(plant, "PCV920", area, position=50.0)
        self.water = ControlValve(plant, "LCV921", area, position=50.0)
        self.pump = Pump(plant, "Pump921", area, capacity=12.0, speed=90.0, description="Feedwater pump")
        OnOffValve(plant, "XV921", area, is_open=True)
        Loop(
            plant,
            "PIC920",
            area,
            lambda: self.bar,
            self.gas.demand,
            setpoint=8.0,
            span=Range(0.0, 12.0, "bar"),
            tuning=Tuning(14.0, 40.0),
            noise=0.004,
            description="Steam pressure",
        )
        Loop(
            plant,
            "LIC921",
            area,
            lambda: self.drum,
            self.water.demand,
            setpoint=50.0,
            span=Range(0.0, 100.0, "%"),
            tuning=Tuning(2.5, 80.0),
            noise=0.05,
            description="Drum level",
        )
        self._draw = Wander(plant.dice("Steam"), 0.35, 0.25, 340.0)
        Measurement(
            plant,
            "AI922",
            area,
            Wander(plant.dice("Steam.o2"), 3.1, 1.1, 420.0).move,
            Range(0.0, 21.0, "%"),
            description="Flue gas oxygen",
            noise=0.03,
            limits=(2.05, 4.3),
        )
        Measurement(
            plant,
            "TI923",
            area,
            lambda s, t: 150.0 + 60.0 * self.gas.opening,
            Range(0.0, 300.0, "degC"),
            description="Flue gas temperature",
            noise=0.3,
        )
        Measurement(
            plant,
            "AI924",
            area,
            Wander(plant.dice("Steam.si"), 12.0, 2.0, 900.0).move,
            Range(0.0, 50.0, "ppb"),
            description="Silica, analyser out of service",
            noise=0.1,
            period=10.0,
            quality=Quality.OUT_OF_SERVICE,
        )
        plant.schedule(self, 1.0)

    def header(self) -> float:
        """The header's pressure, 1.0 as designed."""
        return self.bar / 8.0

    def step(self, seconds: float, now: float) -> None:
        """Balances heat and water."""
        draw = sum(valve.opening for valve in self.consumers) / max(1, len(self.consumers))
        draw = 5.0 * draw + 4.0 * self._draw.move(seconds, now)
        made = 8.4 * self.gas.opening
        self.bar = max(0.0, self.bar + (made - draw) * seconds * 0.01)
        self.drum = max(
            0.0,
            min(100.0, self.drum + (self.pump.delivery(self.water.opening) * 0.74 - draw) * seconds * 0.05),
        )
        self.pressure.measure(self.bar, now)
        self.level.measure(self.drum, now)
        self.flow.measure(draw, now)
        self.pump.flow.measure(self.pump.delivery(self.water.opening), now)


class InstrumentAir:
    """Two compressors load and unload between two pressures of the receiver."""

    def __init__(self, plant: Plant, utilities: PlantObject) -> None:
        self.area = area = sub_area(plant, utilities, "InstrumentAir", "Instrument air")
        receiver = plant.make("Receiver901", "$Receiver", area, description="Air receiver")
        self.pressure = receiver.analog(
            "Pressure", 6.8, "bar", "Air pressure", digits=3, deadband=0.004, historized=True
        )
        self.cut_in = receiver.analog("CutIn", 6.3, "bar", classification=Classification.TUNE)
        self.cut_out = receiver.analog("CutOut", 7.4, "bar", classification=Classification.TUNE)
        texts = AlarmTexts("Pressure.Lo", "LO", "Instrument air pressure low", 60)
        plant.alarm(receiver, self.pressure, texts, limit=6.22, high=False, deadband=0.1)
        self.units = [self._compressor(plant, n) for n in (1, 2)]
        self._demand = Wander(plant.dice("InstrumentAir"), 1.0, 0.3, 180.0)
        Measurement(
            plant,
            "AI931",
            area,
            Wander(plant.dice("InstrumentAir.dew"), -38.0, 6.0, 600.0).move,
            Range(-80.0, 20.0, "degC"),
            description="Air dew point",
            noise=0.1,
            limits=(-75.0, -33.5),
            period=5.0,
            priority=520,
        )
        Measurement(
            plant,
            "TI932",
            area,
            Wander(plant.dice("InstrumentAir.oil"), 82.0, 5.0, 500.0).move,
            Range(0.0, 150.0, "degC"),
            description="Compressor oil temperature",
            noise=0.1,
        )
        self._air = 6.8
        plant.schedule(self, 1.0)

    def _compressor(self, plant: Plant, n: int) -> tuple[PlantObject, Motor]:
        made = plant.make(f"Compressor90{n}", "$Compressor", self.area, description=f"Air compressor {n}")
        made.switch("Loaded", False, historized=True)
        made.switch("Running", n == 1, Classification.OPERATE)
        made.choice("Duty", "Lead" if n == 1 else "Standby", ("Lead", "Lag", "Standby"))
        made.analog("OilPressure", 3.4, "bar", data_type=DataType.FLOAT)
        return made, Motor(plant, made, f"93{n}", 75.0)

    def step(self, seconds: float, now: float) -> None:
        """Loads, unloads and integrates the receiver's pressure."""
        lead, motor = self.units[0]
        loaded, running = lead.attributes["Loaded"], bool(lead.attributes["Running"].value)
        if self._air <= self.cut_in.number:
            loaded.set(running, now)
        elif self._air >= self.cut_out.number or not running:
            loaded.set(False, now)
        made = 0.045 if loaded.value else 0.0
        self._air = max(0.0, self._air + (made - 0.02 * self._demand.move(seconds, now)) * seconds)
        self.pressure.measure(self._air, now)
        motor.step((0.9 if loaded.value else 0.4) if running else 0.0, 0.0, seconds, now)
