"""JupyterLab in a headless Chromium, and what is measured in its page."""

from __future__ import annotations

import importlib.util
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.benchmark import CannotMeasure, Figures
from benchmarks.process import ROOT
from benchmarks.table_page import CHROMIUM
from tests.browser.lab_page import LabPage, lab_page, notebook_of

MODULES = ("playwright", "jupyterlab")
# When Shift and Enter are pressed, in the page's own milliseconds.
PRESSED = """() => addEventListener("keydown", (event) => {
  if (event.shiftKey && event.key === "Enter") window.pressed = performance.now();
}, true)"""
# The milliseconds from then until something holds and has been painted.
PAINTED = """(holds) => new Promise((resolve) => {
  const look = () => {
    if (!eval(holds)) return requestAnimationFrame(look);
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - window.pressed)));
  };
  look();
})"""
# Counts frames until `stop` is called.
FRAMES = """() => {
  const begun = performance.now();
  let frames = 0, goes = true;
  const step = () => { frames += 1; if (goes) requestAnimationFrame(step); };
  requestAnimationFrame(step);
  window.stopFrames = () => { goes = false; return frames / (performance.now() - begun) * 1000; };
}"""


@contextmanager
def lab_of(
    cells: Sequence[str], environment: Mapping[str, str] | None = None, *, needs: Sequence[str] = ()
) -> Iterator[LabPage]:
    """JupyterLab on a notebook of cells that may import this checkout.

    Raises CannotMeasure where a browser or one of the modules is missing.
    """
    browser = next((path for path in map(shutil.which, CHROMIUM) if path), None)
    missing = [name for name in (*MODULES, *needs) if importlib.util.find_spec(name) is None]
    if browser is None or missing:
        raise CannotMeasure(f"{', '.join(missing) or 'Chromium'} is not installed")
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        notebook = notebook_of(cells, Path(folder, "measured.ipynb"))
        with lab_page(chromium, notebook, {"PYTHONPATH": str(ROOT), **(environment or {})}) as lab:
            lab.page.evaluate(PRESSED)
            yield lab
        chromium.close()


def painted_ms(lab: LabPage, cell: int, holds: str) -> float:
    """Runs a cell; the milliseconds from the keys until an expression of JavaScript holds and is painted."""
    lab.code_cells.nth(cell).locator(".cm-content").click()
    lab.page.keyboard.press("Shift+Enter")
    return float(lab.page.evaluate(PAINTED, holds))


def frames_while(lab: LabPage, gesture: Callable[[], object], seconds: float) -> Figures:
    """Repeats a gesture for so long: the frames a second that the page drew meanwhile."""
    lab.page.evaluate(FRAMES)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        gesture()
    return {"frames_per_second": float(lab.page.evaluate("() => window.stopFrames()"))}
