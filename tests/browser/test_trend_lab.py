"""Every gesture of a trend in real JupyterLab, which has its own mind about the mouse and the keys."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from mxgw_notebook.cli.demo.demo import variables
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.browser.lab_page import LabPage, lab_page, notebook_of
from tests.browser.test_quickstart import lines_move

pytestmark = pytest.mark.browser

CELLS = [
    "%load_ext mxgw_notebook\n%mxgw connect demo",
    "watched = %mxgw watch FIC101.PV Tank001.Level FIC101.Mode\nwatched",
    "watched.overlay('-5s')\nwatched.xy('Tank001.Level', 'FIC101.PV')",
    "chosen = watched.selection()\nprint(len(chosen) > 0, sorted(set(chosen['tag'])))",
]


def test_every_gesture_reaches_the_plot(
    chromium: Browser, plant: EmbeddedGateway, tmp_path: Path, screenshots: Path
) -> None:
    notebook = notebook_of(CELLS, tmp_path / "gestures.ipynb")
    with lab_page(chromium, notebook, variables(plant), size=(1000, 1000)) as lab:
        lab.run_cell(0)
        lab.run_cell(1)
        trend = lab.widget("trend").first
        lines_move(trend)
        lab.picture(trend, screenshots / "trend-lab-young.png")
        note(lab, trend, screenshots)
        brush(lab, trend)
        lab.picture(trend, screenshots / "trend-lab-brushed.png")
        assert lab.run_last() == "True ['FIC101.Mode', 'FIC101.PV', 'Tank001.Level']\n"
        zoom_and_move(lab, trend)
        drag_axis(lab, trend)
        lab.picture(trend, screenshots / "trend-lab-scale.png")
        measure(lab, trend)
        lay_on(lab, trend)
        lab.picture(trend, screenshots / "trend-lab-overlay.png")
        over = lab.widget("xy").first
        expect(over).to_contain_text(
            re.compile(r"Tank001\.Level \S+ %, FIC101\.PV \S+ m3/h, good, at .*; \d+ points")
        )
        lab.picture(over, screenshots / "trend-lab-xy.png")
        restart(lab, trend)
        lab.picture(trend, screenshots / "trend-lab-restarted.png")


def brush(lab: LabPage, trend: Locator) -> None:
    """Shift and the mouse mark a stretch; no cell is selected by it, and the trend goes on."""
    drag(lab, trend, "Shift")
    expect(lab.page.locator(".jp-Notebook .jp-Cell.jp-mod-multiSelected")).to_have_count(0)
    assert trend.get_attribute("data-paused") == "false"


def note(lab: LabPage, trend: Locator, screenshots: Path) -> None:
    """Shift and a click that does not move ask for a note; it stands on the plot, for mouse and keys."""
    box = trend.locator(".u-over").bounding_box()
    assert box is not None
    lab.page.keyboard.down("Shift")
    lab.page.mouse.click(box["x"] + box["width"] * 0.6, box["y"] + box["height"] / 2)
    lab.page.keyboard.up("Shift")
    field = trend.get_by_role("textbox", name=re.compile(r"Note at \d\d:\d\d:\d\d"))
    expect(field).to_be_focused()
    lab.page.keyboard.type("n: valve c stuck")  # keys that mean something to the plot and to JupyterLab
    lab.picture(trend, screenshots / "trend-lab-note-form.png")
    lab.page.keyboard.press("Enter")
    expect(field).to_be_hidden()
    sign = trend.get_by_role("button", name=re.compile("^Note at .*: n: valve c stuck$"))
    sign.focus()
    expect(trend.get_by_text("n: valve c stuck")).to_be_visible()
    lab.picture(trend, screenshots / "trend-lab-note.png")
    expect(lab.page.locator(".jp-Notebook .jp-Cell.jp-mod-multiSelected")).to_have_count(0)
    assert trend.get_attribute("data-paused") == "false"
    trend.locator(".mxgw-plot").focus()
    lab.page.keyboard.press("n")
    expect(field).to_be_focused()
    lab.page.keyboard.press("Escape")
    expect(field).to_be_hidden()
    expect(trend.locator(".mxgw-plot")).to_be_focused()


def zoom_and_move(lab: LabPage, trend: Locator) -> None:
    """The mouse alone zooms, the wheel with Ctrl too; arrows pan, + and - zoom, Escape is live again."""
    drag(lab, trend)
    expect(trend).to_have_attribute("data-paused", "true")
    plot = trend.locator(".mxgw-plot")
    plot.focus()
    for key in ("ArrowLeft", "+", "-", "ArrowRight"):
        draws = str(trend.get_attribute("data-draws"))
        lab.page.keyboard.press(key)
        expect(trend).not_to_have_attribute("data-draws", draws)
        expect(trend).to_have_attribute("data-paused", "true")
    lab.page.keyboard.press("Escape")
    expect(trend).to_have_attribute("data-paused", "false")
    plot.hover()
    lab.page.keyboard.down("Control")
    lab.page.mouse.wheel(0, -100)
    lab.page.keyboard.up("Control")
    expect(trend).to_have_attribute("data-paused", "true")
    expect(lab.page.locator(".jp-Notebook")).to_have_class(re.compile("jp-mod-commandMode|jp-Notebook"))


def drag_axis(lab: LabPage, trend: Locator) -> None:
    """An axis follows the mouse, and a double click makes it automatic; the kernel has heard of both."""
    axis = trend.locator('.mxgw-axis[data-units="%"]')
    box = axis.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    axis.dblclick()
    expect(trend).to_have_attribute("data-scales", '[["%",null,null,false]]')
    lab.page.mouse.move(x, y)
    lab.page.mouse.down()
    lab.page.mouse.move(x, y + 40, steps=8)
    lab.page.mouse.up()
    expect(trend).to_have_attribute("data-scales", re.compile(r'^\[\["%",[\d.-]+,[\d.-]+,false\]\]$'))
    expect(lab.page.locator(".jp-Notebook .jp-Cell.jp-mod-multiSelected")).to_have_count(0)
    assert trend.get_attribute("data-paused") == "true"  # as it was left


def measure(lab: LabPage, trend: Locator) -> None:
    """Two cursors come with C, follow the mouse and the arrow keys, and Escape takes them away."""
    trend.get_by_role("button", name="Live").click()
    trend.locator(".mxgw-plot").focus()
    lab.page.keyboard.press("c")
    first, second = (trend.get_by_role("slider", name=f"{which} cursor") for which in ("First", "Second"))
    rows, caption = trend.locator(".mxgw-measures tbody tr"), trend.locator(".mxgw-measures caption")
    expect(rows).to_have_count(3)
    expect(rows.nth(1)).to_contain_text(re.compile(r"Tank001\.Level \(%\).*\d %$"))
    trend.get_by_role("button", name="Pause").click()
    box = second.bounding_box()
    assert box is not None
    standing, said = second.get_attribute("aria-valuenow"), str(caption.text_content())
    lab.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 60)
    lab.page.mouse.down()
    lab.page.mouse.move(box["x"] - 120, box["y"] + 60, steps=8)
    lab.page.mouse.up()
    expect(caption).not_to_have_text(said)
    assert int(second.get_attribute("aria-valuenow") or 0) < int(standing or 0)
    standing = first.get_attribute("aria-valuenow")
    first.focus()
    lab.page.keyboard.press("Shift+ArrowRight")
    expect(first).not_to_have_attribute("aria-valuenow", str(standing))
    expect(rows).to_have_count(3)
    lab.page.keyboard.press("Escape")
    expect(rows.first).to_be_hidden()
    expect(first).to_be_hidden()
    trend.get_by_role("button", name="Live").click()


def lay_on(lab: LabPage, trend: Locator) -> None:
    """What was five seconds ago is drawn beside the present, and named in the legend."""
    lab.run_cell(2)
    rows = trend.locator(".mxgw-earlier")
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text("FIC101.PV, 5 s earlier")
    expect(rows.first.locator(".mxgw-quality")).to_have_text("good")


def restart(lab: LabPage, trend: Locator) -> None:
    """Behind a restart of the kernel the trend says what to do, and asks nothing of nobody."""
    expect(trend).to_have_attribute("data-paused", "false")
    lab.menu("Kernel", "Restart Kernel…")
    lab.page.locator(".jp-Dialog").get_by_role("button", name="Confirm").click()
    expect(trend.get_by_role("status")).to_have_text("the kernel is gone: run the cell again")
    expect(trend.get_by_role("status")).to_have_attribute("data-live", "no")
    expect(trend.get_by_text("no connection", exact=True).first).to_be_visible()  # its lines end
    expect(trend.locator(".mxgw-add")).to_have_attribute("inert", "")
    expect(trend.locator(".mxgw-remove").first).to_have_attribute("inert", "")


def drag(lab: LabPage, trend: Locator, key: str = "") -> None:
    """Draws a stretch over the middle of the plot, as a hand does: in many small moves."""
    box = trend.locator(".u-over").bounding_box()
    assert box is not None
    mouse, y = lab.page.mouse, box["y"] + box["height"] / 2
    mouse.move(box["x"] + box["width"] * 0.5, y)
    if key:
        lab.page.keyboard.down(key)
    mouse.down()
    mouse.move(box["x"] + box["width"] * 0.98, y + 5, steps=11)
    mouse.up()
    if key:
        lab.page.keyboard.up(key)


LINKED = [
    "%load_ext mxgw_notebook\n%mxgw connect demo\nimport mxgw_notebook as mx",
    "levels = %mxgw watch Tank001.Level\nlevels.trend().height = 160\nlevels",
    "flows = %mxgw watch FIC101.PV\nflows.trend().height = 160\nflows",
    "mx.link(levels, flows)",
    "mx.link(flows)",
]


def test_linked_trends_show_one_time_and_one_cursor(
    chromium: Browser, plant: EmbeddedGateway, tmp_path: Path, screenshots: Path
) -> None:
    notebook = notebook_of(LINKED, tmp_path / "linked.ipynb")
    with lab_page(chromium, notebook, variables(plant), size=(1000, 1200)) as lab:
        for number in range(4):
            lab.run_cell(number)
        first, second = lab.widget("trend").nth(0), lab.widget("trend").nth(1)
        for trend in (first, second):
            expect(trend).to_have_attribute("data-series", "1", timeout=30_000)
        drag(lab, first)
        expect(second).to_have_attribute("data-paused", "true")
        expect(second.get_by_text(re.compile(r"^At \d\d:"))).to_be_visible()
        assert first.locator(".mxgw-when").text_content() == second.locator(".mxgw-when").text_content()
        first.get_by_role("button", name="Cursors").click()
        rows, caption = (second.locator(f".mxgw-measures {part}") for part in ("tbody tr", "caption"))
        expect(rows).to_have_count(1)  # what its own tag did between the cursors of the other
        expect(caption).to_have_text(first.locator(".mxgw-measures caption").text_content() or "none")
        moved, other = (trend.get_by_role("slider", name="Second cursor") for trend in (second, first))
        # Not the caption: of a trend that has just begun a step is less than a second.
        before = other.get_attribute("aria-valuenow") or "none"
        moved.focus()
        lab.page.keyboard.press("Shift+ArrowLeft")
        expect(other).not_to_have_attribute("aria-valuenow", before)
        expect(caption).to_have_text(first.locator(".mxgw-measures caption").text_content() or "none")
        lab.picture(first, screenshots / "trend-linked.png")
        lab.page.keyboard.press("Escape")
        expect(first.locator(".mxgw-measures")).to_be_hidden()
        second.get_by_role("button", name="Live").click()
        expect(first).to_have_attribute("data-paused", "false")
        lab.run_cell(4)
        second.get_by_role("button", name="Pause").click()
        expect(second).to_have_attribute("data-paused", "true")
        assert first.get_attribute("data-paused") == "false"
