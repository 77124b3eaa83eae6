"""Long frames as they come back from files and other systems: qualities, values, gaps."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pandas as pd
import pytest

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames import long_frame
from tests.analysis.quality_frames import after, by_quality, columns, frame_of, gapped, without_gaps


@pytest.mark.parametrize("quality", ["Good", " GOOD ", 192, 216, 192.0, "192"])
def test_good_is_good_however_it_is_written(quality: Any) -> None:
    frame = frame_of(("A", 0.0, 1.0, quality), ("A", 10.0, 2.0, quality))
    assert by_quality(frame).percent_good(until=after(20))["A"] == 100.0


@pytest.mark.parametrize("quality", ["Bad", 0, 64, None])
def test_what_is_less_is_less_and_a_missing_quality_is_bad(quality: Any) -> None:
    assert by_quality(frame_of(("A", 0.0, 1.0, quality))).percent_good(until=after(20))["A"] == 0.0


def test_a_word_that_is_no_quality_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="'fine'"):
        by_quality(frame_of(("A", 0.0, 1.0, "fine"))).percent_good()


def test_a_text_tag_takes_no_numbers_from_the_others_on_their_way_through_a_file() -> None:
    frame = frame_of(
        ("A", 0.0, 30.5, "good"), ("B", 0.0, "open", "good"), ("C", 0.0, True, "good"),
        ("D", 0.0, "7", "good"), ("A", 10.0, 31.5, "good"), ("D", 10.0, "x", "good"),
    )  # fmt: skip
    back = pd.read_csv(StringIO(frame.to_csv(index=False)))
    back.attrs["gaps"] = []
    means = by_quality(back).time_weighted_mean(until=after(20))
    assert means[["A", "C"]].tolist() == [31.0, 1.0]
    assert means[["B", "D"]].isna().all()
    states = by_quality(back).time_in_state(until=after(20))
    assert states.loc[states["tag"] == "D", "value"].tolist() == ["7", "x"]


def test_the_texts_of_a_watch_are_no_numbers_though_they_look_like_some() -> None:
    texts = columns([0, 10], [float("nan")] * 2, [192] * 2, ["007", "8"])
    states = by_quality(without_gaps(long_frame({"Batch": texts}))).time_in_state(until=after(20))
    assert states["value"].tolist() == ["007", "8"]


def test_a_frame_that_lost_its_gaps_says_so() -> None:
    frame = gapped("outage").assign(quality_code=192)
    other = gapped("dropped").assign(quality_code=192)
    with pytest.warns(UserWarning, match="where its gaps are"):
        by_quality(pd.concat([frame, other])).good()
    kept = pd.concat([frame, other])
    kept.attrs["gaps"] = frame.attrs["gaps"]
    assert by_quality(kept).durations(after(30)).notna().all()
    # Nor may it be silent where the code of the quality went, too.
    with pytest.warns(UserWarning, match="where its gaps are"):
        by_quality(gapped("outage").merge(pd.DataFrame({"tag": ["A"]}), on="tag")).good()


def test_no_share_is_above_the_whole() -> None:
    rows = [("A", k * 0.1, float(k), "good") for k in range(1000)]
    found = by_quality(frame_of(*rows)).percent_good(until=after(100.3))["A"]
    assert found <= 100.0
    assert found == pytest.approx(100.0)
