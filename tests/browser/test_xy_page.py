"""An XY view as it is drawn, in Chromium without a notebook."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from mxgw_notebook.widgets import TrendTag, XYDelta, XYPlot, XYPoints
from tests.browser.widget_page import Bench, data_of, overflows

pytestmark = pytest.mark.browser


class Curve:
    """Two turns of a curve that is broken once, a part of it of uncertain quality."""

    def __init__(self) -> None:
        self.turns = 1.0

    def since(self, cursor: int) -> XYDelta:
        count = int(150 * self.turns)
        phase = np.arange(count, dtype=np.float64) / 75 * np.pi
        quality = np.full(count, 192, np.uint8)
        quality[40:60] = 64
        piece = (np.arange(count) > 100).astype(np.int64)
        times = time.time() * 1000 // 1e5 * 1e5 + np.arange(count, dtype=np.float64) * 500.0
        x = np.asarray(50 + 20 * np.cos(phase), np.float64)
        y = np.asarray(1450 + 40 * np.sin(2 * phase), np.float64)
        made = XYPoints(np.asarray(times, np.float64), x, y, quality, piece)
        return XYDelta(
            cursor + 1, TrendTag("Tank001.Level", units="%"), TrendTag("Pump001.Speed", units="rpm"), made
        )


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [700, 1000, 1600])
def test_points_are_drawn_and_follow(bench: Bench, screenshots: Path, theme: str, width: int) -> None:
    source = Curve()
    shown = bench.open(XYPlot(source, bench.ticker), "xy_plot", theme=theme, width=width)
    root = shown.page.locator("[data-mxgw-widget=xy]")
    bench.pump(shown, lambda: root.get_attribute("data-points") == "150")
    expect(root).to_contain_text("Tank001.Level")
    expect(root).to_contain_text("good, at")
    expect(root.get_by_role("status")).to_have_text("live")
    assert not overflows(shown.page)
    shown.page.screenshot(path=screenshots / f"xy-{theme}-{width}.png")
    source.turns = 1.1
    bench.pump(shown, lambda: data_of(root, "points") == "165")
