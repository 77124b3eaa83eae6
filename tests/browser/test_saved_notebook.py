"""What is left of live widgets in a saved notebook, opened where no JavaScript runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbconvert import HTMLExporter
from playwright.sync_api import Browser, Page, expect

from mxgw_notebook.cli.demo.demo import variables
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.browser.conftest import chromium_path
from tests.browser.lab_page import LabPage, lab_page, notebook_of

pytestmark = pytest.mark.browser

CELLS = [
    "%load_ext mxgw_notebook\n%mxgw connect demo",
    "watched = %mxgw watch Tank001.Level FIC101.PV FIC101.Mode\nwatched",
    "table = %mxgw watch --table Tank001.Level FIC101.PV\ntable",
    "alarms = %mxgw alarms\nalarms",
    "watched.collect(4);",
    "for live in (watched, table, alarms):\n    live.stop()",
]
SCRIPTS = re.compile(r"<script\b.*?</script>", re.DOTALL | re.IGNORECASE)


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    return notebook_of(CELLS, tmp_path / "saved.ipynb")


@pytest.fixture
def lab(chromium: Browser, notebook: Path) -> Iterator[LabPage]:
    chromium_path()
    with EmbeddedGateway.start(seed=1) as plant, lab_page(chromium, notebook, variables(plant)) as page:
        yield page


def without_scripts(browser: Browser, notebook: Path) -> Page:
    """The notebook's HTML export with everything that could run taken out, in a page that runs nothing."""
    html, _ = HTMLExporter().from_notebook_node(nbformat.read(notebook, as_version=4))
    file = notebook.with_suffix(".html")
    file.write_text(SCRIPTS.sub("", html), encoding="utf-8")
    page = browser.new_context(java_script_enabled=False, viewport={"width": 1100, "height": 1400}).new_page()
    page.goto(file.as_uri())
    return page


def test_a_stopped_and_saved_notebook_shows_its_pictures_without_javascript(
    lab: LabPage, notebook: Path, chromium: Browser, screenshots: Path
) -> None:
    lab.run_all()
    lab.save()
    page = without_scripts(chromium, notebook)
    trend = page.locator("svg[role=img]").first
    expect(trend).to_be_visible()
    expect(trend).to_contain_text("Tank001.Level")
    expect(trend).to_contain_text("quality good")
    expect(page.locator("table", has_text="FIC101.PV").first).to_be_visible()
    page.screenshot(path=screenshots / "saved-without-javascript.png", full_page=True)
    page.context.close()
    assert lab.errors() == []


def test_a_notebook_saved_while_it_is_live_shows_pictures_without_javascript(
    lab: LabPage, notebook: Path, chromium: Browser, screenshots: Path
) -> None:
    for number in range(5):
        lab.run_cell(number)
    lab.save()
    page = without_scripts(chromium, notebook)
    page.screenshot(path=screenshots / "saved-live-without-javascript.png", full_page=True)
    trend = page.locator("svg[role=img]").first
    expect(trend).to_contain_text("Tank001.Level")
    expect(trend).to_contain_text("FIC101.Mode   Auto, quality good")
    expect(page.locator("table", has_text="FIC101.PV").first).to_be_visible()
    page.context.close()


LIVE = [
    # A person waits longer; what is drawn anew is to be seen in a second here.
    "import mxgw_notebook.widgets.live_widget\nmxgw_notebook.widgets.live_widget.KEEP_SECONDS = 1.0",
    *CELLS[:4],
    "tree = %mxgw browse\ntree",
    "watched.collect(4);",
]
KINDS = ("trend", "values", "alarm-table", "galaxy-tree")


@pytest.fixture
def live(tmp_path: Path) -> Path:
    return notebook_of(LIVE, tmp_path / "live.ipynb")


def test_a_notebook_saved_live_reopens_and_is_exported_as_the_pictures_of_then(
    chromium: Browser, plant: EmbeddedGateway, live: Path, screenshots: Path
) -> None:
    with lab_page(chromium, live, variables(plant)) as lab:
        for number in range(len(LIVE)):
            lab.run_cell(number)
        for kind in KINDS:
            lab.widget(kind).scroll_into_view_if_needed()
            expect(lab.widget(kind)).to_be_visible()
        expect(lab.page.locator("[data-mxgw-kept]:visible")).to_have_count(0)
        lab.page.screenshot(path=screenshots / "saved-live.png")
        lab.save()
        assert lab.errors() == []
    kept = pictures_in(live)
    assert len(kept) == len(KINDS)
    assert "FIC101.Mode   Auto, quality good" in kept[0]
    assert "waiting" not in kept[0]
    assert all("run the cell" in picture for picture in kept)
    with lab_page(chromium, live, variables(plant)) as lab:
        pictures = lab.page.locator("[data-mxgw-kept]")
        expect(pictures).to_have_count(len(KINDS))
        for place in range(len(KINDS)):
            pictures.nth(place).scroll_into_view_if_needed()
            expect(pictures.nth(place)).to_be_visible()
        expect(pictures.nth(0).locator("svg[role=img]")).to_be_visible()
        expect(lab.page.get_by_text("model not found").locator("visible=true")).to_have_count(0)
        lab.picture(pictures.nth(0), screenshots / "saved-live-reopened.png")
    exported = without_scripts(chromium, live)
    expect(exported.locator("[data-mxgw-kept]:visible")).to_have_count(len(KINDS))
    expect(exported.locator("svg[role=img]:visible")).to_have_count(1)
    exported.screenshot(path=screenshots / "saved-live-exported.png", full_page=True)
    exported.context.close()


def pictures_in(notebook: Path) -> list[str]:
    """The kept pictures in a saved notebook, in order."""
    cells = nbformat.read(notebook, as_version=4).cells
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    texts = ["".join(output.get("data", {}).get("text/html", "")) for output in outputs]
    return [text for text in texts if "data-mxgw-kept" in text]
