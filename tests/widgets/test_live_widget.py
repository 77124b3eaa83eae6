"""What all live widgets have in common, each told with the same words."""

from __future__ import annotations

import time
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from mxgw_notebook.widgets import (
    AlarmPanel,
    AlarmRow,
    AlarmTable,
    GalaxyPanel,
    GalaxyTree,
    Outcome,
    TreeRows,
    Trend,
    TrendTag,
    ValueRow,
    ValueTable,
)
from mxgw_notebook.widgets.wishes import KINDS
from tests.widgets.doubles import HandTicker, ListedAlarms, ListedTrend, ListedValues, Sent, comm_of

WORDS = "a mistake of ours"


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


@pytest.fixture(params=[trend_life, alarm_life, value_life], ids=["trend", "alarm table", "value table"])
def life(request: pytest.FixtureRequest) -> Life:
    made: Life = request.param()
    return made


def test_what_came_between_the_last_look_and_the_stop_is_still_sent(life: Life) -> None:
    life.put("a")
    life.next()
    life.put("b")
    life.widget.stop()
    last = life.sent()[-1]
    assert life.names(last) == ["b"]
    assert (last.content["phase"], last.content["status"]) == ("stopped", "stopped")
    assert life.ticker.calls == []


def test_a_snapshot_takes_nothing_from_the_views_and_sends_them_nothing_twice(life: Life) -> None:
    life.put("a")
    life.next()
    life.put("b")
    life.widget.snapshot_html()
    message = life.next()
    assert life.names(message) == ["b"]
    assert message.content["reset"] is False


def test_a_widget_that_was_stopped_still_serves_a_page_that_is_loaded_again(life: Life) -> None:
    life.put("a")
    life.next()
    life.widget.stop()
    count, deadline = len(life.sent()), time.monotonic() + 5
    while len(life.sent()) == count:
        assert time.monotonic() < deadline, "nothing was sent within 5 s"
        comm_of(life.widget).say({"kind": "resync"})
    again = life.sent()[count]
    assert again.content["reset"] is True
    assert (again.content["phase"], again.content["status"]) == ("stopped", "stopped")
    assert life.names(again) == ["a"]


def test_a_closed_widget_looks_no_more_and_leaves_no_comm(life: Life) -> None:
    life.widget.close()
    assert life.widget.comm is None
    assert life.ticker.calls == []


def test_a_notebook_without_its_kernel_shows_what_was_last_seen(life: Life) -> None:
    life.put("a")
    data, _ = life.widget._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    assert data["text/html"] == life.widget.snapshot_html()


def test_a_table_that_was_stopped_does_not_take_a_degraded_provider_for_a_sound_one() -> None:
    ticker, source = HandTicker(), ListedAlarms()
    source.degraded = "subtag polling"
    table = AlarmTable(source, ticker)
    table.stop()
    last = comm_of(table).custom()[-1]
    assert last.content["degraded"] == "subtag polling"
    assert last.content["provider"] == "ALARMMGR"


# ------------------------------------------------------------------ what fails is told where one looks


def fail(*_: object, **__: object) -> None:
    raise RuntimeError(WORDS)


def test_a_look_that_fails_is_told_and_then_everything_comes_anew(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    life.put("a")
    life.next()
    with monkeypatch.context() as mistake:
        mistake.setattr(life.widget._source, "since", fail)
        with pytest.raises(RuntimeError, match=WORDS):
            life.next()
    told = life.sent()[-1].content
    assert (told["kind"], told["phase"]) == ("trouble", "failing")
    assert told["status"] == f"failing: RuntimeError: {WORDS}"
    again = life.next()
    assert again.content["reset"] is True
    assert (again.content["phase"], life.names(again)) == ("live", ["a"])


def test_a_widget_whose_last_look_fails_is_stopped_all_the_same(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(life.widget._source, "since", fail)
    with pytest.raises(RuntimeError, match=WORDS):
        life.widget.stop()
    assert life.sent()[-1].content["status"] == f"stopped: RuntimeError: {WORDS}"


def test_a_message_that_cannot_be_served_is_told_in_the_widget(
    life: Life, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(life.widget, "_take_wish", fail)
    comm_of(life.widget).say({"kind": "whatever it is"})
    told = life.sent()[-1].content
    assert (told["kind"], told["text"]) == ("notice", f"RuntimeError: {WORDS}")
    assert WORDS in caplog.text


def test_a_picture_that_cannot_be_drawn_leaves_the_widget_to_be_shown(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(life.widget._source, "since", fail)
    data, _ = life.widget._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    assert data["text/html"] == f"<p>failing: RuntimeError: {WORDS}</p>"


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_wish_that_cannot_be_served_is_told_and_the_others_are(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    life = trend_life()
    life.put("a")
    life.next()
    with monkeypatch.context() as mistake:
        mistake.setattr(life.widget, "_serve", fail)
        comm_of(life.widget).say({"kind": kind, "text": "csv"})
        assert (life.next().content["kind"], life.sent()[-1].content["text"]) == (
            "notice",
            f"RuntimeError: {WORDS}",
        )
    life.put("b")
    assert life.names(life.next()) == ["b"]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ({"kind": "select", "keys": ["a"]}, {"kind": "notice", "text": f"RuntimeError: {WORDS}"}),
        (
            {"kind": "children", "number": 7, "view": "areas", "key": "a", "text": ""},
            {"kind": "failed", "number": 7, "key": "a", "reason": f"RuntimeError: {WORDS}"},
        ),
        (
            {"kind": "act", "number": 8, "action": "copy"},
            {"kind": "done", "number": 8, "action": "copy", "notice": f"RuntimeError: {WORDS}"}
            | {"text": "", "values": []},
        ),
    ],
    ids=lambda content: content["kind"],
)
@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited")
def test_a_click_into_the_tree_that_fails_is_answered(
    question: dict[str, object], answer: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("select", "start"):
        monkeypatch.setattr(Quiet, name, fail)
    shown = tree()
    comm_of(shown).say(question)
    assert comm_of(shown).custom()[-1].content == answer


# ------------------------------------------------------------------ a trend below


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
    quiet = Quiet()
    return GalaxyTree(quiet, quiet, quiet, title="<plant>")


def table() -> AlarmTable:
    return AlarmTable(ListedAlarms(), HandTicker())


@pytest.mark.parametrize("panel", [lambda: GalaxyPanel(tree()), lambda: AlarmPanel(table())])
def test_a_panel_shows_the_trend_that_was_asked_for_last(
    panel: Callable[[], AlarmPanel | GalaxyPanel],
) -> None:
    shown = panel()
    above = shown.children[0]
    source = ListedTrend([TrendTag("Tank001.Level")])
    source.put(0, [0, 1000], [1, 2])
    for trend in (Trend(source, HandTicker()), Trend(source, HandTicker())):
        shown.show_trend(trend)
        assert shown.children == (above, trend)
    html = shown._repr_mimebundle_()["text/html"]
    assert html == above.snapshot_html() + trend.snapshot_svg()


def test_a_tree_in_a_notebook_without_its_kernel_says_whose_galaxy_it_was() -> None:
    bundle = tree()._repr_mimebundle_()
    assert bundle is not None
    assert "&lt;plant&gt;" in bundle[0]["text/html"]
