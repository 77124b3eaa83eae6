"""The wide form of many tags against its definition, cell by cell."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames import Samples, wide_frame
from mxgw_notebook.frames.over_time import MOST_CELLS

SECOND = 1_000_000_000
START = 1_780_000_000 * SECOND
Sample = tuple[int, Any]  # seconds after START, None for no time; the value

SECONDS = st.one_of(st.none(), st.integers(0, 9))
KINDS = (
    st.one_of(st.floats(allow_nan=False), st.none()),
    st.one_of(st.booleans(), st.none()),
    st.one_of(st.text(max_size=2), st.floats(allow_nan=False)),
)
TAGS = st.one_of(*(st.lists(st.tuples(SECONDS, kind), max_size=6) for kind in KINDS))


def columns(samples: list[Sample]) -> Samples:
    times = [0 if second is None else START + second * SECOND for second, _ in samples]
    values = [value for _, value in samples]
    texts = [value if isinstance(value, str) else None for value in values]
    return Samples(
        np.array(times, np.int64),
        np.array([np.nan if value is None or isinstance(value, str) else value for value in values], float),
        np.full(len(times), 192, np.uint8),
        np.array(texts, object) if any(text is not None for text in texts) else None,
        boolean=any(isinstance(value, bool) for value in values),
    )


def read_at(samples: list[Sample], second: float) -> Any:
    """The value of the newest sample up to then; None for none."""
    known = [sample for sample in samples if sample[0] is not None and sample[0] <= second]
    return max(enumerate(known), key=lambda place: (place[1][0], place[0]))[1][1] if known else None


def since(frame: pd.DataFrame) -> NDArray[np.int64]:
    """Nanoseconds after START, a row each."""
    return pd.DatetimeIndex(frame.index).asi8 - START


def listed(frame: pd.DataFrame, tag: str) -> list[Any]:
    return [None if pd.isna(value) else value for value in frame[tag]]


@given(st.lists(TAGS, max_size=6))
def test_each_cell_is_what_its_tag_read_at_that_time(tags: list[list[Sample]]) -> None:
    named = {f"T{number}": samples for number, samples in enumerate(tags)}
    frame = wide_frame({tag: columns(samples) for tag, samples in named.items()})
    seconds = sorted({second for samples in tags for second, _ in samples if second is not None})
    assert since(frame).tolist() == [second * SECOND for second in seconds]
    assert frame.columns.tolist() == list(named)
    for tag, samples in named.items():
        assert listed(frame, tag) == [read_at(samples, second) for second in seconds]


@given(st.lists(TAGS, min_size=1, max_size=6), st.sampled_from([0.5, 2, 4]))
def test_a_grid_reads_each_tag_at_its_steps(tags: list[list[Sample]], step: float) -> None:
    named = {f"T{number}": samples for number, samples in enumerate(tags)}
    frame = wide_frame({tag: columns(samples) for tag, samples in named.items()}, grid=step)
    seconds = (since(frame) / SECOND).tolist()
    for tag, samples in named.items():
        assert listed(frame, tag) == [read_at(samples, second) for second in seconds]


def test_a_table_that_would_not_fit_the_memory_says_what_to_do() -> None:
    often = np.arange(START, START + MOST_CELLS // 1000)
    part = Samples(often, often.astype(float), np.full(len(often), 192, np.uint8))
    seldom = {f"T{number}": columns([(0, 1.0)]) for number in range(1000)}
    with pytest.raises(ConfigurationError, match=r"125,000 times of 1,001 tags .* 1 GB") as caught:
        wide_frame({"Often": part} | seldom)
    assert "Give a grid" in caught.value.hint


def test_the_size_is_known_before_the_grid_is_made() -> None:
    part = columns([(0, 1.0), (86_400, 2.0)])
    with pytest.raises(ConfigurationError, match=r"8,640,000,001 times of 1 tags .* 69 GB"):
        wide_frame({"A": part}, grid="10us")
