"""How everything looks in real JupyterLab: at three widths, in light and dark, alive and behind its kernel.

With MXGW_SCREENSHOTS naming a folder, pictures are left there for a person to look at.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from mxgw_notebook.cli.demo.demo import variables
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.browser.conftest import chromium_path
from tests.browser.lab_page import LabPage, lab_page, notebook_of
from tests.browser.layout import faults_of_controls, faults_of_layout

pytestmark = pytest.mark.browser

FOLDER = os.environ.get("MXGW_SCREENSHOTS", "")
WIDTHS, HEIGHT = (700, 1000, 1600), 1000
ROUND_A_NOTEBOOK = 300
ALL_IN_SIGHT = (".mxgw-trend .mxgw-legend", ".mxgw-trend .mxgw-measures")
LEAST_WORDS = 10.0
SHOWN = "[data-mxgw-widget], .jp-RenderedHTML:visible, .widget-vbox"
THEMES = ("JupyterLab Light", "JupyterLab Dark")
CELLS = {
    "connected": "%load_ext mxgw_notebook\n%mxgw connect demo\n%mxgw arm --reason looks\n"
    "gateway = __import__('mxgw_notebook').current()\n%mxgw snapshot before.parquet",
    "trend": "levels = %mxgw watch FIC101.PV Tank001.Level FIC101.Mode --overlay 10s\n"
    "levels.pen('difference', 'FIC101.PV - Tank001.Level')\nlevels",
    "noted": '%mxgw note "valve stuck, and the operator of the night shift was told by telephone"',
    "alarms": "alarms = %mxgw alarms\nalarms",
    "tree": "tree = %mxgw browse\ntree",
    "table": "%mxgw watch Tank00*.Level FIC101.SP --table",
    "when": "%%mxgw when Tank001.Level > 99.5 --as hot\nprint(event)",
    "recorder": "recorder = %mxgw record FIC101.PV --to recorded\nrecorder",
    "plan": "%mxgw write --plan FIC101.SP 42",
    "connections": "%mxgw connections",
    "dossier": "gateway.dossier('-1min')",
    "report": "alarms.report()",
    "impact": "gateway.impact_page('before.parquet')",
}


@pytest.fixture(scope="module")
def lab(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabPage]:
    """One JupyterLab with everything in it."""
    chromium_path()
    notebook = notebook_of(list(CELLS.values()), tmp_path_factory.mktemp("looks") / "looks.ipynb")
    with (
        EmbeddedGateway.start(seed=1, speed=20) as plant,
        lab_page(chromium, notebook, variables(plant), size=(1600, 1000)) as shown,
    ):
        for place in range(len(CELLS)):
            shown.run_cell(place)
        open_everything(shown)
        yield shown


def open_everything(lab: LabPage) -> None:
    """Cursors, an XY view, the values of selected tags: what a person opens by mouse."""
    trend = lab.widget("trend").first
    expect(trend).to_have_attribute("data-series", "3", timeout=60_000)
    trend.get_by_role("button", name="Cursors").click()
    trend.get_by_role("button", name="XY", exact=True).click()
    trend.get_by_role("combobox", name="To the right").select_option("Tank001.Level")
    trend.get_by_role("combobox", name="Upwards").select_option("FIC101.PV")
    trend.get_by_role("button", name="Show").click()
    over = lab.widget("xy").first
    expect(over).to_contain_text("points", timeout=30_000)
    over.locator(".u-over").wait_for()
    over.locator(".mxgw-plot").focus()
    lab.page.keyboard.press("End")
    told = over.locator(".mxgw-xytip")
    expect(told).to_contain_text(
        re.compile(r"Tank001\.Level [\d.]+ %\s+FIC101\.PV [\d.]+ m3/h\s+quality good")
    )
    expect(told).to_contain_text(re.compile(r"\d\d:\d\d:\d\d on 2\d{3}-\d\d-\d\d, .*UTC"))
    lab.page.keyboard.press("Escape")
    expect(told).to_be_hidden()
    choose_overlay(trend)


def choose_overlay(trend: Locator) -> None:
    """What Python chose stands among the periods; others are chosen, and none."""
    choice, rows = trend.get_by_role("combobox", name="Overlay"), trend.locator(".mxgw-earlier")
    expect(choice.locator("option:checked")).to_have_text("10 s earlier")
    choice.select_option("")
    expect(rows).to_have_count(0)
    choice.select_option("10min")
    expect(rows.first).to_contain_text("10 min earlier")


def hidden_width(lab: LabPage, box: str) -> int:
    """How much of a box is out of sight to the right."""
    widths = lab.page.locator(box).evaluate_all("all => all.map(one => one.scrollWidth - one.clientWidth)")
    assert widths, f"there is no {box}"
    return int(max(widths))


def heights_of_words(lab: LabPage) -> list[float]:
    """How high the words of the pages' drawings stand."""
    words = lab.page.locator(".mxgw-drawing text")
    heights = words.evaluate_all("all => all.map(one => one.getBoundingClientRect().height)")
    assert heights, "no page has a drawing"
    return [float(height) for height in heights if height]


def shoot(lab: LabPage, name: str) -> None:
    """Leaves a picture of each cell where somebody wants them."""
    if FOLDER:
        Path(FOLDER).mkdir(parents=True, exist_ok=True)
        for place, kind in enumerate(CELLS):
            for number, shown in enumerate(lab.code_cells.nth(place).locator(SHOWN).all()):
                show_whole(lab, shown)
                shown.screenshot(path=Path(FOLDER, f"{kind}-{number}-{name}.png"))
        lab.page.set_viewport_size({"width": int(name.partition("-")[0]), "height": HEIGHT})


def show_whole(lab: LabPage, shown: Locator) -> None:
    """Makes the page as high as what is to be seen: a picture of what stands below it is grey."""
    box, size = shown.bounding_box(), lab.page.viewport_size
    if box and size:
        height = max(HEIGHT, int(box["height"]) + ROUND_A_NOTEBOOK)
        lab.page.set_viewport_size({"width": size["width"], "height": height})
    shown.scroll_into_view_if_needed()


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_cut_covered_too_wide_or_too_pale(lab: LabPage, width: int, theme: str) -> None:
    lab.page.set_viewport_size({"width": 1600, "height": HEIGHT})
    if lab.page.locator("body").get_attribute("data-jp-theme-name") != theme:
        lab.theme(theme)
    lab.page.set_viewport_size({"width": width, "height": HEIGHT})
    lab.page.wait_for_timeout(500)  # a plot of another width is drawn at the page's next look
    shoot(lab, f"{width}-{theme.rpartition(' ')[2].lower()}")
    found = [*faults_of_layout(lab.page), *faults_of_controls(lab.page)]
    found += [f"{box} has more to its right" for box in ALL_IN_SIGHT if hidden_width(lab, box) > 0]
    found += [f"words of {height:.1f} px" for height in heights_of_words(lab) if height < LEAST_WORDS]
    assert not found, "\n".join(found)


def test_what_stays_of_it_behind_its_kernel_can_be_read(lab: LabPage) -> None:
    lab.page.set_viewport_size({"width": 1000, "height": HEIGHT})
    lab.menu("Kernel", "Restart Kernel…")
    lab.page.locator(".jp-Dialog").get_by_role("button", name="Confirm").click()
    expect(lab.widget("trend").first.get_by_role("status")).to_contain_text("the kernel is gone")
    shoot(lab, "1000-gone")
    found = faults_of_layout(lab.page)
    assert not found, "\n".join(found)
    assert lab.errors() == []
