"""What the first line of a notebook takes: `%load_ext mxgw_notebook` behind pandas, and the demo's plant."""

from __future__ import annotations

import importlib
from time import perf_counter

from benchmarks.benchmark import Benchmark, Figure, Figures, Setting, Variant
from benchmarks.process import no_source


def load_ext(setting: Setting) -> Figures:
    """The extension, where pandas and IPython are imported already."""
    del setting
    importlib.import_module("pandas")
    shells = importlib.import_module("IPython.core.interactiveshell")
    shell = shells.InteractiveShell.instance()
    start = perf_counter()
    shell.run_line_magic("load_ext", "mxgw_notebook")
    return {"seconds": perf_counter() - start}


def demo(setting: Setting) -> Figures:
    """`connect("demo")`: a process with the simulated plant, and a connection to it."""
    del setting
    package = importlib.import_module("mxgw_notebook")
    importlib.import_module("pandas")
    connect, disconnect = package.connect, package.disconnect
    start = perf_counter()
    connect("demo")
    seconds = perf_counter() - start
    disconnect()
    return {"seconds": seconds}


BENCHMARK = Benchmark(
    about="%load_ext behind pandas, and connect('demo') until it answers",
    source=no_source,
    variants=(Variant("load_ext", load_ext, 1), Variant("demo", demo, 1)),
    keys={
        "load_ext_seconds": Figure("load_ext", "seconds"),
        "connect_demo_seconds": Figure("demo", "seconds"),
    },
)
