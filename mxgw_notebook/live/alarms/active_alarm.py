"""One alarm's life: how a transition changes it, and what must have happened between two looks at it.

Why: DECISIONS.md, "An alarm that left the gateway's list was cleared and acknowledged".
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from mxgw_notebook.client import AlarmRecord
from mxgw_notebook.words import ACKNOWLEDGED, CLEARED, UNACKNOWLEDGED, UNKNOWN_STATE, AlarmState

SNAPSHOT_STATES: dict[str, AlarmState] = {
    "ACTIVE": UNACKNOWLEDGED,
    "ACTIVE_ACKED": ACKNOWLEDGED,
    "INACTIVE": CLEARED,
}
# Where a record comes from that the gateway did not send: the first snapshot, or one after an outage.
SNAPSHOT, RECONCILED = "snapshot", "reconciled"
# The two that end an alarm together: the state that each leaves it in, and the one that it ends it from.
HALVES: dict[str, tuple[AlarmState, AlarmState | None]] = {
    "ACKNOWLEDGE": (ACKNOWLEDGED, CLEARED),
    "CLEAR": (CLEARED, ACKNOWLEDGED),
}
UNKNOWN = "UNKNOWN"  # the kind of a transition of which this version does not know what it makes of an alarm


@dataclass(frozen=True, slots=True)
class ActiveAlarm:
    """One alarm that is active or waits for its acknowledgement, with the newest record of it."""

    record: AlarmRecord
    state: AlarmState
    raised_ns: int


def from_snapshot(record: AlarmRecord) -> ActiveAlarm:
    """An alarm of a snapshot. One that is simply active was raised by its last transition.

    One in a state that this version does not know stands, and is neither this nor that.
    """
    state = SNAPSHOT_STATES.get(record.state, UNKNOWN_STATE)
    raised = record.raised_ns or (record.changed_ns if state == UNACKNOWLEDGED else 0)
    return ActiveAlarm(record, state, raised)


def changed(before: ActiveAlarm | None, record: AlarmRecord) -> ActiveAlarm | None:
    """The alarm after a transition; None when it is over: cleared and acknowledged."""
    if record.kind in ("RAISE", "RETRIGGER"):
        return ActiveAlarm(record, UNACKNOWLEDGED, record.raised_ns or record.changed_ns)
    if before is None:
        if record.kind == "CLEAR":
            return None
        state: AlarmState = ACKNOWLEDGED if record.kind == "ACKNOWLEDGE" else UNACKNOWLEDGED
        return ActiveAlarm(record, state, record.raised_ns)
    state, last = HALVES.get(record.kind, (before.state, None))
    if before.state == last:
        return None
    return ActiveAlarm(with_words_of(before.record, record), state, before.raised_ns)


def with_words_of(before: AlarmRecord, record: AlarmRecord) -> AlarmRecord:
    """A record with what an operator wrote to the one before it, where it says nothing of that itself."""
    operator, comment = record.operator or before.operator, record.comment or before.comment
    # Itself where nothing has to be added: a copy takes as long as all else that is done with a transition.
    if (operator, comment) == (record.operator, record.comment):
        return record
    return replace(record, operator=operator, comment=comment)


def concluded(before: ActiveAlarm | None, after: ActiveAlarm | None, origin: str) -> list[AlarmRecord]:
    """The transitions that must lie between two looks at an alarm, marked with their origin.

    A time is the snapshot's own where it tells it, else 0: not known. The gateway lists what is active or
    waits for its acknowledgement; so one that is gone from the list was cleared and acknowledged, nobody
    knows when and by whom.
    """
    if after is None:
        return [] if before is None else endings(before, origin)
    if before is not None and same_occurrence(before, after):
        return [as_transition(after, kind, time, origin) for kind, time in continued(before, after)]
    # A new raise says that the one before had cleared, but not that anybody acknowledged it.
    earlier = [record for record in endings(before, origin) if record.kind == "CLEAR"] if before else []
    raised = as_transition(after, "RAISE", after.raised_ns, origin)
    since = [as_transition(after, kind, time, origin) for kind, time in since_raise(after)]
    return [*earlier, raised, *since]


def same_occurrence(before: ActiveAlarm, after: ActiveAlarm) -> bool:
    """Whether both looks are at one raise; times that are not known speak for it."""
    return not before.raised_ns or not after.raised_ns or before.raised_ns == after.raised_ns


def since_raise(after: ActiveAlarm) -> list[tuple[str, int]]:
    """What happened to an alarm after its raise. Its last transition is the one that led to its state."""
    kinds = {ACKNOWLEDGED: "ACKNOWLEDGE", CLEARED: "CLEAR", UNKNOWN_STATE: UNKNOWN}
    return [(kinds[after.state], after.record.changed_ns)] if after.state in kinds else []


def continued(before: ActiveAlarm, after: ActiveAlarm) -> list[tuple[str, int]]:
    """What happened to an alarm that went on, as kinds with their times."""
    if before.state == after.state:
        return []
    if UNKNOWN_STATE in (before.state, after.state):  # of the way between them nothing more is known
        return since_raise(after)
    if after.state == UNACKNOWLEDGED:
        return [("RETRIGGER", after.record.changed_ns)]
    # Neither does an acknowledged alarm lose that by clearing, nor does a cleared one stand without a raise.
    again = [("RETRIGGER", 0)] if before.state != UNACKNOWLEDGED else []
    return [*again, *since_raise(after)]


def endings(before: ActiveAlarm, origin: str) -> list[AlarmRecord]:
    """The end of an alarm that nobody saw: what it still lacked to be over."""
    lacking = {
        UNACKNOWLEDGED: ("CLEAR", "ACKNOWLEDGE"),
        UNKNOWN_STATE: ("CLEAR", "ACKNOWLEDGE"),
        ACKNOWLEDGED: ("CLEAR",),
        CLEARED: ("ACKNOWLEDGE",),
    }
    gone = replace(before.record, operator="", comment="", value=None, raised_ns=before.raised_ns)
    return [replace(gone, kind=kind, state="", changed_ns=0, origin=origin) for kind in lacking[before.state]]


def as_transition(alarm: ActiveAlarm, kind: str, time_ns: int, origin: str) -> AlarmRecord:
    """A transition as a snapshot tells it."""
    record = alarm.record
    if kind != "ACKNOWLEDGE":
        record = replace(record, operator="", comment="")
    return replace(record, kind=kind, state="", changed_ns=time_ns, raised_ns=alarm.raised_ns, origin=origin)
