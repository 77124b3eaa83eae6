"""The table of values in Chromium without a notebook."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from playwright.sync_api import expect

from mxgw_notebook.widgets import ValueRow, ValueSnapshot, ValueTable, WriteOutcome
from tests.browser.widget_page import Bench
from tests.widgets.test_value_writes import Plant

pytestmark = pytest.mark.browser


class ListedValues:
    """A source of rows put in by hand."""

    def __init__(self, rows: list[ValueRow]) -> None:
        self.rows = rows
        self.looks = 0

    def since(self, cursor: int) -> ValueSnapshot:
        self.looks += 1
        return ValueSnapshot(self.looks, cursor == 0, self.rows if cursor == 0 else [])


def test_a_table_of_fifty_thousand_values_scrolls_sorts_and_searches(bench: Bench, screenshots: Path) -> None:
    now = time.time() * 1000
    rows = [
        ValueRow(
            f"Tank{number:05}.Level",
            value=f"{number % 97}",
            units="m",
            quality="good" if number % 7 else "bad",
            time_ms=now - number,
            interval=0.5,
            spark=(1.0, 2.0, number % 5, 3.0),
        )
        for number in range(50_000)
    ]
    rows[3] = ValueRow("Nope.Nope", failure="invalid reference")
    shown = bench.open(ValueTable(ListedValues(rows), bench.ticker), "value_table", theme="dark")
    root = shown.page.locator("[data-mxgw-widget=values]")
    bench.pump(shown, lambda: root.get_attribute("data-rows") == "50000")
    assert root.locator("tr[data-tag]").count() < 60
    shown.page.screenshot(path=screenshots / "values-dark.png")
    root.get_by_label("Search").fill("tank00042")
    expect(root.locator("tr[data-tag]")).to_have_count(1)
    root.get_by_label("Search").fill("")
    root.get_by_role("button", name="Value").click()
    root.get_by_role("button", name="Value").click()
    expect(root.locator("tr[data-tag]").first).to_contain_text("96")
    root.locator(".mxgw-list").evaluate("node => node.scrollTo(0, 1e9)")
    expect(root.locator("tr[data-tag]").last).to_be_visible()


HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.mark.parametrize(("theme", "width"), [("light", 700), ("dark", 1000)])
def test_a_value_is_typed_looked_at_and_written(
    bench: Bench, screenshots: Path, theme: str, width: int
) -> None:
    rows = [ValueRow(tag, value="30", units="m3/h", quality="good") for tag in ("FIC101.SP", "TIC103.SP")]
    plant = Plant()
    plant.answer = WriteOutcome("done", HOSTILE)
    table = ValueTable(ListedValues(rows), bench.ticker, writes=plant)
    shown = bench.open(table, "value_table", theme=theme, width=width)
    root = shown.page.locator("[data-mxgw-widget=values]")
    bench.pump(shown, lambda: root.get_attribute("data-rows") == "2")
    bar, row = root.locator(".mxgw-write"), root.locator('[data-tag="FIC101.SP"]')
    expect(bar).to_be_hidden()

    row.locator(".mxgw-value").dblclick()
    root.get_by_label("New value").fill("31")
    shown.page.keyboard.press("Escape")
    expect(bar).to_be_hidden()
    assert plant.proposed == []

    row.locator(".mxgw-value").focus()
    shown.page.keyboard.press("Enter")
    root.get_by_label("New value").fill(f"42 {HOSTILE}")
    shown.page.keyboard.press("Enter")
    expect(bar).to_contain_text("asking the plant")
    bench.pump(shown, lambda: bool(plant.waiting))
    plant.plan()
    write = root.get_by_role("button", name="Write", exact=True)
    bench.pump(shown, write.is_visible)
    expect(bar).to_contain_text(f"1 → 42 {HOSTILE} m: write")
    shown.page.keyboard.press("Enter")  # one that was held down is no click
    shown.page.screenshot(path=screenshots / f"write-{theme}-{width}.png")
    assert plant.applied == []
    write.click()
    written = row.locator(".mxgw-written")
    bench.pump(shown, lambda: "done" in written.inner_text())
    expect(written).to_have_text(f"done: {HOSTILE}")
    assert plant.applied == [f"42 {HOSTILE}"]
    expect(root.locator("img")).to_have_count(0)
    expect(root.locator('[data-tag="TIC103.SP"] .mxgw-written')).to_have_text("")
    shown.page.screenshot(path=screenshots / f"written-{theme}-{width}.png")
