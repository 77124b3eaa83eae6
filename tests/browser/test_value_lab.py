"""Reading in the tree and writing in the table of values, by mouse and keys in real JupyterLab."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from mxgw_notebook.cli.demo.demo import variables
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.browser.lab_page import LabPage, lab_page, notebook_of

pytestmark = pytest.mark.browser

CELLS = [
    "%load_ext mxgw_notebook\n%mxgw connect demo\n%mxgw disarm",
    "tree = %mxgw browse\ntree",
    "%mxgw watch FIC101.SP FIC101.Mode --table",
    "%mxgw arm --reason looks",
    "setpoint = %mxgw read FIC101.SP\nprint(setpoint['value'].iloc[0])",
]


def test_values_are_read_in_the_tree_and_written_in_the_table(
    chromium: Browser, plant: EmbeddedGateway, tmp_path: Path, screenshots: Path
) -> None:
    notebook = notebook_of(CELLS, tmp_path / "writing.ipynb")
    with lab_page(chromium, notebook, variables(plant), size=(1000, 1000)) as lab:
        for number in range(3):
            lab.run_cell(number)
        read_in_the_tree(lab, screenshots)
        table = lab.widget("values").first
        row = table.locator('[data-tag="FIC101.SP"]')
        propose(lab, table, row, "41.5")
        expect(table.locator(".mxgw-write")).to_contain_text(re.compile("arm", re.IGNORECASE))
        lab.page.keyboard.press("Escape")
        lab.run_cell(3)
        propose(lab, table, row, "43.5")
        write = table.get_by_role("button", name=re.compile("^Write"))
        expect(table.locator(".mxgw-write")).to_contain_text(re.compile(r"→ 43\.5 m3/h"))
        lab.picture(table, screenshots / "values-lab-write.png")
        lab.page.keyboard.press("Enter")  # one that was held down is no click
        write.focus()
        lab.page.keyboard.press("Enter")
        expect(row.locator(".mxgw-written")).to_have_text("done: it is 43.5", timeout=30_000)
        expect(row.locator(".mxgw-value")).to_contain_text("43.5")
        assert lab.run_last() == "43.5\n"
        assert lab.errors() == []


def read_in_the_tree(lab: LabPage, screenshots: Path) -> None:
    """A filter, a click, a button: the value stands in the row with its units."""
    tree = lab.widget("galaxy-tree").first
    tree.locator(".mxgw-filter").fill("tank001")
    tree.locator(".mxgw-name").get_by_text("Level", exact=True).click(timeout=30_000)
    tree.get_by_role("button", name="Read").click()
    expect(tree.locator(".mxgw-value")).to_have_text(re.compile(r"[\d.]+ %"), timeout=30_000)
    lab.picture(tree, screenshots / "tree-lab-values.png")


def propose(lab: LabPage, table: Locator, row: Locator, value: str) -> None:
    """A double click on a value, and keys: nothing is written yet."""
    row.locator(".mxgw-value").dblclick()
    field = table.get_by_label("New value")
    expect(field).to_be_focused()
    lab.page.keyboard.type(value)
    lab.page.keyboard.press("Enter")
