"""Both widgets in Chromium without a notebook: the real Python side, the real bundles."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from mxgw_notebook.widgets import AlarmRow, AlarmTable, Trend, TrendTag
from tests.widgets.doubles import HandTicker, ListedAlarms, ListedTrend, record_comms

from .widget_page import WidgetPage, serve_checkout

pytestmark = pytest.mark.browser

TAGS = [
    TrendTag("Pump001.Speed", units="rpm", description="Speed of pump 1"),
    TrendTag("Tank001.Level", units="m"),
    TrendTag("Tank002.Level", units="m"),
    TrendTag("TIC101.PV", units="°C"),
]
WIDTHS = {"narrow": 500, "wide": 1200}


class Bench:
    """Opens widgets on pages of their own and notes what those pages ask for and complain about."""

    def __init__(self, browser: Browser, base: str) -> None:
        self._browser = browser
        self._base = base
        self._pages: list[Page] = []
        self.ticker = HandTicker()
        self.complaints: list[str] = []
        self.foreign: list[str] = []

    def open(self, widget: Any, bundle: str, *, theme: str = "light", width: int = 1200) -> WidgetPage:
        page = self._browser.new_page(viewport={"width": width, "height": 640})
        page.set_default_timeout(10_000)
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self._note(request.url))
        self._pages.append(page)
        return WidgetPage(page, self._base, widget, bundle, theme)

    def pump(self, shown: WidgetPage, until: Callable[[], bool]) -> None:
        """Tick and deliver until the page is as wanted."""
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            self.ticker.tick()
            shown.deliver()
            if until():
                return
            shown.page.wait_for_timeout(20)
        raise AssertionError("the page did not get there within 10 s")

    def close(self) -> None:
        for page in self._pages:
            page.close()

    def _note(self, url: str) -> None:
        if not url.startswith((self._base, "data:", "blob:")):
            self.foreign.append(url)


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with serve_checkout() as address:
        yield address


@pytest.fixture
def bench(chromium: Browser, base: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    record_comms(monkeypatch.setattr)
    made = Bench(chromium, base)
    yield made
    made.close()
    assert made.foreign == []
    assert made.complaints == []


def _two_minutes(source: ListedTrend) -> None:
    """Four pens that end now, one of them poor for a while, and a time without a connection."""
    now = time.time() * 1000
    times = np.arange(now - 120_000, now, 500.0)
    phase = (times - now) / 1000
    quality = np.full(len(times), 192)
    quality[-90:-70], quality[-60:-45] = 88, 8
    level = 3 + 1.2 * np.sin(phase / 40)
    level[-60:-45] = np.nan
    source.put(0, times.tolist(), (1450 + 30 * np.sin(phase / 9)).tolist())
    source.put(1, times.tolist(), level.tolist(), quality.tolist())
    source.put(2, times[::8].tolist(), (2.2 + np.cos(phase[::8] / 50)).tolist())
    source.put(3, times.tolist(), (81 + np.sin(phase / 5)).tolist())
    source.outages = [(now - 18_000, now - 9_000)]


def _data(root: Locator, name: str) -> str:
    return root.get_attribute(f"data-{name}") or ""


def _overflows(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


@pytest.mark.parametrize("theme", ["light", "dark", "none"])
@pytest.mark.parametrize("size", WIDTHS)
def test_a_trend_draws_its_tags_in_every_theme_and_width(
    bench: Bench, screenshots: Path, theme: str, size: str
) -> None:
    source = ListedTrend(TAGS)
    shown = bench.open(Trend(source, bench.ticker), "trend", theme=theme, width=WIDTHS[size])
    root = shown.page.locator("[data-mxgw-widget=trend]")
    _two_minutes(source)
    bench.pump(shown, lambda: _data(root, "series") == "4")
    assert int(_data(root, "points")) > 500
    expect(root.get_by_text("bad quality")).to_be_visible()
    expect(root.get_by_text("no connection")).to_be_visible()
    for tag in TAGS:
        expect(root.get_by_text(tag.tag, exact=True)).to_be_visible()
    assert _data(root, "mxgw-theme") == ("dark" if theme == "dark" else "light")
    assert not _overflows(shown.page)
    shown.page.screenshot(path=screenshots / f"trend-{theme}-{size}.png")


def test_a_trend_without_a_value_says_what_it_waits_for(bench: Bench) -> None:
    shown = bench.open(Trend(ListedTrend(TAGS[:2]), bench.ticker), "trend")
    expect(
        shown.page.get_by_text("waiting for the first value of Pump001.Speed, Tank001.Level")
    ).to_be_visible()


def test_a_lost_message_is_asked_for_again(bench: Bench) -> None:
    source = ListedTrend(TAGS[:1])
    trend = Trend(source, bench.ticker)
    shown = bench.open(trend, "trend")
    root = shown.page.locator("[data-mxgw-widget=trend]")
    now = time.time() * 1000
    source.put(0, [now - 3000], [1])
    bench.pump(shown, lambda: _data(root, "points") == "1")
    source.put(0, [now - 2000], [2])
    time_of_loss = len(shown.sent())
    while len(shown.sent()) == time_of_loss:
        bench.ticker.tick()
    shown.lose()
    source.put(0, [now - 1000], [3])
    bench.pump(shown, lambda: _data(root, "points") == "3")


def test_a_second_view_shows_everything_at_once(bench: Bench) -> None:
    source = ListedTrend(TAGS)
    shown = bench.open(Trend(source, bench.ticker), "trend")
    roots = shown.page.locator("[data-mxgw-widget=trend]")
    _two_minutes(source)
    bench.pump(shown, lambda: _data(roots.first, "series") == "4")
    shown.add_view()
    expect(roots.nth(1)).to_have_attribute("data-series", "4")


def test_a_paused_trend_stands_still_and_live_goes_on(bench: Bench) -> None:
    source = ListedTrend(TAGS)
    shown = bench.open(Trend(source, bench.ticker), "trend")
    root = shown.page.locator("[data-mxgw-widget=trend]")
    _two_minutes(source)
    bench.pump(shown, lambda: _data(root, "series") == "4")
    pause = root.get_by_role("button", name="Pause")
    pause.focus()
    shown.page.keyboard.press("Enter")
    expect(root).to_have_attribute("data-paused", "true")
    expect(root.get_by_text("paused at")).to_be_visible()
    points = _data(root, "points")
    before = _data(root, "last-ms")
    source.put(0, [time.time() * 1000], [1500])
    bench.pump(shown, lambda: _data(root, "last-ms") != before)
    assert _data(root, "points") == points
    root.get_by_role("button", name="Live").click()
    expect(root).to_have_attribute("data-paused", "false")
    expect(root.get_by_role("button", name="Pause")).to_be_visible()


def test_a_stretch_drawn_with_the_mouse_is_shown_larger(bench: Bench) -> None:
    source = ListedTrend(TAGS)
    shown = bench.open(Trend(source, bench.ticker), "trend")
    root = shown.page.locator("[data-mxgw-widget=trend]")
    _two_minutes(source)
    bench.pump(shown, lambda: _data(root, "series") == "4")
    points = int(_data(root, "points"))
    shown.page.mouse.move(400, 150)
    shown.page.mouse.down()
    shown.page.mouse.move(600, 160, steps=4)
    shown.page.mouse.up()
    expect(root).to_have_attribute("data-paused", "true")
    bench.pump(shown, lambda: 0 < int(_data(root, "points")) < points / 2)


def test_a_trend_says_when_it_is_not_live(bench: Bench) -> None:
    source = ListedTrend(TAGS)
    source.status = "reconnecting in 4 s"
    trend = Trend(source, bench.ticker)
    shown = bench.open(trend, "trend")
    status = shown.page.get_by_role("status")
    bench.pump(shown, lambda: status.inner_text() == "reconnecting in 4 s")
    trend.stop()
    shown.deliver()
    expect(status).to_have_text("stopped", timeout=10_000)


def test_a_trend_that_hears_nothing_does_not_pass_for_live(bench: Bench) -> None:
    shown = bench.open(Trend(ListedTrend(TAGS), bench.ticker), "trend")
    status = shown.page.get_by_role("status")
    bench.pump(shown, lambda: status.inner_text() == "live")
    shown.page.evaluate("() => { const now = performance.now(); performance.now = () => now + 20_000; }")
    expect(status).to_have_text("no news from the kernel for 20 s")


def test_a_stopped_trend_keeps_its_lines_in_sight(bench: Bench) -> None:
    source = ListedTrend(TAGS[:1])
    trend = Trend(source, bench.ticker)
    shown = bench.open(trend, "trend")
    root = shown.page.locator("[data-mxgw-widget=trend]")
    long_ago = time.time() * 1000 - 3_600_000
    source.put(0, [long_ago, long_ago + 1000], [1, 2])
    bench.pump(shown, lambda: _data(root, "points") == "1")
    trend.stop()
    shown.deliver()
    expect(root).to_have_attribute("data-points", "2")


def _alarms(count: int) -> list[AlarmRow]:
    now = time.time() * 1000
    return [
        AlarmRow(
            reference=f"Galaxy!Production{k % 3 + 1}.Tank{k:03}.Level.Hi",
            tag=f"Tank{k:03}.Level.Hi",
            area=f"Production{k % 3 + 1}",
            description="High level <b>not bold</b>",
            severity=(50, 300, 500, 800)[k % 4] + k,
            state=("unacknowledged", "acknowledged", "cleared unacknowledged")[k % 3],
            raised_ms=now - k * 65_000 if k else None,
            changed_ms=now,
            operator="jdoe" if k % 3 == 1 else "",
            comment="valve sticks" if k % 3 == 1 else "",
            value=f"{80 + k / 7:.2f}",
            limit="80.0",
            kind="Hi",
        )
        for k in range(count)
    ]


def _open_alarms(
    bench: Bench, source: ListedAlarms, *, theme: str = "light", width: int = 1200
) -> tuple[WidgetPage, Locator]:
    table = AlarmTable(source, bench.ticker, operator="jdoe")
    shown = bench.open(table, "alarm_table", theme=theme, width=width)
    root = shown.page.locator("[data-mxgw-widget=alarm-table]")
    wanted = str(len(source.rows))
    bench.pump(shown, lambda: _data(root, "rows") == wanted)
    return shown, root


def _row(root: Locator, reference: str) -> Locator:
    return root.locator(f'[data-reference="{reference}"]')


@pytest.mark.parametrize("theme", ["light", "dark", "none"])
@pytest.mark.parametrize("size", WIDTHS)
def test_an_alarm_table_shows_its_rows_in_every_theme_and_width(
    bench: Bench, screenshots: Path, theme: str, size: str
) -> None:
    source = ListedAlarms(_alarms(40))
    shown, root = _open_alarms(bench, source, theme=theme, width=WIDTHS[size])
    assert _data(root, "unacknowledged") == "27"
    rows = root.locator("[data-reference]")
    expect(rows.first).to_have_attribute("data-state", "unacknowledged")
    expect(rows.first).to_contain_text("50")
    assert not _overflows(shown.page)
    assert root.locator("b", has_text="not bold").count() == 0
    shown.page.screenshot(path=screenshots / f"alarm-table-{theme}-{size}.png")


def test_an_acknowledged_row_waits_for_the_plant_to_say_so(bench: Bench, screenshots: Path) -> None:
    source = ListedAlarms(_alarms(6))
    shown, root = _open_alarms(bench, source)
    reference = "Galaxy!Production1.Tank000.Level.Hi"
    row = _row(root, reference)
    root.get_by_placeholder("Comment").fill("seen")
    row.get_by_role("button", name=f"Acknowledge {reference}").click()
    expect(row).to_contain_text("sending")
    assert source.asked == [([reference], "seen")]
    bench.pump(shown, lambda: "sent" in row.inner_text())
    expect(row).to_have_attribute("data-state", "unacknowledged")
    source.transit(reference, state="acknowledged", operator="jdoe", comment="seen")
    bench.pump(shown, lambda: _data(row, "state") == "acknowledged")
    expect(row).to_contain_text("done")
    expect(root).to_have_attribute("data-unacknowledged", "3")
    shown.page.screenshot(path=screenshots / "alarm-table-acknowledged.png")


def test_several_selected_rows_are_acknowledged_and_a_refusal_says_why(
    bench: Bench, screenshots: Path
) -> None:
    source = ListedAlarms(_alarms(6))
    first, second = "Galaxy!Production1.Tank000.Level.Hi", "Galaxy!Production3.Tank002.Level.Hi"
    source.refusals[second] = "the key lacks the scope"
    shown, root = _open_alarms(bench, source)
    for reference in (first, second):
        _row(root, reference).get_by_role("checkbox").check()
    root.get_by_role("button", name="Acknowledge selected (2)").click()
    assert sorted(source.asked[0][0]) == [first, second]
    notice = root.get_by_role("alert")
    bench.pump(shown, lambda: "the key lacks the scope" in notice.inner_text())
    expect(_row(root, second)).to_contain_text("✗")
    expect(_row(root, first)).to_contain_text("sent")
    shown.page.screenshot(path=screenshots / "alarm-table-refused.png")


def test_search_and_counts_narrow_the_rows(bench: Bench) -> None:
    _, root = _open_alarms(bench, ListedAlarms(_alarms(9)))
    rows = root.locator("[data-reference]")
    root.get_by_placeholder("Search").fill("production2 VALVE")
    expect(rows).to_have_count(3)
    root.get_by_placeholder("Search").fill("tank004")
    expect(rows).to_have_count(1)
    root.get_by_placeholder("Search").fill("")
    root.get_by_role("button", name="3 cleared unacknowledged").click()
    expect(rows).to_have_count(3)
    root.get_by_placeholder("Search").fill("nothing such")
    expect(root.get_by_text("No alarm matches the search.")).to_be_visible()


def test_rows_that_leave_the_board_leave_the_table(bench: Bench) -> None:
    source = ListedAlarms(_alarms(3))
    shown, root = _open_alarms(bench, source)
    for reference in list(source.rows):
        source.drop(reference)
    bench.pump(shown, lambda: _data(root, "rows") == "0")
    expect(root.get_by_text("No active alarms.")).to_be_visible()


def test_a_new_and_more_urgent_alarm_goes_to_the_top(bench: Bench) -> None:
    source = ListedAlarms(_alarms(6))
    shown, root = _open_alarms(bench, source)
    source.put(AlarmRow("Galaxy!A.Trip", "Pump001.Trip", "A", "Trip", 1, "unacknowledged"))
    bench.pump(shown, lambda: _data(root, "rows") == "7")
    expect(root.locator("[data-reference]").first).to_have_attribute("data-reference", "Galaxy!A.Trip")


def test_a_stopped_table_acknowledges_nothing(bench: Bench) -> None:
    source = ListedAlarms(_alarms(1))
    table = AlarmTable(source, bench.ticker)
    shown = bench.open(table, "alarm_table")
    root = shown.page.locator("[data-mxgw-widget=alarm-table]")
    bench.pump(shown, lambda: _data(root, "rows") == "1")
    table.stop()
    shown.deliver()
    expect(shown.page.get_by_role("status")).to_have_text("stopped")
    _row(root, "Galaxy!Production1.Tank000.Level.Hi").get_by_role("button").click()
    assert source.asked == []
