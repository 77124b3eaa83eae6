"""The widgets in JupyterLab: from an event to its pixel, panning a million points, ten thousand alarms.

Peers have the same data: plotly's FigureWidget the trend's, ITable and Perspective the table's.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from benchmarks.benchmark import Benchmark, Figure, Figures, Ratio, Setting, Variant
from benchmarks.lab import frames_while, lab_of, painted_ms
from benchmarks.process import no_source
from mxgw_notebook.cli.demo.demo import variables
from mxgw_notebook.simulator.process import EmbeddedGateway
from mxgw_notebook.widgets.assets import LOADER, WIDGETS, bundle_text, packed_code
from tests.browser.lab_page import LabPage

POINTS, ROWS, SECONDS = 1_000_000, 10_000, 20
PENS, LEAST_SECONDS = 10, 5
GESTURE_SECONDS = 5.0
IMPORT = "from benchmarks import widget_sources"
BUSY = "import time\nend = time.monotonic() + {seconds}\nwhile time.monotonic() < end:\n    sum(range(100))"
# How old the newest sample is when the frame after its drawing begins; the plant's clock is this computer's.
AGES = """(seconds) => new Promise((resolve) => {
  const root = document.querySelector('[data-mxgw-widget="trend"]');
  const ages = [];
  let last = root.dataset.lastMs;
  const seen = new MutationObserver(() => {
    const at = root.dataset.lastMs;
    if (at === last) return;
    last = at;
    requestAnimationFrame(() => ages.push(Date.now() - Number(at)));
  });
  seen.observe(root, { attributes: true, attributeFilter: ["data-last-ms"] });
  setTimeout(() => { seen.disconnect(); resolve(ages); }, seconds * 1000);
})"""
TREND_SHOWN = """document.querySelector('[data-mxgw-widget="trend"]')?.dataset.series === "10" """
PLOTLY_SHOWN = "document.querySelector('.js-plotly-plot')?.calcdata?.length === 10"
TABLE_SHOWN = """document.querySelector('[data-mxgw-widget="alarm-table"] [data-reference]')"""
ITABLE_SHOWN = "document.querySelector('.dt-container tbody tr td')"
PERSPECTIVE_SHOWN = (
    "document.querySelector('perspective-viewer-datagrid')?.shadowRoot?.querySelector('tbody td')"
)


def event_to_pixel(setting: Setting) -> Figures:
    """A trend of a plant beside a cell that computes: how old what is drawn is."""
    seconds = max(LEAST_SECONDS, setting.size)
    watch = "levels = %mxgw watch Tank001.Level FIC101.PV Pump001.Speed\nlevels"
    with EmbeddedGateway.start(seed=1) as plant:
        cells = ["%load_ext mxgw_notebook\n%mxgw connect demo", watch, BUSY.format(seconds=seconds)]
        with lab_of(cells, variables(plant)) as lab:
            lab.run_cell(0)
            lab.run_cell(1)
            lab.until(lambda: lab.widget("trend").first.get_attribute("data-series") not in (None, "0"))
            lab.code_cells.nth(2).locator(".cm-content").click()
            lab.page.keyboard.press("Shift+Enter")
            ages = lab.page.evaluate(AGES, seconds - 2)
    middle, late = np.percentile(ages, (50, 99))
    return {"ms_50": float(middle), "ms_99": float(late), "drawn": float(len(ages))}


def trend(setting: Setting) -> Figures:
    """Ours: its first paint, and frames while arrow keys pan it."""
    with lab_of(made(f"widget_sources.trend_of({setting.size // PENS})")) as lab:
        shown_ms = shown(lab, TREND_SHOWN)
        root = lab.widget("trend").first
        root.locator(".mxgw-plot").focus()
        keys = itertools.cycle(["ArrowLeft", "ArrowRight"])
        figures = frames_while(lab, lambda: lab.page.keyboard.press(next(keys)), GESTURE_SECONDS)
        draws = float(root.get_attribute("data-draws") or 0)
    return {"shown_ms": shown_ms, "draws": draws, **figures}


def plotly(setting: Setting) -> Figures:
    """plotly's: the same, panned by a drag."""
    cells = made(f"widget_sources.plotly_of({setting.size // PENS})")
    with lab_of(cells, needs=["plotly", "anywidget"]) as lab:
        shown_ms = shown(lab, PLOTLY_SHOWN)
        box = lab.page.locator(".js-plotly-plot .nsewdrag").first.bounding_box()
        assert box is not None
        middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        lab.page.mouse.move(*middle)
        lab.page.mouse.down()
        steps = itertools.cycle([*range(0, 100, 5), *range(100, 0, -5)])
        figures = frames_while(
            lab, lambda: lab.page.mouse.move(middle[0] + next(steps), middle[1]), GESTURE_SECONDS
        )
        lab.page.mouse.up()
    return {"shown_ms": shown_ms, **figures}


def table(setting: Setting) -> Figures:
    """Ours: until rows are seen, and frames while a thousand alarms a second change."""
    return of_table(made(f"widget_sources.alarms_of({setting.size})"), TABLE_SHOWN)


def itable(setting: Setting) -> Figures:
    """ITable's: the same, though nothing changes, for it takes whole tables only."""
    return of_table(made(f"widget_sources.itable_of({setting.size})"), ITABLE_SHOWN, ["itables"])


def perspective(setting: Setting) -> Figures:
    """Perspective's: the same, with as many changes."""
    cells = made(f"widget_sources.perspective_of({setting.size})")
    return of_table(cells, PERSPECTIVE_SHOWN, ["perspective"])


def of_table(cells: Sequence[str], holds: str, needs: Sequence[str] = ()) -> Figures:
    """Until a table's first row is painted, and the frames a second after that."""
    with lab_of(cells, needs=needs) as lab:
        shown_ms = shown(lab, holds)
        figures = frames_while(lab, lambda: lab.page.wait_for_timeout(100), GESTURE_SECONDS)
    return {"shown_ms": shown_ms, **figures}


def made(call: str) -> list[str]:
    """Cells that make a widget, and show it."""
    return [f"{IMPORT}\nmade = {call}", "made"]


def shown(lab: LabPage, holds: str) -> float:
    """Runs both cells; the milliseconds that the second takes until its widget is painted."""
    lab.run_cell(0)
    return painted_ms(lab, 1, holds)


def code(_setting: Setting) -> Figures:
    """What the largest widget's code and style are on their way to a page."""
    sizes = [len(packed_code(name)) + len(bundle_text(f"{name}.css")) for name in WIDGETS]
    return {"kilobytes": (len(bundle_text(LOADER)) + max(sizes)) / 1000}


BENCHMARK = Benchmark(
    about="the widgets in JupyterLab: event to pixel, panning, many alarms; plotly, ITable, Perspective",
    source=no_source,
    variants=(
        Variant("event_to_pixel", event_to_pixel, SECONDS),
        Variant("trend", trend, POINTS),
        Variant("plotly", plotly, POINTS),
        Variant("table", table, ROWS),
        Variant("itable", itable, ROWS),
        Variant("perspective", perspective, ROWS),
        Variant("code", code, 1),
    ),
    keys={
        "event_to_pixel_ms_50": Figure("event_to_pixel", "ms_50"),
        "event_to_pixel_ms_99": Figure("event_to_pixel", "ms_99"),
        "trend_shown_ms": Figure("trend", "shown_ms"),
        "trend_shown_over_plotly": Ratio("trend", "plotly", "shown_ms"),
        "pan_frames_per_second": Figure("trend", "frames_per_second"),
        "pan_frames_over_plotly": Ratio("trend", "plotly", "frames_per_second"),
        "table_shown_ms": Figure("table", "shown_ms"),
        "table_shown_over_itable": Ratio("table", "itable", "shown_ms"),
        "table_shown_over_perspective": Ratio("table", "perspective", "shown_ms"),
        "table_frames_per_second": Figure("table", "frames_per_second"),
        "table_frames_over_perspective": Ratio("table", "perspective", "frames_per_second"),
        "code_kilobytes": Figure("code", "kilobytes"),
    },
)
