"""What a tag read when a stretch of time began, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from mxgw_notebook.frames import Samples
from mxgw_notebook.history import held_into
from mxgw_notebook.live import Gap


def samples(*times: int) -> Samples:
    at = np.array(times, np.int64)
    return Samples(at, np.arange(len(at), dtype=np.float64), np.full(len(at), 192, np.uint8))


def held(times: tuple[int, ...], begin: int, *gaps: Gap) -> list[tuple[int, float]]:
    found = held_into(samples(*times), begin, gaps)
    return list(zip(found.time_ns.tolist(), found.number.tolist(), strict=True))


def test_a_value_from_before_holds_at_the_begin() -> None:
    assert held((10, 20), 100) == [(100, 1.0)]
    assert held((10, 20, 150), 100) == [(100, 1.0), (150, 2.0)]
    assert held((20, 10), 100) == [(100, 0.0)]
    assert held((20, 20), 100) == [(100, 1.0)]


def test_a_sample_at_the_begin_needs_no_other() -> None:
    assert held((10, 100, 150), 100) == [(100, 1.0), (150, 2.0)]


def test_without_a_sample_before_nothing_is_held() -> None:
    assert held((150,), 100) == [(150, 0.0)]
    assert held((0, 150), 100) == [(150, 1.0)]  # 0: a sample without a time


@pytest.mark.parametrize(
    ("gap", "known"),
    [
        (Gap(30, 50), True), (Gap(30, 130), False), (Gap(30, None), False), (Gap(5, 8), True),
        (Gap(30, 50, "dropped"), False), (Gap(30, 50, "replay gap"), False), (Gap(120, None), True),
    ],
)  # fmt: skip
def test_a_gap_between_takes_what_is_not_known_any_more(gap: Gap, known: bool) -> None:
    assert held((10, 20), 100, gap) == ([(100, 1.0)] if known else [])
