"""Gaps in what the quality accessor measures: after an outage, after lost events, over both."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from mxgw_notebook.analysis.held import left_open
from mxgw_notebook.frames import wide_frame
from tests.analysis.quality_frames import GAPPED, NAN, after, by_quality, columns, frame_of, gapped


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
