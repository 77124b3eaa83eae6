"""All benchmarks as one page: each key with its median and spread, where and when, and how things grow."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import Any

from benchmarks.benchmark import Benchmark
from benchmarks.growth import GROWING, variant_name
from benchmarks.pictures import growth_drawing
from benchmarks.report import Report, Spread, machine
from mxgw_notebook.svg import as_written

HEAD = """# Speed as measured

Measured on {date} on {cores} cores ({system}, Python {python}), in {rounds}: the median, and how
far the rounds lie apart. A ratio is formed within a round, so that a slow minute hits both of its sides. What
each variant does, and what the floors and peers leave out, is in `benchmarks/README.md`.
"""
MORE_THAN_ITS_SHARE = 1.2  # what lies between is how far runs lie apart
LEAST = 1e-4  # what a drawing by powers of ten shows of what took no time
COLUMNS = "| benchmark | key | median | lowest | highest |\n|---|---|---:|---:|---:|"
GROWTH = """## Growth

Both axes of each picture go by powers of ten. Along the dashed line time and memory would grow in proportion.
"""


def page(reports: Mapping[str, Report], benchmarks: Mapping[str, Benchmark]) -> str:
    """The page as Markdown. One that could not be measured says so, instead of a 0."""
    told: dict[str, Any] = machine()
    date = datetime.datetime.now(datetime.UTC).date().isoformat()
    head = HEAD.format(date=date, rounds=rounds_told(reports), **told)
    rows = [row(name, key, report.keys[key]) for name, report in reports.items() for key in report.keys]
    rows += [f"| {name} | failed | | | |" for name in benchmarks if name not in reports]
    parts = [head, COLUMNS, *rows]
    if "growth" in reports:
        parts += ["", GROWTH, *pictures(reports["growth"])]
    return "\n".join(parts)


def rounds_told(reports: Mapping[str, Report]) -> str:
    """How many rounds each had; growth, which takes longest, may have had fewer."""
    counts = sorted({len(report.rounds) for report in reports.values()} or {0})
    told = f"{counts[0]} to {counts[-1]}" if len(counts) > 1 else f"{counts[0]}"
    return f"{told} round{'s' * (counts[-1] != 1)} each"


def row(name: str, key: str, spread: Spread | None) -> str:
    """One key's line."""
    if spread is None:
        return f"| {name} | {key} | not measured here | | |"
    cells = (f"{value:,.4g}" for value in (spread.median, spread.lowest, spread.highest))
    return f"| {name} | {key} | {' | '.join(cells)} |"


def pictures(report: Report) -> Iterator[str]:
    """What grows, each as a drawing, with why it may take more than its share where it does."""
    for growing, (_, sizes) in GROWING.items():
        found = [report.variants.get(variant_name(growing, size)) for size in sizes]
        if any(figures is None for figures in found):
            yield f"{growing}: not measured here\n"
            continue
        lines = [
            [(figures["size"].median, max(figures[name].median, LEAST)) for figures in found if figures]
            for name in ("seconds", "added_mb")
        ]
        yield as_written(str(growth_drawing(growing, *lines))) + "\n"
        powers = [report.keys[f"{growing}_{what}_exponent"] for what in ("time", "memory")]
        if any(power is not None and power.median > MORE_THAN_ITS_SHARE for power in powers):
            yield f"More than in proportion grows {growing}: in this run, and it is not known why.\n"
