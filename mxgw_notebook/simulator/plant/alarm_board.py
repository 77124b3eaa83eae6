"""Every alarm of the plant by reference, and who is told of a transition."""

from __future__ import annotations

from mxgw_notebook.simulator.plant.alarm import Alarm
from mxgw_notebook.simulator.plant.alarm_state import AnyAlarm, Listener, Transition


class AlarmBoard:
    """The plant's alarms. Listeners are told of each transition, in order.

    `evaluated` are those that a value raises; others may be moved by whoever made them.
    """

    def __init__(self) -> None:
        self.alarms: dict[str, AnyAlarm] = {}
        self.evaluated: list[Alarm] = []
        self.listeners: list[Listener] = []
        self._by_source: dict[str, AnyAlarm] = {}

    def add(self, alarm: Alarm) -> Alarm:
        """Takes an alarm that the board is to evaluate."""
        self.evaluated.append(alarm)
        self.take(alarm)
        return alarm

    def take(self, alarm: AnyAlarm) -> None:
        """Takes an alarm that somebody else moves."""
        alarm.listener = self._tell
        self.alarms[alarm.reference] = alarm
        self._by_source[alarm.source_reference] = alarm

    def present(self, prefix: str = "") -> list[AnyAlarm]:
        """What an operator sees: alarms that stand, and those that went unacknowledged; oldest first.

        Those that are out of service nobody is shown.
        """
        shown = (alarm for alarm in self.alarms.values() if alarm.state.present and not alarm.hidden)
        seen = [alarm for alarm in shown if alarm.reference.startswith(prefix)]
        return sorted(seen, key=lambda alarm: alarm.state.raised)

    def find(self, name: str) -> AnyAlarm | None:
        """By full reference, or by what stands after the galaxy's and the area's name."""
        return self.alarms.get(name) or self._by_source.get(name)

    def evaluate(self, now: float) -> None:
        """Raises and clears what is due."""
        for alarm in self.evaluated:
            alarm.evaluate(now)

    def _tell(self, alarm: AnyAlarm, transition: Transition) -> None:
        # An acknowledge has somebody who asked for it, and waits for it.
        if alarm.hidden and transition is not Transition.ACKNOWLEDGE:
            return
        for listener in tuple(self.listeners):
            listener(alarm, transition)
