"""Every measure of the quality accessor against counting second by second."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analysis.quality_frames import NAN, after, by_quality, frame_of

WORDS = ["bad", "uncertain", "good"]
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
