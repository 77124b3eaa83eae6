"""A PID loop that really controls: it samples a process value and moves a valve or a drive."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mxgw_notebook.simulator.plant.alarm import AlarmTexts
from mxgw_notebook.simulator.plant.attribute import Attribute
from mxgw_notebook.simulator.plant.codes import Classification
from mxgw_notebook.simulator.plant.plant import Plant
from mxgw_notebook.simulator.plant.plant_object import PlantObject
from mxgw_notebook.simulator.plant.units.stream import Range

MODES = ("Manual", "Auto", "Cascade")
HANDS_OFF = 900.0  # seconds for which the plant's own programme leaves a setpoint alone that somebody wrote


@dataclass(frozen=True, slots=True)
class Tuning:
    """Gain in output percent a unit of the process value, integral and derivative times in seconds."""

    gain: float
    integral: float
    derivative: float = 0.0


@dataclass(frozen=True, slots=True)
class Controlled:
    """What a loop controls: the standard deviation of its noise, and setpoints its programme chooses from."""

    description: str
    span: Range
    setpoint: float
    tuning: Tuning
    noise: float
    period: float = 1.0
    swings: tuple[float, ...] = ()


class Loop:
    """`PV`, `SP`, `CV` in percent and `Mode`; the gain's sign says which way it acts."""

    def __init__(
        self,
        plant: Plant,
        tag_name: str,
        area: PlantObject,
        process: Callable[[], float],
        actuator: Attribute,
        setting: Controlled,
    ) -> None:
        self.object = plant.make(tag_name, "$PIDLoop", area, description=setting.description)
        self.span, self.process, self.actuator = setting.span, process, actuator
        self._make_attributes(setting)
        self._make_settings(setting.tuning)
        self._noise, self._swings = setting.noise, setting.swings
        self._dice = plant.dice(tag_name)
        self._next_swing = plant.now + self._dice.uniform(20.0, 120.0)
        self._last, self._output, self._error = self.pv.number, actuator.number, 0.0
        self._make_alarms(plant, self.span.width)
        plant.schedule(self, setting.period)

    def _make_attributes(self, setting: Controlled) -> None:
        made, unit, what, operate = self.object, self.span.unit, setting.description, Classification.OPERATE
        self.pv = made.analog(
            "PV", self.process(), unit, f"{what}, measured", deadband=self.span.width * 8e-4, historized=True
        )
        self.sp = made.analog(
            "SP", setting.setpoint, unit, f"{what}, wanted", classification=operate, historized=True
        )
        self.cv = made.analog(
            "CV",
            self.actuator.number,
            "%",
            "Output",
            digits=2,
            deadband=0.1,
            classification=operate,
            historized=True,
        )
        self.mode = made.choice("Mode", "Auto", MODES)

    def _make_settings(self, tuning: Tuning) -> None:
        made, span, tune = self.object, self.span, Classification.TUNE
        self.gain = made.analog("Kp", tuning.gain, f"%/{span.unit}", classification=tune)
        self.integral = made.analog("Ti", tuning.integral, "s", classification=tune)
        self.derivative = made.analog("Td", tuning.derivative, "s", classification=tune)
        for name, value in (("PV.RangeLow", span.low), ("PV.RangeHigh", span.high)):
            made.analog(name, value, span.unit, classification=Classification.CONFIGURE)

    def _make_alarms(self, plant: Plant, width: float) -> None:
        made = self.object
        for name, part, high, priority in (("Hi", 0.9, True, 300), ("Lo", 0.1, False, 320)):
            texts = AlarmTexts(
                f"PV.{name}", name.upper(), f"Process value {'high' if high else 'low'}", priority
            )
            limit = self.span.low + part * width
            plant.alarm(made, self.pv, texts, limit=limit, high=high, deadband=0.01 * width, delay=3.0)
        self.deviation = made.analog("Deviation", 0.0, self.span.unit, digits=2, deadband=width * 1e-3)
        texts = AlarmTexts("Deviation.Major", "MAJDEV", "Process value far from its setpoint", 500)
        self.deviation_alarm = plant.alarm(
            made, self.deviation, texts, limit=0.15 * width, deadband=0.03 * width, delay=5.0
        )

    def step(self, seconds: float, now: float) -> None:
        """Samples, moves the setpoint's programme on and works out the output."""
        value = self.process() + self._dice.gauss(0.0, self._noise)
        self.pv.measure(value, now)
        if self._swings and now >= self._next_swing:
            self._swing(now)
        self.deviation.measure(abs(value - self.sp.number), now)
        if self.mode.value == "Manual":
            self._output = self.cv.number
        else:
            self._control(value, seconds)
            self.cv.measure(self._output, now)
        self._last = value
        if self.actuator is not self.cv:
            self.actuator.measure(self._output, now)

    def _control(self, value: float, seconds: float) -> None:
        """Velocity form: it winds nothing up at the ends and changes from Manual without a bump."""
        error = self.sp.number - value
        gain = self.gain.number
        change = gain * (error - self._error) + gain * error * seconds / max(self.integral.number, 0.1)
        change -= gain * self.derivative.number * (value - self._last) / seconds * 0.1
        self._error = error
        self._output = max(0.0, min(100.0, self._output + change))

    def _swing(self, now: float) -> None:
        self._next_swing = now + self._dice.uniform(60.0, 180.0)
        if now - self.sp.written > HANDS_OFF:
            self.sp.set(self._dice.choice(self._swings), now)
