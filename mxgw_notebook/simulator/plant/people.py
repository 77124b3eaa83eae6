"""Who works at the plant: operators who acknowledge alarms, an engineer who deploys every few minutes."""

from __future__ import annotations

from collections.abc import Callable

from mxgw_notebook.simulator.plant.alarm import Alarm
from mxgw_notebook.simulator.plant.codes import DataType
from mxgw_notebook.simulator.plant.plant import Plant
from mxgw_notebook.simulator.plant.plant_object import PlantObject

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
DEPLOY_EVERY = (180.0, 420.0)  # s of plant time
MOST_PROBES = 6  # temporary transmitters at a time


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


class Deploys:
    """An engineer adds a transmitter, changes one or takes it away again.

    Keeps the time of the last deploy; listeners are told after each. Without areas nobody deploys.
    """

    def __init__(self, plant: Plant, areas: list[PlantObject]) -> None:
        self.time = plant.start - 7200.0
        self.listeners: list[Callable[[], None]] = []
        self._plant = plant
        self._areas = areas
        self._dice = plant.dice("Deploys")
        self._added: list[PlantObject] = []
        self._made = 0
        self._next = plant.now + self._dice.uniform(*DEPLOY_EVERY)
        if areas:
            plant.schedule(self, 1.0)

    def step(self, seconds: float, now: float) -> None:
        """Deploys when its time has come."""
        if now >= self._next:
            self._next = now + self._dice.uniform(*DEPLOY_EVERY)
            self.deploy(now)

    def deploy(self, now: float) -> None:
        """Changes the galaxy and tells the listeners."""
        if self._added and (len(self._added) >= MOST_PROBES or self._dice.random() < 0.3):
            self._plant.remove(self._added.pop(0).tag_name)
        elif self._areas:
            self._add(now)
        self.tell(now)

    def tell(self, now: float) -> None:
        """Something was deployed: tells the listeners."""
        self.time = now
        for listener in tuple(self.listeners):
            listener()

    def _add(self, now: float) -> None:
        self._made += 1
        area = self._dice.choice(self._areas)
        made = self._plant.make(
            f"TempTI{self._made:03d}", "$AnalogInput", area, description="Temporary probe"
        )
        value = round(self._dice.uniform(15.0, 60.0), 1)
        made.analog("PV", value, "degC", "Temporary probe", data_type=DataType.FLOAT)
        self._plant.complete()
        self._added.append(made)
