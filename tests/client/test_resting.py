"""When a reader of few events rests."""

from __future__ import annotations

import threading

from mxgw_notebook.client.fast_events.resting import REST_SECONDS, Rests


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
