"""Rates, floods, contributors and priorities: by hand, and against a plain loop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxgw_notebook.analysis import (
    acknowledged_in_bulk,
    chattering_alarms,
    correlated_pairs,
    fleeting_alarms,
    flood_suspects,
)
from mxgw_notebook.analysis.alarm_contributors import top_contributors
from mxgw_notebook.analysis.alarm_episodes import alarm_episodes
from mxgw_notebook.analysis.alarm_floods import alarm_floods, share_in_flood
from mxgw_notebook.analysis.alarm_priorities import priority_distribution, priority_of
from mxgw_notebook.analysis.alarm_rates import alarm_rate, daily_alarm_rate
from mxgw_notebook.analysis.alarm_window import review_window
from mxgw_notebook.errors import ConfigurationError
from tests.analysis.logs import at, log, raises

DAY = 86_400


def episodes(*rows: tuple[Any, ...]) -> pd.DataFrame:
    return alarm_episodes(log(*rows))


def seconds(moments: pd.Series[Any]) -> list[float]:
    return [(moment - at(0)).total_seconds() for moment in moments]


def test_the_rate_counts_raises_in_clock_intervals_also_in_quiet_ones() -> None:
    frame = alarm_rate(episodes(*raises(0, 599.999, 600, 1900)))
    assert frame["alarms"].tolist() == [2, 1, 0, 1]
    assert seconds(frame["start"]) == [0, 600, 1200, 1800]
    assert frame["band"].tolist() == ["manageable", *["very likely acceptable"] * 3]


@pytest.mark.parametrize(
    ("count", "band"),
    [(1, "very likely acceptable"), (2, "manageable"), (5, "likely over-demanding"),
     (10, "likely over-demanding"), (11, "very likely unacceptable")],
)  # fmt: skip
def test_ten_minutes_are_judged_by_eemua(count: int, band: str) -> None:
    frame = alarm_rate(episodes(*raises(*range(count))))
    assert frame["band"].tolist() == [band]


@pytest.mark.parametrize(
    ("per", "count", "band"),
    [("1h", 6, "very likely acceptable"), ("1h", 12, "manageable"), ("1h", 13, "likely over-demanding"),
     ("1h", 61, "very likely unacceptable"), ("30min", 3, "very likely acceptable"),
     ("30min", 6, "manageable"),
     ("1D", 150, "very likely acceptable"), ("1D", 151, "manageable")],
)  # fmt: skip
def test_other_lengths_are_judged_by_their_own_figures_or_in_proportion(
    per: str, count: int, band: str
) -> None:
    assert alarm_rate(episodes(*raises(*range(count))), per=per)["band"].tolist() == [band]


def test_a_day_has_144_intervals_and_the_moment_of_its_end_belongs_to_the_next() -> None:
    frame = episodes(*raises(0, 600, DAY))
    span = {"start": at(0), "end": at(DAY)}
    assert len(alarm_rate(frame, **span)) == 144
    assert alarm_rate(frame, **span)["alarms"].sum() == 2
    assert len(daily_alarm_rate(episodes(*raises(0)), start="2026-05-04", end="2026-05-05")) == 1


@pytest.mark.parametrize("operators", [0, -1, float("nan"), float("inf")])
def test_no_operators_are_no_operators(operators: float) -> None:
    for measure in (alarm_rate, daily_alarm_rate, alarm_floods):
        with pytest.raises(ConfigurationError, match="operators"):
            measure(episodes(*raises(0)), operators=operators)


@pytest.mark.parametrize(
    "settings",
    [
        *({"per": "0min"}, {"per": "soon"}, {"per": "600"}),
        *({"start": "noon o'clock"}, {"start": at(9), "end": at(0)}),
        # May to whoever wrote it, April to pandas; and what it takes for 1 January of the year 1.
        *({"start": "04.05.2026"}, {"start": "5/4/2026 06:00"}, {"end": "12h"}, {"end": ""}),
    ],
)
def test_a_length_or_a_time_that_is_none_is_told_in_a_line(settings: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError):
        alarm_rate(episodes(*raises(0)), **settings)


@pytest.mark.parametrize(
    ("measure", "settings"),
    [
        (alarm_floods, {"below": 0}),
        (alarm_floods, {"more_than": 2, "below": 5}),
        (chattering_alarms, {"raises": 1}),
        (fleeting_alarms, {"shorter_than": "10"}),
        (fleeting_alarms, {"shorter_than": "soon"}),
        (top_contributors, {"most": -1}),
        (correlated_pairs, {"most": 0}),
        (correlated_pairs, {"neighbours": 0}),
        (acknowledged_in_bulk, {"alarms": 0}),
        (flood_suspects, {"most": -1}),
        (flood_suspects, {"samples": "none"}),
    ],
)
def test_a_number_or_a_length_that_is_none_is_told_in_a_line(
    measure: Callable[..., object], settings: dict[str, Any]
) -> None:
    with pytest.raises(ConfigurationError) as refused:
        measure(episodes(*raises(*range(24))), **settings)
    assert "\n" not in str(refused.value)


def test_the_counts_of_a_flood_are_those_of_one_operator() -> None:
    (flood,) = alarm_floods(episodes(*raises(*range(24))), operators=2, end=at(7200)).to_dict("records")
    assert (flood["alarms"], flood["peak"]) == (12, 12)


def test_operators_share_the_load() -> None:
    frame = alarm_rate(episodes(*raises(*range(4))), operators=4)
    assert frame["per_operator"].tolist() == [1.0]
    assert frame["band"].tolist() == ["very likely acceptable"]


@pytest.mark.parametrize("per", ["1ns", "1us", "1ms"])
def test_intervals_of_which_there_would_be_too_many_are_refused_before_they_are_made(per: str) -> None:
    with pytest.raises(ConfigurationError, match="more than a table can have"):
        alarm_rate(episodes(*raises(0, 86_400)), per=per)


def test_days_are_judged_by_their_own_bands() -> None:
    frame = daily_alarm_rate(
        episodes(*raises(*range(151)), *raises(*(DAY + k for k in range(301)), alarm="B"))
    )
    assert frame["alarms"].tolist() == [151, 301]
    assert frame["band"].tolist() == ["manageable", "likely over-demanding"]


def test_a_review_of_nothing_has_no_intervals_unless_told_which() -> None:
    assert len(alarm_rate(episodes())) == 0
    assert alarm_rate(episodes(), start=at(0), end=at(1199))["alarms"].tolist() == [0, 0]


def test_a_review_of_nothing_up_to_a_moment_does_not_begin_in_1970() -> None:
    assert not review_window(episodes(), end=at(1199)).known
    assert len(alarm_rate(episodes(), end=at(1199))) == 0


def test_what_stood_before_does_not_move_the_beginning() -> None:
    frame = episodes((-9 * DAY, "Old", "raise", {"origin": "snapshot"}), *raises(0, 60))
    assert review_window(frame).start == at(0)
    assert alarm_rate(frame)["alarms"].tolist() == [2]


def test_a_review_of_unknown_raises_begins_with_what_is_known() -> None:
    frame = episodes((-9 * DAY, "Old", "raise", {"origin": "snapshot"}), (60, "A", "clear"))
    assert review_window(frame).start == at(60)
    only_told = episodes((-9 * DAY, "Old", "raise", {"origin": "snapshot"}))
    assert alarm_rate(only_told)["start"].tolist() == [at(-9 * DAY)]
    assert review_window(episodes((60, "A", "clear"), (90, "B", "clear"))).start == at(60)


# ------------------------------------------------------------------ floods


def test_a_flood_begins_with_more_than_ten_in_ten_minutes_and_ends_below_five() -> None:
    frame = alarm_floods(episodes(*raises(*range(0, 110, 10))), end=at(3600))
    (flood,) = frame.to_dict("records")
    assert (flood["start"], flood["alarms"], flood["peak"], flood["ended"]) == (at(0), 11, 11, True)
    # The fifth last alarm came at 60 s: ten minutes later only four are left.
    assert flood["end"] == at(660)
    assert flood["duration"] == pd.Timedelta(seconds=660)


def test_ten_in_ten_minutes_are_no_flood_yet() -> None:
    assert len(alarm_floods(episodes(*raises(*range(10))))) == 0


def test_a_flood_across_the_edge_of_clock_intervals_is_found() -> None:
    rows = raises(*range(597, 603), *range(603, 608))
    assert alarm_rate(episodes(*rows))["alarms"].max() <= 10
    frame = alarm_floods(episodes(*rows), end=at(7200))
    assert frame["alarms"].tolist() == [11]


def test_an_alarm_exactly_ten_minutes_before_is_outside() -> None:
    assert len(alarm_floods(episodes(*raises(0, *range(591, 601))))) == 0
    assert len(alarm_floods(episodes(*raises(1, *range(591, 601))))) == 1


def test_a_flood_that_goes_on_has_the_reviews_end() -> None:
    frame = alarm_floods(episodes(*raises(*range(20))), end=at(30))
    assert frame["ended"].tolist() == [False]
    assert seconds(frame["end"]) == [30]


def test_two_floods_with_a_lull_are_two() -> None:
    frame = alarm_floods(episodes(*raises(*range(20), *range(5000, 5015))), end=at(9000))
    assert frame["alarms"].tolist() == [20, 15]
    window = review_window(episodes(*raises(0)), at(0), at(9000))
    share = (float(frame["end"].iloc[0].value - at(0).value) + (at(5610).value - at(5000).value)) / 9000e9
    assert share_in_flood(frame, window) == pytest.approx(share)


def test_of_a_flood_at_the_edge_of_the_window_only_what_lies_within_counts() -> None:
    frame = episodes(*raises(*range(0, 110, 10)))
    floods = alarm_floods(frame, end=at(3600))
    assert share_in_flood(floods, review_window(frame, at(560), at(760))) == pytest.approx(0.5)
    assert share_in_flood(floods, review_window(frame, at(700), at(760))) == 0.0


def floods_slowly(times: list[int], end: int) -> list[tuple[int, int, int, bool]]:
    """Looks at every second in turn."""
    found: list[tuple[int, int, int, bool]] = []
    flooded, begin = False, 0
    free = 0
    for now in range(min(times, default=0), end + 1):
        inside = [place for place, time in enumerate(times) if now - 600 < time <= now]
        if not flooded and len(inside) > 10:
            flooded, begin = True, max(inside[0], free)
        elif flooded and len(inside) < 5:
            free = sum(time <= now for time in times)
            found.append((times[begin], now, free - begin, True))
            flooded = False
    if flooded:
        found.append((times[begin], end, len(times) - begin, False))
    return found


@given(st.lists(st.tuples(st.integers(0, 1800), st.integers(1, 14)), max_size=6), st.integers(1, 90))
def test_generated_raises_give_the_floods_of_a_plain_loop(bursts: list[tuple[int, int]], step: int) -> None:
    times = sorted(min(begin + k * step, 3000) for begin, count in bursts for k in range(count))
    frame = alarm_floods(episodes(*raises(*times)), end=at(3600))
    mine = [
        (
            int(seconds(pd.Series([row.start]))[0]),
            int(seconds(pd.Series([row.end]))[0]),
            row.alarms,
            row.ended,
        )
        for row in frame.itertuples()
    ]
    assert mine == floods_slowly(times, 3600)


@given(
    st.lists(st.tuples(st.integers(0, 1800), st.integers(8, 30)), max_size=4),
    st.integers(-600, 3000),
    st.integers(1, 4000),
)
def test_the_share_in_flood_is_that_of_counting_seconds(
    bursts: list[tuple[int, int]], begin: int, length: int
) -> None:
    times = sorted(min(first + 20 * k, 3000) for first, count in bursts for k in range(count))
    frame = episodes(*raises(*times))
    share = share_in_flood(
        alarm_floods(frame, end=at(3600)), review_window(frame, at(begin), at(begin + length))
    )
    spans = [(start, end) for start, end, _, _ in floods_slowly(times, 3600)]
    flooded = sum(any(a <= second < b for a, b in spans) for second in range(begin, begin + length))
    assert share == pytest.approx(flooded / length)


# ------------------------------------------------------------------ who and how urgent


def test_the_most_frequent_alarms_come_first_with_their_share() -> None:
    frame = top_contributors(
        episodes(*raises(0, 1, 2, alarm="A"), *raises(3, alarm="B"), *raises(4, 5, 6, 7, 8, 9, alarm="C")), 2
    )
    assert frame["reference"].tolist() == ["C", "A"]
    assert frame["share"].tolist() == [0.6, 0.3]
    assert frame["cumulative"].tolist() == [0.6, pytest.approx(0.9)]
    by_area = top_contributors(episodes(*raises(0, 1)), by="area")
    assert by_area.to_dict("records") == [{"area": "Area1", "alarms": 2, "share": 1.0, "cumulative": 1.0}]


def test_priorities_are_set_beside_what_the_standards_ask_for() -> None:
    severities = [1, 249, 250, 499, 500, 750, 999, 5000]
    frame = priority_distribution(
        episodes(*((k, f"A{k}", "raise", {"severity": severity}) for k, severity in enumerate(severities)))
    )
    assert frame["priority"].tolist() == ["critical", "high", "medium", "low", "unknown"]
    assert frame["alarms"].tolist() == [2, 2, 1, 2, 1]
    assert frame["target"].sum() == pytest.approx(1.0, abs=0.02)
    assert priority_distribution(episodes())["alarms"].tolist() == [0, 0, 0, 0]


def test_a_severity_that_is_none_is_unknown_and_has_a_row_of_its_own() -> None:
    severities = pd.Series([100, "500", 0, "urgent", None, float("nan"), -1], dtype=object)
    assert priority_of(severities).tolist() == ["critical", "medium", *["unknown"] * 5]
    frame = priority_distribution(alarm_episodes(log(*raises(0, 1, 2))[["reference", "time", "transition"]]))
    assert frame["alarms"].tolist() == [0, 0, 0, 0, 3]
    assert frame["priority"].tolist()[-1] == "unknown"


@pytest.mark.parametrize("measure", [alarm_rate, daily_alarm_rate, alarm_floods, top_contributors])
def test_a_log_where_occurrences_are_meant_is_told_in_one_line(measure: Callable[..., object]) -> None:
    with pytest.raises(ConfigurationError, match="not a table of occurrences") as refused:
        measure(log((0, "A", "raise")))
    assert "alarm_episodes" in str(refused.value)
