"""The alarm table in Chromium, fed as fast as it takes changed rows: how many a second."""

from __future__ import annotations

import importlib.util
import shutil

from benchmarks.benchmark import CannotMeasure
from mxgw_notebook.widgets.assets import bundle_text

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chrome")
ROWS = 10_000
BATCH = 200  # what a fifth of a second brings at 1,000 transitions a second

# Mounts the table on a model that answers nothing, and hands it batches of changed rows, one a frame.
PAGE = """
async ([bundle, style, rows, batch, updates]) => {
  document.head.append(Object.assign(document.createElement("style"), { textContent: style }));
  const url = URL.createObjectURL(new Blob([bundle], { type: "text/javascript" }));
  const listeners = new Set();
  const state = { operator: "", height: 360, has_trend: false };
  const model = {
    get: (key) => state[key],
    on: (name, listener) => listeners.add(listener),
    off: (name, listener) => listeners.delete(listener),
    send: () => {},
  };
  const states = ["unacknowledged", "acknowledged", "cleared unacknowledged"];
  const row = (k, turn) => ({
    reference: `Galaxy!Area${k % 20}.Pump${k}.Speed.Hi`, tag: `Pump${k}.Speed.Hi`, area: `Area${k % 20}`,
    description: "High speed", severity: 1 + (k % 999), state: states[(k + turn) % 3], raised_ms: 1e12 + k,
    changed_ms: 1e12 + turn, operator: "", comment: "", value: String(turn), limit: "90", kind: "Hi",
    degraded: false,
  });
  let number = 0;
  const deliver = (reset, upsert) => {
    number += 1;
    const rest = { removed: [], outcomes: [], status: "live", now_ms: 1e12 };
    const content = { kind: "rows", number, reset, upsert, ...rest };
    for (const listener of listeners) listener(content, []);
  };
  const frame = () => new Promise(requestAnimationFrame);
  const widget = (await import(url)).default();
  await widget.initialize({ model });
  widget.render({ model, el: document.body });
  deliver(true, Array.from({ length: rows }, (_, k) => row(k, 0)));
  await frame();
  const begun = performance.now();
  let done = 0;
  for (let turn = 1; done < updates; turn++) {
    deliver(false, Array.from({ length: batch }, (_, k) => row((done + k * 7) % rows, turn)));
    done += batch;
    await frame();
  }
  const seconds = (performance.now() - begun) / 1000;
  const root = document.querySelector("[data-mxgw-widget=alarm-table]");
  return { seconds, done, rows: Number(root.dataset.rows) };
}
"""


def updates_per_second(updates: int) -> float:
    """Changed rows a second that a table of 10,000 takes. Raises CannotMeasure without a browser."""
    browser = next((path for path in map(shutil.which, CHROMIUM) if path), None)
    if browser is None or importlib.util.find_spec("playwright") is None:
        raise CannotMeasure("Chromium or playwright is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # Chromium refuses its sandbox to root, which a container's user often is.
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = chromium.new_page(viewport={"width": 1200, "height": 640})
        given = [bundle_text("alarm_table.js"), bundle_text("alarm_table.css"), ROWS, BATCH, updates]
        found = page.evaluate(PAGE, given)
        chromium.close()
    if found["rows"] != ROWS:
        raise ValueError(f"{found['rows']} rows stand in the table, not {ROWS}")
    return float(found["done"] / found["seconds"])
