"""The gateway's clock as its events show it: by the quickest of many, and by none with a wrong time."""

from __future__ import annotations

import time

from mxgw_notebook.client import Arrival
from mxgw_notebook.live.samples.health import StreamStatistics

SECOND = 1_000_000_000
HOUR = 3600 * SECOND


def seen(*ways: float, ahead_ns: int = 0) -> StreamStatistics:
    """Events that took so many seconds each, from a gateway whose clock is ahead."""
    statistics = StreamStatistics()
    for way in ways:
        now = time.time_ns()
        statistics.note_arrival(Arrival(0, now + ahead_ns - int(way * SECOND), now))
    return statistics


def test_the_quickest_event_shows_the_clock() -> None:
    late = seen(30.0, 30.0, 30.0, 0.0, 30.0, ahead_ns=-2 * HOUR)
    assert abs(late.gateway_now() - (time.time_ns() - 2 * HOUR)) < SECOND


def test_one_event_with_a_time_to_come_moves_no_clock() -> None:
    for ways in ((0.1, 0.2, -3600.0, 0.1), (0.1, -3600.0), (0.1, 0.2, -3600.0, -3600.0, 0.1)):
        odd = seen(*ways)
        assert abs(odd.gateway_now() - time.time_ns()) < SECOND
        assert odd.gateway_ns <= time.time_ns()


def test_a_clock_that_was_set_is_followed_by_the_events_after_it() -> None:
    statistics = seen(*[0.1] * 90)
    for _ in range(200):
        now = time.time_ns()
        statistics.note_arrival(Arrival(0, now + HOUR, now))
    assert abs(statistics.gateway_now() - (time.time_ns() + HOUR)) < SECOND
