"""What a recorder writes beside the values: each feed gives what is new since it was asked last."""

from __future__ import annotations

from typing import Any

from mxgw_notebook.history.facts import Feed, alarm_fact
from mxgw_notebook.live import AlarmBoard, Gap, Hub


def gap_feed(hub: Hub) -> Feed:
    """The stream's gaps that are new or have changed since it was asked last."""
    told: dict[int, tuple[Gap, int, tuple[Any, ...]]] = {}

    def feed() -> list[dict[str, Any]]:
        news = []
        for gap in hub.all_gaps:
            state = (gap.start_ns, gap.end_ns, gap.cause, gap.events, gap.filled)
            # The gap itself is kept beside its state, so that no other one can have its id.
            known, number, before = told.get(id(gap), (gap, len(told) + 1, ()))
            if before != state:
                told[id(gap)] = (known, number, state)
                news.append(gap_fact(gap, number))
        return news

    return feed


def gap_fact(gap: Gap, number: int) -> dict[str, Any]:
    """A gap of the stream."""
    return {
        "table": "gaps", "number": number, "start_ns": gap.start_ns, "end_ns": gap.end_ns,
        "cause": gap.cause, "events": gap.events, "filled": gap.filled, "why": "",
    }  # fmt: skip


def alarm_feed(board: AlarmBoard) -> Feed:
    """The transitions that are new since it was asked last; at first how the alarms came to be that stand."""
    seen: int | None = None

    def feed() -> list[dict[str, Any]]:
        nonlocal seen
        if seen is None:
            # What comes between the two questions stands in the account or among the news, or in both.
            begun = board.seen
            account = board.account()
            seen, news = board.news(begun)
            known = set(map(id, account))
            return [alarm_fact(one) for one in [*account, *(one for one in news if id(one) not in known)]]
        seen, news = board.news(seen)
        return [alarm_fact(record) for record in news]

    return feed
