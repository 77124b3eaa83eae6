"""An analog transmitter: range, noise, limits, and now and then a spell of doubtful or bad quality."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .alarm import Alarm, AlarmTexts
from .codes import Classification, DataType, Quality
from .plant import Plant
from .plant_object import PlantObject
from .stream import Range

SPELLS = (Quality.SENSOR_FAILURE, Quality.SENSOR_NOT_ACCURATE, Quality.LAST_USABLE, Quality.COMM_FAILURE)
CALM = 4200.0  # s between the spells of one transmitter, on average

Process = Callable[[float, float], float]  # of the seconds since the last sample, and the plant time


@dataclass(frozen=True, slots=True)
class Transmitter:
    """How a transmitter is set: its noise (standard deviation), period in s, alarm limits low and high."""

    description: str
    span: Range
    noise: float = 0.0
    period: float = 2.0
    limits: tuple[float, float] | None = None
    priority: int = 500
    quality: Quality = Quality.GOOD


class Measurement:
    """`PV` in engineering units, `Raw` in counts of the converter."""

    def __init__(
        self, plant: Plant, tag_name: str, area: PlantObject, process: Process, setting: Transmitter
    ) -> None:
        self.object = plant.make(tag_name, "$AnalogInput", area, description=setting.description)
        self.span = setting.span
        self._process, self._noise, self._usual = process, setting.noise, setting.quality
        self._attributes(min(self.span.high, max(self.span.low, process(setting.period, plant.now))), setting)
        self.alarms = self._limits(plant, setting)
        self._dice = plant.dice(tag_name)
        self._next = plant.now + self._dice.expovariate(1.0 / CALM)
        plant.schedule(self, setting.period)

    def _attributes(self, start: float, setting: Transmitter) -> None:
        made, span, single = self.object, self.span, DataType.FLOAT
        self.pv = made.analog(
            "PV",
            start,
            span.unit,
            setting.description,
            deadband=span.width * 5e-4,
            data_type=single,
            historized=True,
        )
        self.pv.quality = setting.quality
        self.raw = made.count("Raw", 0)
        for name, value in (("PV.RangeLow", span.low), ("PV.RangeHigh", span.high)):
            made.analog(name, value, span.unit, classification=Classification.CONFIGURE, data_type=single)
        self.damping = made.analog("Damping", 1.0, "s", classification=Classification.TUNE, data_type=single)
        self.simulated = made.switch("Simulate", False, Classification.TUNE)

    def _limits(self, plant: Plant, setting: Transmitter) -> dict[str, Alarm]:
        low, high = setting.limits or (self.span.at(0.05), self.span.at(0.95))
        alarms, deadband = {}, 0.02 * self.span.width
        for name, limit, is_high in (("Hi", high, True), ("Lo", low, False)):
            words = f"{setting.description} {'high' if is_high else 'low'}"
            texts = AlarmTexts(f"PV.{name}", name.upper(), words, setting.priority)
            alarms[name] = plant.alarm(
                self.object, self.pv, texts, limit=limit, high=is_high, deadband=deadband, delay=4.0
            )
        return alarms

    def step(self, seconds: float, now: float) -> None:
        """Samples the process; a failed sensor keeps its last value."""
        if now >= self._next:
            self._spell(now)
        value = self._process(seconds, now) + self._dice.gauss(0.0, self._noise)
        if self.pv.quality < Quality.LAST_USABLE or self.simulated.value:
            return
        self.pv.measure(min(self.span.high, max(self.span.low, value)), now)
        self.raw.set(int(4000 + 16000 * (self.pv.number - self.span.low) / self.span.width), now)

    def _spell(self, now: float) -> None:
        if self.pv.quality == self._usual:
            self.pv.judge(self._dice.choice(SPELLS), now)
            self._next = now + self._dice.uniform(8.0, 40.0)
        else:
            self.pv.judge(self._usual, now)
            self._next = now + self._dice.expovariate(1.0 / CALM)
