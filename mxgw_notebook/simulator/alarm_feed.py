"""Alarms as they travel, and the feed that every subscriber gets: what stands, then each transition."""

from __future__ import annotations

from collections.abc import Callable

from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire

from . import values
from .mailbox import Mailbox
from .plant.alarm import Alarm, Transition
from .plant.alarm_board import AlarmBoard
from .plant.attribute import Traits
from .plant.codes import DataType

_KINDS = {
    Transition.RAISE: wire.ALARM_TRANSITION_KIND_RAISE,
    Transition.ACKNOWLEDGE: wire.ALARM_TRANSITION_KIND_ACKNOWLEDGE,
    Transition.CLEAR: wire.ALARM_TRANSITION_KIND_CLEAR,
    Transition.RETRIGGER: wire.ALARM_TRANSITION_KIND_RETRIGGER,
}
_LIMIT = Traits(DataType.DOUBLE)


def condition(alarm: Alarm) -> wire.AlarmConditionState:
    """How an alarm stands."""
    if not alarm.state.in_alarm:
        return wire.ALARM_CONDITION_STATE_INACTIVE
    if alarm.state.acked:
        return wire.ALARM_CONDITION_STATE_ACTIVE_ACKED
    return wire.ALARM_CONDITION_STATE_ACTIVE


def _limit(alarm: Alarm) -> wire.MxValue | None:
    return values.to_wire(alarm.limit.value, _LIMIT) if alarm.limit is not None else None


def snapshot(alarm: Alarm) -> wire.ActiveAlarmSnapshot:
    """An alarm as it stands now."""
    state, texts = alarm.state, alarm.texts
    return wire.ActiveAlarmSnapshot(
        alarm_full_reference=alarm.reference,
        source_object_reference=alarm.source_reference,
        alarm_type_name=texts.type_name,
        severity=int(alarm.priority.number),
        original_raise_timestamp=values.timestamp(state.raised),
        current_state=condition(alarm),
        category=alarm.area,
        description=texts.description,
        last_transition_timestamp=values.timestamp(state.changed),
        operator_user=state.operator,
        operator_comment=state.comment,
        current_value=values.to_wire(alarm.source.value, alarm.source.traits),
        limit_value=_limit(alarm),
        source_provider=wire.ALARM_PROVIDER_MODE_ALARMMGR,
    )


def transition_event(alarm: Alarm, transition: Transition) -> wire.OnAlarmTransitionEvent:
    """What just happened to an alarm."""
    state, texts = alarm.state, alarm.texts
    return wire.OnAlarmTransitionEvent(
        alarm_full_reference=alarm.reference,
        source_object_reference=alarm.source_reference,
        alarm_type_name=texts.type_name,
        transition_kind=_KINDS[transition],
        severity=int(alarm.priority.number),
        original_raise_timestamp=values.timestamp(state.raised),
        transition_timestamp=values.timestamp(state.changed),
        operator_user=state.operator,
        operator_comment=state.comment,
        category=alarm.area,
        description=texts.description,
        current_value=values.to_wire(alarm.source.value, alarm.source.traits),
        limit_value=_limit(alarm),
        source_provider=wire.ALARM_PROVIDER_MODE_ALARMMGR,
    )


class AlarmFeed:
    """Sends the board's transitions to every subscriber whose prefix fits."""

    def __init__(self, board: AlarmBoard, since: float, most: int) -> None:
        self.listeners: list[Callable[[wire.OnAlarmTransitionEvent], None]] = []
        self._board = board
        self._since = since
        self._most = most
        self._subscribers: dict[Mailbox[wire.AlarmFeedMessage], str] = {}
        board.listeners.append(self._transition)

    def provider_status(self) -> wire.AlarmProviderStatus:
        """Where the alarms come from."""
        return wire.AlarmProviderStatus(
            mode=wire.ALARM_PROVIDER_MODE_ALARMMGR, since=values.timestamp(self._since)
        )

    def present(self, prefix: str) -> list[wire.ActiveAlarmSnapshot]:
        """What stands now, oldest first."""
        return [snapshot(alarm) for alarm in self._board.present(prefix)]

    def subscribe(self, prefix: str) -> Mailbox[wire.AlarmFeedMessage]:
        """A mailbox that holds what stands, the end of that, the provider, and then each transition."""
        alarms = self.present(prefix)
        mailbox: Mailbox[wire.AlarmFeedMessage] = Mailbox(self._most + len(alarms) + 2)
        for alarm in alarms:
            mailbox.put(wire.AlarmFeedMessage(active_alarm=alarm))
        mailbox.put(wire.AlarmFeedMessage(snapshot_complete=True))
        mailbox.put(wire.AlarmFeedMessage(provider_status=self.provider_status()))
        self._subscribers[mailbox] = prefix
        return mailbox

    def unsubscribe(self, mailbox: Mailbox[wire.AlarmFeedMessage]) -> None:
        """Sends nothing more to a mailbox."""
        self._subscribers.pop(mailbox, None)

    def close(self) -> None:
        """Lets every subscriber go."""
        for mailbox in self._subscribers:
            mailbox.close()

    def _transition(self, alarm: Alarm, transition: Transition) -> None:
        if not self._subscribers and not self.listeners:
            return
        event = transition_event(alarm, transition)
        message = wire.AlarmFeedMessage(transition=event)
        for mailbox, prefix in self._subscribers.items():
            if alarm.reference.startswith(prefix):
                mailbox.put(message)
                if mailbox.lost:
                    mailbox.close()
        for listener in self.listeners:
            listener(event)
