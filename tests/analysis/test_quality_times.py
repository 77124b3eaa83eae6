"""Odd times for the quality accessor: one alone, in no order, at once, of any zone, none at all."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from mxgw_notebook.errors import ConfigurationError
from tests.analysis.quality_frames import GAPPED, NAN, after, by_quality, frame_of, gapped


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
        with pytest.raises(ConfigurationError, match="not a length of time"):
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
