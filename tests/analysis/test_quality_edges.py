"""The quality accessor where frames are not as one would like them: gaps, odd times, odd values, nothing."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mxgw_notebook.analysis.held import left_open
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames import long_frame, wide_frame
from tests.analysis.test_quality import after, by_quality, columns

NAN = float("nan")
WORDS = ["bad", "uncertain", "good"]


def frame_of(*rows: tuple[str, float, Any, str], gaps: Any = ()) -> pd.DataFrame:
    """Rows of tag, seconds, value and quality, in their order; gaps as begin, end and cause."""
    made = pd.DataFrame(
        {
            "tag": [row[0] for row in rows],
            "timestamp": pd.DatetimeIndex([after(row[1]) for row in rows], tz="UTC").as_unit("ns"),
            "value": [row[2] for row in rows],
            "quality": [row[3] for row in rows],
        }
    )
    made.attrs["gaps"] = [
        {"start": text(begin), "end": None if end is None else text(end), "cause": cause, "events": 0}
        for begin, end, cause in gaps
    ]
    return made


def text(seconds: float) -> str:
    return after(seconds).isoformat()


# ------------------------------------------------------------------ gaps

# A is 10 from 0 s and 30 from 20 s; nobody knows what was between 5 s and 9 s.
GAPPED = (("A", 0.0, 10.0, "good"), ("A", 20.0, 30.0, "good"))


def gapped(cause: str, *, end: float | None = 9.0) -> pd.DataFrame:
    return frame_of(*GAPPED, gaps=[(5.0, end, cause)])


def test_after_an_outage_a_value_that_did_not_change_goes_on() -> None:
    quality = by_quality(gapped("outage"))
    assert quality.durations(after(30)).tolist() == [16.0, 10.0]
    assert quality.time_weighted_mean(until=after(30))["A"] == pytest.approx((10 * 16 + 30 * 10) / 26)
    assert quality.percent_good(until=after(30))["A"] == pytest.approx(100 * 26 / 30)
    assert quality.time_in_state(until=after(30))["seconds"].tolist() == [16.0, 10.0]
    np.testing.assert_array_equal(quality.align("4s")["A"], [10.0, 10.0, NAN, 10.0, 10.0, 30.0])
    sampled = quality.resample("10s", until=after(30))
    assert sampled["percent_good"].tolist() == pytest.approx([60.0, 100.0, 100.0])
    assert sampled["value"].tolist() == [10.0, 10.0, 30.0]


@pytest.mark.parametrize("cause", ["dropped", "replay gap"])
def test_after_lost_events_a_value_is_unknown_until_the_next(cause: str) -> None:
    quality = by_quality(gapped(cause))
    assert quality.durations(after(30)).tolist() == [5.0, 10.0]
    assert quality.percent_good(until=after(30))["A"] == pytest.approx(100 * 15 / 30)
    np.testing.assert_array_equal(quality.align("4s")["A"], [10.0, 10.0, NAN, NAN, NAN, 30.0])


def test_an_outage_that_lasts_leaves_everything_after_it_unknown() -> None:
    quality = by_quality(frame_of(GAPPED[0], gaps=[(5.0, None, "outage")]))
    assert quality.durations(after(30)).tolist() == [5.0]
    assert quality.percent_good(until=after(20))["A"] == 25.0


def test_of_what_came_while_events_were_lost_only_the_moment_is_known() -> None:
    rows = (("A", 0.0, 1.0, "good"), ("A", 6.0, 2.0, "good"), ("A", 10.0, 3.0, "good"))
    lost = by_quality(frame_of(*rows, gaps=[(5.0, 9.0, "dropped")]))
    assert lost.durations(after(12)).tolist() == [5.0, 0.0, 2.0]
    replayed = by_quality(frame_of(*rows, gaps=[(5.0, 9.0, "replay gap")]))
    assert replayed.durations(after(12)).tolist() == [5.0, 4.0, 2.0]


def test_the_event_that_a_gap_begins_with_holds_for_no_time() -> None:
    quality = by_quality(frame_of(*GAPPED, gaps=[(0.0, 9.0, "outage")]))
    assert quality.durations(after(30)).tolist() == [11.0, 10.0]
    assert quality.align("20s")["A"].tolist() == [10.0, 30.0]


def test_gaps_that_meet_are_one() -> None:
    gaps = [(7.0, 9.0, "outage"), (5.0, 7.0, "outage"), (12.0, 14.0, "outage")]
    assert by_quality(frame_of(*GAPPED, gaps=gaps)).durations(after(30)).tolist() == [14.0, 10.0]
    overlapping = [(5.0, 8.0, "outage"), (7.0, 9.0, "dropped")]
    assert by_quality(frame_of(*GAPPED, gaps=overlapping)).durations(after(30)).tolist() == [5.0, 10.0]


def test_the_last_good_value_is_not_held_over_a_gap() -> None:
    rows = (("A", 0.0, 10.0, "good"), ("A", 2.0, 11.0, "bad"), ("A", 10.0, 12.0, "bad"))
    held = by_quality(frame_of(*rows, gaps=[(5.0, 9.0, "outage")])).hold_last_good()["value"]
    np.testing.assert_array_equal(held, [10.0, 10.0, NAN])
    assert by_quality(frame_of(*rows)).hold_last_good()["value"].tolist() == [10.0] * 3


@pytest.mark.parametrize(
    ("cause", "expected"),
    [("outage", [10.0, NAN, 10.0, 10.0, 30.0]), ("dropped", [10.0, NAN, NAN, NAN, 30.0])],
)
def test_a_wide_frame_is_left_open_where_nobody_knows(cause: str, expected: list[float]) -> None:
    samples = {"A": columns([1, 20], [10.0, 30.0], [192, 192]), "B": columns([], [], [])}
    wide = wide_frame(samples, "4s")
    assert wide["A"].tolist() == [10.0, 10.0, 10.0, 10.0, 30.0]
    wide.attrs = gapped(cause).attrs
    opened = left_open(wide, {tag: part[0] for tag, part in samples.items()})
    np.testing.assert_array_equal(opened["A"], expected)
    assert opened["B"].isna().all()


def test_gaps_come_back_from_a_file(tmp_path: Any) -> None:
    gapped("outage").to_parquet(tmp_path / "kept.parquet")
    again = by_quality(pd.read_parquet(tmp_path / "kept.parquet"))
    assert again.percent_good(until=after(30))["A"] == pytest.approx(100 * 26 / 30)


# ------------------------------------------------------------------ against counting second by second


Row = tuple[str, float, Any, str]
Gap = tuple[float, float, str]
TIMES = st.integers(0, 40).map(float)
ROWS = st.lists(
    st.tuples(st.sampled_from("AB"), TIMES, st.integers(-9, 9).map(float), st.sampled_from(WORDS)),
    min_size=1,
    max_size=12,
    unique_by=lambda row: row[:2],
)


@st.composite
def gaps(draw: st.DrawFn) -> list[Gap]:
    edges = sorted(draw(st.lists(TIMES, max_size=6, unique=True)))
    causes = draw(st.lists(st.sampled_from(["outage", "dropped", "replay gap"]), min_size=3, max_size=3))
    return list(zip(edges[::2], edges[1::2], causes, strict=False))


def reading(rows: list[Row], gaps: list[Gap], tag: str, second: float) -> tuple[float, str] | None:
    """What a tag read from a second to the next, found by walking; None while nobody knows."""
    came = max((row for row in rows if row[0] == tag and row[1] <= second), key=lambda row: row[1])
    for begin, end, cause in gaps:
        if cause == "dropped" and begin < came[1] < end:
            return None
        if came[1] <= begin <= second and (cause != "outage" or second < end):
            return None
    return came[2], came[3]


@settings(max_examples=60)
@given(ROWS, gaps(), st.sampled_from(WORDS))
def test_every_measure_is_what_counting_the_seconds_gives(
    rows: list[Row], gaps: list[Gap], least: Any
) -> None:
    quality, until = by_quality(frame_of(*rows, gaps=gaps)), after(50)
    means, percents = quality.time_weighted_mean(least, until), quality.percent_good(least, until)
    states, sampled = quality.time_in_state(least, until), quality.resample("10s", least, 0.0, until)
    aligned = quality.align("1s", least)
    for tag in means.index:
        times = {row[1] for row in rows if row[0] == tag}
        first = int(min(times))
        known = {second: reading(rows, gaps, tag, second) for second in range(first, 50)}
        good = {at: one[0] for at, one in known.items() if one and WORDS.index(one[1]) >= WORDS.index(least)}
        assert means[tag] == pytest.approx(np.mean(list(good.values())) if good else NAN, nan_ok=True)
        assert percents[tag] == pytest.approx(100 * len(good) / (50 - first))
        spent = states[states["tag"] == tag].set_index("value")["seconds"]
        assert spent[spent > 0].to_dict() == Counter(good.values())
        intervals = sampled[sampled["tag"] == tag].set_index("timestamp")
        assert intervals.index.tolist() == [after(begin) for begin in range(first // 10 * 10, 50, 10)]
        for begin, row in zip(range(first // 10 * 10, 50, 10), intervals.itertuples(), strict=True):
            part = [good[at] for at in range(begin, begin + 10) if at in good]
            assert row.value == pytest.approx(np.mean(part) if part else NAN, nan_ok=True, abs=1e-9)
            assert row.percent_good == pytest.approx(10 * len(part))
        for moment, value in aligned[tag].items():
            at = (moment - after(0)).total_seconds()
            if at not in times:  # of such a moment the sample itself tells, also within a gap
                assert value == pytest.approx(good.get(int(at), NAN), nan_ok=True)


# ------------------------------------------------------------------ odd times and rows


def test_one_sample_holds_until_it_is_told() -> None:
    one = by_quality(frame_of(("A", 0.0, 7.0, "good")))
    assert one.durations().tolist() == [0.0]
    assert np.isnan(one.time_weighted_mean()["A"])
    assert np.isnan(one.percent_good()["A"])
    assert one.time_in_state()["seconds"].tolist() == [0.0]
    assert one.align("1s")["A"].tolist() == [7.0]
    assert one.hold_last_good()["value"].tolist() == [7.0]
    assert one.percent_good(until=after(4))["A"] == 100.0
    assert one.durations(until=after(-5)).tolist() == [0.0]
    assert one.resample("1s")["value"].isna().all()


def test_where_all_is_bad_nothing_is_known() -> None:
    bad = by_quality(frame_of(("A", 0.0, 7.0, "bad"), ("A", 5.0, 8.0, "bad")))
    assert len(bad.good()) == 0
    assert bad.mask()["value"].isna().all()
    assert bad.hold_last_good()["value"].isna().all()
    assert np.isnan(bad.time_weighted_mean()["A"])
    assert bad.percent_good()["A"] == 0.0
    assert len(bad.time_in_state()) == 0
    assert bad.align("1s", "good")["A"].isna().all()
    sampled = bad.resample("5s")
    assert sampled["value"].isna().all()
    assert sampled["percent_good"].tolist() == [0.0]


def test_rows_may_stand_in_any_order_under_any_index() -> None:
    rows = (("A", 10.0, 20.0, "bad"), ("B", 5.0, 1.0, "good"), ("A", 0.0, 10.0, "good"))
    frame = frame_of(*rows, ("A", 14.0, 30.0, "good")).set_axis([7, 7, -1, 7])
    quality = by_quality(frame)
    assert quality.durations(after(20)).tolist() == [4.0, 15.0, 10.0, 6.0]
    assert quality.durations(after(20)).index.tolist() == [7, 7, -1, 7]
    held = quality.hold_last_good()
    assert held["value"].tolist() == [10.0, 1.0, 10.0, 30.0]
    assert held.index.tolist() == [7, 7, -1, 7]
    np.testing.assert_array_equal(quality.mask()["value"], [NAN, 1.0, 10.0, 30.0])
    assert quality.time_weighted_mean(until=after(20))["A"] == pytest.approx((100 + 180) / 16)


def test_of_several_samples_at_one_time_the_last_one_holds() -> None:
    rows = (("A", 0.0, 1.0, "good"), ("A", 5.0, 2.0, "good"), ("A", 5.0, 3.0, "good"))
    quality = by_quality(frame_of(*rows))
    assert quality.durations(after(10)).tolist() == [5.0, 0.0, 5.0]
    assert quality.align("5s")["A"].tolist() == [1.0, 3.0]
    assert quality.time_weighted_mean(until=after(10))["A"] == 2.0


@pytest.mark.parametrize(
    "told",
    [
        lambda times: times.dt.tz_localize(None),
        lambda times: times.dt.tz_convert("America/New_York"),
        lambda times: times.dt.as_unit("us"),
        lambda times: times.astype(str),
    ],
    ids=["without a zone", "in another zone", "in microseconds", "as texts"],
)
def test_times_of_any_kind_are_taken_in_utc(told: Any) -> None:
    frame = gapped("outage")
    attrs = frame.attrs
    frame = frame.assign(timestamp=told(frame["timestamp"]))
    frame.attrs = attrs
    quality = by_quality(frame)
    assert quality.durations(after(30)).tolist() == [16.0, 10.0]
    assert quality.durations(after(30).tz_localize(None)).tolist() == [16.0, 10.0]
    assert quality.align("20s").index.tolist() == [after(0), after(20)]
    assert quality.hold_last_good()["value"].tolist() == [10.0, 30.0]
    assert quality.resample("20s", until=after(40))["timestamp"].tolist() == [after(0), after(20)]


def test_what_is_no_time_is_told_in_one_line() -> None:
    frame = frame_of(*GAPPED).assign(timestamp=["yesterday", "today!"])
    with pytest.raises(ConfigurationError, match="holds no times"):
        by_quality(frame).durations()


def test_a_sample_without_a_time_counts_nowhere() -> None:
    frame = frame_of(*GAPPED, ("A", 25.0, 99.0, "bad"))
    frame.loc[2, "timestamp"] = pd.NaT
    quality = by_quality(frame)
    np.testing.assert_array_equal(quality.durations(after(30)), [20.0, 10.0, NAN])
    np.testing.assert_array_equal(quality.hold_last_good()["value"], [10.0, 30.0, NAN])
    assert quality.percent_good(until=after(30))["A"] == 100.0
    assert quality.align("20s")["A"].tolist() == [10.0, 30.0]


@pytest.mark.parametrize("grid", ["soon", "0s", "-1s", 0])
def test_a_grid_that_is_none_is_told(grid: Any) -> None:
    quality = by_quality(frame_of(*GAPPED))
    for call in (quality.align, quality.resample):
        with pytest.raises(ConfigurationError, match="no stretch of time"):
            call(grid)


def test_intervals_begin_at_full_steps_whatever_the_samples_do() -> None:
    # 10 from 1.5 s to 3.25 s, then 20 until 4.75 s; intervals of 2 s.
    quality = by_quality(frame_of(("A", 1.5, 10.0, "good"), ("A", 3.25, 20.0, "good")))
    sampled = quality.resample(2, enough=0.0, until=after(4.75))
    assert sampled["timestamp"].tolist() == [after(0), after(2), after(4)]
    assert sampled["percent_good"].tolist() == pytest.approx([25.0, 100.0, 37.5])
    assert sampled["value"].tolist() == pytest.approx([10.0, (10 * 1.25 + 20 * 0.75) / 2, 20.0])
    assert quality.resample(2, until=after(4.75))["value"].isna().tolist() == [True, False, True]
    assert quality.align(2).index.tolist() == [after(2), after(4)]


# ------------------------------------------------------------------ odd values


def test_nan_and_infinity_are_no_numbers_to_form_a_mean_of() -> None:
    rows = (("A", 0.0, 10.0, "good"), ("A", 5.0, NAN, "good"), ("A", 10.0, np.inf, "good"))
    quality = by_quality(frame_of(*rows))
    assert quality.time_weighted_mean(until=after(15))["A"] == 10.0
    assert quality.percent_good(until=after(15))["A"] == 100.0
    assert quality.resample("15s", enough=0.0, until=after(15))["value"].tolist() == [10.0]
    assert quality.time_in_state(until=after(15))["value"].tolist() == [10.0, np.inf]
    np.testing.assert_array_equal(quality.align("5s")["A"], [10.0, NAN, np.inf])


def test_texts_arrays_and_times_stand_beside_numbers() -> None:
    noon = pd.Timestamp("2026-03-04T12:00:00Z")
    rows: list[Any] = [
        ("A", 0.0, 10.0, "good"),
        ("M", 0.0, "Auto", "good"),
        ("M", 5.0, "12", "good"),
        ("R", 0.0, np.array([1, 2]), "good"),
        ("R", 4.0, np.array([1, 2]), "good"),
        ("S", 0.0, True, "good"),
        ("S", 4.0, False, "good"),
        ("T", 0.0, noon, "good"),
        ("N", 0.0, None, "good"),
    ]
    quality = by_quality(frame_of(*rows))
    means = quality.time_weighted_mean(until=after(10))
    assert means[["A", "S"]].tolist() == [10.0, 0.4]
    assert means[["M", "R", "T", "N"]].isna().all()
    states = quality.time_in_state(until=after(10))
    spent = [(row.tag, row.value, row.seconds) for row in states.itertuples()]
    assert spent == [
        ("A", 10.0, 10.0),
        ("M", "12", 5.0),
        ("M", "Auto", 5.0),
        ("R", (1, 2), 10.0),
        ("S", False, 6.0),
        ("S", True, 4.0),
        ("T", noon, 10.0),
    ]
    assert quality.align("5s")["M"].tolist() == ["Auto", "12"]
    assert quality.percent_good(until=after(10)).tolist() == [100.0] * 6
    sampled = quality.resample("10s", until=after(10)).set_index("tag")["value"]
    assert sampled.dropna().to_dict() == {"A": 10.0, "S": 0.4}


def test_large_integers_and_switches_keep_what_they_are_when_some_are_masked() -> None:
    large = 2**60 + 1
    whole = by_quality(frame_of(("A", 0.0, large, "good"), ("A", 1.0, 5, "bad")))
    assert whole.hold_last_good()["value"].tolist() == [large, large]
    assert whole.mask()["value"].tolist()[0] == large
    switch = by_quality(frame_of(("A", 0.0, True, "good"), ("A", 1.0, False, "bad")))
    assert switch.hold_last_good()["value"].tolist() == [True, True]
    assert switch.time_in_state("bad", until=after(2))["value"].tolist() == [False, True]


def test_an_unknown_quality_is_bad() -> None:
    frame = frame_of(*GAPPED).assign(quality=pd.Categorical(["good", None]))
    assert by_quality(frame).percent_good(until=after(40))["A"] == 50.0


def test_nothing_at_all_has_the_columns_of_something() -> None:
    for nothing in (frame_of(), long_frame({}), long_frame({"A": columns([], [], [])})):
        quality = by_quality(nothing)
        assert len(quality.good()) == len(quality.mask()) == len(quality.hold_last_good()) == 0
        assert quality.durations().tolist() == []
        assert quality.time_in_state().columns.tolist() == ["tag", "value", "seconds", "share"]
        assert quality.resample("1s").columns.tolist() == ["tag", "timestamp", "value", "percent_good"]
        assert len(quality.align("1s")) == 0
        assert quality.percent_good().isna().all()
