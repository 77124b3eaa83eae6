"""python -m benchmarks NAME [--json] [--rounds N] [--quick] [--seed N]; python -m benchmarks --list."""

from __future__ import annotations

import argparse
import sys

from benchmarks.benchmark import load, names
from benchmarks.process import MeasurementError
from benchmarks.report import Report
from benchmarks.rounds import Plan, run

QUICK_ROUNDS = 2


def parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measures speed as ratios.")
    parser.add_argument("name", nargs="?", help="the benchmark to run")
    parser.add_argument("--list", action="store_true", help="name the benchmarks there are")
    parser.add_argument("--json", action="store_true", help="print one JSON object, not a table")
    parser.add_argument(
        "--rounds", type=_at_least_one, help=f"default {Plan.rounds}, with --quick {QUICK_ROUNDS}"
    )
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
    """Runs one benchmark, or lists them."""
    options = parser().parse_args(arguments)
    if options.list or options.name is None:
        print("\n".join(f"{name:12} {load(name).about}" for name in names()))
        return 0
    rounds = options.rounds or (QUICK_ROUNDS if options.quick else Plan.rounds)
    plan = Plan(rounds=rounds, seed=options.seed, quick=options.quick)
    try:
        benchmark = load(options.name)
        report = Report.of(benchmark, run(options.name, benchmark, plan))
    except (LookupError, MeasurementError) as error:
        print(error, file=sys.stderr)
        return 1
    print(report.as_json(options.name, plan) if options.json else report.as_table())
    return 0


if __name__ == "__main__":
    sys.exit(main())
