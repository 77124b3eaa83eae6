"""A million alarm transitions to occurrences and to a report, against one plain group-by.

The floor is a group-by of the same frame by alarm that takes the first and the last of every column: one
pass that touches all the data, and says less, for it does not tell one occurrence of an alarm from the next.
The alarm table is measured beside it, in Chromium where there is one (else 0).
"""

from __future__ import annotations

from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.benchmark import Benchmark, Figure, Figures, Ratio, Setting, Variant
from benchmarks.process import no_source
from benchmarks.table_page import updates_per_second
from mxgw_notebook.analysis import alarm_episodes, alarm_report

SIZE = 1_000_000
TABLE_SIZE = 40_000
ALARMS = 2_000
DAYS = 30
CYCLE = ("raise", "acknowledge", "clear")


def groupby(setting: Setting) -> Figures:
    """One plain group-by with first and last: the floor."""
    history = history_of(setting.size)
    start = perf_counter()
    grouped = history.groupby("reference").agg(["first", "last"])
    seconds = perf_counter() - start
    check(len(grouped), min(ALARMS, setting.size), "alarms", most=ALARMS)
    return {"seconds": seconds}


def episodes(setting: Setting) -> Figures:
    """One row an occurrence."""
    history = history_of(setting.size)
    start = perf_counter()
    found = alarm_episodes(history)
    seconds = perf_counter() - start
    check(len(found), int((history["transition"] == "raise").sum()), "occurrences")
    return {"seconds": seconds, "occurrences": len(found)}


def report(setting: Setting) -> Figures:
    """Every measure and the page of them, from the transitions."""
    history = history_of(setting.size)
    start = perf_counter()
    page = alarm_report(history).to_html()
    seconds = perf_counter() - start
    check(page.count("<svg"), 3, "plots")
    return {"seconds": seconds}


def table(setting: Setting) -> Figures:
    """Changed rows into the table of 10,000, in Chromium; a batch a frame, so 12,000 a second at most."""
    return {"updates_per_second": updates_per_second(setting.size)}


def check(found: int, wanted: int, what: str, *, most: int | None = None) -> None:
    """Fails a variant that did not do the whole job."""
    if found != wanted and not (most is not None and 0 < found <= most):
        raise ValueError(f"{found} {what}, not {wanted}")


def history_of(size: int) -> pd.DataFrame:
    """A month of transitions as `history()` gives them; each alarm is raised, acknowledged, cleared."""
    random = np.random.default_rng(1)
    alarm = random.integers(0, ALARMS, size)
    kind = np.empty(size, dtype=np.int64)
    order = np.argsort(alarm, kind="stable")
    begins = np.append(True, np.diff(alarm[order]) != 0)
    place = np.arange(size)
    kind[order] = (place - np.maximum.accumulate(np.where(begins, place, 0))) % len(CYCLE)
    start = pd.Timestamp("2026-01-01", tz="UTC").value
    time = pd.to_datetime(start + np.sort(random.integers(0, DAYS * 86_400 * 10**9, size)), utc=True)
    names = np.array([f"Galaxy!Area{k % 20:02}.Pump{k:04}.Speed.Hi" for k in range(ALARMS)])

    def text(values: Any) -> pd.Series[Any]:
        return pd.Series(values, dtype="str")

    return pd.DataFrame(
        {
            "reference": text(names[alarm]),
            "tag": text(np.char.partition(names, ".")[:, 2][alarm]),
            "area": pd.Categorical.from_codes(alarm % 20, pd.Index([f"Area{k:02}" for k in range(20)])),
            "description": text(np.where(alarm % 2, "High speed", "Low speed")),
            "severity": (alarm % 999 + 1).astype("int32"),
            "time": time,
            "transition": pd.Categorical.from_codes(kind, pd.Index(CYCLE)),
            "raised": time,
            "alarm_type": pd.Categorical.from_codes(alarm % 2, pd.Index(["Lo", "Hi"])),
            "value": pd.Series(random.random(size), dtype=object),
            "limit": pd.Series(np.full(size, 0.5), dtype=object),
            "operator": text(np.where(kind == 1, "jdoe", "")),
            "comment": text(np.where(kind == 1, "seen", "")),
        }
    )


BENCHMARK = Benchmark(
    about="a million alarm transitions to occurrences and a report, against one plain group-by",
    source=no_source,
    variants=(
        Variant("groupby", groupby, SIZE),
        Variant("episodes", episodes, SIZE),
        Variant("report", report, SIZE),
        Variant("table", table, TABLE_SIZE),
    ),
    keys={
        "episodes_over_groupby": Ratio("episodes", "groupby", "seconds"),
        "episodes_seconds": Figure("episodes", "seconds"),
        "report_seconds": Figure("report", "seconds"),
        "table_updates_per_second": Figure("table", "updates_per_second"),
    },
)
