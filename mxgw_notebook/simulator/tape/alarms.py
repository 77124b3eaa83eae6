"""The alarms of a tape: each stands as its last transition left it, and tells the next when that is due."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from mxgw_notebook.simulator.plant import (
    AlarmBoard,
    AlarmState,
    AnyAlarm,
    DataType,
    GalaxyObject,
    Listener,
    Listing,
    Stamp,
    Traits,
    Transition,
    Value,
)

_KINDS = {
    "RAISE": Transition.RAISE,
    "ACKNOWLEDGE": Transition.ACKNOWLEDGE,
    "CLEAR": Transition.CLEAR,
    "RETRIGGER": Transition.RETRIGGER,
}
_CONDITION = Traits(DataType.BOOLEAN, is_alarm=True)
_NUMBER = Traits(DataType.DOUBLE)
Told = dict[str, Any]


def _nobody(alarm: AnyAlarm, transition: Transition) -> None:
    """Listens before the board does."""


class TapeAlarm:
    """One alarm, by the transition of it that was told last."""

    hidden = False

    def __init__(self, told: Told, owner: GalaxyObject) -> None:
        self.owner = owner
        self.listener: Listener = _nobody
        self.state = AlarmState()
        self._told = told

    def begin(self) -> None:
        """As it was before any transition."""
        self.state = AlarmState()

    def show(self, told: Told) -> None:
        """Stands as a transition leaves it."""
        self._told = told
        now, kind = Stamp(told["time_ns"] or 0), _KINDS[told["transition"]]
        if kind in (Transition.RAISE, Transition.RETRIGGER):
            raised = Stamp(told["raised_ns"] or told["time_ns"] or 0)
            self.state = AlarmState(in_alarm=True, acked=False, raised=raised, changed=now)
        elif kind is Transition.CLEAR:
            self.state = replace(self.state, in_alarm=False, cleared=now, changed=now)
        else:
            self.state = replace(
                self.state, acked=True, acknowledged=now, changed=now,
                operator=told["operator"] or "", comment=told["comment"] or "",
            )  # fmt: skip

    def tell(self, told: Told) -> None:
        """Shows a transition, and has everybody hear of it."""
        self.show(told)
        self.listener(self, _KINDS[told["transition"]])

    @property
    def reference(self) -> str:
        """What it is called in the whole galaxy."""
        return str(self._told["reference"])

    @property
    def source_reference(self) -> str:
        """Object and attribute."""
        return str(self._told["tag"] or "")

    @property
    def area(self) -> str:
        """The area it belongs to."""
        return str(self._told["area"] or "")

    @property
    def type_name(self) -> str:
        """HI, LOLO, DSC and the like."""
        return str(self._told["alarm_type"] or "")

    @property
    def description(self) -> str:
        """In words."""
        return str(self._told["description"] or "")

    @property
    def severity(self) -> int:
        """As it was told."""
        return int(self._told["severity"] or 0)

    @property
    def current(self) -> tuple[Value, Traits]:
        """The value that came with the transition."""
        return value_told(self._told["value"])

    @property
    def limit_number(self) -> float | None:
        """The limit, where there is one."""
        value, _ = value_told(self._told["limit"])
        return float(value) if isinstance(value, int | float) and self._told["limit"] else None

    @property
    def listing(self) -> Listing:
        """The alarm attribute."""
        return Listing(self.source_reference.partition(".")[2], _CONDITION)

    def acknowledge(self, comment: str, operator: str, now: float) -> bool:
        """What has happened stays as it was."""
        return False


class TapeAlarms:
    """Every alarm of a tape; `play` tells what is due."""

    def __init__(self, told: Sequence[Told], board: AlarmBoard, owner: GalaxyObject) -> None:
        self._told = in_time([one for one in told if one["transition"] in _KINDS])
        self._next = 0
        self._alarms: dict[str, TapeAlarm] = {}
        for _, one in self._told:
            if one["reference"] not in self._alarms:
                alarm = self._alarms[one["reference"]] = TapeAlarm(one, owner)
                board.take(alarm)

    def play(self, time_ns: int) -> None:
        """Tells every transition up to a time."""
        while self._next < len(self._told) and self._told[self._next][0] <= time_ns:
            _, one = self._told[self._next]
            self._alarms[one["reference"]].tell(one)
            self._next += 1

    def seek(self, time_ns: int) -> None:
        """Stands as at a time. Whoever follows hears of what is different then, not of the way there."""
        before = {alarm: alarm.state for alarm in self._alarms.values()}
        for alarm in self._alarms.values():
            alarm.begin()
        self._next = 0
        while self._next < len(self._told) and self._told[self._next][0] <= time_ns:
            _, one = self._told[self._next]
            self._alarms[one["reference"]].show(one)
            self._next += 1
        for alarm, state in before.items():
            tell_difference(alarm, state)


def tell_difference(alarm: TapeAlarm, before: AlarmState) -> None:
    """Tells the transitions that lead from one state to the present one."""
    now = alarm.state
    if (now.in_alarm, now.acked, now.raised) == (before.in_alarm, before.acked, before.raised):
        return
    told = []
    if now.present and (not before.present or now.raised != before.raised or before.acked > now.acked):
        told.append(Transition.RAISE)
    if now.acked and (told or not before.acked):
        told.append(Transition.ACKNOWLEDGE)
    if not now.in_alarm and (told or before.in_alarm):
        told.append(Transition.CLEAR)
    for one in told:
        alarm.listener(alarm, one)


def in_time(told: Sequence[Told]) -> list[tuple[int, Told]]:
    """Each with when it is told: one whose time is not known, right after the one before it."""
    found, latest = [], 0
    for one in told:
        latest = max(latest, one["time_ns"] or 0)
        found.append((one["time_ns"] or latest, one))
    return sorted(found, key=lambda pair: pair[0])


def value_told(text: str | None) -> tuple[Value, Traits]:
    """A value that stands in JSON, and what it is."""
    value = None if text is None else json.loads(text)
    if isinstance(value, bool):
        return value, _CONDITION
    if isinstance(value, int | float):
        return float(value), _NUMBER
    return (value if isinstance(value, str) else text or ""), Traits(DataType.STRING)
