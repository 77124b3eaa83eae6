"""JupyterLab in a browser, driven as a person would: by keys and clicks."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

LOOPBACK = {"127.0.0.1", "localhost", ""}
START_MS = 90_000
CELL_MS = 60_000


class LabPage:
    """One notebook in JupyterLab. `foreign` collects every address asked for that is not on this machine."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.foreign: list[str] = []
        self.failures: list[str] = []
        page.on("request", lambda request: self._note(request.url))
        page.on("websocket", lambda socket: self._note(socket.url))
        page.on("pageerror", lambda error: self.failures.append(str(error)))
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
        return cell.locator(".jp-OutputArea-output")

    def run_until(self, start: int, shown: Callable[[], bool]) -> int:
        """Runs cells from `start` until something is shown; returns the number of the next cell."""
        for number in range(start, self.code_cells.count()):
            self.run_cell(number)
            if shown():
                return number + 1
        raise AssertionError("no cell showed it")

    def idle(self) -> None:
        """Waits until the kernel is there and does nothing."""
        # The notebook's own indicator says idle before there is a kernel; the status bar does not.
        expect(self.page.get_by_text("| Idle")).to_be_visible(timeout=START_MS)

    def theme(self, name: str) -> None:
        """Changes JupyterLab's theme, by its menu."""
        self.page.locator(".lm-MenuBar-itemLabel", has_text="Settings").click()
        self.page.locator(".lm-Menu-itemLabel").get_by_text("Theme", exact=True).click()
        self.page.locator(".lm-Menu-itemLabel").get_by_text(name, exact=True).click()
        expect(self.page.locator("body")).to_have_attribute("data-jp-theme-name", name)

    def picture(self, shown: Locator, file: Path) -> None:
        """The page with something in view."""
        shown.scroll_into_view_if_needed()
        self.page.screenshot(path=file)

    def errors(self) -> list[str]:
        """What stands in red: error outputs of any cell."""
        found = self.page.locator('.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.stderr"]')
        return found.all_inner_texts()

    def _note(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname not in LOOPBACK:
            self.foreign.append(url)
