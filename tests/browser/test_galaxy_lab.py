"""The galaxy in real JupyterLab: browse, filter, select, watch, code into a cell; Tab; deploys."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from mxgw_notebook.cli.demo.demo import variables
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.browser.conftest import chromium_path
from tests.browser.lab_page import LabPage, lab_page, notebook_of

pytestmark = pytest.mark.browser

WIDGET_MS = 30_000
CELLS = (
    "%load_ext mxgw_notebook\n%mxgw connect demo",
    "tree = %mxgw browse\ntree",
    "print(tree.selection['tag'].tolist(), len(tree.watches))",
    "deploys = %mxgw deploys\ndeploys",
    "%mxgw read Pump001.Spe",
)


@pytest.fixture
def lab(chromium: Browser, tmp_path: Path) -> Iterator[LabPage]:
    """JupyterLab on a notebook of these cells, its plant in a hurry: deploys come every few seconds."""
    chromium_path()
    notebook = notebook_of(CELLS, tmp_path / "galaxy.ipynb")
    with (
        EmbeddedGateway.start(seed=1, speed=60.0) as plant,
        lab_page(chromium, notebook, variables(plant), size=(1280, 900)) as page,
    ):
        yield page


def test_the_galaxy_is_browsed_completed_and_followed(lab: LabPage, screenshots: Path) -> None:
    lab.run_cell(0)
    lab.run_cell(1)
    tree = lab.widget("galaxy-tree")
    expect(tree.locator(".mxgw-node").first).to_be_visible(timeout=WIDGET_MS)
    expand_by_keys(lab, tree)
    lab.picture(tree, screenshots / "galaxy-tree.png")

    tree.locator(".mxgw-filter").fill("tank001")
    for name, modifiers in (("Level", []), ("Temperature", ["Control"])):
        row = tree.locator(".mxgw-name").get_by_text(name, exact=True)
        row.click(modifiers=modifiers, timeout=WIDGET_MS)  # type: ignore[arg-type]
    tree.get_by_role("button", name="Read").click()
    expect(tree.locator(".mxgw-value")).to_have_count(2, timeout=WIDGET_MS)
    tree.get_by_role("button", name="Watch").click()
    expect(lab.widget("trend")).to_be_visible(timeout=WIDGET_MS)
    lab.picture(tree, screenshots / "galaxy-tree-watch.png")
    said = lab.run_cell(2).last
    expect(said).to_have_text(re.compile(r"\['Tank001.Level', 'Tank001.Temperature'\] 1"))

    before = lab.code_cells.count()
    tree.get_by_role("button", name="To a cell").click()
    expect(lab.code_cells).to_have_count(before + 1)
    expect(lab.code_cells.nth(2)).to_contain_text("%mxgw read Tank001.Level Tank001.Temperature")

    line = lab.run_cell(4).first
    expect(line).to_contain_text("1 since we look", timeout=60_000)
    complete_by_tab(lab)
    lab.theme("JupyterLab Dark")
    lab.picture(tree, screenshots / "galaxy-tree-dark.png")
    lab.theme("JupyterLab Light")
    assert lab.errors() == []
    assert lab.failures == []
    assert lab.foreign == []


def expand_by_keys(lab: LabPage, tree: Locator) -> None:
    """Opens the first area with the arrow keys."""
    tree.locator(".mxgw-tree").focus()
    before = str(tree.get_attribute("data-rows"))
    for key in ("ArrowDown", "ArrowRight"):
        lab.page.keyboard.press(key)
    expect(tree).not_to_have_attribute("data-rows", before, timeout=WIDGET_MS)


def complete_by_tab(lab: LabPage) -> None:
    """Tab at the end of the last cell offers what the tag could become, or writes it."""
    editor = lab.code_cells.last.locator(".cm-content")
    editor.click()
    lab.page.keyboard.press("End")
    lab.page.keyboard.press("Tab")
    offered = lab.page.locator(".jp-Completer-item", has_text="Pump001.SpeedSP")
    expect(offered.first).to_be_visible(timeout=WIDGET_MS)
    lab.page.keyboard.press("Escape")
