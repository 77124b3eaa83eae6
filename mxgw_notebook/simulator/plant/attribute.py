"""One attribute of an object: its present value, quality and time, and what the galaxy says about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mxgw_notebook.simulator.plant.codes import Classification, DataType, Quality

Scalar = bool | int | float | str
# Nothing at all is what a tape may have of a plant; this one's equipment knows no such thing.
Value = Scalar | None | list[bool] | list[int] | list[float] | list[str]
Writer = Callable[[Value, float, str], None]


class Stamp(float):
    """A time, seconds since the epoch, that was given to the nanosecond and is told so."""

    __slots__ = ("ns",)

    def __new__(cls, ns: int) -> Stamp:
        """Of nanoseconds since the epoch."""
        made = super().__new__(cls, ns / 1e9)
        made.ns = ns
        return made

    ns: int


class Int64(int):
    """An integer that travels in 64 bits, whatever it is."""


@dataclass(frozen=True, slots=True)
class Traits:
    """What an attribute is told at its making and keeps for life."""

    data_type: DataType
    classification: Classification = Classification.VIEW_ONLY
    historized: bool = False
    is_alarm: bool = False
    is_array: bool = False
    digits: int = 3
    deadband: float = 0.0
    listed: bool = True
    names: tuple[str, ...] = ()  # of an enumeration's members, in order
    factor: float = 1.0  # by which what is told of a number is wrong


class Journal:
    """Collects the watched attributes that changed since the last `take`, in order and each once."""

    def __init__(self) -> None:
        self._changed: dict[Attribute, None] = {}

    def note(self, attribute: Attribute) -> None:
        """Remembers a change."""
        self._changed[attribute] = None

    def take(self) -> Sequence[Attribute]:
        """What changed, and forgets it."""
        if not self._changed:
            return ()
        changed = list(self._changed)
        self._changed.clear()
        return changed


class Attribute:
    """A named value of an object. Times are seconds since the epoch, in plant time.

    `exact` is a measured number before it was rounded and held by the deadband: physics goes on from there.

    `watchers` counts who advised it; only a watched attribute leaves its changes in the journal.
    """

    __slots__ = (
        "__weakref__",
        "exact",
        "journal",
        "name",
        "owner",
        "quality",
        "time",
        "traits",
        "value",
        "watchers",
        "writer",
        "written",
    )

    def __init__(self, owner: str, name: str, value: Value, traits: Traits, journal: Journal) -> None:
        self.owner = owner
        self.name = name
        self.value = value
        self.exact = float(value) if isinstance(value, int | float) else 0.0
        self.traits = traits
        self.journal = journal
        self.quality: int = Quality.GOOD
        self.time = 0.0
        self.watchers = 0
        self.writer: Writer | None = None
        self.written = float("-inf")  # when somebody outside the plant last wrote it

    def watch(self) -> None:
        """One more session advised it."""
        self.watchers += 1

    def unwatch(self) -> None:
        """One session less advises it."""
        self.watchers -= 1

    @property
    def reference(self) -> str:
        """The tag: what reads it at run time."""
        return f"{self.owner}.{self.name}"

    @property
    def number(self) -> float:
        """The value as a number, for arithmetic."""
        value = self.value
        if type(value) is float:
            return value
        return float(value) if isinstance(value, int) else 0.0

    def measure(self, value: float, now: float) -> None:
        """Takes a new measured number; a change within the deadband is none."""
        old, traits = self.value, self.traits
        if type(old) is not float or abs(value - old) > traits.deadband:
            rounded = round(value, traits.digits)
            if rounded != old:
                self.put(rounded, now)
        self.exact = value

    def set(self, value: Value, now: float) -> None:
        """Takes a new value; the same value again is no change."""
        if value != self.value:
            self.put(value, now)

    def put(self, value: Value, now: float) -> None:
        """Takes a value unconditionally."""
        self.value = value
        if isinstance(value, int | float):
            self.exact = float(value)
        self.time = now
        if self.watchers:
            self.journal.note(self)

    def judge(self, quality: int, now: float) -> None:
        """Takes a new quality for the present value."""
        if quality != self.quality:
            self.quality = quality
            self.time = now
            if self.watchers:
                self.journal.note(self)

    def write(self, value: Value, now: float, user: str) -> None:
        """A write from outside the plant."""
        self.written = now
        if self.writer is not None:
            self.writer(value, now, user)
        else:
            self.put(value, now)
