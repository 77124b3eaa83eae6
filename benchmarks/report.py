"""From rounds of figures to what is shown: medians and spreads, as a table or as one JSON object."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from benchmarks.benchmark import Benchmark, Figure, Key, Round
from benchmarks.rounds import Plan

DIGITS = 4


@dataclass(frozen=True)
class Spread:
    """A median and how far the rounds lie apart."""

    median: float
    lowest: float
    highest: float

    @classmethod
    def of(cls, values: Iterable[float]) -> Spread:
        """The spread of one value a round."""
        rounded = [round(value, DIGITS) for value in values]
        return cls(round(median(rounded), DIGITS), min(rounded), max(rounded))


@dataclass(frozen=True)
class Report:
    """What a run showed. Ratios are formed within a round and only then summarised."""

    keys: dict[str, Spread | None]
    variants: dict[str, dict[str, Spread]]
    rounds: list[Round]

    @classmethod
    def of(cls, benchmark: Benchmark, rounds: Sequence[Round]) -> Report:
        """The report of a benchmark's rounds. A key of a variant that could not be measured is None."""
        keys = {
            key: _spread(formed, rounds) if rounds[0].keys() >= set(formed.variants) else None
            for key, formed in benchmark.keys.items()
        }
        variants = {
            variant.name: {
                name: _spread(Figure(variant.name, name), rounds) for name in rounds[0][variant.name]
            }
            for variant in benchmark.variants
            if variant.name in rounds[0]
        }
        return cls(keys, variants, list(rounds))

    def as_object(self, name: str, plan: Plan) -> dict[str, Any]:
        """What is written as JSON: the keys with their medians, and all the rest under `details`."""
        details = {**asdict(self), "plan": asdict(plan), "machine": machine()}
        medians = {key: spread and spread.median for key, spread in self.keys.items()}
        return {"benchmark": name, **medians, "details": details}

    def as_table(self) -> str:
        """A line a key, then a line a figure of each variant."""
        rows: list[tuple[str, Spread | None]] = list(self.keys.items())
        for variant, figures in self.variants.items():
            rows += [(f"{variant}: {name}", spread) for name, spread in figures.items()]
        width = max(len(name) for name, _ in rows)
        head = f"{'':{width}} {'median':>14} {'lowest':>14} {'highest':>14}"
        return "\n".join([head, *(f"{name:{width}} {_cells(spread)}" for name, spread in rows)])


def written(found: dict[str, Any]) -> str:
    """An object as JSON, its keys sorted."""
    return json.dumps(found, sort_keys=True, indent=2)


def _spread(formed: Key, rounds: Sequence[Round]) -> Spread:
    return Spread.of(formed.of(measured) for measured in rounds)


def _cells(spread: Spread | None) -> str:
    if spread is None:
        return f"{'not measured':>14}"
    values = (spread.median, spread.lowest, spread.highest)
    return " ".join(f"{value:14,.{0 if abs(value) >= 1000 else 3}f}" for value in values)


def machine() -> dict[str, Any]:
    """What it was measured on."""
    return {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.platform()}
