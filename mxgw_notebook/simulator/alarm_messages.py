"""Alarms as they travel. A degraded provider knows neither who acknowledged nor why."""

from __future__ import annotations

from dataclasses import dataclass

from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire
from mxgw_notebook.simulator import values
from mxgw_notebook.simulator.plant import AnyAlarm, DataType, Traits, Transition

_KINDS = {
    Transition.RAISE: wire.ALARM_TRANSITION_KIND_RAISE,
    Transition.ACKNOWLEDGE: wire.ALARM_TRANSITION_KIND_ACKNOWLEDGE,
    Transition.CLEAR: wire.ALARM_TRANSITION_KIND_CLEAR,
    Transition.RETRIGGER: wire.ALARM_TRANSITION_KIND_RETRIGGER,
}
_LIMIT = Traits(DataType.DOUBLE)


@dataclass(frozen=True, slots=True)
class Provider:
    """Where alarms come from: the alarm manager, or, when degraded, the alarms' own sub-attributes."""

    degraded: bool = False

    @property
    def mode(self) -> wire.AlarmProviderMode:
        """As it travels."""
        return wire.ALARM_PROVIDER_MODE_SUBTAG if self.degraded else wire.ALARM_PROVIDER_MODE_ALARMMGR


def condition(alarm: AnyAlarm) -> wire.AlarmConditionState:
    """How an alarm stands."""
    if not alarm.state.in_alarm:
        return wire.ALARM_CONDITION_STATE_INACTIVE
    if alarm.state.acked:
        return wire.ALARM_CONDITION_STATE_ACTIVE_ACKED
    return wire.ALARM_CONDITION_STATE_ACTIVE


def _limit(alarm: AnyAlarm) -> wire.MxValue | None:
    number = alarm.limit_number
    return values.to_wire(number, _LIMIT) if number is not None else None


def snapshot(alarm: AnyAlarm, provider: Provider) -> wire.ActiveAlarmSnapshot:
    """An alarm as it stands now."""
    state = alarm.state
    return wire.ActiveAlarmSnapshot(
        alarm_full_reference=alarm.reference,
        source_object_reference=alarm.source_reference,
        alarm_type_name=alarm.type_name,
        severity=alarm.severity,
        original_raise_timestamp=values.timestamp(state.raised),
        current_state=condition(alarm),
        category=alarm.area,
        description=alarm.description,
        last_transition_timestamp=values.timestamp(state.changed),
        operator_user="" if provider.degraded else state.operator,
        operator_comment="" if provider.degraded else state.comment,
        current_value=values.to_wire(*alarm.current),
        limit_value=_limit(alarm),
        degraded=provider.degraded,
        source_provider=provider.mode,
    )


def transition_event(
    alarm: AnyAlarm, transition: Transition, provider: Provider
) -> wire.OnAlarmTransitionEvent:
    """What just happened to an alarm."""
    state = alarm.state
    return wire.OnAlarmTransitionEvent(
        alarm_full_reference=alarm.reference,
        source_object_reference=alarm.source_reference,
        alarm_type_name=alarm.type_name,
        transition_kind=_KINDS[transition],
        severity=alarm.severity,
        original_raise_timestamp=values.timestamp(state.raised),
        transition_timestamp=values.timestamp(state.changed),
        operator_user="" if provider.degraded else state.operator,
        operator_comment="" if provider.degraded else state.comment,
        category=alarm.area,
        description=alarm.description,
        current_value=values.to_wire(*alarm.current),
        limit_value=_limit(alarm),
        degraded=provider.degraded,
        source_provider=provider.mode,
    )
