"""Alarms of a catalogue's objects: thousands that stand, and a few that change every second."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from mxgw_notebook.simulator.catalogue.catalogue import Catalogue, CatalogueObject
from mxgw_notebook.simulator.catalogue.signal import phase
from mxgw_notebook.simulator.plant import (
    AlarmBoard,
    AlarmState,
    AnyAlarm,
    DataType,
    Listener,
    Listing,
    Traits,
    Transition,
    Value,
)

_NUMBER = Traits(DataType.DOUBLE)
_HOURS = 12.0  # how far back the oldest of the standing alarms goes
_TURNOVER = 1_800.0  # s in which as many alarms change as there are


def _nobody(alarm: AnyAlarm, transition: Transition) -> None:
    """Listens before the board does."""


class CatalogueAlarm:
    """One alarm of an object in the catalogue; nothing evaluates it, the turnover moves it."""

    __slots__ = ("_own", "listener", "listing", "owner", "state")
    hidden = False

    def __init__(self, owner: CatalogueObject, listing: Listing, own: int) -> None:
        self.owner = owner
        self.listing = listing
        self.state = AlarmState()
        self.listener: Listener = _nobody
        self._own = own

    @property
    def area(self) -> str:
        """The area it belongs to."""
        return self.owner.area

    @property
    def source_reference(self) -> str:
        """Object and attribute."""
        return f"{self.owner.tag_name}.{self.listing.name}"

    @property
    def reference(self) -> str:
        """What the alarm is called in the whole galaxy."""
        return f"Galaxy!{self.area}.{self.source_reference}"

    @property
    def type_name(self) -> str:
        """HI or LO."""
        return self.listing.name.rpartition(".")[2].upper()

    @property
    def description(self) -> str:
        """In words."""
        return f"{self.listing.name.partition('.')[0]} {'high' if self.type_name == 'HI' else 'low'}"

    @property
    def severity(self) -> int:
        """1 to 999, most of them of little weight."""
        return (150, 350, 500, 500, 700, 700, 850)[self._own % 7]

    @property
    def current(self) -> tuple[Value, Traits]:
        """The value that raised it."""
        return 50.0 + (self._own % 500) / 10.0, _NUMBER

    @property
    def limit_number(self) -> float | None:
        """The limit that was crossed."""
        return 45.0

    def trip(self, now: float) -> None:
        """Raises it, or triggers it again."""
        again = not self.state.acked
        raised = self.state.raised if again else now
        self.state = AlarmState(in_alarm=True, acked=False, raised=raised, changed=now)
        self._tell(Transition.RETRIGGER if again else Transition.RAISE)

    def clear(self, now: float) -> None:
        """The value is back."""
        self.state = replace(self.state, in_alarm=False, cleared=now, changed=now)
        self._tell(Transition.CLEAR)

    def acknowledge(self, comment: str, operator: str, now: float) -> bool:
        """Acknowledges it. False when there was nothing left to acknowledge."""
        if self.state.acked:
            return False
        self.state = replace(
            self.state, acked=True, acknowledged=now, changed=now, operator=operator, comment=comment[:256]
        )
        self._tell(Transition.ACKNOWLEDGE)
        return True

    def _tell(self, transition: Transition) -> None:
        self.listener(self, transition)


class Turnover:
    """Raises, acknowledges and clears now and then, so that about as many alarms stand as before."""

    def __init__(self, alarms: list[CatalogueAlarm], dice: random.Random) -> None:
        self._alarms = alarms
        self._quiet: list[CatalogueAlarm] = []  # those that were cleared
        self._dice = dice

    def step(self, seconds: float, now: float) -> None:
        """Changes what is due in these seconds."""
        expected = len(self._alarms) * seconds / _TURNOVER
        count = int(expected) + (self._dice.random() < expected % 1.0)
        for _ in range(count):
            if self._quiet and self._dice.random() < 0.4:
                self._quiet.pop(self._dice.randrange(len(self._quiet))).trip(now)
                continue
            alarm = self._dice.choice(self._alarms)
            if not alarm.state.acked and self._dice.random() < 0.4:
                alarm.acknowledge("seen", "m.weber", now)
            elif alarm.state.in_alarm:
                alarm.clear(now)
                self._quiet.append(alarm)


def _places(catalogue: Catalogue) -> Iterator[tuple[CatalogueObject, Listing]]:
    """Every alarm of the catalogue, the first of each object before the second of any."""
    most = max((len(item.shape.alarms) for item in catalogue.objects), default=0)
    for place in range(most):
        for item in catalogue.objects:
            alarms = item.shape.alarms
            if place < len(alarms):
                yield item, alarms[place]


def raise_alarms(
    catalogue: Catalogue, board: AlarmBoard, count: int, dice: random.Random, now: float
) -> list[CatalogueAlarm]:
    """Raises so many alarms at times gone by. ValueError when the galaxy has fewer alarm attributes."""
    made: list[CatalogueAlarm] = []
    for owner, listing in islice(_places(catalogue), count):
        alarm = CatalogueAlarm(owner, listing, phase(catalogue.seed, f"{owner.tag_name}.{listing.name}"))
        alarm.trip(now - dice.random() ** 2 * _HOURS * 3600.0)
        if dice.random() < 0.5:
            alarm.acknowledge("known", "a.novak", alarm.state.raised + 60.0)
        board.take(alarm)
        made.append(alarm)
    if len(made) < count:
        raise ValueError(f"The galaxy has {len(made)} alarm attributes; {count} alarms cannot stand.")
    return made
