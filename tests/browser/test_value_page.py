"""The table of values in Chromium without a notebook."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from playwright.sync_api import expect

from mxgw_notebook.widgets import ValueRow, ValueSnapshot, ValueTable
from tests.browser.widget_page import Bench

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
