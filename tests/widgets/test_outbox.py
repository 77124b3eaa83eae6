from __future__ import annotations

from mxgw_notebook.widgets.budget import Budget
from mxgw_notebook.widgets.outbox import Buffers, Outbox


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def _outbox(clock: Clock) -> tuple[Outbox, list[dict[str, object]]]:
    sent: list[dict[str, object]] = []

    def send(content: dict[str, object], buffers: Buffers) -> None:
        sent.append(content)

    return Outbox(send, clock=clock, budget=Budget(clock=clock)), sent


def test_messages_are_numbered_without_a_gap() -> None:
    outbox, sent = _outbox(Clock())
    for _ in range(3):
        outbox.post({"kind": "samples"})
    assert [message["number"] for message in sent] == [1, 2, 3]


def test_no_more_than_30_messages_a_second_may_go() -> None:
    clock = Clock()
    outbox, sent = _outbox(clock)
    for milliseconds in range(1000):
        clock.now = milliseconds / 1000
        if outbox.may_send():
            outbox.post({})
    assert len(sent) == 30


def test_the_first_message_carries_everything_and_the_second_does_not() -> None:
    outbox, _ = _outbox(Clock())
    assert outbox.take_resync()
    assert not outbox.take_resync()


def test_a_resync_asked_for_twice_is_served_once() -> None:
    outbox, _ = _outbox(Clock())
    outbox.take_resync()
    outbox.want_resync()
    outbox.want_resync()
    assert outbox.take_resync()
    assert not outbox.take_resync()


def test_a_message_is_due_when_none_went_for_five_seconds() -> None:
    clock = Clock()
    outbox, _ = _outbox(clock)
    assert outbox.is_due()
    outbox.post({})
    clock.now = 4.9
    assert not outbox.is_due()
    clock.now = 5.0
    assert outbox.is_due()


def test_what_no_page_shows_any_more_is_not_sent_until_one_does_again() -> None:
    outbox, _ = _outbox(Clock())
    assert outbox.may_send()  # not every front end tells that it shows something
    assert outbox.hear({"kind": "opened"})
    assert outbox.may_send()
    assert outbox.hear({"kind": "left"})
    assert not outbox.may_send()
    outbox.take_resync()
    assert outbox.hear({"kind": "opened"})
    assert outbox.may_send()
    assert outbox.take_resync()


def test_of_two_pages_one_may_leave() -> None:
    outbox, _ = _outbox(Clock())
    for kind in ("opened", "opened", "left"):
        outbox.hear({"kind": kind})
    assert outbox.may_send()


def test_a_pages_other_words_are_not_the_outboxs() -> None:
    outbox, _ = _outbox(Clock())
    outbox.take_resync()
    assert not outbox.hear({"kind": "window"})
    assert not outbox.take_resync()
