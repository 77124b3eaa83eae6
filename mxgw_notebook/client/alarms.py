"""Alarms as records: the feed's messages with enums named and times as nanoseconds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from google.protobuf.timestamp_pb2 import Timestamp

from mxgw_notebook.client.clock import GatewayClock
from mxgw_notebook.client.contract import enum_name, wire
from mxgw_notebook.client.contract_names import also
from mxgw_notebook.client.values import Value, moment_of, readable


@dataclass(frozen=True, slots=True)
class AlarmRecord:
    """The state of one alarm, from a snapshot or a transition.

    `severity` is native, 1 to 999; 1 is the most urgent. `kind` is the transition (RAISE, ACKNOWLEDGE, CLEAR,
    RETRIGGER), empty for a snapshot. `state` is the snapshot's state (ACTIVE, ACTIVE_ACKED, INACTIVE), empty
    for a transition. Times are nanoseconds since 1970 UTC; 0 if the gateway sent none or an impossible one.
    `provider` is the gateway's source of alarms (ALARMMGR, SUBTAG). `origin` is empty for a record that the
    gateway sent; for a record that was concluded from others it says how. `unreadable` is True if the value
    or the limit could not be read; that one is then None.
    """

    reference: str
    tag: str
    alarm_type: str
    kind: str
    state: str
    severity: int
    raised_ns: int
    changed_ns: int
    operator: str
    comment: str
    area: str
    description: str
    value: Value
    limit: Value
    degraded: bool
    provider: str = ""
    origin: str = ""
    unreadable: bool = False

    alarm_full_reference = also("reference")
    source_object_reference = also("tag")
    alarm_type_name = also("alarm_type")
    transition_kind = also("kind")
    current_state = also("state")
    operator_user = also("operator")
    operator_comment = also("comment")
    category = also("area")
    current_value = also("value")
    limit_value = also("limit")
    source_provider = also("provider")

    @property
    def raised(self) -> datetime | None:
        """When the alarm was raised, in UTC, to the microsecond; None if that is not known."""
        return moment_of(self.raised_ns)

    @property
    def changed(self) -> datetime | None:
        """When the alarm last changed, as `raised`."""
        return moment_of(self.changed_ns)


@dataclass(frozen=True, slots=True)
class SnapshotComplete:
    """Every active alarm has now been sent; changes follow."""


@dataclass(frozen=True, slots=True)
class ProviderStatus:
    """The gateway's source of alarms: ALARMMGR, or SUBTAG if it is degraded."""

    mode: str
    degraded: bool
    reason: str
    since_ns: int


AlarmMessage = AlarmRecord | SnapshotComplete | ProviderStatus


def message_from_wire(
    message: wire.AlarmFeedMessage, clock: GatewayClock | None = None
) -> AlarmMessage | None:
    """The feed's message as a record; None for a kind this version does not know.

    `clock` judges its times; without one the default bounds hold.
    """
    kind = message.WhichOneof("payload")
    if kind == "active_alarm":
        return snapshot_from_wire(message.active_alarm, clock)
    if kind == "transition":
        return transition_from_wire(message.transition, clock)
    if kind == "provider_status":
        return provider_from_wire(message.provider_status, clock)
    return SnapshotComplete() if kind == "snapshot_complete" else None


def provider_from_wire(status: wire.AlarmProviderStatus, clock: GatewayClock | None = None) -> ProviderStatus:
    """The alarm provider's state."""
    since_ns = (clock or GatewayClock()).time_ns(status.since)
    return ProviderStatus(enum_name(status, "mode"), status.degraded, status.reason, since_ns)


def snapshot_from_wire(alarm: wire.ActiveAlarmSnapshot, clock: GatewayClock | None = None) -> AlarmRecord:
    """An alarm that is active when the stream or query starts."""
    changed = alarm.last_transition_timestamp
    return record(alarm, clock, kind="", state=enum_name(alarm, "current_state"), changed=changed)


def transition_from_wire(
    alarm: wire.OnAlarmTransitionEvent, clock: GatewayClock | None = None
) -> AlarmRecord:
    """One change of one alarm."""
    changed = alarm.transition_timestamp
    return record(alarm, clock, kind=enum_name(alarm, "transition_kind"), state="", changed=changed)


def record(
    alarm: wire.ActiveAlarmSnapshot | wire.OnAlarmTransitionEvent,
    clock: GatewayClock | None,
    *,
    kind: str,
    state: str,
    changed: Timestamp,
) -> AlarmRecord:
    """What snapshots and transitions have in common; they spell it alike."""
    clock = clock or GatewayClock()
    (value, no_value), (limit, no_limit) = readable(alarm.current_value), readable(alarm.limit_value)
    return AlarmRecord(
        reference=alarm.alarm_full_reference,
        tag=alarm.source_object_reference,
        alarm_type=alarm.alarm_type_name,
        kind=kind,
        state=state,
        severity=alarm.severity,
        raised_ns=clock.time_ns(alarm.original_raise_timestamp),
        changed_ns=clock.time_ns(changed),
        operator=alarm.operator_user,
        comment=alarm.operator_comment,
        area=alarm.category,
        description=alarm.description,
        value=value,
        limit=limit,
        degraded=alarm.degraded,
        provider=enum_name(alarm, "source_provider"),
        unreadable=bool(no_value or no_limit),
    )
