"""Transitions to occurrences, by hand on small logs and against a plain loop on generated ones."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxgw_notebook.analysis.alarm_episodes import alarm_episodes
from mxgw_notebook.errors import ConfigurationError
from tests.analysis.logs import at, log
from tests.analysis.occurrences import ROW, peak_of, slowly, state_of


def times(frame: pd.DataFrame) -> list[tuple[Any, ...]]:
    """Raised, acknowledged, cleared (seconds after the beginning, None where unknown) and state of each."""

    def seconds(moment: Any) -> float | None:
        return None if pd.isna(moment) else (moment - at(0)).total_seconds()

    return [
        (seconds(row.raised), seconds(row.acknowledged), seconds(row.cleared), row.state)
        for row in frame.itertuples()
    ]


def test_a_raise_an_acknowledgement_and_a_clear_are_one_occurrence() -> None:
    said = {"operator": "jdoe", "comment": "valve sticks"}
    frame = alarm_episodes(
        log(
            (0, "A", "raise", {"value": 81.0, "limit": 80.0}),
            (20, "A", "acknowledge", {**said, "value": 95.0}),
            (50, "A", "clear", {"value": 70.0}),
        )
    )
    assert times(frame) == [(0, 20, 50, "over")]
    (row,) = frame.to_dict("records")
    assert (row["operator"], row["comment"], row["peak"]) == ("jdoe", "valve sticks", 95.0)
    assert row["time_to_acknowledge"] == pd.Timedelta(seconds=20)
    assert row["duration"] == pd.Timedelta(seconds=50)
    assert row["transitions"] == 3


def test_an_alarm_that_was_last_listed_in_an_unknown_state_is_of_unknown_state() -> None:
    listed = {"origin": "snapshot"}
    frame = alarm_episodes(
        log(
            (0, "A", "raise", listed),
            (0, "A", "unknown", listed),
            (0, "B", "raise", listed),
            (0, "B", "unknown", listed),
            (5, "B", "acknowledge"),
            (6, "C", "raise"),
            (7, "C", "unknown"),  # a transition: whether it changed anything, the list has told
        )
    )
    assert frame["state"].tolist() == ["state unknown", "acknowledged", "unacknowledged"]


def test_the_peak_of_a_low_alarm_is_its_lowest_value() -> None:
    frame = alarm_episodes(
        log(
            (0, "A", "raise", {"value": 9, "limit": 10}),
            (5, "A", "retrigger", {"value": 2}),
            (9, "A", "clear"),
            alarm_type="",
        )
    )
    assert frame["peak"].tolist() == [2.0]


@pytest.mark.parametrize(
    ("kind", "name", "values", "peak"),
    [
        ("Lo", "A", (20, 5), 5), ("LoLo", "A", (20, 21, 5), 5), ("Hi", "A", (20, 5, 31), 31),
        ("Hi", "A", (19.9, 31), 31), ("Lo", "A", (20.5, 25, 5), 5), ("", "Tank001.Level.Lo", (20, 5, 31), 5),
        ("Limit", "Tank001.Level.HiHi", (20, 5, 31), 31), ("", "A", (20, 5, 21), 5),
        ("", "A", (20, 19, 35), 35),
    ],
)  # fmt: skip
def test_the_peak_lies_on_the_side_that_the_alarms_type_tells(
    kind: str, name: str, values: tuple[float, ...], peak: float
) -> None:
    first, *others = values
    frame = alarm_episodes(
        log(
            (0, name, "raise", {"value": first, "limit": 20}),
            *((5 + k, name, "retrigger", {"value": value}) for k, value in enumerate(others)),
            alarm_type=kind,
        )
    )
    assert frame["peak"].tolist() == [peak]


def test_a_raise_without_a_clear_has_no_time_of_clearing() -> None:
    frame = alarm_episodes(log((0, "A", "raise"), (60, "A", "raise"), (70, "A", "clear")))
    assert times(frame) == [(0, None, None, "clear not seen"), (60, None, 70, "cleared unacknowledged")]
    assert frame["duration"].isna().tolist() == [True, False]


def test_a_clear_without_a_raise_has_the_raise_that_the_gateway_tells_or_none() -> None:
    frame = alarm_episodes(log((5, "A", "clear"), (7, "B", "clear", {"raised": at(-100)})))
    assert times(frame) == [
        (None, None, 5, "cleared unacknowledged"),
        (-100, None, 7, "cleared unacknowledged"),
    ]


def test_a_second_clear_is_an_occurrence_whose_raise_was_not_seen() -> None:
    frame = alarm_episodes(log((0, "A", "raise"), (5, "A", "clear"), (9, "A", "clear")))
    assert times(frame) == [(0, None, 5, "cleared unacknowledged"), (None, None, 9, "cleared unacknowledged")]


def test_a_retrigger_of_a_standing_alarm_belongs_to_the_occurrence() -> None:
    frame = alarm_episodes(log((0, "A", "raise"), (3, "A", "acknowledge"), (5, "A", "retrigger")))
    assert times(frame) == [(0, 3, None, "unacknowledged")]
    assert frame["retriggers"].tolist() == [1]


def test_a_retrigger_after_the_clear_begins_another() -> None:
    frame = alarm_episodes(
        log((0, "A", "raise"), (5, "A", "clear"), (6, "A", "retrigger", {"raised": at(0)}), (8, "A", "clear"))
    )
    assert times(frame) == [(0, None, 5, "cleared unacknowledged"), (6, None, 8, "cleared unacknowledged")]


def test_an_acknowledgement_after_the_clear_belongs_to_it_and_a_second_one_changes_nothing() -> None:
    frame = alarm_episodes(
        log((0, "A", "raise"), (5, "A", "clear"), (8, "A", "acknowledge", {"operator": "first"}),
            (9, "A", "acknowledge", {"operator": "second"}))
    )  # fmt: skip
    assert times(frame) == [(0, 8, 5, "over")]
    assert frame["operator"].tolist() == ["first"]


def test_equal_times_keep_the_order_in_which_they_came() -> None:
    frame = alarm_episodes(
        log((0, "A", "raise"), (0, "A", "clear"), (0, "B", "raise"), (0, "A", "raise"), (0, "A", "clear"))
    )
    assert frame["reference"].tolist() == ["A", "B", "A"]
    assert frame["duration"].tolist()[0] == pd.Timedelta(0)


def test_a_clock_that_goes_backwards_gives_no_negative_duration() -> None:
    frame = alarm_episodes(log((100, "A", "raise"), (120, "A", "acknowledge"), (40, "A", "clear")))
    assert times(frame) == [(100, 120, 40, "over")]
    assert frame["duration"].isna().all()
    assert frame["time_to_acknowledge"].tolist() == [pd.Timedelta(seconds=20)]


def test_an_unknown_time_stays_unknown() -> None:
    frame = alarm_episodes(log((0, "A", "raise"), (None, "A", "clear", {"origin": "reconciled"})))
    assert times(frame) == [(0, None, None, "cleared unacknowledged")]
    assert frame["duration"].isna().all()


def test_transitions_of_a_kind_we_do_not_know_are_left_out() -> None:
    assert times(alarm_episodes(log((0, "A", "91"), (1, "A", "raise"), (2, "A", "91")))) == [
        (1, None, None, "unacknowledged")
    ]


def test_a_transitions_word_may_have_another_case_and_blanks() -> None:
    assert times(alarm_episodes(log((0, "A", " Raise"), (5, "A", "CLEAR ")))) == [
        (0, None, 5, "cleared unacknowledged")
    ]


def test_values_that_are_no_numbers_have_no_peak() -> None:
    frame = alarm_episodes(log((0, "A", "raise", {"value": "open"}), (0, "B", "raise", {"value": [1, 2]}),
                               (0, "C", "raise", {"value": True})))  # fmt: skip
    assert frame["peak"].isna().tolist() == [True, True, False]


def test_no_transitions_are_no_occurrences_with_the_same_columns_and_dtypes() -> None:
    full, empty = alarm_episodes(log((0, "A", "raise"))), alarm_episodes(log())
    assert len(empty) == 0
    assert list(empty.columns) == list(full.columns)
    for name in ("raised", "duration", "peak", "retriggers", "state"):
        assert empty[name].dtype == full[name].dtype, name


def test_a_frame_that_is_no_log_is_told_what_it_lacks() -> None:
    with pytest.raises(ConfigurationError, match="no column time and no transition"):
        alarm_episodes(pd.DataFrame({"reference": ["A"]}))


def test_three_columns_are_enough() -> None:
    frame = alarm_episodes(log((0, "A", "raise"), (5, "A", "clear"))[["reference", "time", "transition"]])
    assert times(frame) == [(0, None, 5, "cleared unacknowledged")]


ROWS = st.lists(ROW, max_size=40)


@given(ROWS)
def test_generated_logs_give_what_a_plain_loop_gives(rows: list[tuple[Any, ...]]) -> None:
    frame = log(*rows)
    fast, slow = alarm_episodes(frame).to_dict("records"), slowly(frame)
    assert len(fast) == len(slow)
    for mine, theirs in zip(fast, slow, strict=True):
        for name in ("reference", "operator", "retriggers", "transitions"):
            assert mine[name] == theirs[name], name
        for name in ("raised", "acknowledged", "cleared"):
            assert mine[name] == theirs[name] or (pd.isna(mine[name]) and pd.isna(theirs[name])), name
        assert mine["state"] == state_of(theirs)
        assert mine["peak"] == peak_of(theirs) or (pd.isna(mine["peak"]) and peak_of(theirs) is None)
        for name, end in (("duration", "cleared"), ("time_to_acknowledge", "acknowledged")):
            lapse = theirs[end] - theirs["raised"]
            known = not pd.isna(lapse) and lapse >= pd.Timedelta(0)
            assert mine[name] == lapse if known else pd.isna(mine[name]), name
