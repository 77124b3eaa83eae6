"""Runs a benchmark: every variant once a round, in shuffled order, so that a slow minute hits them all."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.benchmark import Benchmark, CannotMeasure, Round
from benchmarks.process import measured

QUICK_DIVISOR = 50


@dataclass(frozen=True)
class Plan:
    """How often, in which order and how large to measure."""

    rounds: int = 5
    seed: int = 1
    quick: bool = False

    def size(self, full: int) -> int:
        """The size to measure: the full one, or a small part that only shows that everything works."""
        return max(1, full // QUICK_DIVISOR) if self.quick else full

    def orders(self, variants: list[str]) -> Iterator[list[str]]:
        """The variants in another order each round; the same orders for the same seed."""
        shuffle = random.Random(self.seed)
        for _ in range(self.rounds):
            yield shuffle.sample(variants, len(variants))


def run(name: str, benchmark: Benchmark, plan: Plan) -> list[Round]:
    """The figures of each round, without variants that this machine cannot measure, which is told.

    The source runs once for all of them.
    """
    sizes = {variant.name: plan.size(variant.size) for variant in benchmark.variants}
    rounds: list[Round] = []
    with benchmark.source(max(sizes.values())) as address:
        for order in plan.orders(list(sizes)):
            figures = {}
            for variant in order:
                try:
                    figures[variant] = measured(name, variant, address, sizes[variant], benchmark.timeout)
                except CannotMeasure as error:
                    print(error, file=sys.stderr)
            rounds.append(figures)
    return rounds
