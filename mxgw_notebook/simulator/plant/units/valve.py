"""Valves: a control valve that follows its loop, and an open/close valve with limit switches."""

from __future__ import annotations

from mxgw_notebook.simulator.plant.alarm import AlarmTexts
from mxgw_notebook.simulator.plant.attribute import Traits
from mxgw_notebook.simulator.plant.codes import Classification, DataType
from mxgw_notebook.simulator.plant.plant import Plant
from mxgw_notebook.simulator.plant.plant_object import PlantObject
from mxgw_notebook.simulator.plant.units.stream import toward

STEP = 0.4


class ControlValve:
    """A valve that travels to its setpoint in percent, a full stroke taking `stroke` seconds."""

    def __init__(
        self, plant: Plant, tag_name: str, area: PlantObject, *, stroke: float = 8.0, position: float = 40.0
    ) -> None:
        self.object = made = plant.make(tag_name, "$ControlValve", area, description="Control valve")
        self._make_positions(position)
        made.analog("StrokeTime", stroke, "s", classification=Classification.TUNE, data_type=DataType.FLOAT)
        self.stuck = made.switch("Stuck", False)
        self._make_actuator(plant, tag_name)
        self._stroke = stroke
        self._moved = position
        texts = AlarmTexts("Stuck", "DSC", "Valve does not follow its setpoint", 350)
        self.alarm = plant.alarm(made, self.stuck, texts, delay=5.0)
        self._dice = plant.dice(f"{tag_name}.air")
        plant.schedule(self, STEP)

    def _make_positions(self, position: float) -> None:
        made, single = self.object, DataType.FLOAT
        self.demand = made.analog(
            "PositionSP",
            position,
            "%",
            digits=2,
            deadband=0.1,
            data_type=single,
            classification=Classification.OPERATE,
        )
        self.position = made.analog(
            "Position",
            position,
            "%",
            "Stem position",
            digits=2,
            deadband=0.1,
            data_type=single,
            historized=True,
        )

    def _make_actuator(self, plant: Plant, tag_name: str) -> None:
        number = tag_name.rsplit("CV", maxsplit=1)[-1]
        self.actuator = plant.make(f"Actuator_{number}", "$Actuator", self.object, contained_name="Actuator")
        self.air = self.actuator.analog(
            "SupplyPressure", 4.2, "bar", digits=2, deadband=0.02, data_type=DataType.FLOAT
        )
        self.actuator.count("Cycles", 1000 + plant.dice(tag_name).randrange(90000))

    @property
    def opening(self) -> float:
        """How far it is open, 0 to 1."""
        return self._moved / 100.0

    def step(self, seconds: float, now: float) -> None:
        """Travels toward the setpoint unless it is stuck."""
        # A stuck valve stays where it is and still tells its position: the demand beside it shows the fault.
        if not self.stuck.value:
            target = max(0.0, min(100.0, self.demand.number))
            self._moved = toward(self._moved, target, 100.0 * seconds / self._stroke)
        self.position.measure(self._moved, now)
        if self._dice.random() < 0.02:
            self.air.measure(self._dice.gauss(4.2, 0.05), now)


class OnOffValve:
    """A valve that opens and closes, with a switch at either end."""

    def __init__(
        self, plant: Plant, tag_name: str, area: PlantObject, *, stroke: float = 4.0, is_open: bool = False
    ) -> None:
        self.object = made = plant.make(tag_name, "$OnOffValve", area, description="Shut-off valve")
        self.command = made.switch("OpenCmd", is_open, Classification.OPERATE)
        self.opened = made.switch("Opened", is_open, historized=True)
        self.closed = made.switch("Closed", not is_open)
        self.state = made.choice(
            "State",
            "Open" if is_open else "Closed",
            ("Closed", "Travelling", "Open"),
            Classification.VIEW_ONLY,
        )
        self.fault = made.switch("TravelFault", False)
        made.add("InterlockBypass", False, Traits(DataType.BOOLEAN, Classification.SECURED_WRITE))
        plant.alarm(
            made, self.fault, AlarmTexts("TravelFault", "DSC", "Valve travels too long", 300), delay=1.0
        )
        self._stroke = stroke
        self._moved = 1.0 if is_open else 0.0
        self._travelling = 0.0
        plant.schedule(self, STEP)

    @property
    def opening(self) -> float:
        """How far it is open, 0 to 1."""
        return self._moved

    def step(self, seconds: float, now: float) -> None:
        """Travels to the commanded end."""
        target = 1.0 if self.command.value else 0.0
        # At rest nothing can change, and a plant's valves are stepped five times in two seconds.
        if self._moved == target and self._travelling == 0.0:
            return
        self._moved = toward(self._moved, target, seconds / self._stroke)
        arrived = self._moved == target
        self._travelling = 0.0 if arrived else self._travelling + seconds
        self.opened.set(self._moved == 1.0, now)
        self.closed.set(self._moved == 0.0, now)
        self.state.set(("Closed" if target == 0.0 else "Open") if arrived else "Travelling", now)
        self.fault.set(self._travelling > 2.5 * self._stroke, now)
