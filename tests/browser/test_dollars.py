"""Names with `$` in real JupyterLab: two in a row are no mathematics in what we show."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from mxgw_notebook.cli.demo.demo import variables
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.browser.lab_page import LabPage, lab_page, notebook_of

pytestmark = pytest.mark.browser

TYPESET = "mjx-container, .MathJax"
CELLS = [
    "%load_ext mxgw_notebook\n%mxgw connect demo",
    "tanks = %mxgw objects --template $Tank\ntanks[['tag_name', 'template', 'template_chain']].head(4)",
    "tanks.groupby('template_chain', observed=True).size().to_frame('of $Tank < $gVessel')",
    "tanks[['template_chain']].head(2).style.format(precision=1)",
    "events = %mxgw when FIC101.Mode == '$a' or FIC101.Mode == '$b'\nevents",
    # What a page would do with them, so that the others' silence says something.
    "import pandas as pd\nwith pd.option_context('display.html.use_mathjax', True):\n"
    "    display(tanks[['template_chain']].head(2))",
]


@pytest.fixture
def lab(chromium: Browser, plant: EmbeddedGateway, tmp_path: Path) -> Iterator[LabPage]:
    with lab_page(chromium, notebook_of(CELLS, tmp_path / "dollars.ipynb"), variables(plant)) as page:
        yield page


def test_nothing_of_ours_is_typeset(lab: LabPage, screenshots: Path) -> None:
    for place in range(len(CELLS)):
        lab.run_cell(place)
    typeset = lab.code_cells.nth(len(CELLS) - 1).locator(TYPESET)
    expect(typeset).not_to_have_count(0, timeout=30_000)
    for place in range(len(CELLS) - 1):
        expect(lab.code_cells.nth(place).locator(TYPESET)).to_have_count(0)
    table = lab.code_cells.nth(1)
    expect(table).to_contain_text("$Tank < $gVessel")
    lab.picture(table, screenshots / "dollars.png")
