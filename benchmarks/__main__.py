"""python -m benchmarks [NAME...] [--json] [--page FILE] [--rounds N] [--quick] [--seed N] [--against FILE].

Or --list.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

from benchmarks import earlier
from benchmarks.benchmark import Benchmark, load, names
from benchmarks.earlier import Earlier
from benchmarks.page import page
from benchmarks.process import MeasurementError
from benchmarks.report import Report, written
from benchmarks.rounds import Plan, run

QUICK_ROUNDS = 2


def parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measures speed as ratios.")
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="what to run; without one all, as a page in Markdown"
    )
    parser.add_argument("--list", action="store_true", help="name the benchmarks there are")
    parser.add_argument(
        "--json",
        action="store_true",
        help="print one JSON object, not a table; of several, one with an object for each",
    )
    parser.add_argument(
        "--rounds",
        type=_at_least_one,
        help=f"default {Plan.rounds}; with --quick, and without a NAME, {QUICK_ROUNDS}",
    )
    parser.add_argument("--page", metavar="FILE", help="with --json: writes the page there as well")
    parser.add_argument("--against", metavar="FILE", help="an earlier run's JSON: says what has changed")
    parser.add_argument(
        "--quick", action="store_true", help="tiny sizes: shows that it runs, measures nothing"
    )
    parser.add_argument("--seed", type=int, default=Plan.seed, help="decides the order of the variants")
    return parser


def _at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def main(arguments: list[str] | None = None) -> int:
    """Runs benchmarks, or lists them. 1 if one could not be run; the others are measured all the same."""
    options = parser().parse_args(arguments)
    if options.list:
        print("\n".join(f"{name:12} {load(name).about}" for name in names()))
        return 0
    few = options.quick or not options.names
    rounds = options.rounds or (QUICK_ROUNDS if few else Plan.rounds)
    plan = Plan(rounds=rounds, seed=options.seed, quick=options.quick)
    try:
        # Before the first is measured: a misspelt name is not found out an hour later.
        benchmarks = {name: load(name) for name in options.names or names()}
        before = earlier.read(options.against) if options.against else None
    except LookupError as error:
        print(error, file=sys.stderr)
        return 1
    if options.json:
        return print_json(benchmarks, plan, before, options.page)
    return print_tables(benchmarks, plan, before) if options.names else print_page(benchmarks, plan, before)


def print_page(benchmarks: Mapping[str, Benchmark], plan: Plan, before: Earlier | None) -> int:
    """One table of all of them, when the last is measured; which one is being measured is told on stderr."""
    reports: dict[str, Report] = {}
    for name, benchmark in benchmarks.items():
        print(f"{name} ...", file=sys.stderr, flush=True)
        report = measure(name, benchmark, plan)
        if report is not None:
            reports[name] = report
    print(page(reports, benchmarks))
    for name, report in reports.items():
        print_changes(name, report, before)
    return int(len(reports) < len(benchmarks))


def print_changes(name: str, report: Report, before: Earlier | None, file: TextIO | None = None) -> None:
    """What has changed since an earlier run, where there is one."""
    if before is not None:
        lines = earlier.compared(report, before.get(name, {}))
        print("\n".join(["", f"{name} against the earlier run", *lines]), file=file, flush=True)


def print_tables(benchmarks: Mapping[str, Benchmark], plan: Plan, before: Earlier | None) -> int:
    """A table each, as soon as it is measured; below its name, where there are several."""
    status = 0
    for place, (name, benchmark) in enumerate(benchmarks.items()):
        report = measure(name, benchmark, plan)
        if report is None:
            status = 1
            continue
        if len(benchmarks) > 1:
            print("\n" * (place > 0) + name)
        print(report.as_table(), flush=True)
        print_changes(name, report, before)
    return status


def print_json(
    benchmarks: Mapping[str, Benchmark], plan: Plan, before: Earlier | None, into: str | None = None
) -> int:
    """One object: that of the benchmark, or by name those of several. One that failed is not among them.

    What has changed since an earlier run goes to stderr, and the page `into` a file where one is named.
    """
    reports = {name: measure(name, benchmark, plan) for name, benchmark in benchmarks.items()}
    measured = {name: report for name, report in reports.items() if report is not None}
    found = {name: report.as_object(name, plan) for name, report in measured.items()}
    for name, report in measured.items():
        print_changes(name, report, before, sys.stderr)
    if into is not None:
        Path(into).write_text(page(measured, benchmarks) + "\n", encoding="utf-8")
    if len(benchmarks) > 1:
        print(written(found))
    elif found:
        print(written(*found.values()))
    return int(len(found) < len(benchmarks))


def measure(name: str, benchmark: Benchmark, plan: Plan) -> Report | None:
    """What a benchmark shows; None, and on stderr why, where it could not be run."""
    try:
        return Report.of(benchmark, run(name, benchmark, plan))
    except (LookupError, MeasurementError) as error:
        print(error, file=sys.stderr)
        return None


if __name__ == "__main__":
    sys.exit(main())
