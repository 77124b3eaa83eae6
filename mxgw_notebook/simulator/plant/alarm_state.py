"""How an alarm stands, what can happen to it, and what everybody asks of one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from mxgw_notebook.simulator.plant.attribute import Traits, Value
from mxgw_notebook.simulator.plant.galaxy_object import GalaxyObject, Listing


class Transition(Enum):
    """What happened to an alarm."""

    RAISE = "raise"
    ACKNOWLEDGE = "acknowledge"
    CLEAR = "clear"
    RETRIGGER = "retrigger"


@dataclass(frozen=True, slots=True)
class AlarmState:
    """How an alarm stands. Times are seconds since the epoch, 0 where it has not happened."""

    in_alarm: bool = False
    acked: bool = True
    raised: float = 0.0
    changed: float = 0.0
    cleared: float = 0.0
    acknowledged: float = 0.0
    operator: str = ""
    comment: str = ""

    @property
    def present(self) -> bool:
        """Whether an operator still sees it: in alarm, or gone but not acknowledged."""
        return self.in_alarm or not self.acked


class AnyAlarm(Protocol):
    """What the board and the feed ask of an alarm, whoever moves it."""

    state: AlarmState
    listener: Callable[[AnyAlarm, Transition], None]

    @property
    def reference(self) -> str:
        """What it is called in the whole galaxy."""

    @property
    def source_reference(self) -> str:
        """Object and attribute."""

    @property
    def area(self) -> str:
        """The area it belongs to."""

    @property
    def type_name(self) -> str:
        """HI, LOLO, DSC and the like."""

    @property
    def description(self) -> str:
        """In words."""

    @property
    def severity(self) -> int:
        """1 to 999, 1 most urgent."""

    @property
    def current(self) -> tuple[Value, Traits]:
        """The source's present value."""

    @property
    def limit_number(self) -> float | None:
        """The limit, where there is one."""

    @property
    def hidden(self) -> bool:
        """Whether it is out of service, so that nobody is shown it."""

    @property
    def owner(self) -> GalaxyObject:
        """The object."""

    @property
    def listing(self) -> Listing:
        """The alarm attribute."""

    def acknowledge(self, comment: str, operator: str, now: float) -> bool:
        """Acknowledges it. False when there was nothing left to acknowledge."""


Listener = Callable[[AnyAlarm, Transition], None]
