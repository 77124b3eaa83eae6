"""An alarm out of service: shelved for a time, silenced, disabled or inhibited."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from mxgw_notebook.simulator.plant.attribute import Attribute, Traits, Value, Writer
from mxgw_notebook.simulator.plant.codes import Classification, DataType
from mxgw_notebook.simulator.plant.plant_object import PlantObject

ENABLE, SILENCE, DISABLE = MODES = ("Enable", "Silence", "Disable")
HOUR = 3600.0
NOT_SHELVED = 'Duration=0; Reason="";'
_COMMAND = re.compile(
    r"""\s*duration\s*=\s*(?P<hours>[\d.]+)\s*;?\s*(?:reason\s*=\s*(["'])(?P<reason>.*)\2\s*;?\s*)?""",
    re.IGNORECASE | re.DOTALL,
)


def _hidden(data_type: DataType, *, written: bool = False, names: tuple[str, ...] = ()) -> Traits:
    classification = Classification.OPERATE if written else Classification.VIEW_ONLY
    return Traits(data_type, classification, listed=False, names=names)


# What an alarm attribute carries beyond the everyday: made when first asked for, never browsed.
SELDOM: dict[str, tuple[Value, Traits]] = {
    **dict.fromkeys(
        ("AlarmShelved", "Silenced", "Suppressed", "Disabled"), (False, _hidden(DataType.BOOLEAN))
    ),
    "AlarmInhibit": (False, _hidden(DataType.BOOLEAN, written=True)),
    **dict.fromkeys(
        ("AlarmShelveReason", "AlarmSourceAttr", "AlarmGUID", "AlarmShelveNode", "AlarmShelveUser"),
        ("", _hidden(DataType.STRING)),
    ),
    "AlarmShelveCmd": (NOT_SHELVED, _hidden(DataType.STRING, written=True)),
    "AlarmMode": (ENABLE, _hidden(DataType.QUALIFIED_ENUM, names=MODES)),
    "AlarmModeCmd": (ENABLE, _hidden(DataType.QUALIFIED_ENUM, written=True, names=MODES)),
    **dict.fromkeys(("AlarmShelveStartTime", "AlarmShelveStopTime"), (0.0, _hidden(DataType.TIME))),
}


class Shelf:
    """The attributes that take one alarm out of service; `changed` is told the time of each change.

    `AlarmShelveCmd` takes `Duration=0.5; Reason="sensor changed";`, hours, of which 0 ends the shelving.
    """

    def __init__(self, owner: PlantObject, alarm: str, changed: Callable[[float], None]) -> None:
        self.attributes = {
            name: owner.add(f"{alarm}.{name}", value, traits) for name, (value, traits) in SELDOM.items()
        }
        self._changed = changed
        writers: dict[str, Writer] = {
            "AlarmShelveCmd": self._command, "AlarmModeCmd": self._mode, "AlarmInhibit": self._inhibit,
        }  # fmt: skip
        for name, writer in writers.items():
            self.attributes[name].writer = writer

    @property
    def disabled(self) -> bool:
        """Whether the alarm is not looked for at all."""
        return bool(self["Disabled"].value)

    @property
    def hides(self) -> bool:
        """Whether no operator is shown the alarm."""
        words = ("AlarmShelved", "Silenced", "Disabled", "Suppressed")
        return any(self[word].value for word in words)

    def __getitem__(self, name: str) -> Attribute:
        return self.attributes[name]

    def expire(self, now: float) -> None:
        """Ends a shelving whose time is over."""
        if self["AlarmShelved"].value and now >= self["AlarmShelveStopTime"].number:
            self.shelve(0.0, "", "", now)

    def shelve(self, hours: float, reason: str, user: str, now: float) -> None:
        """Shelves the alarm for so long; for 0 hours no longer."""
        stop = now + hours * HOUR
        news: dict[str, Value] = {
            "AlarmShelved": hours > 0,
            "AlarmShelveReason": reason,
            "AlarmShelveUser": user,
            "AlarmShelveStartTime": now if hours else 0.0,
            "AlarmShelveStopTime": stop if hours else 0.0,
        }
        for name, value in news.items():
            self[name].set(value, now)
        self._changed(now)

    def _command(self, value: Value, now: float, user: str) -> None:
        """Raises ValueError for a command that cannot be read."""
        found = _COMMAND.fullmatch(str(value))
        try:
            hours = float(found["hours"]) if found else math.nan
        except ValueError:
            hours = math.nan
        if found is None or not math.isfinite(hours):
            raise ValueError(f'{value!r} is not a command to shelve: Duration=0.5; Reason="...";')
        self["AlarmShelveCmd"].put(value, now)
        self.shelve(hours, found["reason"] or "", user, now)

    def _mode(self, value: Value, now: float, user: str) -> None:
        for name in ("AlarmModeCmd", "AlarmMode"):
            self[name].put(value, now)
        self._show(now)

    def _inhibit(self, value: Value, now: float, user: str) -> None:
        self["AlarmInhibit"].put(value, now)
        self._show(now)

    def _show(self, now: float) -> None:
        mode = self["AlarmMode"].value
        self["Silenced"].set(mode == SILENCE, now)
        self["Disabled"].set(mode == DISABLE or bool(self["AlarmInhibit"].value), now)
        self._changed(now)
