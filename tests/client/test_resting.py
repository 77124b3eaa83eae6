"""When a reader of few events rests."""

from __future__ import annotations

import threading
from time import monotonic

import pytest

from mxgw_notebook.client.fast_events.reader_child import BUSY_SECONDS, seconds_between
from mxgw_notebook.client.fast_events.resting import LEAD_SECONDS, REST_SECONDS, Rests, Takes
from mxgw_notebook.client.fast_events.ring import EventRing


def test_a_rest_ends_before_the_next_take_and_is_never_long() -> None:
    rests = Rests(threading.Event())
    assert rests.seconds(0.0) == REST_SECONDS
    for _ in range(3):
        rests.note_emptied()
    for late in (0.0, 0.001, 0.02, 1.0, 100.0):
        assert 0 <= rests.seconds(late) <= REST_SECONDS


def test_a_reader_that_is_stopped_does_not_rest() -> None:
    stopped = threading.Event()
    stopped.set()
    assert list(Rests(stopped).between(iter([b"one", b"two"]))) == [b"one", b"two"]


def test_what_is_ready_lies_there_just_before_each_take() -> None:
    takes = Takes()
    for now in (10.0, 10.04):
        takes.note(now)
    assert takes.seconds_before(10.041) == pytest.approx(0.039 - LEAD_SECONDS)
    assert takes.seconds_before(10.081) == pytest.approx(
        0.039 - LEAD_SECONDS
    )  # nobody took: as often as ever


def test_the_writer_of_a_ring_sees_when_it_is_taken_from(ring: EventRing) -> None:
    assert ring.takes.seconds_before(monotonic()) == REST_SECONDS
    for _ in range(2):
        ring.take()
    assert abs(ring.takes.last - monotonic()) < 10
    assert 0 < ring.takes.interval <= REST_SECONDS


@pytest.mark.parametrize("late", [0.0, 0.001, 0.01, 0.03, 0.049])
def test_seldom_events_are_moved_once_for_each_take(ring: EventRing, late: float) -> None:
    now = monotonic()
    ring.count("last_take_ns", int((now - late) * 1e9))
    ring.count("take_interval_ns", int(REST_SECONDS * 1e9))
    assert REST_SECONDS / 2 < seconds_between(10, ring) <= 3 * REST_SECONDS / 2
    assert seconds_between(10_000, ring) == BUSY_SECONDS
