"""JupyterLab in a browser, driven as a person would: by keys and clicks."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import nbformat
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Browser, Locator, Page, expect

from mxgw_notebook.cli.demo.lab import running_lab

LOOPBACK = {"127.0.0.1", "localhost", ""}
START_MS = 90_000
CELL_MS = 60_000
BAD = ("error", "stderr")
RUN_ALL_SECONDS = 240.0
IS_OLD_LAB = version("jupyterlab").startswith("4.2.")
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


def notebook_of(cells: Sequence[str], file: Path) -> Path:
    """A notebook of code cells."""
    made = [new_code_cell(source) for source in cells]
    nbformat.write(new_notebook(cells=made, metadata={"kernelspec": KERNEL}), file)
    return file


def own_settings(folder: str) -> dict[str, str]:
    """Keeps a theme that a test chooses out of the developer's own JupyterLab, and the other way round."""
    if IS_OLD_LAB:
        # It draws only the cells in view, and the tests click into others.
        place = Path(folder, "@jupyterlab", "notebook-extension")
        place.mkdir(parents=True, exist_ok=True)
        (place / "tracker.jupyterlab-settings").write_text('{"windowingMode": "defer"}', encoding="utf-8")
    return {"JUPYTERLAB_SETTINGS_DIR": folder, "JUPYTERLAB_WORKSPACES_DIR": folder}


@contextmanager
def lab_page(
    browser: Browser,
    notebook: Path,
    environment: Mapping[str, str],
    *,
    size: tuple[int, int] = (1280, 1000),
    before: Callable[[Page], object] = lambda page: None,
) -> Iterator[LabPage]:
    """JupyterLab on a notebook, in a page of this size; `before` is shown the empty page first."""
    with (
        TemporaryDirectory(ignore_cleanup_errors=True) as settings,
        running_lab(notebook, port=0, environment={**environment, **own_settings(settings)}) as running,
    ):
        page = browser.new_page(viewport={"width": size[0], "height": size[1]})
        before(page)
        try:
            yield LabPage(page, running.url)
        finally:
            page.close()


class LabPage:
    """One notebook in JupyterLab. `foreign` collects every address asked for that is not on this machine."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.foreign: list[str] = []
        self.failures: list[str] = []
        page.on("request", lambda request: self._note(request.url))
        page.on("websocket", lambda socket: self._note(socket.url))
        page.on("pageerror", lambda error: self._note_failure(error.stack or str(error)))
        page.goto(url)
        expect(self.code_cells.first).to_be_visible(timeout=START_MS)
        self.idle()

    @property
    def code_cells(self) -> Locator:
        """The code cells, in order."""
        return self.page.locator(".jp-Notebook .jp-CodeCell")

    def widget(self, kind: str) -> Locator:
        """The widgets of a kind, `trend` or `alarm-table`, in order."""
        return self.page.locator(f'[data-mxgw-widget="{kind}"]')

    def run_cell(self, number: int) -> Locator:
        """Clicks into the code cell and presses Shift+Enter; returns its outputs once it has run."""
        cell = self.code_cells.nth(number)
        editor = cell.locator(".cm-content")
        editor.click()
        expect(editor).to_be_focused()
        self.page.keyboard.press("Shift+Enter")
        expect(cell.locator(".jp-InputPrompt").first).to_have_text(re.compile(r"\[\d+\]"), timeout=CELL_MS)
        # A widget's place says so until its code has come, and is empty until that is unpacked.
        expect(cell.get_by_text("Loading widget...")).to_have_count(0, timeout=CELL_MS)
        expect(cell.locator(".jp-OutputArea-output.lm-Panel > .lm-Widget:empty")).to_have_count(0)
        return cell.locator(".jp-OutputArea-output")

    def run_until(self, start: int, shown: Callable[[], bool]) -> int:
        """Runs cells from `start` until something is shown; returns the number of the next cell."""
        for number in range(start, self.code_cells.count()):
            self.run_cell(number)
            if shown():
                return number + 1
        raise AssertionError("no cell showed it")

    def run_all(self) -> None:
        """Runs all cells by the menu, as often as it is called; returns when the last one has run."""
        self._await_run(self.code_cells.last, lambda: self.menu("Run", "Run All Cells"))

    def save(self) -> None:
        """Saves the notebook, and returns when nothing is left to be saved."""
        self.page.keyboard.press("Control+s")
        expect(self.page.locator(".lm-TabBar-tab.jp-mod-current.jp-mod-dirty")).to_have_count(0)

    def run_last(self) -> str:
        """Runs the last cell, as often as it is called, and adds none below it; what it says."""
        cell = self.code_cells.last
        cell.locator(".cm-content").click()
        self._await_run(cell, lambda: self.page.keyboard.press("Control+Enter"))
        return cell.locator(".jp-OutputArea-output").first.text_content() or ""

    def _await_run(self, cell: Locator, start: Callable[[], None]) -> None:
        prompt = cell.locator(".jp-InputPrompt").first
        before = prompt.text_content()
        start()

        def has_run() -> bool:
            # A cell that fails takes those after it with it: this one would never get its number.
            assert self.errors("error") == []
            # Not what is drawn: JupyterLab leaves cells out of sight undrawn.
            said = prompt.text_content() or ""
            return said != before and "*" not in said

        self.until(has_run, RUN_ALL_SECONDS)

    def until(self, holds: Callable[[], bool], seconds: float = 90.0) -> None:
        """Looks again and again until something holds."""
        deadline = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < deadline, f"it did not hold within {seconds:g} s"
            self.page.wait_for_timeout(50)

    def menu(self, *names: str) -> None:
        """Goes through the menus from the bar to an entry."""
        bar, *entries = names
        self.page.locator(".lm-MenuBar-itemLabel", has_text=bar).click()
        for name in entries:
            self.page.locator(".lm-Menu-itemLabel").get_by_text(name, exact=True).click()

    def idle(self) -> None:
        """Waits until the kernel is there and does nothing."""
        # The notebook's own indicator says idle before there is a kernel; the status bar does not.
        expect(self.page.get_by_text("| Idle")).to_be_visible(timeout=START_MS)

    def theme(self, name: str) -> None:
        """Changes JupyterLab's theme, by its menu."""
        self.menu("Settings", "Theme", name)
        expect(self.page.locator("body")).to_have_attribute("data-jp-theme-name", name, timeout=CELL_MS)
        # JupyterLab covers the page while it loads a theme.
        expect(self.page.locator("#jupyterlab-splash")).to_have_count(0, timeout=CELL_MS)

    def picture(self, shown: Locator, file: Path) -> None:
        """The page with something in view."""
        shown.scroll_into_view_if_needed()
        self.page.screenshot(path=file)

    def errors(self, *kinds: str) -> list[str]:
        """What stands in red in any cell: `error` for what was raised, `stderr`; both unless told."""
        types = [
            f'[data-mime-type="application/vnd.jupyter.{kind}"]' for kind in kinds or ("error", "stderr")
        ]
        return self.page.locator(", ".join(types)).all_text_contents()

    def _note_failure(self, stack: str) -> None:
        # When a cell comes into view, the table of contents of 4.2 asks for a heading that it has not
        # collected again (jupyterlab/jupyterlab, 15166). Nothing is seen of it, and no code of ours runs.
        if not (IS_OLD_LAB and "_onCellInViewportChanged" in stack and "(reading 'type')" in stack):
            self.failures.append(stack)

    def _note(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname not in LOOPBACK:
            self.foreign.append(url)
