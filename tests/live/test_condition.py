"""Conditions: what they say, what they refuse, and when they held."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.live import Subscription
from mxgw_notebook.live.conditions.condition import parse, parse_formula
from mxgw_notebook.live.conditions.expression import Present
from mxgw_notebook.live.conditions.monitor import ConditionMonitor
from mxgw_notebook.live.samples.gaps import Gap

SECOND = 1_000_000_000
GOOD, BAD = 192, 8


def readings(**values: Any) -> dict[str, Present]:
    """`T_Level=5` is T.Level at 5, of good quality."""
    return {tag.replace("_", ".", 1): Present(value, GOOD) for tag, value in values.items()}


@pytest.mark.parametrize(
    ("text", "values", "holds"),
    [
        ("T.Level > 80", {"T_Level": 81.0}, True),
        ("T.Level > 80", {"T_Level": 80}, False),
        ("80 <= T.Level", {"T_Level": 80}, True),
        ("T.Level > -5.5e1", {"T_Level": -54}, True),
        ("T.Level > T.Limit", {"T_Level": 2, "T_Limit": 1}, True),
        ("T.Run", {"T_Run": True}, True),
        ("not T.Run", {"T_Run": True}, False),
        ("T.Run == true", {"T_Run": True}, True),
        ("T.Run = FALSE", {"T_Run": True}, False),
        ("T.Mode == Auto", {"T_Mode": "AUTO"}, True),
        ("T.Mode != 'Cascade mode'", {"T_Mode": "Auto"}, True),
        ("T.A > 1 and T.B > 1", {"T_A": 2, "T_B": 2}, True),
        ("T.A > 1 or T.B > 1 and T.C > 1", {"T_A": 2, "T_B": 0, "T_C": 0}, True),
        ("(T.A > 1 or T.B > 1) and T.C > 1", {"T_A": 2, "T_B": 0, "T_C": 0}, False),
        ("T.A > 1", {}, False),
        ("not T.A > 1", {}, False),
        ("T.A > 1 or T.B > 1", {"T_B": 2}, True),
        ("T.A > 1", {"T_A": float("nan")}, False),
        ("T.A > 1", {"T_A": "text"}, False),
        ("quality(T.A) == good", {"T_A": 1}, True),
        ("quality(T.A) < uncertain", {"T_A": 1}, False),
        ("Tank_001.Inflow[] > 1", {}, False),
        ("T.A - T.B == 1", {"T_A": 3, "T_B": 2}, True),
        ("T.A -1 == 2", {"T_A": 3}, True),
        ("T.A - 1 - 1 == 1", {"T_A": 3}, True),
        ("1 + 2 * T.A == 7", {"T_A": 3}, True),
        ("(1 + 2) * T.A == 9", {"T_A": 3}, True),
        ("- (T.A + 1) < 0 and (T.A > 1)", {"T_A": 3}, True),
        ("abs(T.A - T.B) > 5", {"T_A": 3, "T_B": 9}, True),
        ("max(T.A, T.B, 4) / min(T.A, T.B) == 3", {"T_A": 3, "T_B": 9}, True),
        ("T.A / T.B > 0 or T.A / T.B <= 0", {"T_A": 3, "T_B": 0}, False),
        ("T.A * 1e308 > 0", {"T_A": 1e9}, False),
        ("T.A + T.B > 0", {"T_A": "text", "T_B": 1}, False),
        ("T.Mode == Semi-Auto", {"T_Mode": "semi-auto"}, True),
        ("not (T.A - 3)", {"T_A": 3}, True),
        (" + ".join(["T.A"] * 3000) + " == 3000", {"T_A": 1}, True),
        ("T.Count == 9007199254740993", {"T_Count": 9007199254740993}, True),
        ("T.Count > 9007199254740992", {"T_Count": 9007199254740993}, True),
        ("T.Count >= 80.5", {"T_Count": 9007199254740993}, True),
    ],
)
def test_a_condition_holds_as_it_reads(text: str, values: dict[str, Any], holds: bool) -> None:
    assert parse(text).holds(readings(**values)) is holds


def test_poor_quality_can_be_asked_for() -> None:
    condition = parse("quality(T.A) < good or T.B > 1")
    assert condition.tags == ("T.A", "T.B")
    assert condition.holds({"T.A": Present(1, BAD)})


@pytest.mark.parametrize(
    ("hold", "seconds"), [("for 5s", 5), ("for 500ms", 0.5), ("for 2 min", 120), ("", 0)]
)
def test_a_condition_may_have_to_hold_for_a_time(hold: str, seconds: float) -> None:
    condition = parse(f"T.A > 1 {hold}")
    assert condition.hold_seconds == seconds
    assert condition.tags == ("T.A",)


@pytest.mark.parametrize(
    "text",
    [
        "", "80 > 70", "T.A >", "T.A > 1 T.B", "(T.A > 1", "T.A > 1)", "T.A > 'x", "and T.A", "T.A > 1 for",
        "T.A > 1 for ever", "T.A - > 1", "T.A*2 > 1", "T.A-T.B > 1", "T.A-1 > 1", "T.A + > 1",
        "abs(T.A, 1) > 1", "max(T.A > 1", "- " * 60 + "T.A",
        "quality(Level) == good", "__import__('os').system('x')", "T.A ; T.B > 1",
    ],
)  # fmt: skip
def test_what_is_no_condition_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse(text)
    assert "\n" not in str(caught.value)


def test_a_formula_is_a_value_in_the_same_language() -> None:
    assert parse_formula("T.A - T.B").value(readings(T_A=3.5, T_B=1)) == 2.5
    assert parse_formula("T.A > T.B").value(readings(T_A=3.5, T_B=1)) is True
    assert parse_formula("T.A - T.B").value(readings(T_A=3.5)) is None
    assert parse_formula("T.A - 1").tags == ("T.A",)
    with pytest.raises(ConfigurationError, match="No tag in '1 - 1'"):
        parse_formula("1 - 1")


@given(st.text(alphabet="T.A+-*/, >=<!()'0123456789andorfs[]", max_size=30))
def test_no_text_does_anything_but_parse_or_be_refused(text: str) -> None:
    try:
        parse(text).holds({})
    except ConfigurationError:
        return


# ------------------------------------------------------------------ events


def put(found: Subscription, seconds: list[float], values: list[float]) -> None:
    times = np.array([int(second * SECOND) for second in seconds], np.int64)
    found.history.append(times, np.array(values, np.float64), np.full(len(values), GOOD, np.uint8))


def held(monitor: ConditionMonitor) -> list[tuple[float, float | None]]:
    return [(o.start_ns / SECOND, o.end_ns and o.end_ns / SECOND) for o in monitor.events]


def test_an_occasion_begins_where_the_condition_did_and_ends_where_it_ended() -> None:
    level = Subscription("T.Level")
    monitor = ConditionMonitor(parse("T.Level > 80"), [level])
    put(level, [1, 2, 3, 4], [70, 81, 82, 79])
    assert [o.number for o in monitor.look(5 * SECOND)] == [1]
    assert held(monitor) == [(2.0, 4.0)]
    assert monitor.look(6 * SECOND) == []


def test_what_holds_too_short_is_no_occasion() -> None:
    level = Subscription("T.Level")
    monitor = ConditionMonitor(parse("T.Level > 80 for 5s"), [level])
    put(level, [1, 5, 6], [81, 79, 85])
    assert monitor.look(10 * SECOND) == []
    assert len(monitor.look(11 * SECOND)) == 1  # without a new sample
    assert monitor.holding
    assert held(monitor) == [(6.0, None)]
    put(level, [20], [1])
    monitor.look(21 * SECOND)
    assert held(monitor) == [(6.0, 20.0)]


def test_several_tags_count_in_the_order_of_their_samples() -> None:
    level, run = Subscription("T.Level"), Subscription("T.Run")
    run.history.boolean = True
    monitor = ConditionMonitor(parse("T.Level > 80 and T.Run"), [level, run])
    put(level, [1, 4, 8], [90, 70, 90])
    put(run, [2, 6, 9], [1, 0, 1])
    monitor.look(10 * SECOND)
    assert held(monitor) == [(2.0, 4.0), (9.0, None)]


def test_the_value_of_before_counts_too() -> None:
    level = Subscription("T.Level")
    put(level, [1], [90])
    monitor = ConditionMonitor(parse("T.Level > 80"), [level])
    assert len(monitor.look(2 * SECOND)) == 1


def test_time_in_which_values_were_missing_is_no_time_that_a_condition_held() -> None:
    level = Subscription("T.Level")
    gap = Gap(2 * SECOND)
    before = Gap(0, SECOND // 2)
    monitor = ConditionMonitor(parse("T.Level > 80 for 5s"), [level], lambda: [before, gap])
    put(level, [1], [81])
    assert monitor.look(100 * SECOND) == []  # it was seen for a second, then everything was lost
    gap.end_ns = 100 * SECOND
    assert monitor.look(103 * SECOND) == []
    (occasion,) = monitor.look(104 * SECOND)
    assert occasion.start_ns == SECOND


def test_a_condition_that_ended_while_values_were_missing_is_no_occasion() -> None:
    level = Subscription("T.Level")
    monitor = ConditionMonitor(parse("T.Level > 80 for 5s"), [level], lambda: [Gap(2 * SECOND, 100 * SECOND)])
    put(level, [1, 101], [81, 70])
    assert monitor.look(110 * SECOND) == []


def test_a_sample_without_a_time_has_held_since_it_was_looked_at() -> None:
    tag = Subscription("T.Level")
    monitor = ConditionMonitor(parse("T.Level > 80 for 5s"), [tag])
    tag.history.add(0, 81.0, GOOD)
    assert monitor.look(100 * SECOND) == []  # of when it came nothing is known: not of 1970
    (occasion,) = monitor.look(106 * SECOND)
    assert occasion.start_ns == 100 * SECOND
    for time_ns, value in ((110 * SECOND, 81.0), (0, 0.0), (112 * SECOND, 0.0)):
        tag.history.add(time_ns, value, GOOD)
    monitor.look(120 * SECOND)
    assert occasion.end_ns == 112 * SECOND
