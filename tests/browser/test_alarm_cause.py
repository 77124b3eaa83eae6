"""From an alarm to its cause, in real JupyterLab."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from mxgw_notebook.cli.demo.demo import variables
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.browser.conftest import chromium_path
from tests.browser.lab_page import LabPage, lab_page, notebook_of
from tests.browser.test_quickstart import WIDGET_MS

pytestmark = pytest.mark.browser

CELLS = [
    'import mxgw_notebook as mx\ngateway = mx.connect("demo")',
    "alarms = gateway.alarms()\nalarms",
    "len(alarms.selection())",
    "alarms.stop()",
]


@pytest.fixture
def lab(chromium: Browser, tmp_path: Path) -> Iterator[LabPage]:
    chromium_path()
    notebook = notebook_of(CELLS, tmp_path / "alarms.ipynb")
    with (
        EmbeddedGateway.start(seed=1, speed=60.0, scenario="pump-trip") as plant,
        lab_page(chromium, notebook, variables(plant)) as page,
    ):
        yield page


def test_a_rows_button_opens_the_trend_of_its_tag_below_the_table(lab: LabPage, screenshots: Path) -> None:
    for number in range(2):
        lab.run_cell(number)
    table = lab.widget("alarm-table")
    expect(table).to_be_visible(timeout=WIDGET_MS)
    table.get_by_placeholder("Search").fill(".Lo")
    row = table.locator("[data-reference]").first
    expect(row).to_be_visible(timeout=WIDGET_MS)
    row.get_by_role("checkbox").check()
    tag = row.locator(".mxgw-of-tag").inner_text().removesuffix(" ◌").rpartition(".")[0]
    row.locator(".mxgw-trend-button").click()
    trend = lab.widget("trend")
    expect(trend).to_be_visible(timeout=WIDGET_MS)
    expect(trend).to_contain_text(tag)
    lab.page.wait_for_function(DRAWN, arg=trend.element_handle(), timeout=WIDGET_MS)
    lab.picture(trend, screenshots / "alarm-cause.png")
    lab.theme("JupyterLab Dark")
    lab.picture(trend, screenshots / "alarm-cause-dark.png")
    assert lab.run_cell(2).last.inner_text().strip() in ("0", "1")

    lab.run_cell(3)
    expect(lab.widget("alarm-table")).to_have_count(0)
    expect(lab.page.locator(".jp-OutputArea-output table").first).to_be_visible()
    expect(lab.page.locator(".jp-OutputArea-output svg").first).to_be_visible()
    assert lab.errors() == []
    assert lab.failures == []
    assert lab.foreign == []


DRAWN = "node => Number(node.dataset.points) >= 2"
