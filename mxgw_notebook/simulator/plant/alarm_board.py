"""Every alarm of the plant by reference, and who is told of a transition."""

from __future__ import annotations

from .alarm import Alarm, Listener, Transition


class AlarmBoard:
    """The plant's alarms. Listeners are told of each transition, in order."""

    def __init__(self) -> None:
        self.alarms: dict[str, Alarm] = {}
        self.listeners: list[Listener] = []

    def add(self, alarm: Alarm) -> Alarm:
        """Takes an alarm onto the board."""
        alarm.listener = self._tell
        self.alarms[alarm.reference] = alarm
        return alarm

    def present(self, prefix: str = "") -> list[Alarm]:
        """What an operator sees: alarms that stand, and those that went unacknowledged; oldest first."""
        seen = [a for a in self.alarms.values() if a.state.present and a.reference.startswith(prefix)]
        return sorted(seen, key=lambda alarm: alarm.state.raised)

    def find(self, name: str) -> Alarm | None:
        """By full reference, or by what stands after the galaxy's and the area's name."""
        return self.alarms.get(name) or next(
            (alarm for alarm in self.alarms.values() if alarm.source_reference == name), None
        )

    def evaluate(self, now: float) -> None:
        """Raises and clears what is due."""
        for alarm in self.alarms.values():
            alarm.evaluate(now)

    def _tell(self, alarm: Alarm, transition: Transition) -> None:
        for listener in tuple(self.listeners):
            listener(alarm, transition)
