"""The quality accessor against cases worked out by hand.

A holds 10 for 0-10 s (good), 20 for 10-14 s (bad), 30 for 14-20 s (good); B is on for 5-15 s, off until 20.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames import long_frame
from tests.analysis.quality_frames import after, by_quality, columns, without_gaps


@pytest.fixture
def frame() -> pd.DataFrame:
    made = long_frame(
        {
            "A": columns([0, 10, 14], [10.0, 20.0, 30.0], [192, 8, 216]),
            "B": columns([5, 15], [1.0, 0.0], [192, 88]),
        }
    )
    return without_gaps(made)


UNTIL = after(20)


def test_only_rows_of_the_quality_asked_for_stay(frame: pd.DataFrame) -> None:
    assert by_quality(frame).good()["value"].tolist() == [10.0, 1.0, 30.0]
    assert by_quality(frame).good("uncertain")["value"].tolist() == [10.0, 1.0, 30.0, 0.0]


def test_masking_keeps_every_row(frame: pd.DataFrame) -> None:
    masked = by_quality(frame).mask()["value"]
    np.testing.assert_array_equal(masked, [10.0, 1.0, np.nan, 30.0, np.nan])


def test_the_last_good_value_is_held_by_tag(frame: pd.DataFrame) -> None:
    assert by_quality(frame).hold_last_good()["value"].tolist() == [10.0, 1.0, 10.0, 30.0, 1.0]


def test_a_sample_holds_until_its_tags_next(frame: pd.DataFrame) -> None:
    assert by_quality(frame).durations(UNTIL).tolist() == [10.0, 10.0, 4.0, 6.0, 5.0]
    assert by_quality(frame).durations().tolist() == [10.0, 10.0, 4.0, 1.0, 0.0]


def test_a_mean_counts_each_value_by_its_time(frame: pd.DataFrame) -> None:
    means = by_quality(frame).time_weighted_mean(until=UNTIL)
    assert means["A"] == pytest.approx((10 * 10 + 30 * 6) / 16)
    assert means["B"] == 1.0
    everything = by_quality(frame).time_weighted_mean("bad", until=UNTIL)
    assert everything["A"] == pytest.approx((100 + 80 + 180) / 20)
    assert everything["B"] == pytest.approx(10 / 15)


def test_time_in_state_is_seconds_and_share(frame: pd.DataFrame) -> None:
    states = by_quality(frame[frame["tag"] == "B"]).time_in_state("bad", until=UNTIL)
    assert states["value"].tolist() == [0.0, 1.0]
    assert states["seconds"].tolist() == [5.0, 10.0]
    assert states["share"].tolist() == pytest.approx([1 / 3, 2 / 3])


def test_states_may_be_texts() -> None:
    texts = columns([0, 6, 8], [np.nan] * 3, [192] * 3, ["Auto", "Manual", "Auto"])
    mode = without_gaps(long_frame({"M": texts}))
    states = by_quality(mode).time_in_state(until=after(10)).set_index("value")["seconds"]
    assert states.to_dict() == {"Auto": 8.0, "Manual": 2.0}


def test_per_cent_good_is_of_the_time(frame: pd.DataFrame) -> None:
    percent = by_quality(frame).percent_good(until=UNTIL)
    assert percent.to_dict() == pytest.approx({"A": 80.0, "B": 100 * 10 / 15})


def test_aligning_reads_each_tag_at_every_step(frame: pd.DataFrame) -> None:
    aligned = by_quality(frame).align("5s")
    assert aligned.index.tolist() == [after(seconds) for seconds in (0, 5, 10, 15)]
    np.testing.assert_array_equal(aligned["A"], [10.0, 10.0, 20.0, 30.0])
    np.testing.assert_array_equal(aligned["B"], [np.nan, 1.0, 1.0, 0.0])
    good = by_quality(frame).align("5s", "good")
    np.testing.assert_array_equal(good["A"], [10.0, 10.0, np.nan, 30.0])


def test_resampling_tells_how_much_of_each_interval_was_good(frame: pd.DataFrame) -> None:
    sampled = by_quality(frame).resample("10s", until=UNTIL)
    one = sampled[sampled["tag"] == "A"]
    assert one["timestamp"].tolist() == [after(0), after(10)]
    assert one["value"].tolist() == [10.0, 30.0]
    assert one["percent_good"].tolist() == pytest.approx([100.0, 60.0])
    other = sampled[sampled["tag"] == "B"]
    assert other["percent_good"].tolist() == pytest.approx([50.0, 50.0])
    strict = by_quality(frame).resample("10s", enough=0.7, until=UNTIL)
    np.testing.assert_array_equal(strict[strict["tag"] == "A"]["value"], [10.0, np.nan])


def test_a_value_that_holds_over_many_intervals_counts_in_each() -> None:
    still = without_gaps(long_frame({"A": columns([0], [7.0], [192])}))
    assert by_quality(still).resample("1s", until=after(3))["value"].tolist() == [7.0, 7.0, 7.0]


def test_a_frame_from_a_file_has_the_same_methods(frame: pd.DataFrame, tmp_path: Any) -> None:
    frame.to_parquet(tmp_path / "kept.parquet")
    again = pd.read_parquet(tmp_path / "kept.parquet")
    assert by_quality(again).percent_good(until=UNTIL)["A"] == pytest.approx(80.0)


def test_nothing_gives_nothing() -> None:
    empty = without_gaps(long_frame({"A": columns([], [], [])}))
    assert by_quality(empty).align("1s").columns.tolist() == ["A"]
    assert len(by_quality(empty).resample("1s")) == 0
    assert np.isnan(by_quality(empty).percent_good()["A"])
    assert np.isnan(by_quality(empty).time_weighted_mean()["A"])


def test_a_frame_of_something_else_is_told_what_it_lacks() -> None:
    with pytest.raises(ConfigurationError, match="no tag, timestamp, quality"):
        by_quality(pd.DataFrame({"value": [1]})).good()


def test_a_frame_of_anything_is_saved(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # of gaps, which do not matter here
        kept = by_quality(pd.DataFrame({"text": ["=1+1"], "severity": [3]})).save(tmp_path / "kept.csv")
    assert "'=1+1,3" in kept.read_text("utf-8")


def test_a_frame_that_lost_its_gaps_says_so_of_the_line_that_asks() -> None:
    frame = without_gaps(long_frame({"A": columns([0], [1.0], [192])}))
    frame.attrs = {}
    with pytest.warns(UserWarning, match="does not say where its gaps are") as told:
        by_quality(frame).good()
    assert told[0].filename == __file__
