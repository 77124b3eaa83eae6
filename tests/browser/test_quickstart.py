"""The quickstart in real JupyterLab, cell by cell, in Chromium."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from mxgw_notebook.cli.demo.demo import make_working_copy, variables
from mxgw_notebook.client import AlarmRecord, GatewayClient
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.browser.lab_page import LabPage, lab_page

pytestmark = pytest.mark.browser

WIDGET_MS = 30_000


@pytest.fixture
def lab(chromium: Browser, plant: EmbeddedGateway, tmp_path: Path) -> Iterator[LabPage]:
    """JupyterLab as `mxgw-py demo` starts it, on a fresh copy of the quickstart."""
    with lab_page(chromium, make_working_copy(tmp_path), variables(plant), size=(1280, 900)) as page:
        yield page


def test_the_quickstart_shows_a_living_plant(lab: LabPage, plant: EmbeddedGateway, screenshots: Path) -> None:
    following = lab.run_until(0, lambda: lab.widget("trend").count() > 0)
    lines_move(lab.widget("trend").first)
    lab.picture(lab.widget("trend").first, screenshots / "quickstart-trend.png")

    following = lab.run_until(following, lambda: lab.widget("alarm-table").count() > 0)
    table = lab.widget("alarm-table")
    acknowledged = acknowledge_first(table)
    assert gateway_says(plant, acknowledged).state == "ACTIVE_ACKED"
    lab.picture(table, screenshots / "quickstart-alarms.png")

    lab.theme("JupyterLab Dark")
    lab.picture(lab.widget("trend").first, screenshots / "quickstart-trend-dark.png")
    lab.picture(table, screenshots / "quickstart-alarms-dark.png")
    lab.theme("JupyterLab Light")

    for number in range(following, lab.code_cells.count()):
        lab.run_cell(number)
    expect(lab.widget("trend")).to_have_count(0)
    expect(lab.page.locator(".jp-OutputArea-output svg").first).to_be_visible()
    lab.picture(lab.code_cells.last, screenshots / "quickstart-end.png")
    assert lab.errors() == []
    assert lab.failures == []
    assert lab.foreign == []


def test_a_gateway_that_dies_shows_in_the_trend_and_in_one_line(
    lab: LabPage, plant: EmbeddedGateway, screenshots: Path
) -> None:
    following = lab.run_until(0, lambda: lab.widget("trend").count() > 0)
    trend = lab.widget("trend").first
    lines_move(trend)
    plant.stop()
    expect(trend).to_contain_text("reconnecting", timeout=WIDGET_MS)
    reading = next(n for n in range(following) if "%mxgw read" in lab.code_cells.nth(n).inner_text())
    said = lab.run_cell(reading).last.inner_text()
    assert said.startswith("UsageError: "), said
    assert len(said.strip().splitlines()) == 1
    assert plant.api_key not in lab.page.content()
    lab.picture(trend, screenshots / "gateway-gone.png")


def lines_move(trend: Locator) -> None:
    """At least two tags are drawn, and more is drawn a moment later."""
    page = trend.page
    page.wait_for_function(SERIES_DRAWN, arg=trend.element_handle(), timeout=WIDGET_MS)
    before = trend.get_attribute("data-last-ms")
    expect(trend).not_to_have_attribute("data-last-ms", str(before), timeout=WIDGET_MS)


SERIES_DRAWN = "node => Number(node.dataset.series) >= 2 && Number(node.dataset.points) >= 8"


def acknowledge_first(table: Locator) -> str:
    """Presses the button of the first unacknowledged row; its reference, once the row has changed."""
    row = table.locator('[data-reference][data-state="unacknowledged"]').first
    expect(row).to_be_visible(timeout=WIDGET_MS)
    reference = str(row.get_attribute("data-reference"))
    row.locator(".mxgw-row-button").click()
    changed = table.locator(f'[data-reference="{reference}"][data-state="acknowledged"]')
    expect(changed).to_be_visible(timeout=WIDGET_MS)
    return reference


def gateway_says(plant: EmbeddedGateway, reference: str) -> AlarmRecord:
    """The alarm as the gateway itself has it, asked past everything that the notebook holds."""

    async def asked() -> list[AlarmRecord]:
        async with await GatewayClient.connect(
            plant.endpoint, api_key=plant.api_key, plaintext=True
        ) as client:
            return await client.query_active_alarms(reference)

    (alarm,) = in_thread(lambda: asyncio.run(asked()))
    return alarm


def in_thread(work: Callable[[], list[AlarmRecord]]) -> list[AlarmRecord]:
    """Runs it on a thread of its own: playwright's loop runs on this one."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()
