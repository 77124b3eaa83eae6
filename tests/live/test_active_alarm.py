"""One alarm's life: what each transition makes of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mxgw_notebook.live.alarms.active_alarm import ActiveAlarm, changed, concluded, from_snapshot
from tests.live.alarm_record import RECORD


def after(*kinds: str) -> ActiveAlarm | None:
    """One alarm after some transitions."""
    alarm: ActiveAlarm | None = None
    for number, kind in enumerate(kinds):
        alarm = changed(alarm, replace(RECORD, kind=kind, changed_ns=10 + number, comment=kind.lower()))
    return alarm


@pytest.mark.parametrize(
    ("kinds", "state"),
    [
        (["RAISE"], "unacknowledged"),
        (["RAISE", "ACKNOWLEDGE"], "acknowledged"),
        (["RAISE", "CLEAR"], "cleared unacknowledged"),
        (["RAISE", "ACKNOWLEDGE", "CLEAR"], None),
        (["RAISE", "CLEAR", "ACKNOWLEDGE"], None),
        (["RAISE", "CLEAR", "RETRIGGER"], "unacknowledged"),
        (["RAISE", "ACKNOWLEDGE", "RETRIGGER"], "unacknowledged"),
        (["RAISE", "91"], "unacknowledged"),
        (["RAISE", "ACKNOWLEDGE", "91"], "acknowledged"),
        (["CLEAR"], None),
        (["ACKNOWLEDGE"], "acknowledged"),
    ],
)
def test_an_alarm_is_over_once_it_is_cleared_and_acknowledged(kinds: list[str], state: str | None) -> None:
    alarm = after(*kinds)
    assert (alarm.state if alarm else None) == state


@pytest.mark.parametrize(
    ("before", "now", "kinds"),
    [
        ("ACTIVE", "1003", ["UNKNOWN"]),
        ("1003", "1003", []),
        ("1003", "ACTIVE", []),
        ("1003", "ACTIVE_ACKED", ["ACKNOWLEDGE"]),
        ("1003", "INACTIVE", ["CLEAR"]),
        ("1003", None, ["CLEAR", "ACKNOWLEDGE"]),
        (None, "1003", ["RAISE", "UNKNOWN"]),
        (None, "UNSPECIFIED", ["RAISE", "UNKNOWN"]),
    ],
)
def test_of_an_unknown_state_no_more_is_concluded_than_is_certain(
    before: str | None, now: str | None, kinds: list[str]
) -> None:
    looks = [
        from_snapshot(replace(RECORD, kind="", state=state)) if state else None for state in (before, now)
    ]
    assert [record.kind for record in concluded(looks[0], looks[1], "reconciled")] == kinds


def test_a_transition_without_words_keeps_those_of_before() -> None:
    acknowledged = replace(RECORD, kind="ACKNOWLEDGE", comment="seen", operator="tester")
    before = changed(after("RAISE"), acknowledged)
    alarm = changed(before, replace(RECORD, kind="91", comment="", operator=""))
    assert alarm is not None
    assert (alarm.record.comment, alarm.record.operator) == ("seen", "tester")
    assert alarm.raised_ns == 10
