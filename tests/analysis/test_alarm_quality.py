"""Chattering, fleeting, stale and standing alarms, answers and pairs: by hand, and against plain loops."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxgw_notebook.analysis.alarm_episodes import alarm_episodes
from mxgw_notebook.analysis.alarm_nuisance import chattering_alarms, fleeting_alarms
from mxgw_notebook.analysis.alarm_pairs import correlated_pairs
from mxgw_notebook.analysis.alarm_responses import acknowledged_without_action, times_to_acknowledge
from mxgw_notebook.analysis.alarm_standing import stale_alarms, standing_alarms
from mxgw_notebook.errors import ConfigurationError
from tests.analysis.logs import at, log, raises

HOUR = 3600


def episodes(*rows: tuple[Any, ...]) -> pd.DataFrame:
    return alarm_episodes(log(*rows))


def test_three_raises_within_a_minute_are_chattering() -> None:
    rows = [*raises(0, 30, 60, 500, 505, 510, alarm="Chat"), *raises(0, 31, 62, alarm="Not")]
    (row,) = chattering_alarms(episodes(*rows)).to_dict("records")
    assert (row["reference"], row["alarms"], row["chattering"], row["runs"]) == ("Chat", 6, 6, 2)
    assert (row["first"], row["last"], row["shortest"]) == (at(0), at(510), pd.Timedelta(seconds=5))


def test_raises_of_different_alarms_do_not_chatter_together() -> None:
    assert len(chattering_alarms(episodes(*raises(0, 1), *raises(2, 3, alarm="B")))) == 0
    assert len(chattering_alarms(episodes())) == 0


@given(st.lists(st.tuples(st.integers(0, 300), st.sampled_from("ABC")), max_size=40))
def test_generated_raises_chatter_as_a_plain_loop_finds(found: list[tuple[int, str]]) -> None:
    frame = chattering_alarms(episodes(*((time, name, "raise") for time, name in found)))
    slow: dict[str, set[int]] = {}
    for name in "ABC":
        times = sorted(time for time, raised in found if raised == name)
        for k in range(len(times) - 2):
            if times[k + 2] - times[k] <= 60:
                slow.setdefault(name, set()).update((k, k + 1, k + 2))
    assert dict(zip(frame["reference"], frame["chattering"], strict=True)) == {
        name: len(places) for name, places in slow.items()
    }


def test_an_alarm_that_comes_and_goes_at_once_is_fleeting_unless_it_chatters() -> None:
    rows = [
        *raises(0, 4000, alarm="Short", clear_after=3),
        *raises(8000, alarm="Short", clear_after=300),
        *raises(0, 9, 18, alarm="Chat", clear_after=2),
        *raises(0, alarm="Long", clear_after=11),
    ]
    (row,) = fleeting_alarms(episodes(*rows)).to_dict("records")
    assert (row["reference"], row["fleeting"], row["alarms"]) == ("Short", 2, 3)
    assert row["median"] == pd.Timedelta(seconds=3)
    assert row["share"] == pytest.approx(2 / 3)


def test_the_occurrence_is_fleeting_and_not_the_alarm() -> None:
    rows = [*raises(*range(0, 100 * HOUR, HOUR), clear_after=2), *raises(400_000, 400_010, 400_020)]
    (row,) = fleeting_alarms(episodes(*rows)).to_dict("records")
    assert (row["fleeting"], row["alarms"]) == (100, 103)


def test_an_acknowledge_is_of_the_alarm_and_of_what_came_and_went_before_it() -> None:
    rows = [*raises(0, 60, clear_after=20), (90, "A", "acknowledge")]
    (row,) = times_to_acknowledge(episodes(*rows), by="area").to_dict("records")
    assert (row["alarms"], row["waiting"]) == (2, 0)
    (row,) = times_to_acknowledge(episodes(*rows, *raises(100)), by="area").to_dict("records")
    assert row["waiting"] == 1


def test_an_alarm_that_was_stale_and_over_before_the_review_is_not_of_it() -> None:
    frame = episodes(*raises(0, clear_after=25 * HOUR), (60 * HOUR, "B", "raise"))
    assert len(stale_alarms(frame)) == 1
    assert len(stale_alarms(frame, start=at(30 * HOUR))) == 0


def test_an_alarm_stands_from_its_raise_to_its_clear() -> None:
    frame = episodes((0, "A", "raise"), (50, "A", "clear"), (10, "B", "raise"), (99, "C", "raise"))
    assert standing_alarms(frame, at=at(20))["reference"].tolist() == ["A", "B"]
    assert standing_alarms(frame)["reference"].tolist() == ["B", "C"]
    assert standing_alarms(frame)["age"].tolist() == [pd.Timedelta(seconds=89), pd.Timedelta(0)]


def test_an_alarm_stands_once_also_where_its_occurrences_overlap() -> None:
    frame = episodes((0, "A", "raise"), (100, "A", "clear"), (10, "A", "raise"), (150, "A", "clear"))
    assert standing_alarms(frame, at=at(50))["age"].tolist() == [pd.Timedelta(seconds=50)]
    unseen = episodes((0, "A", "raise"), (50, "A", "clear"), (100, "A", "clear"))
    assert standing_alarms(unseen, at=at(20))["raised"].tolist() == [at(0)]


def test_one_that_cleared_at_an_unknown_time_is_gone() -> None:
    assert len(standing_alarms(episodes((0, "A", "raise"), (None, "A", "clear"), (9, "B", "raise")))) == 1


def test_an_alarm_is_stale_after_a_day_also_when_it_is_over() -> None:
    rows = [
        (0, "Old", "raise"),
        *raises(0, alarm="Was", clear_after=25 * HOUR),
        *raises(0, alarm="No", clear_after=HOUR),
    ]
    frame = stale_alarms(episodes(*rows), at=at(30 * HOUR))
    assert frame["reference"].tolist() == ["Old", "Was"]
    assert frame["age"].tolist() == [pd.Timedelta(hours=30), pd.Timedelta(hours=25)]
    assert len(stale_alarms(episodes(*rows), at=at(23 * HOUR))) == 0


def test_the_time_to_acknowledge_by_priority() -> None:
    urgent, slow = {"severity": 100}, {"severity": 800}
    frame = times_to_acknowledge(
        episodes(
            (0, "A", "raise", urgent), (10, "A", "acknowledge"), (100, "A", "raise", urgent),
            (130, "A", "acknowledge"), (0, "B", "raise", slow), (5, "C", "raise", slow), (6, "C", "clear"),
        )
    )  # fmt: skip
    critical, low = frame.to_dict("records")
    assert (critical["priority"], critical["alarms"], critical["acknowledged"]) == ("critical", 2, 2)
    assert critical["median"] == pd.Timedelta(seconds=20)
    assert critical["longest"] == pd.Timedelta(seconds=30)
    assert (low["priority"], low["acknowledged"], low["waiting"]) == ("low", 0, 2)
    assert pd.isna(low["median"])
    by_area = times_to_acknowledge(episodes(*raises(0)), by="area")
    assert by_area["area"].tolist() == ["Area1"]


def test_an_acknowledgement_at_an_unknown_time_is_one() -> None:
    frame = times_to_acknowledge(episodes((0, "A", "raise"), (None, "A", "acknowledge")), by="area")
    (row,) = frame.to_dict("records")
    assert (row["acknowledged"], row["waiting"], pd.isna(row["median"])) == (1, 0, True)


def test_acknowledged_and_then_nothing() -> None:
    rows = [
        (0, "P1.Trip", "raise"), (5, "P1.Trip", "acknowledge"),
        (0, "P2.Trip", "raise"), (5, "P2.Trip", "acknowledge"), (300, "P2.Trip", "clear"),
        (0, "P3.Trip", "raise"), (5, "P3.Trip", "acknowledge"),
        (7100, "P4.Trip", "raise"), (7110, "P4.Trip", "acknowledge"), (7200, "P5.Trip", "raise"),
    ]  # fmt: skip
    frame = episodes(*rows)
    assert acknowledged_without_action(frame)["reference"].tolist() == ["P1.Trip", "P3.Trip"]
    actions = pd.DataFrame({"time": [at(200), at(9000)], "tag": ["P3.Cmd", "P1.Cmd"]})
    assert acknowledged_without_action(frame, actions)["reference"].tolist() == ["P1.Trip"]
    with pytest.raises(ConfigurationError, match="no column time"):
        acknowledged_without_action(frame, actions[["tag"]])


@pytest.mark.parametrize(
    ("action", "answered"),
    [
        ({"tag": "p1.Cmd", "taken": True}, True),
        ({"tag": "P1.Cmd", "taken": False}, False),
        ({"tag": "P1.Trip.AckMsg", "taken": True}, False),
        ({"tag": "P10.Cmd", "taken": True}, False),
    ],
)
def test_an_answer_is_what_the_plant_took_and_more_than_an_acknowledgement(
    action: dict[str, Any], answered: bool
) -> None:
    frame = episodes((0, "P1.Trip", "raise"), (5, "P1.Trip", "acknowledge"), (7200, "P5.Trip", "raise"))
    actions = pd.DataFrame([{"time": at(200), **action}])
    assert len(acknowledged_without_action(frame, actions)) == (0 if answered else 1)
    assert len(acknowledged_without_action(episodes(), actions)) == 0
    assert len(acknowledged_without_action(frame, actions[:0])) == 1


def test_an_alarm_that_follows_another_is_a_pair() -> None:
    rows = [*raises(0, 1000, 2000, 3000, alarm="Trip"), *raises(12, 1010, 2014, alarm="LowFlow"),
            *raises(500, 1500, 2500, alarm="Else")]  # fmt: skip
    (row,) = correlated_pairs(episodes(*rows)).to_dict("records")
    assert (row["first"], row["follower"], row["times"], row["share"]) == ("Trip", "LowFlow", 3, 0.75)
    assert row["median_delay"] == pd.Timedelta(seconds=12)
    assert row["lift"] > 5
    assert len(correlated_pairs(episodes())) == 0


@given(st.lists(st.tuples(st.integers(0, 400), st.sampled_from("ABCD")), max_size=40))
def test_generated_raises_give_the_pairs_of_a_plain_loop(found: list[tuple[int, str]]) -> None:
    ordered = sorted(found, key=lambda raised: raised[0])
    frame = correlated_pairs(episodes(*((time, name, "raise") for time, name in ordered)), 99, least=1)
    slow: dict[tuple[str, str], int] = {}
    for place, (time, name) in enumerate(ordered):
        after = {other for when, other in ordered[place + 1 :] if when - time <= 60 and other != name}
        for other in after:
            slow[name, other] = slow.get((name, other), 0) + 1
    mine = {(row.first, row.follower): row.times for row in frame.itertuples()}
    assert mine == slow
