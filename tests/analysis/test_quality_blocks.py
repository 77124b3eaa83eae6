"""Means and spans are worked out for some tags at a time; which ones makes no difference."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mxgw_notebook.analysis import held
from tests.analysis.quality_frames import START, by_quality, without_gaps


@pytest.fixture(params=["by time", "in any order"])
def frame(request: pytest.FixtureRequest) -> pd.DataFrame:
    """Samples of forty tags, some of which have none in reason, and one row without a tag."""
    random = np.random.default_rng(3)
    seconds = np.sort(random.integers(0, 500, 2_000))
    made = pd.DataFrame(
        {
            "tag": pd.Series([f"Tank{place:02}.Level" for place in random.integers(0, 40, 2_000)]),
            "timestamp": START + pd.to_timedelta(seconds, unit="s"),
            "value": random.normal(50, 5, 2_000),
            "quality": random.choice(["good", "bad"], 2_000),
        }
    )
    made.loc[7, "timestamp"], made.loc[9, "tag"] = pd.NaT, None
    return without_gaps(made if request.param == "by time" else made.sample(frac=1, random_state=1))


def measures(frame: pd.DataFrame) -> list[pd.DataFrame]:
    quality = by_quality(frame)
    by_tag = [quality.time_weighted_mean().to_frame(), quality.percent_good().to_frame()]
    return [*by_tag, quality.durations().to_frame(), quality.time_in_state(), quality.resample("1min")]


def test_a_tag_at_a_time_or_all_at_once_gives_the_same(
    frame: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once = measures(frame)
    monkeypatch.setattr(held, "BLOCK_ROWS", 1)
    for one, other in zip(at_once, measures(frame), strict=True):
        assert one.equals(other)


def test_a_long_sample_fills_every_interval_that_it_reaches_over() -> None:
    rows = {"tag": ["A.B", "A.B"], "timestamp": [START + pd.Timedelta("30s"), START + pd.Timedelta("270s")]}
    made = without_gaps(pd.DataFrame({**rows, "value": [0.1, 0.7], "quality": ["good", "good"]}))
    found = by_quality(made).resample("1min", until=START + pd.Timedelta("300s"))
    assert found["value"].tolist() == pytest.approx([0.1, 0.1, 0.1, 0.1, 0.4])
    assert found["percent_good"].tolist() == pytest.approx([50, 100, 100, 100, 100])
    assert found["value"][1] == 0.1  # exactly: nothing is summed up over it
