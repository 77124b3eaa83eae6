"""All benchmarks as one page: each key with its median and spread, on which machine and when."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from benchmarks.benchmark import Benchmark
from benchmarks.report import Report, Spread, machine

HEAD = """# Speed

Measured {date} on {cores} cores ({system}, Python {python}), {rounds} rounds each: the median, and how far
the rounds lie apart. A ratio is formed within a round, so that a slow minute hits both of its sides. What
the variants do, and what the floors leave out, stands in `benchmarks/README.md`.
"""
COLUMNS = "| benchmark | key | median | lowest | highest |\n|---|---|---:|---:|---:|"


def page(reports: Mapping[str, Report], benchmarks: Mapping[str, Benchmark], rounds: int) -> str:
    """The page as Markdown. One that could not be measured says so, instead of a 0."""
    told: dict[str, Any] = machine()
    date = datetime.datetime.now(datetime.UTC).date().isoformat()
    head = HEAD.format(date=date, rounds=rounds, **told)
    rows = [row(name, key, report.keys[key]) for name, report in reports.items() for key in report.keys]
    rows += [f"| {name} | failed | | | |" for name in benchmarks if name not in reports]
    return "\n".join([head, COLUMNS, *rows])


def row(name: str, key: str, spread: Spread | None) -> str:
    """One key's line."""
    if spread is None:
        return f"| {name} | {key} | not measured here | | |"
    cells = (f"{value:,.4g}" for value in (spread.median, spread.lowest, spread.highest))
    return f"| {name} | {key} | {' | '.join(cells)} |"
