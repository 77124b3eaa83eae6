"""Memory and a recording answer alike: one contract for whatever keeps values."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mxgw_notebook.frames import Samples
from mxgw_notebook.gateway import Gateway, Watch
from mxgw_notebook.history import HistorySource, MemorySource, open_recording
from mxgw_notebook.history.past import between
from tests.conftest import Eventually
from tests.history.conftest import LEVEL, RUNNING, SETPOINT, SPEED

TAGS = [SPEED, LEVEL, SETPOINT, RUNNING]
FAR = 2**62
MOVING = [tag for tag in TAGS if tag not in (SETPOINT, RUNNING)]
Opened = Callable[[], HistorySource]


@pytest.fixture
def watch(gateway: Gateway) -> Watch:
    return gateway.watch(TAGS)


@pytest.fixture(params=["memory", "journal", "parquet"])
def opened(
    request: pytest.FixtureRequest, watch: Watch, folder: Path, eventually: Eventually
) -> HistorySource:
    """Each kind of source, of the same watched tags, with values of the last moments."""
    recorder = watch.record(folder)
    gateway_now = watch.watched.hub
    begun = seen_of(watch)
    eventually(lambda: len(watch.frame()) > 12 and (seen_of(watch) > begun + 1)[MOVING].all())
    if request.param == "parquet":
        watch.stop()
    elif request.param == "memory":
        return MemorySource(gateway_now, lambda: watch.subscriptions)
    else:
        seen = len(watch.frame())
        eventually(lambda: recorder.acknowledged >= seen)
    return open_recording(folder).source


def seen_of(watch: Watch) -> pd.Series[int]:
    """How many samples of each tag there are."""
    return watch.frame()["tag"].value_counts().reindex(TAGS, fill_value=0)


def times(part: Samples) -> list[int]:
    return [int(time) for time in part.time_ns]


def test_every_tag_is_known_and_when_it_was_listened_to(opened: HistorySource) -> None:
    assert set(TAGS) <= set(opened.tags())
    covers = opened.covers([*TAGS, "Nope.Nope"])
    assert set(covers) == set(TAGS)
    for ((begin, end),) in covers.values():
        assert 0 < begin <= end


def test_all_samples_are_those_that_the_watch_has_once_each(opened: HistorySource, watch: Watch) -> None:
    found = opened.samples(TAGS, 1, FAR)
    for entry in watch.entries:
        kept = entry.subscription.history.all()
        own = found[entry.tag]
        # A recording begins with what was read when it began.
        first = times(kept).index(times(own)[0])
        kept, count = kept.rows(slice(first, None)), len(own)
        assert times(own) == times(kept)[:count]
        assert np.array_equal(own.number, kept.number[:count], equal_nan=True)
        assert own.quality.tolist() == kept.quality.tolist()[:count]
        assert own.boolean == kept.boolean
        assert count > 1 or entry.tag in (SETPOINT, RUNNING)


def test_a_stretch_has_the_sample_that_held_before_it(opened: HistorySource) -> None:
    whole = opened.samples([SPEED], 1, FAR)[SPEED]
    middle = int(whole.time_ns[len(whole) // 2])
    part = opened.samples([SPEED], middle + 1, int(whole.time_ns[-1]))[SPEED]
    assert times(part) == [time for time in times(whole) if time >= middle]
    ends = opened.samples([SPEED], middle, middle)[SPEED]
    assert times(ends) == [time for time in times(whole) if time <= middle][-2:]


def test_nothing_is_known_of_before_nor_of_other_tags(opened: HistorySource) -> None:
    assert opened.samples(TAGS, 1, 2) == {}
    assert opened.samples(["Nope.Nope"], 1, FAR) == {}
    assert opened.samples([], 1, FAR) == {}


def test_a_stretch_after_all_has_what_was_last(opened: HistorySource) -> None:
    whole = opened.samples(TAGS, 1, FAR)
    later = int(max(part.time_ns[-1] for part in whole.values()))
    for tag, part in opened.samples(TAGS, FAR - 1, FAR).items():
        assert len(part) == 1
        assert later - 60_000_000_000 < part.time_ns[0] or tag in (SETPOINT, RUNNING)


def test_a_plant_that_is_there_all_along_has_no_gap(opened: HistorySource) -> None:
    assert opened.gaps(TAGS, 1, FAR) == []


@pytest.mark.parametrize(
    ("spans", "holes"),
    [
        ([(0, 5), (9, 12)], [(5, 9)]),
        ([(0, 5), (7, 7), (9, 12)], [(5, 9)]),  # one who began, and had not listened yet for any time
        ([(0, 5), (7, 8), (9, 12)], [(5, 7), (8, 9)]),
        ([(0, 5), (7, 7)], [(5, 7)]),
        ([(0, 9), (2, 3), (9, 12)], []),
    ],
)
def test_between_two_who_listened_there_is_one_hole(
    spans: list[tuple[int, int]], holes: list[tuple[int, int]]
) -> None:
    assert between(spans) == holes
