"""An alarm of one attribute: raised because a value crosses its limit, acknowledged, cleared."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mxgw_notebook.simulator.plant.alarm_state import AlarmState, Listener, Transition
from mxgw_notebook.simulator.plant.attribute import Attribute, Traits, Value
from mxgw_notebook.simulator.plant.codes import Classification, DataType
from mxgw_notebook.simulator.plant.galaxy_object import GalaxyObject, Listing
from mxgw_notebook.simulator.plant.plant_object import PlantObject
from mxgw_notebook.simulator.plant.shelf import Shelf


@dataclass(frozen=True, slots=True)
class AlarmTexts:
    """What an alarm is called."""

    name: str
    type_name: str
    description: str
    priority: int


class Alarm:
    """One alarm. `high` says on which side of the limit it is raised; a boolean source needs no limit."""

    def __init__(
        self,
        owner: PlantObject,
        source: Attribute,
        texts: AlarmTexts,
        *,
        limit: float | None = None,
        high: bool = True,
        deadband: float = 0.0,
        delay: float = 2.0,
    ) -> None:
        self.texts = texts
        self.source = source
        self.owner: GalaxyObject = owner
        self.area = owner.area
        self.reference = f"Galaxy!{self.area}.{owner.tag_name}.{texts.name}"
        self.source_reference = f"{owner.tag_name}.{texts.name}"
        self.high = high
        self.deadband = deadband
        self.delay = delay
        self.state = AlarmState()
        self.listener: Listener = lambda alarm, transition: None
        self.shelf: Shelf | None = None  # made when first asked for
        self.hidden = False
        self._since: float | None = None
        self._make_attributes(owner, limit)

    def _make_attributes(self, owner: PlantObject, limit: float | None) -> None:
        name, texts = self.texts.name, self.texts
        # A switch that is its own alarm has no second attribute of the same name.
        if name == self.source.name:
            self.source.traits = replace(self.source.traits, historized=True, is_alarm=True)
        else:
            owner.add(name, False, Traits(DataType.BOOLEAN, historized=True, is_alarm=True))
        self.condition = owner.attributes[name]
        self.limit = None
        if limit is not None:
            self.limit = owner.add(
                f"{name}.Limit", float(limit), Traits(DataType.DOUBLE, Classification.TUNE)
            )
        self.in_alarm = owner.switch(f"{name}.InAlarm", False)
        self.acked = owner.switch(f"{name}.Acked", True)
        self.ack_message = owner.text(f"{name}.AckMsg", "", Classification.OPERATE)
        self.ack_message.writer = self._write_ack_message
        self.priority = owner.count(f"{name}.Priority", texts.priority, Classification.TUNE)
        owner.text(f"{name}.Category", texts.type_name)
        owner.text(f"{name}.DescAttrName", texts.description)
        self.on = owner.moment(f"{name}.TimeAlarmOn", 0.0)
        self.off = owner.moment(f"{name}.TimeAlarmOff", 0.0)
        self.acked_at = owner.moment(f"{name}.TimeAlarmAcked", 0.0)

    @property
    def type_name(self) -> str:
        """HI, LOLO, DSC and the like."""
        return self.texts.type_name

    @property
    def description(self) -> str:
        """In words."""
        return self.texts.description

    @property
    def severity(self) -> int:
        """1 to 999, 1 most urgent."""
        return int(self.priority.number)

    @property
    def current(self) -> tuple[Value, Traits]:
        """The source's present value."""
        return self.source.value, self.source.traits

    @property
    def limit_number(self) -> float | None:
        """The limit, where there is one."""
        return self.limit.number if self.limit is not None else None

    @property
    def listing(self) -> Listing:
        """The alarm attribute."""
        return Listing(self.condition.name, self.condition.traits)

    @property
    def violated(self) -> bool:
        """Whether the source is beyond the limit now; an alarm that stands needs the deadband to end."""
        value = self.source.number
        if self.limit is None:
            return bool(value)
        hold = self.deadband if self.state.in_alarm else 0.0
        return value > self.limit.number - hold if self.high else value < self.limit.number + hold

    def evaluate(self, now: float) -> None:
        """Raises or clears when the condition has lasted for the delay."""
        if self.shelf is not None:
            self.shelf.expire(now)
            if self.shelf.disabled:
                return
        # Back within the delay: the next excursion begins to count anew.
        if self.violated == self.state.in_alarm:
            self._since = None
            return
        if self._since is None:
            self._since = now
        # Ticks of 0.2 s do not add up exactly: a delay of 2 s must not last 2.2.
        if now - self._since >= self.delay - 1e-6:
            self._since = None
            self._clear(now) if self.state.in_alarm else self.trip(now)

    def trip(self, now: float) -> None:
        """Raises it; one that is still unacknowledged is triggered again and keeps its first time."""
        # The gateway has one entry an alarm: until it is acknowledged a further raise is told as a retrigger.
        again = not self.state.acked
        raised = self.state.raised if again else now
        self.state = AlarmState(in_alarm=True, acked=False, raised=raised, changed=now)
        self.on.set(now, now)
        self._show(now)
        self.listener(self, Transition.RETRIGGER if again else Transition.RAISE)

    def _clear(self, now: float) -> None:
        self.state = replace(self.state, in_alarm=False, cleared=now, changed=now)
        self.off.set(now, now)
        self._show(now)
        self.listener(self, Transition.CLEAR)

    def acknowledge(self, comment: str, operator: str, now: float) -> bool:
        """Acknowledges it. False when there was nothing left to acknowledge."""
        if self.state.acked:
            return False
        self.state = replace(
            self.state, acked=True, acknowledged=now, changed=now, operator=operator, comment=comment[:256]
        )
        self.ack_message.set(comment[:256], now)
        self.acked_at.set(now, now)
        self._show(now)
        self.listener(self, Transition.ACKNOWLEDGE)
        return True

    def make_shelf(self, owner: PlantObject) -> Shelf:
        """The attributes by which it is taken out of service; the same each time."""
        if self.shelf is None:
            self.shelf = Shelf(owner, self.texts.name, self._attend)
        return self.shelf

    def _attend(self, now: float) -> None:
        """It went out of service, or is back.

        The contract has no word for either: it is told as cleared, and as raised at its own time.
        """
        shelf = self.shelf
        if shelf is None:
            return
        if shelf.hides and not self.hidden:
            if self.state.in_alarm:
                self._tell_again(now, Transition.CLEAR)
            self.hidden = True
        if shelf.disabled and self.state.in_alarm:
            self._clear(now)
        if self.hidden and not shelf.hides:
            self.hidden = False
            if self.state.present:
                self._tell_again(now, Transition.RAISE)
            if self.state.in_alarm and self.state.acked:
                self._tell_again(now, Transition.ACKNOWLEDGE)
            elif self.state.present and not self.state.in_alarm:
                self._tell_again(now, Transition.CLEAR)

    def _tell_again(self, now: float, transition: Transition) -> None:
        self.state = replace(self.state, changed=now)
        self.listener(self, transition)

    def _write_ack_message(self, value: Value, now: float, user: str) -> None:
        self.ack_message.put(str(value)[:256], now)
        self.acknowledge(str(value), user, now)

    def _show(self, now: float) -> None:
        if self.condition is not self.source:
            self.condition.set(self.state.in_alarm, now)
        self.in_alarm.set(self.state.in_alarm, now)
        self.acked.set(self.state.acked, now)
