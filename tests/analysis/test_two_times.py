"""What a tag did between two times, worked out by hand."""

from __future__ import annotations

import pytest

from mxgw_notebook.errors import ConfigurationError
from tests.analysis.quality_frames import GAPPED, after, by_quality, frame_of

# A reads 2 from 0 s, 6 from 10 s, is bad from 20 s to 30 s, and reads 4 then.
STEPS = (
    ("A", 0.0, 2.0, "good"),
    ("A", 10.0, 6.0, "good"),
    ("A", 20.0, 99.0, "bad"),
    ("A", 30.0, 4.0, "good"),
)


def test_values_count_by_how_long_they_held_and_bad_ones_not_at_all() -> None:
    found = by_quality(frame_of(*STEPS)).between(after(5), after(45)).loc[0].to_dict()
    assert found.pop("mean") == pytest.approx((2 * 5 + 6 * 10 + 4 * 15) / 30)
    assert found == {
        "tag": "A",
        "first": 2.0,
        "last": 4.0,
        "difference": 2.0,
        "min": 2.0,
        "max": 6.0,
        "slope": 2.0 / 40,
        "percent_good": 75.0,
    }


def test_an_end_of_bad_quality_or_before_the_first_value_is_not_known() -> None:
    quality = by_quality(frame_of(*STEPS))
    at_bad = quality.between(after(5), after(25)).loc[0]
    assert at_bad["first"] == 2.0
    assert at_bad[["last", "difference", "slope"]].isna().all()
    too_early = quality.between(after(-5), after(5)).loc[0]
    assert too_early[["first", "difference", "slope"]].isna().all()
    assert (too_early["last"], too_early["mean"], too_early["percent_good"]) == (2.0, 2.0, 50.0)
    assert quality.between(after(-9), after(-5)).loc[0][["mean", "min", "max"]].isna().all()


def test_what_came_at_the_end_itself_is_its_value() -> None:
    found = by_quality(frame_of(*STEPS)).between(after(0), after(10)).loc[0]
    assert (found["first"], found["last"], found["mean"], found["max"]) == (2.0, 6.0, 2.0, 6.0)


def test_nothing_is_known_of_a_gap() -> None:
    quality = by_quality(frame_of(*GAPPED, gaps=[(5.0, 9.0, "outage")]))
    whole = quality.between(after(0), after(30)).loc[0]
    assert whole["mean"] == pytest.approx((10 * 16 + 30 * 10) / 26)
    assert whole["percent_good"] == pytest.approx(100 * 26 / 30)
    assert quality.between(after(0), after(7)).loc[0][["last", "difference", "slope"]].isna().all()
    assert quality.between(after(7), after(20)).loc[0][["first", "difference"]].isna().all()


def test_each_tag_has_its_own_row_and_lesser_quality_counts_where_asked() -> None:
    frame = frame_of(("A", 0.0, 1.0, "good"), ("B", 0.0, 5.0, "uncertain"))
    good = by_quality(frame).between(after(0), after(10)).set_index("tag")
    assert (good.loc["A", "mean"], good.loc["B", "percent_good"]) == (1.0, 0.0)
    assert (
        by_quality(frame).between(after(0), after(10), "uncertain").set_index("tag").loc["B", "mean"] == 5.0
    )


def test_an_end_before_the_start_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="is not after"):
        by_quality(frame_of(*STEPS)).between(after(5), after(5))
