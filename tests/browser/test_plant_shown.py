"""Which plant a widget shows: its name and colour above the view, on light and dark pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from mxgw_notebook.widgets import ValueRow, ValueSnapshot, ValueTable
from tests.browser.widget_page import Bench

pytestmark = pytest.mark.browser

RED = "rgb(179, 38, 30)"


class OneValue:
    """A source of one row."""

    def since(self, cursor: int) -> ValueSnapshot:
        return ValueSnapshot(1, cursor == 0, [ValueRow("Tank001.Level", value="7")] if cursor == 0 else [])


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_production_plant_looks_so(bench: Bench, screenshots: Path, theme: str) -> None:
    table = ValueTable(OneValue(), bench.ticker)
    table.plant, table.plant_colour = "plant-a, production", "#b3261e"
    shown = bench.open(table, "value_table", theme=theme)
    root = shown.page.locator("[data-mxgw-widget=values]")
    bench.pump(shown, lambda: root.get_attribute("data-rows") == "1")
    shown.page.screenshot(path=screenshots / f"plant-{theme}.png")
    above = root.evaluate("node => getComputedStyle(node, '::before').content")
    assert above == '"plant-a, production"'
    assert root.evaluate("node => getComputedStyle(node).borderLeftColor") == RED


def test_a_plant_without_a_name_shows_none(bench: Bench) -> None:
    shown = bench.open(ValueTable(OneValue(), bench.ticker), "value_table")
    root = shown.page.locator("[data-mxgw-widget=values]")
    bench.pump(shown, lambda: root.get_attribute("data-rows") == "1")
    assert root.evaluate("node => getComputedStyle(node, '::before').content") in ("none", "normal")
