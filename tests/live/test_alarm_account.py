"""The account of the alarms: what is concluded of a time without a feed, and how much is kept."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxgw_notebook.client import AlarmRecord, SnapshotComplete
from mxgw_notebook.live import AlarmBoard
from mxgw_notebook.live.alarms.active_alarm import ActiveAlarm, changed, concluded, from_snapshot
from tests.live.alarm_record import RECORD


def look(state: str, *, raised: int = 10, changed_at: int = 10, reference: str = "A") -> AlarmRecord:
    """An alarm as a snapshot shows it."""
    return replace(
        RECORD,
        reference=reference,
        kind="",
        state=state,
        raised_ns=raised,
        changed_ns=changed_at,
        comment="c",
    )


def between(before: AlarmRecord | None, after: AlarmRecord | None) -> list[tuple[str, int]]:
    """Kinds and times of what is concluded of two looks."""
    looks = [from_snapshot(record) if record else None for record in (before, after)]
    records = concluded(looks[0], looks[1], "reconciled")
    assert {record.origin for record in records} <= {"reconciled"}
    return [(record.kind, record.changed_ns) for record in records]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (None, look("ACTIVE"), [("RAISE", 10)]),
        (None, look("ACTIVE", raised=0), [("RAISE", 10)]),
        (None, look("ACTIVE_ACKED", raised=0, changed_at=20), [("RAISE", 0), ("ACKNOWLEDGE", 20)]),
        (None, look("INACTIVE", changed_at=30), [("RAISE", 10), ("CLEAR", 30)]),
        (look("ACTIVE"), look("ACTIVE"), []),
        (look("ACTIVE"), None, [("CLEAR", 0), ("ACKNOWLEDGE", 0)]),
        (look("ACTIVE_ACKED"), None, [("CLEAR", 0)]),
        (look("INACTIVE"), None, [("ACKNOWLEDGE", 0)]),
        (look("ACTIVE"), look("ACTIVE_ACKED", changed_at=20), [("ACKNOWLEDGE", 20)]),
        (look("ACTIVE"), look("INACTIVE", changed_at=20), [("CLEAR", 20)]),
        (look("INACTIVE"), look("ACTIVE", changed_at=20), [("RETRIGGER", 20)]),
        (look("INACTIVE"), look("ACTIVE_ACKED", changed_at=20), [("RETRIGGER", 0), ("ACKNOWLEDGE", 20)]),
        (look("ACTIVE"), look("ACTIVE", raised=99, changed_at=99), [("CLEAR", 0), ("RAISE", 99)]),
        (look("INACTIVE"), look("ACTIVE", raised=99, changed_at=99), [("RAISE", 99)]),
    ],
)
def test_what_is_concluded_has_times_only_where_the_snapshot_tells_them(
    before: AlarmRecord | None, after: AlarmRecord | None, expected: list[tuple[str, int]]
) -> None:
    assert between(before, after) == expected


STATES = st.sampled_from(["ACTIVE", "ACTIVE_ACKED", "INACTIVE"])
LOOKS = st.dictionaries(st.sampled_from("ABC"), st.tuples(STATES, st.integers(1, 3), st.integers(4, 6)))


@given(st.lists(LOOKS, min_size=1, max_size=5))
def test_the_history_replayed_gives_the_active_set_after_any_outages(
    snapshots: list[dict[str, tuple[str, int, int]]],
) -> None:
    board = AlarmBoard(client=None)  # type: ignore[arg-type]  # nothing is followed here
    for snapshot in snapshots:
        board._snapshot = {}
        for name, (state, raised, at) in snapshot.items():
            changed_at = raised if state == "ACTIVE" else at
            board.take(look(state, raised=raised, changed_at=changed_at, reference=name))
        board.take(SnapshotComplete())
    replayed: dict[str, ActiveAlarm | None] = {}
    for record in board.account():
        replayed[record.reference] = changed(replayed.get(record.reference), record)
    standing = {name: alarm.state for name, alarm in replayed.items() if alarm}
    assert standing == {alarm.record.reference: alarm.state for alarm in board.active()}


def test_transitions_beyond_what_is_kept_leave_the_account_of_the_active_ones() -> None:
    board = AlarmBoard(client=None, kept=2)  # type: ignore[arg-type]  # nothing is followed here
    board.take(look("ACTIVE", reference="Old"))
    board.take(SnapshotComplete())
    for name in "ABC":
        board.take(replace(RECORD, reference=name))
    assert board.seen == 3
    assert [record.reference for record in board.log()] == ["B", "C"]
    assert [(record.reference, record.origin) for record in board.account()] == [
        ("Old", "snapshot"), ("A", "snapshot"), ("B", ""), ("C", ""),
    ]  # fmt: skip
