"""Measures one variant in this process: python -m benchmarks.child NAME VARIANT HOST:PORT SIZE.

The last line on standard output is a JSON object of figures.
"""

from __future__ import annotations

import json
import sys

import psutil

from benchmarks.benchmark import CannotMeasure, Figures, Setting, Variant, load
from benchmarks.memory import peak_mb


def measure(variant: Variant, setting: Setting) -> Figures:
    """The variant's figures, with the memory it took: all of it, and what the measured part added."""
    if variant.one_core:
        pin_to_one_core()
    before = peak_mb()
    figures = variant.measure(setting)
    after = peak_mb()
    return {**figures, "peak_mb": after, "grown_mb": after - before}


def pin_to_one_core() -> None:
    """Keeps this process on the last core it may use, where the system has such a thing."""
    process = psutil.Process()
    if hasattr(process, "cpu_affinity"):
        process.cpu_affinity(process.cpu_affinity()[-1:])


def main() -> None:
    """Runs what the command line names."""
    name, variant, address, size = sys.argv[1:]
    try:
        figures = measure(load(name).variant(variant), Setting(address, int(size)))
    except CannotMeasure as error:
        print(json.dumps({"cannot": str(error)}))
        return
    print(json.dumps(figures, sort_keys=True))


if __name__ == "__main__":
    main()
