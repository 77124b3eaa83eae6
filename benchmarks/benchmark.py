"""The words a benchmark is declared in: variants, and the keys that are formed from their figures."""

from __future__ import annotations

import importlib
import math
import pkgutil
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

Figures = Mapping[str, float]
Round = Mapping[str, Figures]  # by variant; one that cannot be measured here is missing


class CannotMeasure(Exception):  # noqa: N818
    """This machine lacks what a variant needs; the message says what."""


@dataclass(frozen=True)
class Setting:
    """What a variant is told: where its source listens (host:port) and how many things to handle."""

    address: str
    size: int


@dataclass(frozen=True)
class Variant:
    """One way to do the job, measured in a process of its own.

    `measure` answers figures by name; the frame adds `peak_mb` and `grown_mb` (see memory.py).
    `one_core` pins the process to one core, for code whose speed otherwise depends on which
    cores its threads happen to meet.
    """

    name: str
    measure: Callable[[Setting], Figures]
    size: int
    one_core: bool = False


@dataclass(frozen=True)
class Figure:
    """A key that is one variant's own figure."""

    variant: str
    figure: str

    @property
    def variants(self) -> tuple[str, ...]:
        """Those it is formed of."""
        return (self.variant,)

    def of(self, measured: Round) -> float:
        """The figure in one round."""
        return measured[self.variant][self.figure]


@dataclass(frozen=True)
class Ratio:
    """A key that is one variant's figure over another's, both of the same round."""

    over: str
    under: str
    figure: str

    @property
    def variants(self) -> tuple[str, ...]:
        """Those it is formed of."""
        return self.over, self.under

    def of(self, measured: Round) -> float:
        """The ratio in one round."""
        return measured[self.over][self.figure] / measured[self.under][self.figure]


@dataclass(frozen=True)
class Exponent:
    """A key that is the power of their `size` by which a figure grows from one variant to a larger one."""

    less: str
    more: str
    figure: str

    @property
    def variants(self) -> tuple[str, ...]:
        """Those it is formed of."""
        return self.less, self.more

    def of(self, measured: Round) -> float:
        """The exponent in one round."""
        less, more = measured[self.less], measured[self.more]
        least = 1e-6  # nothing at all has no power
        grown = max(more[self.figure], least) / max(less[self.figure], least)
        return math.log(grown) / math.log(more["size"] / less["size"])


Key = Figure | Ratio | Exponent


@dataclass(frozen=True)
class Benchmark:
    """Variants of one job, the source that feeds them, and the keys that come out.

    `source` is given the largest size of any variant and answers a context that yields host:port.
    `timeout` is the seconds after which a variant is taken for stuck.
    """

    about: str
    source: Callable[[int], AbstractContextManager[str]]
    variants: tuple[Variant, ...]
    keys: Mapping[str, Key]
    timeout: float = 300.0

    def variant(self, name: str) -> Variant:
        """The variant of that name; KeyError when there is none."""
        return {variant.name: variant for variant in self.variants}[name]


def load(name: str) -> Benchmark:
    """The benchmark declared in benchmarks/NAME.py; LookupError when there is none."""
    declared = _declared(name) if name in _modules() else None
    if declared is None:
        raise LookupError(f"no benchmark named {name!r}; there are: {', '.join(names())}")
    return declared


def names() -> list[str]:
    """The modules beside this one that declare a benchmark, in alphabetical order."""
    return sorted(name for name in _modules() if _declared(name) is not None)


def _modules() -> list[str]:
    modules = pkgutil.iter_modules([str(Path(__file__).parent)])
    return [module.name for module in modules if not module.name.startswith("_")]


def _declared(name: str) -> Benchmark | None:
    declared = getattr(importlib.import_module(f"benchmarks.{name}"), "BENCHMARK", None)
    return declared if isinstance(declared, Benchmark) else None
