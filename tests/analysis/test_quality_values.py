"""Odd values for the quality accessor: no numbers, all bad, masked, nothing at all."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from mxgw_notebook.frames import long_frame
from tests.analysis.quality_frames import GAPPED, NAN, after, by_quality, columns, frame_of, without_gaps


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


def test_nothing_at_all_has_the_columns_of_something() -> None:
    for nothing in (frame_of(), long_frame({}), long_frame({"A": columns([], [], [])})):
        quality = by_quality(without_gaps(nothing))
        assert len(quality.good()) == len(quality.mask()) == len(quality.hold_last_good()) == 0
        assert quality.durations().tolist() == []
        assert quality.time_in_state().columns.tolist() == ["tag", "value", "seconds", "share"]
        assert quality.resample("1s").columns.tolist() == ["tag", "timestamp", "value", "percent_good"]
        assert len(quality.align("1s")) == 0
        assert quality.percent_good().isna().all()
