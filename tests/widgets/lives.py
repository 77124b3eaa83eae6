"""The live widgets, each with a source that a test can move."""

from __future__ import annotations

import time
from collections.abc import Callable, Coroutine
from typing import Any

from mxgw_notebook.widgets import (
    AlarmRow,
    AlarmTable,
    GalaxyTree,
    Outcome,
    TreeRows,
    Trend,
    TrendTag,
    ValueRow,
    ValueTable,
)
from tests.widgets.doubles import HandTicker, ListedAlarms, ListedTrend, ListedValues, Sent, comm_of


class Life:
    """A live widget, and `put`, which brings one more of what it shows; `names` are those in a message."""

    def __init__(
        self, widget: Any, ticker: HandTicker, put: Callable[[str], None], names: Callable[[Sent], list[str]]
    ) -> None:
        self.widget, self.ticker, self.put, self.names = widget, ticker, put, names

    def sent(self) -> list[Sent]:
        return comm_of(self.widget).custom()

    def next(self) -> Sent:
        """Ticks until the next message has gone: a widget keeps its distance between two."""
        count, deadline = len(self.sent()), time.monotonic() + 5
        while time.monotonic() < deadline:
            self.ticker.tick()
            if len(self.sent()) > count:
                return self.sent()[count]
        raise AssertionError("no message within 5 s")


def trend_life() -> Life:
    ticker, source = HandTicker(), ListedTrend([TrendTag("a"), TrendTag("b"), TrendTag("c")])
    names = [tag.tag for tag in source.tags]
    return Life(
        Trend(source, ticker),
        ticker,
        lambda name: source.put(names.index(name), [1000], [1]),
        lambda message: [names[index] for index, _ in message.content["parts"]],
    )


def alarm_life() -> Life:
    ticker, source = HandTicker(), ListedAlarms()
    return Life(
        AlarmTable(source, ticker),
        ticker,
        lambda name: source.put(AlarmRow(name, name, "", "", 1, "unacknowledged")),
        lambda message: [row["tag"] for row in message.content["upsert"]],
    )


def value_life() -> Life:
    ticker, source = HandTicker(), ListedValues()
    return Life(
        ValueTable(source, ticker),
        ticker,
        lambda name: source.kept.append(ValueRow(name)),
        lambda message: [row["tag"] for row in message.content["rows"]],
    )


class Quiet:
    """A galaxy of nothing, and nobody who runs anything."""

    views = ("areas",)

    async def children(self, view: str, key: str, text: str) -> TreeRows:
        return TreeRows()

    def select(self, keys: object) -> None:
        """Selects nothing."""

    async def act(self, action: str) -> Outcome:
        return Outcome()

    def start(self, work: Coroutine[Any, Any, Any]) -> None:
        work.close()


def tree() -> GalaxyTree:
    """A tree of nothing."""
    quiet = Quiet()
    return GalaxyTree(quiet, quiet, quiet, title="<plant>")


def table() -> AlarmTable:
    """A table of no alarms."""
    return AlarmTable(ListedAlarms(), HandTicker())
