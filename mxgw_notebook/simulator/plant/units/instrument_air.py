"""Instrument air: compressors load and unload between two pressures of the receiver."""

from __future__ import annotations

from mxgw_notebook.simulator.plant.alarm import AlarmTexts
from mxgw_notebook.simulator.plant.codes import Category, Classification, DataType
from mxgw_notebook.simulator.plant.plant import Plant
from mxgw_notebook.simulator.plant.plant_object import PlantObject
from mxgw_notebook.simulator.plant.units.measurement import Measurement, Transmitter
from mxgw_notebook.simulator.plant.units.pump import Motor
from mxgw_notebook.simulator.plant.units.stream import Range, Wander

DEW_POINT = Transmitter("Air dew point", Range(-80.0, 20.0, "degC"), 0.1, 5.0, (-75.0, -33.5), 520)
OIL = Transmitter("Compressor oil temperature", Range(0.0, 150.0, "degC"), 0.1)


class InstrumentAir:
    """One compressor leads and one stands by."""

    def __init__(self, plant: Plant, utilities: PlantObject) -> None:
        self.area = area = plant.make(
            "InstrumentAir", "$Area", utilities, category=Category.AREA, description="Instrument air"
        )
        receiver = plant.make("Receiver901", "$Receiver", area, description="Air receiver")
        self.pressure = receiver.analog(
            "Pressure", 6.8, "bar", "Air pressure", deadband=0.004, historized=True
        )
        self.cut_in = receiver.analog("CutIn", 6.3, "bar", classification=Classification.TUNE)
        self.cut_out = receiver.analog("CutOut", 7.4, "bar", classification=Classification.TUNE)
        texts = AlarmTexts("Pressure.Lo", "LO", "Instrument air pressure low", 60)
        plant.alarm(receiver, self.pressure, texts, limit=6.22, high=False, deadband=0.1)
        self.units = [self._compressor(plant, n) for n in (1, 2)]
        self._demand = Wander(plant.dice("InstrumentAir"), 1.0, 0.3, 180.0)
        dew = Wander(plant.dice("InstrumentAir.dew"), -38.0, 6.0, 600.0)
        oil = Wander(plant.dice("InstrumentAir.oil"), 82.0, 5.0, 500.0)
        Measurement(plant, "AI931", area, dew.move, DEW_POINT)
        Measurement(plant, "TI932", area, oil.move, OIL)
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
        if self.pressure.exact <= self.cut_in.number:
            loaded.set(running, now)
        elif self.pressure.exact >= self.cut_out.number or not running:
            loaded.set(False, now)
        made = 0.045 if loaded.value else 0.0
        change = made - 0.02 * self._demand.move(seconds, now)
        self.pressure.measure(max(0.0, self.pressure.exact + change * seconds), now)
        motor.step((0.9 if loaded.value else 0.4) if running else 0.0, 0.0, seconds, now)
