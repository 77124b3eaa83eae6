"""What plants report besides the rates: by area and position, standing, out of service, shifts, bulk."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given

from mxgw_notebook.analysis import (
    acknowledged_in_bulk,
    alarm_episodes,
    alarm_load,
    alarm_report,
    alarms_by_shift,
    hourly_alarm_rate,
    out_of_service,
    standing_load,
)
from mxgw_notebook.errors import ConfigurationError
from tests.analysis.cases import CASES, Case
from tests.analysis.logs import at, log, raises

HOUR = 3600


def test_each_area_is_judged_for_itself() -> None:
    rows = [*raises(*range(0, 600, 40), alarm="N", clear_after=5), (700, "S", "raise"), (800, "B", "raise")]
    frame = log(*rows)
    frame["area"] = frame["reference"].map({"N": "North", "S": "South", "B": ""})
    found = alarm_load(alarm_episodes(frame), end=at(6000))
    assert found["area"].tolist() == ["North", "South", ""]
    assert found["alarms"].tolist() == [15, 1, 1]
    assert found["per_10_minutes"].tolist() == pytest.approx([1.5, 0.1, 0.1])
    assert found["per_day"].iloc[0] == pytest.approx(216)
    assert found["most_in_10_minutes"].tolist() == [15, 1, 1]
    assert found["floods"].tolist() == [1, 0, 0]
    assert found["band"].astype("str").tolist() == ["manageable", *["very likely acceptable"] * 2]


def test_positions_have_areas_by_name_or_glob() -> None:
    frame = log((0, "A", "raise"), (1, "B", "raise"), (2, "C", "raise"))
    frame["area"] = ["North1", "North2", "Attic"]
    found = alarm_load(alarm_episodes(frame), positions={"north*": "Room 1"})
    assert dict(zip(found["position"], found["alarms"], strict=True)) == {"Room 1": 2, "unassigned": 1}
    assert alarm_load(alarm_episodes(log())).empty


def test_an_hour_has_its_own_benchmark() -> None:
    report = alarm_report(log(*raises(*range(0, 3100, 100))), end=at(2 * HOUR))
    assert report.hourly_rate["alarms"].tolist() == [31, 0]
    assert report.hourly_rate.equals(
        hourly_alarm_rate(alarm_episodes(log(*raises(*range(0, 3100, 100)))), end=at(7200))
    )
    hours = report.summary.set_index("measure").loc["hours with more than 30"]
    assert (hours["value"], hours["met"]) == ("50.0%", False)


def test_average_and_most_standing_count_only_what_is_known() -> None:
    rows = [(0, "A", "raise"), (50, "B", "raise"), (60, "A", "clear"), (60, "C", "raise"), (90, "B", "raise")]
    found = standing_load(alarm_episodes(log(*rows)), end=at(100)).iloc[0]
    # B was raised again without a clear: until when it stood before nobody knows.
    assert (found["most"], found["at"], found["unknown"]) == (2, at(90), 1)
    assert found["average"] == pytest.approx((60 + 40 + 10) / 100)


@given(CASES)
def test_generated_occurrences_stand_as_a_plain_loop_counts(one: Case) -> None:
    start, end = one.window[0], one.seen_until
    # What nobody saw any more still has the moment at which it was last seen.
    tail = end + (end < one.window[1])
    intervals = []
    unknown = 0
    # A state that the gateway has no name for is unknown; what follows from that alone the loop does not see.
    for made, state in zip(one.made, one.episodes["state"], strict=True):
        raised, cleared = made["raised"], made["cleared"]
        still = state in ("unacknowledged", "acknowledged", "state unknown")
        if raised is None or not (still or (cleared is not None and cleared >= raised)):
            unknown += 1
            continue
        intervals.append((raised, tail if still else cleared))
    found = standing_load(one.episodes, **one.span).iloc[0]
    seconds = sum(max(0, min(stop, end) - max(begin, start)) for begin, stop in intervals)
    assert found["unknown"] == unknown
    if end > start:
        assert found["average"] == pytest.approx(seconds / (end - start))
    inside = [moment for moment, _ in intervals if start <= moment < tail] + [start]
    most = max(sum(begin <= moment < stop for begin, stop in intervals) for moment in inside)
    if one.span["end"] is not None and end > start:
        assert found["most"] == most


def test_what_was_out_of_service_says_since_when_by_whom_and_why() -> None:
    frame = log(
        (10, "A", "shelved", {"operator": "jdoe", "comment": "sensor changed"}),
        (20, "B", "enabled"),
        (30, "C", "suppressed"),
        (35, "C", "suppressed"),
        (40, "A", "unshelved", {"operator": "asmith"}),
        (50, "D", "raise"),
    )
    found = out_of_service(frame, start=at(0), end=at(100))
    assert found["reference"].tolist() == ["B", "A", "C"]
    assert found["how"].tolist() == ["disabled", "shelved", "suppressed"]
    assert found["since"].tolist() == [pd.NaT, at(10), at(30)]
    assert found["until"].tolist() == [at(20), at(40), pd.NaT]
    assert found["share"].tolist() == pytest.approx([0.2, 0.3, 0.7])
    assert found.iloc[1][["operator", "reason"]].tolist() == ["jdoe", "sensor changed"]
    report = alarm_report(frame, start=at(0), end=at(100))
    assert report.summary.set_index("measure").loc["out of service at the end", "value"] == "1"
    assert len(report.rate) > 0
    assert len(alarm_episodes(frame)) == 1
    assert out_of_service(log()).empty


def test_a_write_in_the_log_itself_is_an_answer() -> None:
    rows: list[Any] = [(0, "T1.Hi", "raise"), (10, "T1.Hi", "acknowledge")]
    ignored = alarm_report(log(*rows), end=at(2000))
    answered = alarm_report(log(*rows, (60, "T1.SP", "write")), end=at(2000))
    assert (len(ignored.without_action), len(answered.without_action)) == (1, 0)


def test_a_shift_begins_by_the_plants_clock_also_when_clocks_are_set() -> None:
    # In Berlin clocks go back on 25 October 2026, an hour after midnight UTC.
    begin = pd.Timestamp("2026-10-24T20:00:00Z")
    times = [begin + pd.Timedelta(hours=hour) for hour in range(0, 24, 3)]
    frame = pd.DataFrame({"time": times, "reference": "A", "transition": "raise"})
    found = alarms_by_shift(alarm_episodes(frame), tz="Europe/Berlin", start=begin, end="2026-10-25T21:00Z")
    assert found["shift"].tolist() == ["night", "early", "late"]
    assert [str(start) for start in found["start"]][:2] == [
        "2026-10-24 22:00:00+02:00",
        "2026-10-25 06:00:00+01:00",
    ]
    assert found["end"].iloc[0] - found["start"].iloc[0] == pd.Timedelta(hours=9)
    assert found["alarms"].tolist() == [3, 3, 2]
    assert found["per_10_minutes"].iloc[0] == pytest.approx(3 / 54)
    days = alarms_by_shift(alarm_episodes(frame), shifts={"day": "00:00"}, tz="Europe/Berlin")
    assert days["alarms"].tolist() == [1, 7]
    report = alarm_report(frame, tz="Europe/Berlin", shifts={"day": "07:00", "night": "19:00"})
    assert "By shift, by the clock of Europe/Berlin" in report.to_html()
    assert report.by_shift["alarms"].sum() == 8
    assert alarms_by_shift(alarm_episodes(log())).empty


@pytest.mark.parametrize(
    "shifts", [{"early": "6 am"}, {"early": "06:00", "late": "6:00"}, {"night": "25:00"}]
)
def test_shifts_that_are_none_are_told(shifts: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError, match=r"not a time of the day|same time"):
        alarms_by_shift(alarm_episodes(log((0, "A", "raise"))), shifts=shifts)


def test_many_acknowledged_within_a_second_of_one_another_are_a_run() -> None:
    rows: list[Any] = [(k, f"A{k}", "raise", {"area": f"Area{k % 2}"}) for k in range(8)]
    rows += [(100 + k / 2, f"A{k}", "acknowledge", {"operator": "jdoe"}) for k in range(6)]
    rows += [(100 + k / 2, f"A{k}", "acknowledge", {"operator": "asmith"}) for k in range(6, 8)]
    found = acknowledged_in_bulk(alarm_episodes(log(*rows)))
    assert found["alarms"].tolist() == [6]
    assert found.iloc[0][["first", "last", "operator", "areas"]].tolist() == [at(100), at(102.5), "jdoe", 2]
    assert found["examples"].tolist() == ["A0, A1, A2"]
    assert acknowledged_in_bulk(alarm_episodes(log(*rows)), alarms=7).empty
    assert acknowledged_in_bulk(alarm_episodes(log())).empty
    report = alarm_report(log(*rows))
    assert report.summary.set_index("measure").loc["acknowledged in bulk", "value"] == "6"
    # Of a log without acknowledgements, and of none, nobody knows.
    for silent in (alarm_report(log((0, "A", "raise"))), alarm_report(log())):
        assert silent.summary.set_index("measure").loc["acknowledged in bulk", "value"] == "unknown"
