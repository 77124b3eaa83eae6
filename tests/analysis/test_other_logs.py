"""Logs of other systems: what their words and columns become, and what is refused in one line."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxgw_notebook.analysis import alarm_episodes, alarm_report, read_alarm_log
from mxgw_notebook.errors import ConfigurationError
from tests.analysis.foreign_logs import EVENTS, JOURNAL, view
from tests.analysis.logs import at

Rows = list[tuple[str, str]]
EVENTS_COLUMNS = pd.DataFrame(columns=["EventTimeUtc", "Type", "Source_ProcessVariable"])
JOURNAL_COLUMNS = pd.DataFrame(columns=["id", "eventid", "source", "eventtype", "eventflags", "eventtime"])


def happened(*states: str) -> list[str]:
    return read_alarm_log(view(*states))["transition"].astype("str").tolist()


@pytest.mark.parametrize(
    ("states", "transitions"),
    [
        (("UNACK_ALM", "UNACK_RTN", "ACK_RTN"), ["raise", "clear", "acknowledge"]),
        (("UNACK_ALM", "ACK_ALM", "ACK_RTN"), ["raise", "acknowledge", "clear"]),
        (("UNACK_ALM", "ACK_RTN"), ["raise", "clear", "acknowledge"]),
        (("UNACK", "UNACK_RTN", "ACK"), ["raise", "clear", "acknowledge"]),
        (("UNACK_ALM", "UNACK_RTN", "UNACK_ALM", "ACK_ALM"), ["raise", "clear", "raise", "acknowledge"]),
        (("UNACK_ALM", "UNACK_RTN", "ACK_ALM"), ["raise", "clear", "raise", "acknowledge"]),
        (("ACK_ALM", "ACK_RTN"), ["acknowledge", "clear"]),
        (("ACK_RTN", "UNACK_ALM"), ["clear", "acknowledge", "raise"]),
        (("unack alm", "Unack-Rtn "), ["raise", "clear"]),
    ],
)
def test_what_a_state_says_depends_on_the_one_before(states: tuple[str, ...], transitions: list[str]) -> None:
    assert happened(*states) == transitions


STATES = {
    "UNACK_ALM": (True, False),
    "ACK_ALM": (True, True),
    "UNACK_RTN": (False, False),
    "ACK_RTN": (False, True),
}


@given(st.lists(st.tuples(st.sampled_from("AB"), st.sampled_from(sorted(STATES))), max_size=12))
def test_generated_states_give_what_a_plain_loop_gives(rows: Rows) -> None:
    before: dict[str, tuple[bool, bool]] = {}
    expected = []
    for name, word in rows:
        inside, acked = STATES[word]
        was = before.get(name)
        if inside and not acked:
            kinds = ["raise"]
        elif inside:
            kinds = ["acknowledge"] if was is None or was[0] else ["raise", "acknowledge"]
        elif not acked:
            kinds = ["clear"]
        elif was == (False, False):
            kinds = ["acknowledge"]
        else:
            kinds = ["clear"] if was == (True, True) else ["clear", "acknowledge"]
        expected += [(name, kind) for kind in kinds]
        before[name] = (inside, acked)
    frame = pd.DataFrame(
        [(at(k).tz_localize(None), word, name, "Hi") for k, (name, word) in enumerate(rows)],
        columns=["EventStampUTC", "AlarmState", "TagName", "Type"],
    )
    found = read_alarm_log(frame, layout="a2almdb", columns={"reference": "TagName"})
    assert list(zip(found["reference"], found["transition"].astype("str"), strict=True)) == expected


def test_a_further_state_of_an_intouch_tag_is_a_retrigger_where_the_tag_is_the_alarm() -> None:
    frame = view("UNACK_ALM", "UNACK_ALM", "UNACK_RTN").assign(Type=["Hi", "HiHi", "HiHi"])
    found = read_alarm_log(frame, columns={"reference": "TagName"})
    assert found["transition"].astype("str").tolist() == ["raise", "retrigger", "clear"]
    assert len(alarm_episodes(found)) == 1


def test_the_alarm_databases_columns_are_ours() -> None:
    found = read_alarm_log(
        view("UNACK_ALM", "ACK_ALM").assign(Description=["Level high", "seen"], Area="North")
    )
    first = found.iloc[0]
    assert (first["reference"], first["tag"], first["area"]) == ("Tank001.PV.Hi", "Tank001", "North")
    assert (first["severity"], first["value"], first["limit"]) == (500, 81.5, 80)
    episode = alarm_episodes(found).iloc[0]
    assert (episode["description"], episode["operator"], episode["comment"]) == ("Level high", "jdoe", "seen")


def test_milliseconds_stand_apart_or_in_the_time_itself() -> None:
    apart = read_alarm_log(view("UNACK_ALM").assign(MilliSec=1234))
    assert apart["time"].iloc[0] == at(0.1234)
    both = view("UNACK_ALM").assign(MilliSec=1234, EventStampUTC=at(0.173).tz_localize(None))
    assert read_alarm_log(both)["time"].iloc[0] == at(0.173)


@pytest.mark.parametrize("word", ["LATCHED", "ENABLED?", "Alarm inhibited"])
def test_a_word_that_is_not_understood_is_an_error_with_its_count(word: str) -> None:
    with pytest.raises(
        ConfigurationError, match=rf"2 of 3 rows .*{word.split(maxsplit=1)[0][:7]}.*2 rows.*row 1"
    ):
        read_alarm_log(view("UNACK_ALM", word, word))
    found = read_alarm_log(view("UNACK_ALM", word, word), words={word: None})
    assert len(found) == 1
    assert any("2 of its rows" in note for note in found.attrs["notes"])
    assert any("2 of its rows" in note for note in alarm_report(found).notes)


def test_a_word_may_be_explained_by_a_state_and_rows_may_have_any_index() -> None:
    frame = view("AKTIV", "UNACK_RTN", "ACK_RTN")
    frame.index = pd.Index([7, 7, 7])
    found = read_alarm_log(frame, words={"Aktiv": "UNACK_ALM"})
    assert found["transition"].astype("str").tolist() == ["raise", "clear", "acknowledge"]


@pytest.mark.parametrize("frame", [view(), EVENTS_COLUMNS, JOURNAL_COLUMNS])
def test_a_log_without_rows_is_an_empty_log(frame: pd.DataFrame) -> None:
    assert read_alarm_log(frame).empty
    assert alarm_report(read_alarm_log(frame)).summary["met"].isna().all()


def test_the_historians_events_have_suppression_and_writes_beside_the_alarms() -> None:
    found = read_alarm_log(EVENTS.assign(Priority=300, Source_Area="North"))
    assert found["transition"].astype("str").tolist() == [
        "raise",
        "write",
        "acknowledge",
        "suppressed",
        "clear",
    ]
    assert found["reference"].iloc[0] == "TI101.PV.Hi"
    assert found["operator"].iloc[1] == "jdoe"
    assert len(alarm_episodes(found)) == 1
    assert found.attrs["notes"] == ["1 of its rows are about no alarm that was shown, and were left out."]


def test_ignitions_journal_is_read_and_what_was_shelved_is_left_out() -> None:
    found = read_alarm_log(JOURNAL, tz="Europe/Berlin")
    assert found["transition"].astype("str").tolist() == ["raise", "acknowledge", "clear"]
    first = found.iloc[0]
    assert first["time"] == at(0.419)
    assert (first["tag"], first["area"], first["alarm_type"]) == ("North/Tank/Level", "North", "High High")
    assert first["severity"] == 1
    assert any("2 of its rows" in note for note in found.attrs["notes"])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"layout": "citect"}, "not a layout"),
        ({"tz": "Berlin"}, "not a time zone"),
        ({"columns": {"when": "EventStampUTC"}}, "not a column of a log"),
        ({"columns": {"time": "Zeit"}}, "no column 'Zeit' for time"),
        ({"words": {"LATCHED": "stuck"}}, "not a transition"),
    ],
)
def test_a_setting_that_is_none_is_told(options: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        read_alarm_log(
            view("UNACK_ALM").drop(columns="EventStampUTC").assign(EventStamp="2026-05-04"), **options
        )


def test_rows_out_of_order_are_sorted_and_those_there_twice_count_once() -> None:
    frame = view("UNACK_ALM", "UNACK_RTN", "ACK_RTN").iloc[[0, 2, 1, 1]]
    found = read_alarm_log(frame)
    assert found["transition"].astype("str").tolist() == ["raise", "clear", "acknowledge"]
    assert [note[:14] for note in found.attrs["notes"]] == ["The log was no", "1 rows that we"]


def test_columns_may_be_named_in_either_direction() -> None:
    frame = pd.DataFrame({"Zeit": ["2026-05-04 06:00"], "Objekt": ["A"], "Was": ["kommt"]})
    theirs = {"Zeit": "time", "Objekt": "reference", "Was": "transition"}
    ours = {name: other for other, name in theirs.items()}
    pd.testing.assert_frame_equal(read_alarm_log(frame, columns=theirs), read_alarm_log(frame, columns=ours))
