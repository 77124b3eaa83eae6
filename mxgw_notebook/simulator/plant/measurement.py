"""An analog transmitter: range, noise, limits, and now and then a spell of doubtful or bad quality."""

from __future__ import annotations

from collections.abc import Callable

from .alarm import Alarm, AlarmTexts
from .codes import Classification, DataType, Quality
from .loop import Range
from .plant import Plant
from .plant_object import PlantObject

SPELLS = (Quality.SENSOR_FAILURE, Quality.SENSOR_NOT_ACCURATE, Quality.LAST_USABLE, Quality.COMM_FAILURE)
CALM = 4200.0  # s between the spells of one transmitter, on average


class Measurement:
    """`PV` in engineering units, `Raw` in counts of the converter."""

    def __init__(
        self,
        plant: Plant,
        tag_name: str,
        area: PlantObject,
        process: Callable[[float, float], float],
        span: Range,
        *,
        description: str,
        noise: float = 0.0,
        period: float = 2.0,
        limits: tuple[float, float] | None = None,
        priority: int = 500,
        quality: Quality = Quality.GOOD,
    ) -> None:
        self.object = made = plant.make(tag_name, "$AnalogInput", area, description=description)
        self.span, self._process, self._noise = span, process, noise
        self._width = width = span.high - span.low
        single = DataType.FLOAT
        start = min(span.high, max(span.low, process(period, plant.now)))
        self.pv = made.analog(
            "PV",
            start,
            span.unit,
            description,
            digits=3,
            deadband=width * 5e-4,
            data_type=single,
            historized=True,
        )
        self.raw = made.count("Raw", 0)
        made.analog(
            "PV.RangeLow", span.low, span.unit, classification=Classification.CONFIGURE, data_type=single
        )
        made.analog(
            "PV.RangeHigh", span.high, span.unit, classification=Classification.CONFIGURE, data_type=single
        )
        self.damping = made.analog("Damping", 1.0, "s", classification=Classification.TUNE, data_type=single)
        self.simulated = made.switch("Simulate", False, Classification.TUNE)
        low, high = limits or (span.low + 0.05 * width, span.low + 0.95 * width)
        self.alarms: dict[str, Alarm] = {}
        for name, limit, is_high in (("Hi", high, True), ("Lo", low, False)):
            texts = AlarmTexts(
                f"PV.{name}", name.upper(), f"{description} {'high' if is_high else 'low'}", priority
            )
            self.alarms[name] = plant.alarm(
                made, self.pv, texts, limit=limit, high=is_high, deadband=0.02 * width, delay=4.0
            )
        self._dice = plant.dice(tag_name)
        self._usual = quality
        self.pv.quality = quality
        self._next = plant.now + self._dice.expovariate(1.0 / CALM)
        plant.schedule(self, period)

    def step(self, seconds: float, now: float) -> None:
        """Samples the process; a failed sensor keeps its last value."""
        if now >= self._next:
            self._spell(now)
        value = self._process(seconds, now) + self._dice.gauss(0.0, self._noise)
        if self.pv.quality < Quality.LAST_USABLE or self.simulated.value:
            return
        value = min(self.span.high, max(self.span.low, value))
        self.pv.measure(value, now)
        counts = 4000 + 16000 * (self.pv.number - self.span.low) / self._width
        self.raw.set(int(counts), now)

    def _spell(self, now: float) -> None:
        if self.pv.quality == self._usual:
            self.pv.judge(self._dice.choice(SPELLS), now)
            self._next = now + self._dice.uniform(8.0, 40.0)
        else:
            self.pv.judge(self._usual, now)
            self._next = now + self._dice.expovariate(1.0 / CALM)
