"""A report's page where there is little room: its verdicts are in sight, its drawings can be read."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from mxgw_notebook.analysis import alarm_report
from mxgw_notebook.svg import READABLE
from tests.analysis.logs import ROWS, at, log

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [312, 568, 1168])
def test_the_verdicts_of_a_report_are_in_sight(chromium: Browser, width: int) -> None:
    page = chromium.new_page(viewport={"width": width + 32, "height": 900})  # a page has edges
    page.set_content(alarm_report(log(*ROWS), end=at(7200)).to_html())
    first = page.locator(".mxgw-report .table").first
    assert first.evaluate("box => box.scrollWidth - box.clientWidth") <= 0
    assert page.evaluate("document.body.scrollWidth - document.body.clientWidth") <= 0
    drawings = page.locator(".mxgw-drawing > div")
    assert drawings.evaluate_all("all => Math.min(...all.map(one => one.clientWidth))") >= READABLE
    page.close()
