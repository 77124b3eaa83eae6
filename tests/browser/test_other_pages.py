"""The quickstart in Jupyter Notebook and in Voila, which show the same widgets on pages of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from mxgw_notebook.cli.demo.demo import make_working_copy, variables
from mxgw_notebook.cli.demo.lab import running_lab
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.browser.lab_page import START_MS, LabPage, notebook_of, own_settings
from tests.browser.test_quickstart import WIDGET_MS, acknowledge_first, lines_move

pytestmark = [pytest.mark.browser, pytest.mark.long]
SIZE: ViewportSize = {"width": 1280, "height": 900}
LIVE = ["%load_ext mxgw_notebook\n%mxgw connect demo", "%mxgw watch Tank001.Level Tank002.Level"]


class NotebookPage(LabPage):
    """One notebook in Jupyter Notebook 7, which has no status bar."""

    def idle(self) -> None:
        """Waits until the kernel is there and does nothing."""
        ready = self.page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]')
        expect(ready.first).to_be_attached(timeout=START_MS)

    def save(self) -> None:
        """Saves the notebook."""
        self.page.keyboard.press("Control+s")


@contextmanager
def served(browser: Browser, notebook: Path, plant: EmbeddedGateway, at: str) -> Iterator[tuple[Page, str]]:
    """An empty page, and the notebook's address below another path of the same server."""
    with (
        TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        running_lab(notebook, port=0, environment={**variables(plant), **own_settings(folder)}) as running,
    ):
        page = browser.new_page(viewport=SIZE)
        try:
            yield page, running.url.replace("/lab/tree/", at)
        finally:
            page.close()


def test_the_quickstart_runs_in_jupyter_notebook(
    chromium: Browser, plant: EmbeddedGateway, tmp_path: Path, screenshots: Path
) -> None:
    with served(chromium, make_working_copy(tmp_path), plant, "/notebooks/") as (page, url):
        shown = NotebookPage(page, url)
        # Notebook 7.6 complains of a setting of its own as it opens.
        shown.failures.clear()
        following = shown.run_until(0, lambda: shown.widget("trend").count() > 0)
        lines_move(shown.widget("trend").first)
        shown.picture(shown.widget("trend").first, screenshots / "notebook-trend.png")
        following = shown.run_until(following, lambda: shown.widget("alarm-table").count() > 0)
        acknowledge_first(shown.widget("alarm-table"))
        for number in range(following, shown.code_cells.count()):
            shown.run_cell(number)
        expect(page.locator(".jp-OutputArea-output svg").first).to_be_visible()
        assert shown.errors() == []
        assert shown.failures == []
        assert shown.foreign == []


def test_voila_runs_the_quickstart_to_its_end(
    chromium: Browser, plant: EmbeddedGateway, tmp_path: Path, screenshots: Path
) -> None:
    with served(chromium, make_working_copy(tmp_path), plant, "/voila/render/") as (page, url):
        page.goto(url, timeout=START_MS)
        # Its last cells leave pictures in the widgets' places.
        expect(page.locator(".jp-OutputArea-output svg").first).to_be_visible(timeout=START_MS)
        page.screenshot(path=screenshots / "voila-quickstart.png", full_page=True)
        expect(page.get_by_text(re.compile("Traceback|UsageError"))).to_have_count(0)


def test_voila_shows_a_trend_that_goes_on(
    chromium: Browser, plant: EmbeddedGateway, tmp_path: Path, screenshots: Path
) -> None:
    with served(chromium, notebook_of(LIVE, tmp_path / "live.ipynb"), plant, "/voila/render/") as (page, url):
        page.goto(url, timeout=START_MS)
        trend = page.locator('[data-mxgw-widget="trend"]').first
        expect(trend).to_be_visible(timeout=WIDGET_MS)
        lines_move(trend)
        page.screenshot(path=screenshots / "voila-trend.png")
