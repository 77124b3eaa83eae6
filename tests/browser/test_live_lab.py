"""A trend in real JupyterLab: it moves while a cell computes, and shows an outage and its end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from mxgw_notebook.cli.demo.demo import variables
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.browser.lab_page import LabPage, lab_page, notebook_of
from tests.browser.test_quickstart import lines_move

pytestmark = pytest.mark.browser

BUSY = "import time\nend = time.monotonic() + 10\nwhile time.monotonic() < end:\n    sum(range(100))"
CELLS = [
    "%load_ext mxgw_notebook\n%mxgw connect demo",
    "watched = %mxgw watch Tank001.Level FIC101.PV FIC101.Mode Pump001.Running\nwatched",
    BUSY,
    "table = %mxgw watch --table Tank001.Level FIC101.PV FIC101.Mode Pump001.Description\ntable",
    "%mxgw status",
    "%mxgw read Tank001.Level",
]


@pytest.fixture
def lab(chromium: Browser, plant: EmbeddedGateway, tmp_path: Path) -> Iterator[LabPage]:
    with lab_page(chromium, notebook_of(CELLS, tmp_path / "live.ipynb"), variables(plant)) as page:
        yield page


def test_a_trend_moves_while_a_cell_computes_and_shows_an_outage_and_its_end(
    lab: LabPage, plant: EmbeddedGateway, screenshots: Path
) -> None:
    lab.run_cell(0)
    lab.run_cell(1)
    trend = lab.widget("trend").first
    lines_move(trend)

    lab.code_cells.nth(2).locator(".cm-content").click()
    lab.page.keyboard.press("Shift+Enter")
    expect(lab.code_cells.nth(2).locator(".jp-InputPrompt").first).to_contain_text("[*]")
    for _ in range(3):
        before = str(trend.get_attribute("data-last-ms"))
        expect(trend).not_to_have_attribute("data-last-ms", before, timeout=5000)
    expect(lab.code_cells.nth(2).locator(".jp-InputPrompt").first).to_contain_text("[*]")
    lab.picture(trend, screenshots / "live-busy.png")
    expect(lab.code_cells.nth(2).locator(".jp-InputPrompt").first).not_to_contain_text("[*]", timeout=30_000)

    trend.get_by_role("button", name="Pause").click()
    expect(trend).to_have_attribute("data-paused", "true")
    trend.get_by_role("button", name="+", exact=True).click()
    trend.get_by_role("button", name="Live").click()
    expect(trend).to_have_attribute("data-paused", "false")

    lab.run_cell(3)
    values = lab.widget("values").first
    expect(values).to_have_attribute("data-rows", "4")
    lab.picture(values, screenshots / "live-table.png")
    lab.run_cell(4)

    port = int(plant.endpoint.rpartition(":")[2])
    plant.stop()
    expect(trend).to_contain_text("reconnecting", timeout=30_000)
    expect(trend.get_by_role("status")).to_contain_text("as of")
    lab.picture(trend, screenshots / "live-reconnecting.png")
    lab.theme("JupyterLab Dark")
    lab.picture(trend, screenshots / "live-reconnecting-dark.png")
    lab.theme("JupyterLab Light")
    with EmbeddedGateway.start(port=port, seed=1, api_key=plant.api_key):
        expect(trend.get_by_role("status")).to_have_text("live", timeout=60_000)
        expect(trend.get_by_text("no connection")).to_be_visible()
        lines_move(trend)
        lab.picture(trend, screenshots / "live-outage.png")
        lab.theme("JupyterLab Dark")
        lab.picture(trend, screenshots / "live-outage-dark.png")
        lab.picture(values, screenshots / "live-table-dark.png")
        lab.theme("JupyterLab Light")
        lab.run_cell(5)
    assert lab.errors() == []
    assert lab.failures == []
    assert lab.foreign == []
