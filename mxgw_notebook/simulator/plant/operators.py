"""The control room: operators look at the alarms now and then and acknowledge some."""

from __future__ import annotations

from mxgw_notebook.simulator.plant.alarm import Alarm
from mxgw_notebook.simulator.plant.plant import Plant

PEOPLE = ("m.weber", "a.novak", "j.okafor", "s.lind")
REMARKS = (
    "seen",
    "field operator informed",
    "known, work order open",
    "checking on site",
    "watching the trend",
    "maintenance called",
)
LOOK = 5.0  # s between two looks
PATIENCE = (90.0, 900.0)  # s from the transition to the acknowledgement


class Operators:
    """Acknowledges each alarm once its turn has come; nobody else's acknowledgement is touched.

    `ignored` are alarms that nobody looks at.
    """

    def __init__(self, plant: Plant) -> None:
        self._board = plant.board
        self._dice = plant.dice("Operators")
        self.ignored: set[Alarm] = set()
        self._due: dict[Alarm, tuple[float, float]] = {}
        plant.schedule(self, LOOK)

    def step(self, seconds: float, now: float) -> None:
        """Acknowledges what is due."""
        for alarm in self._board.evaluated:
            if alarm.state.acked or alarm in self.ignored:
                continue
            raised, due = self._due.get(alarm, (0.0, 0.0))
            if raised != alarm.state.raised:
                due = now + self._dice.uniform(*PATIENCE)
                self._due[alarm] = (alarm.state.raised, due)
            elif now >= due:
                self.acknowledge(alarm, now)

    def acknowledge(self, alarm: Alarm, now: float) -> None:
        """One operator acknowledges, with a remark."""
        alarm.acknowledge(self._dice.choice(REMARKS), self._dice.choice(PEOPLE), now)


class AlarmScan:
    """Evaluates every alarm once a second."""

    def __init__(self, plant: Plant) -> None:
        self._board = plant.board
        plant.schedule(self, 1.0)

    def step(self, seconds: float, now: float) -> None:
        """Raises and clears what is due."""
        self._board.evaluate(now)
