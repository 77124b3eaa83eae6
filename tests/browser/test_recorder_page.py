"""The panel of a recorder in Chromium without a notebook."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import expect

from mxgw_notebook.widgets import RecorderPanel
from mxgw_notebook.words import Phase
from tests.browser.widget_page import Bench
from tests.widgets.test_recorder_panel import WELL, OneRecorder

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("theme", "width"), [("light", 900), ("dark", 420)])
def test_a_recording_is_looked_at_and_ended(bench: Bench, screenshots: Path, theme: str, width: int) -> None:
    source = OneRecorder()
    source.fares = replace(WELL, rates=tuple(float(number % 9 + 5) for number in range(60)))
    panel = RecorderPanel(source, bench.ticker)
    shown = bench.open(panel, "recorder_panel", theme=theme, width=width)
    root = shown.page.locator("[data-mxgw-widget=recorder]")
    bench.pump(shown, lambda: root.locator("dd").count() == 6)
    expect(root.locator('[data-fact="Samples"]')).to_have_text("12,345")
    expect(root.locator(".mxgw-status")).to_have_text("recording")
    expect(root.locator(".mxgw-status")).to_have_attribute("data-live", "yes")
    expect(root.get_by_role("img")).to_have_attribute("aria-label", "Samples a second of late, at most 13.0")
    shown.page.screenshot(path=screenshots / f"recorder-{theme}.png")
    words = "failing: the disk is full: less than 200 MB are free"
    source.fares = replace(WELL, phase=Phase.FAILING, status=words, dropped=7, free=1)
    bench.pump(shown, lambda: root.locator('[data-fact="Lost"]').count() == 1)
    expect(root.locator(".mxgw-status")).to_have_text(words)
    shown.page.screenshot(path=screenshots / f"recorder-failing-{theme}.png")
    root.get_by_role("button", name="Stop recording").click()
    expect(root.get_by_role("button", name="Stopping")).to_be_disabled()
    assert source.ended == 1
    panel.stop()
    bench.pump(shown, lambda: root.locator(".mxgw-status").inner_text() == "stopped")
    expect(root.get_by_role("button")).to_have_count(0)
