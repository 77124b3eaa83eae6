from __future__ import annotations

from mxgw_notebook.widgets.budget import MOST_MESSAGES_IN_ALL, Budget
from mxgw_notebook.widgets.outbox import MOST_MESSAGES_PER_SECOND, Outbox, Send


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Widgets:
    """Outboxes of one budget, each eager to send at every millisecond."""

    def __init__(self, number: int) -> None:
        self.clock = Clock()
        budget = Budget(clock=self.clock)
        self.sent = [0] * number
        self.outboxes = [
            Outbox(self._sender(place), clock=self.clock, budget=budget) for place in range(number)
        ]

    def run(self, seconds: int, active: int | None = None) -> list[int]:
        """How many messages each sent meanwhile; only the first `active` wanted to."""
        before = list(self.sent)
        for _ in range(seconds * 1000):
            self.clock.now += 0.001
            for outbox in self.outboxes[:active]:
                if outbox.may_send():
                    outbox.post({})
        return [after - early for after, early in zip(self.sent, before, strict=True)]

    def _sender(self, place: int) -> Send:
        def send(content: dict[str, object], buffers: list[bytes | memoryview]) -> None:
            self.sent[place] += 1

        return send


def test_a_few_widgets_send_as_often_as_they_like() -> None:
    widgets = Widgets(8)
    widgets.run(2)
    for sent in widgets.run(2):
        assert abs(sent - 2 * MOST_MESSAGES_PER_SECOND) <= 2


def test_many_widgets_together_stay_below_the_servers_limit_and_share_alike() -> None:
    widgets = Widgets(60)
    widgets.run(2)
    sent = widgets.run(3)
    assert sum(sent) <= 3.1 * MOST_MESSAGES_IN_ALL
    assert max(sent) - min(sent) <= 1


def test_who_falls_silent_leaves_its_share_to_the_others() -> None:
    widgets = Widgets(60)
    widgets.run(3)
    widgets.run(3, active=5)
    for sent in widgets.run(2, active=5)[:5]:
        assert abs(sent - 2 * MOST_MESSAGES_PER_SECOND) <= 2
