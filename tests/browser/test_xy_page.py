"""An XY view as it is drawn, in Chromium without a notebook."""

from __future__ import annotations

import re
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


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [340, 1000])
def test_the_point_under_the_mouse_is_told(bench: Bench, theme: str, width: int) -> None:
    shown = bench.open(XYPlot(Curve(), bench.ticker), "xy_plot", theme=theme, width=width)
    root = shown.page.locator("[data-mxgw-widget=xy]")
    bench.pump(shown, lambda: root.get_attribute("data-points") == "150")
    plot, tip, mark = (root.locator(f".mxgw-{part}") for part in ("plot", "xytip", "xymark"))
    for key in ("Home", "End"):  # the keys say where the points are: the mouse is moved there
        plot.focus()
        shown.page.keyboard.press(key)
        words, box = tip.inner_text(), mark.bounding_box()
        shown.page.keyboard.press("Escape")
        expect(tip).to_be_hidden()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        shown.page.mouse.move(x + 3, y - 3)
        expect(tip).to_be_visible()
        assert tip.inner_text() == words
        expect(tip).to_contain_text(
            re.compile(r"Tank001\.Level [\d.]+ %\s+Pump001\.Speed [\d,.]+ rpm\s+quality")
        )
        assert not overflows(shown.page)
        area = plot.bounding_box()
        assert area is not None
        shown.page.mouse.move(area["x"] + area["width"] / 2, area["y"] - 20)  # out of the plot
        expect(tip).to_be_hidden()


def test_the_mouse_far_from_every_point_tells_nothing(bench: Bench) -> None:
    shown = bench.open(XYPlot(Curve(), bench.ticker), "xy_plot", width=1000)
    root = shown.page.locator("[data-mxgw-widget=xy]")
    bench.pump(shown, lambda: root.get_attribute("data-points") == "150")
    over = root.locator(".u-over").bounding_box()
    assert over is not None
    shown.page.mouse.move(over["x"] + 2, over["y"] + 2)  # the curve comes into no corner
    expect(root.locator(".mxgw-xytip")).to_be_hidden()
