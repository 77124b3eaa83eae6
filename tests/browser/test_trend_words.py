"""Where the words of limits and markers stand on a trend: the module itself, in Chromium."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

MODULE = "/mxgw_notebook/widgets/src/trend/places.js"
PLACED = """async ([module, limits, markers]) => {
  const { Places } = await import(module);
  const places = new Places();
  return [
    ...limits.map(([y, width]) => places.toTheRight({ x: 6, y, width, height: 14 }, 400, 8)),
    ...markers.map(([x, width]) => places.below({ x, y: 2, width, height: 14 }, 8)),
  ];
}"""


def placed(
    chromium: Browser, base: str, limits: list[list[float]], markers: list[list[float]]
) -> list[dict[str, Any]]:
    page = chromium.new_page()
    try:
        page.goto(f"{base}/tests/browser/widget_page.html")
        boxes: list[dict[str, Any]] = page.evaluate(PLACED, [MODULE, limits, markers])
        return boxes
    finally:
        page.close()


def lies_apart(a: dict[str, Any], b: dict[str, Any]) -> bool:
    beside = a["x"] + a["width"] <= b["x"] or b["x"] + b["width"] <= a["x"]
    return bool(beside or a["y"] + a["height"] <= b["y"] or b["y"] + b["height"] <= a["y"])


def test_words_of_limits_and_markers_that_would_meet_stand_apart(chromium: Browser, base: str) -> None:
    limits = [[10.0, 50.0], [14.0, 30.0], [14.0, 30.0], [40.0, 60.0]]
    markers = [[10.0, 120.0], [12.0, 120.0], [300.0, 60.0]]
    boxes = placed(chromium, base, limits, markers)
    assert all(lies_apart(a, b) for place, a in enumerate(boxes) for b in boxes[:place])


def test_what_meets_nothing_stays_where_it_belongs(chromium: Browser, base: str) -> None:
    first, second, marker = placed(chromium, base, [[60.0, 50.0], [200.0, 30.0]], [[100.0, 40.0]])
    assert [first["x"], second["x"], marker["y"]] == [6, 6, 2]
