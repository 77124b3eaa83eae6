"""A report's page where there is little room: its verdicts are in sight, its drawings can be read."""

from __future__ import annotations

import pandas as pd
import pytest
from playwright.sync_api import Browser

from mxgw_notebook.analysis import alarm_report, impact_page
from mxgw_notebook.svg import READABLE
from tests.analysis.logs import ROWS, at, log

pytestmark = pytest.mark.browser
MOST_LINES, LINE = 7, 18  # the latter in pixels


@pytest.mark.parametrize("width", [312, 568, 1168])
def test_the_verdicts_of_a_report_are_in_sight(chromium: Browser, width: int) -> None:
    page = chromium.new_page(viewport={"width": width + 32, "height": 900})  # a page has edges
    page.set_content(alarm_report(log(*ROWS), end=at(7200)).to_html())
    first = page.locator(".mxgw-report .table").first
    assert first.evaluate("box => box.scrollWidth - box.clientWidth") <= 0
    assert page.evaluate("document.body.scrollWidth - document.body.clientWidth") <= 0
    tallest = first.locator("tr").evaluate_all("all => Math.max(...all.map(one => one.clientHeight))")
    assert tallest < MOST_LINES * LINE
    drawings = page.locator(".mxgw-drawing > div")
    assert drawings.evaluate_all("all => Math.min(...all.map(one => one.clientWidth))") >= READABLE
    page.close()


@pytest.mark.parametrize("width", [332, 568, 1168])
def test_the_reasons_of_an_impact_have_room(chromium: Browser, width: int) -> None:
    reason = "its mean went from 50.2 to 449.8, which is 612 times what it varied by before the deploy"
    rows = [
        (f"Galaxy!Production2.Tank{n:03}.Level.Hi", f"Tank{n:03}", "deployed", "changed", "mean", 0.8, reason)
        for n in range(9)
    ]
    found = pd.DataFrame(rows, columns=["tag", "object", "relation", "verdict", "finding", "score", "reason"])
    found.attrs["deployed"] = str(at(3600))
    samples = pd.DataFrame({"tag": ["Tank001.Level"], "timestamp": [at(3600)], "value": [1.0]})
    page = chromium.new_page(viewport={"width": width, "height": 900})
    page.set_content(impact_page(found, samples.assign(quality="good")).to_html())
    cells = page.locator(".mxgw-report td.words").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect()).map(box => [box.height, box.right])"
    )
    assert len(cells) == len(rows)
    assert max(height for height, _ in cells) < MOST_LINES * LINE
    assert max(right for _, right in cells) <= width
    page.close()
