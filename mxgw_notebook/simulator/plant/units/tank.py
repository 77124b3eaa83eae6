"""A tank: its level integrates what flows in and out."""

from __future__ import annotations

from mxgw_notebook.simulator.plant.alarm import Alarm, AlarmTexts
from mxgw_notebook.simulator.plant.attribute import Attribute, Traits
from mxgw_notebook.simulator.plant.codes import Classification, DataType
from mxgw_notebook.simulator.plant.plant import Plant
from mxgw_notebook.simulator.plant.plant_object import PlantObject
from mxgw_notebook.simulator.plant.units.stream import Stream, Wander

STEP = 0.4
LIMITS = (
    ("HiHi", 92.0, True, 100),
    ("Hi", 84.0, True, 400),
    ("Lo", 20.0, False, 450),
    ("LoLo", 10.0, False, 120),
)


def level_alarms(
    plant: Plant, owner: PlantObject, level: Attribute, what: str, limits: dict[str, float] | None = None
) -> dict[str, Alarm]:
    """The four limit alarms of a level in percent."""
    made = {}
    for name, usual, high, priority in LIMITS:
        texts = AlarmTexts(f"{level.name}.{name}", name.upper(), f"{what} {words(name)}", priority)
        limit = (limits or {}).get(name, usual)
        made[name] = plant.alarm(owner, level, texts, limit=limit, high=high, deadband=1.0)
    return made


def words(name: str) -> str:
    """A limit's name in words."""
    return {"HiHi": "very high", "Hi": "high", "Lo": "low", "LoLo": "very low"}[name]


class Tank:
    """An upright tank. `inlets` and `outlets` are the streams its level in percent integrates."""

    def __init__(
        self, plant: Plant, tag_name: str, area: PlantObject, capacity: float, level: float, product: str
    ) -> None:
        self.object = made = plant.make(tag_name, "$Tank", area, description=f"{product} tank")
        self.capacity = capacity
        self.inlets: list[Stream] = []
        self.outlets: list[Stream] = []
        self.volume = capacity * level / 100.0  # m3, unrounded: the balance must not leak through rounding
        self.level = made.analog(
            "Level", level, "%", f"{product} level", deadband=0.04, digits=3, historized=True
        )
        self.volume_shown = made.analog("Volume", self.volume, "m3", digits=3, deadband=0.03)
        self.inflow = made.analog(
            "Inflow", 0.0, "m3/h", "Sum of the inlets", digits=2, deadband=0.15, historized=True
        )
        self.outflow = made.analog(
            "Outflow", 0.0, "m3/h", "Sum of the outlets", digits=2, deadband=0.15, historized=True
        )
        self.temperature = made.analog("Temperature", 28.0, "degC", digits=2, deadband=0.1)
        made.analog("Capacity", capacity, "m3", classification=Classification.CONFIGURE)
        made.text("Product", product, Classification.OPERATE)
        table = [round(capacity * part / 10.0, 2) for part in range(11)]
        made.array("StrappingTable", table, DataType.DOUBLE, Classification.CONFIGURE)
        made.add("InService", True, Traits(DataType.BOOLEAN, Classification.VERIFIED_WRITE))
        self.alarms = level_alarms(plant, made, self.level, f"{product} level")
        self._ambient = Wander(plant.dice(tag_name), 28.0, 3.0, 900.0)
        plant.schedule(self, STEP)

    def step(self, seconds: float, now: float) -> None:
        """Integrates the flows; a full tank overflows to the bund and an empty one stays empty."""
        inflow = sum(stream.flow for stream in self.inlets)
        outflow = sum(stream.flow for stream in self.outlets)
        volume = self.volume + (inflow - outflow) * seconds / 3600.0
        self.volume = max(0.0, min(self.capacity, volume))
        self.level.measure(100.0 * self.volume / self.capacity, now)
        self.volume_shown.measure(self.volume, now)
        self.inflow.measure(inflow, now)
        self.outflow.measure(outflow, now)
        self.temperature.measure(self._ambient.move(seconds, now), now)
