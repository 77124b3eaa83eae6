"""A recorder in real JupyterLab: its panel lives, ends by its button, and becomes a picture."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from mxgw_notebook.cli.demo.demo import variables
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.browser.lab_page import lab_page, notebook_of

pytestmark = pytest.mark.browser

CELLS = [
    "%load_ext mxgw_notebook\n%mxgw connect demo",
    "recorder = %mxgw record --query tank level --historized --to {folder}\nrecorder",
    "print(recorder)",
]


def test_a_recorder_is_shown_and_ended(
    chromium: Browser, plant: EmbeddedGateway, tmp_path: Path, screenshots: Path
) -> None:
    cells = [cell.replace("{folder}", str(tmp_path / "recorded")) for cell in CELLS]
    with lab_page(chromium, notebook_of(cells, tmp_path / "recorder.ipynb"), variables(plant)) as lab:
        for place in range(2):
            lab.run_cell(place)
        panel = lab.widget("recorder").first
        expect(panel.locator(".mxgw-status")).to_have_text("recording", timeout=30_000)
        lab.picture(panel, screenshots / "recorder-lab-light.png")
        lab.theme("JupyterLab Dark")
        lab.picture(panel, screenshots / "recorder-lab-dark.png")
        panel.get_by_role("button", name="Stop recording").click()
        expect(lab.code_cells.nth(1)).to_contain_text("stopped", timeout=30_000)
        expect(lab.widget("recorder")).to_have_count(0)
        expect(lab.code_cells.nth(1)).to_contain_text("Free on the disk")
        lab.picture(lab.code_cells.nth(1), screenshots / "recorder-lab-ended.png")
        assert "stopped" in lab.run_last()
        assert lab.errors() == []
