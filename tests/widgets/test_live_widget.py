"""What all live widgets have in common, each told with the same words."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from mxgw_notebook.widgets import (
    AlarmPanel,
    AlarmTable,
    GalaxyPanel,
    Trend,
    TrendTag,
)
from tests.widgets.doubles import HandTicker, ListedAlarms, ListedTrend, comm_of
from tests.widgets.lives import Life, table, tree


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


def test_its_kept_picture_is_drawn_anew_when_there_was_something_new(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mxgw_notebook.widgets.live_widget.KEEP_SECONDS", 0.0)
    monkeypatch.setattr("mxgw_notebook.widgets.live_widget.MOST_OF_THE_TIME", 0.0)
    kept: list[str] = []
    life.widget.keep_by(lambda: kept.append(life.widget.picture()))
    life.put("a")
    life.next()
    assert len(kept) == 1
    life.ticker.tick()
    assert len(kept) == 1
    monkeypatch.setattr("mxgw_notebook.widgets.live_widget.KEEP_SECONDS", 1000.0)
    for name in "bc":
        life.put(name)
        life.next()
    assert len(kept) == 2  # the one that was due, and no more for a while


def test_a_kept_picture_that_fails_keeps_no_values_from_the_page(
    life: Life, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("mxgw_notebook.widgets.live_widget.KEEP_SECONDS", 0.0)
    monkeypatch.setattr("mxgw_notebook.widgets.live_widget.MOST_OF_THE_TIME", 0.0)

    def fail() -> None:
        raise ValueError("no room")

    life.widget.keep_by(fail)
    for name in "ab":
        life.put(name)
        assert life.names(life.next()) == [name]
    assert "kept picture" in caplog.text


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
