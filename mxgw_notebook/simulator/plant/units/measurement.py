"""An analog transmitter: range, noise, limits, and now and then a spell of doubtful or bad quality.

Its samples carry the transmitter's own time: some fractions of a second old, and now and then one comes late,
after younger ones.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from mxgw_notebook.simulator.plant.alarm import Alarm, AlarmTexts
from mxgw_notebook.simulator.plant.attribute import Attribute
from mxgw_notebook.simulator.plant.codes import Classification, DataType, Quality
from mxgw_notebook.simulator.plant.plant import Plant
from mxgw_notebook.simulator.plant.plant_object import PlantObject
from mxgw_notebook.simulator.plant.units.stream import Range

SPELLS = (
    Quality.SENSOR_FAILURE,
    Quality.SENSOR_NOT_ACCURATE,
    Quality.LAST_USABLE,
    Quality.COMM_FAILURE,
    Quality.LAST_KNOWN,
    Quality.UNITS_EXCEEDED,
    Quality.SUB_NORMAL,
    Quality.DEVICE_FAILURE,
)
CALM = 4200.0  # s between the spells of one transmitter, on average
LATE = 900.0  # s between samples that come late, on average
BEHIND = (2.0, 8.0)  # s by which they do
JITTER = 0.4  # of the period, by which a sample is older than its arrival at most

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
        self._make_attributes(
            min(self.span.high, max(self.span.low, process(setting.period, plant.now))), setting
        )
        self.alarms = self._limits(plant, setting)
        self._dice = plant.dice(tag_name)
        self._next = plant.now + self._dice.expovariate(1.0 / CALM)
        self._dawdler: tuple[float, float, float] | None = None  # due, its own time, its value
        self._next_late = plant.now + self._dice.expovariate(1.0 / LATE)
        self._frozen = self._held = False
        plant.schedule(self, setting.period)

    def _make_attributes(self, start: float, setting: Transmitter) -> None:
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
        if now >= self._next and not self._held:
            self._spell(now)
        value = self._process(seconds, now) + self._dice.gauss(0.0, self._noise)
        jitter = self._dice.random() * JITTER * seconds
        if self.simulated.value:
            self.pv.judge(Quality.LOCAL_OVERRIDE, now)
        if self.simulated.value or self._frozen or self.pv.quality < Quality.LAST_USABLE:
            return
        if self.pv.quality == Quality.LOCAL_OVERRIDE:
            self.pv.judge(self._usual, now)
        self._sample(min(self.span.high, max(self.span.low, value)), now - jitter, now)

    def _sample(self, value: float, taken: float, now: float) -> None:
        """Shows a sample by the time it was taken; one that dawdles arrives among younger ones."""
        if now >= self._next_late:
            self._next_late = now + self._dice.expovariate(1.0 / LATE)
            self._dawdler = (now + self._dice.uniform(*BEHIND), taken, value)
            return
        if self._dawdler is not None and now >= self._dawdler[0]:
            _, taken, value = self._dawdler
            self._dawdler = None
        self.pv.measure(value, taken)
        self.raw.set(int(4000 + 16000 * (self.pv.number - self.span.low) / self.span.width), now)

    def _spell(self, now: float) -> None:
        if self.pv.quality == self._usual:
            quality = self._dice.choice(SPELLS)
            self.pv.judge(quality, now)
            if quality is Quality.DEVICE_FAILURE:
                self.pv.put(math.nan, now)  # what a broken device sends: no number
            self._next = now + self._dice.uniform(8.0, 40.0)
        else:
            self.settle(now)
            self._next = now + self._dice.expovariate(1.0 / CALM)

    def freeze(self) -> None:
        """The value stands from now on, of good quality all the same."""
        self._frozen = True

    def doubt(self, now: float) -> None:
        """A frozen value is found out: last usable."""
        self.hold(Quality.LAST_USABLE, now)

    def hold(self, quality: Quality, now: float) -> None:
        """Stays at a quality until it is woken."""
        self._held = True
        self.pv.judge(quality, now)

    def wake(self, now: float) -> None:
        """The first values come, and are not to be relied on yet."""
        self.pv.judge(Quality.SENSOR_NOT_ACCURATE, now)

    def settle(self, now: float) -> None:
        """Back to its usual quality."""
        self._held = self._frozen = False
        if math.isnan(self.pv.number):
            self.pv.put(self.span.at(0.5), now)
        self.pv.judge(self._usual, now)


STEP = 1.0
HEIGHT, HYSTERESIS = 90.0, 2.0  # %
PACE = (3.0, 11.0)  # s between two changes of a switch that chatters


class LevelSwitch:
    """`PV` is true above the height. `chatters` makes it change without a reason."""

    def __init__(self, plant: Plant, tag_name: str, area: PlantObject, level: Attribute) -> None:
        self.object = made = plant.make(tag_name, "$DiscreteInput", area, description="Level switch high")
        self.chatters = False
        self.level = level
        self.pv = made.switch("PV", level.number > HEIGHT, historized=True)
        texts = AlarmTexts("PV.Dsc", "DSC", "Level switch high", 260)
        self.alarm = plant.alarm(made, self.pv, texts, delay=0.0)
        self._dice = plant.dice(tag_name)
        self._next = 0.0
        plant.schedule(self, STEP)

    def step(self, seconds: float, now: float) -> None:
        """Follows the level, or its worn contact."""
        if not self.chatters:
            height = HEIGHT - HYSTERESIS if self.pv.value else HEIGHT
            self.pv.set(self.level.number > height, now)
        elif now >= self._next:
            self._next = now + self._dice.uniform(*PACE)
            self.pv.set(not self.pv.value, now)
