"""The tab of alarms that are out of service, in Chromium without a notebook."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from mxgw_notebook.widgets import AlarmRow, AlarmTable, ServiceFound, ServiceRow
from tests.browser.widget_page import Bench, WidgetPage, data_of, overflows
from tests.widgets.doubles import ListedAlarms

pytestmark = pytest.mark.browser

NOW = time.time() * 1000
FOUND = ServiceFound(
    rows=[
        ServiceRow(
            "Tank002.Level.Hi", "Production1", "High level", 300, "shelved",
            NOW - 6e5, NOW + 3e6, "jdoe", "OPS-3", "transmitter <b>changed</b>",
        ),
        ServiceRow("Pump001.Fault", "Production1", "Fault", 100, "silenced", NOW - 9e7),
        ServiceRow("Old007.Level.Lo", "Utilities", how="unknown", reason="Invalid reference"),
    ],
    count=2,
    summary="2 alarms of 355 out of service; of 1 it is not known",
    at_ms=NOW,
)  # fmt: skip


def open_tab(bench: Bench, source: ListedAlarms, **page: object) -> tuple[WidgetPage, Locator]:
    table = AlarmTable(source, bench.ticker, operator="jdoe", has_service=True)
    shown = bench.open(table, "alarm_table", **page)  # type: ignore[arg-type]
    root = shown.page.locator("[data-mxgw-widget=alarm-table]")
    bench.pump(shown, lambda: data_of(root, "rows") == "1")
    root.get_by_role("button", name="Out of service").click()
    bench.pump(shown, lambda: "355" in root.inner_text())
    return shown, root


def source() -> ListedAlarms:
    row = AlarmRow("Galaxy!A.Tank001.Level.Hi", "Tank001.Level.Hi", "A", "High", 300, "unacknowledged")
    made = ListedAlarms([row])
    made.service = FOUND
    return made


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [700, 1000, 1600])
def test_the_tab_shows_how_since_until_by_whom_and_why(
    bench: Bench, screenshots: Path, theme: str, width: int
) -> None:
    shown, root = open_tab(bench, source(), theme=theme, width=width)
    rows = root.locator("tr[data-how]")
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text("transmitter <b>changed</b>")
    expect(rows.first).to_contain_text("jdoe at OPS-3")
    expect(rows.nth(2)).to_contain_text("unknown")
    expect(root.get_by_role("button", name="Out of service (2)")).to_be_visible()
    assert not overflows(shown.page)
    shown.page.screenshot(path=screenshots / f"alarm-service-{theme}-{width}.png")


def test_pressed_again_it_gives_way_to_the_table(bench: Bench) -> None:
    shown, root = open_tab(bench, source())
    assert not root.locator(".mxgw-grid").is_visible()
    root.get_by_role("button", name="Out of service").click()
    bench.pump(shown, root.locator("[data-reference]").first.is_visible)
    assert not root.locator("tr[data-how]").first.is_visible()


def test_a_look_that_fails_says_why_and_keeps_what_was_seen(bench: Bench) -> None:
    listed = source()
    shown, root = open_tab(bench, listed)
    listed.service = ServiceFound(failure="the gateway does not answer")
    root.get_by_role("button", name="Look again").click()
    bench.pump(shown, lambda: "the gateway does not answer" in root.inner_text())
    expect(root.locator("tr[data-how]")).to_have_count(3)


def test_a_table_without_a_plant_has_no_tab(bench: Bench) -> None:
    shown = bench.open(AlarmTable(source(), bench.ticker), "alarm_table")
    root = shown.page.locator("[data-mxgw-widget=alarm-table]")
    bench.pump(shown, lambda: data_of(root, "rows") == "1")
    expect(root.get_by_role("button", name="Out of service")).to_be_hidden()
