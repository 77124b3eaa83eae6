"""A steady stream for a while, with a cell in a pure Python loop for a part of it: is anything lost?

`events_late` is how far the reader ever was behind the schedule, the source's own lateness included: with
source, reader and cell it takes three cores to tell of the reader alone. A gateway faults the session of a
client that leaves 10,000 events unread.
"""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager
from statistics import quantiles
from time import monotonic, perf_counter, sleep

import psutil

from benchmarks.benchmark import Benchmark, Figure, Figures, Setting, Variant
from benchmarks.preframed import ITEMS
from benchmarks.process import source
from mxgw_notebook.client import GatewayClient
from mxgw_notebook.live import hub as hub_module
from mxgw_notebook.live.hub import Hub
from mxgw_notebook.live.loop import loop_thread
from mxgw_notebook.live.reading import ReaderKind

RATE = 50_000
SECONDS = 40
SIZE = RATE * SECONDS
BUSY_FROM, BUSY_UNTIL = 0.4, 0.7  # of the whole
MEGABYTE = 1e6


def process(setting: Setting) -> Figures:
    """The reader in a process of its own."""
    return _soaked(setting, "process")


def thread(setting: Setting) -> Figures:
    """The reader as a thread beside the cell."""
    return _soaked(setting, "thread")


def _soaked(setting: Setting, reader: ReaderKind) -> Figures:
    hub_module.MOST_SAMPLES = 500_000  # full before the end, so that memory can be seen to stay
    loop = loop_thread()
    client = loop.run(GatewayClient.connect(setting.address, plaintext=True))
    hub = Hub(client, "soak", reader=reader)
    loop.run(hub.subscribe([f"Tank{number:03}.Level" for number in range(1, ITEMS + 1)]))
    while not hub.received:
        sleep(0.01)
    began, whole = monotonic(), setting.size / RATE
    late, sizes, reads = [0], [], []
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(0.2):
            opened = hub._link.opened
            if opened is not None:
                due = min(setting.size, int((monotonic() - began) * RATE))
                late.append(due - opened.reader.received)
            sizes.append(_memory())

    watching = threading.Thread(target=watch, daemon=True)
    watching.start()
    while hub.received < setting.size and monotonic() - began < whole * 2 + 10:
        if BUSY_FROM * whole < monotonic() - began < BUSY_UNTIL * whole:
            _compute(BUSY_UNTIL * whole - (monotonic() - began))
        start = perf_counter()
        loop.run(hub.read(["Tank001.Level"], timeout=1.0))
        reads.append(perf_counter() - start)
        sleep(0.05)
    ended.set()
    watching.join()
    figures = {
        "events_lost": float(setting.size - hub.received + sum(gap.events for gap in hub.outages)),
        "events_late": float(max(late)),
        "interruptions": float(hub.interruptions),
        "read_ms_median": quantiles(reads, n=100)[49] * 1000,
        "read_ms_99": quantiles(reads, n=100)[98] * 1000,
        "late_growth_mb": sizes[-1] - sizes[len(sizes) // 2],
    }
    loop.run(hub.close())
    loop.run(client.close())
    return figures


def _compute(seconds: float) -> None:
    """What a cell does that lets no other thread run for longer than it has to."""
    end = monotonic() + seconds
    while monotonic() < end:
        sum(range(1000))


def _memory() -> float:
    """Megabytes held by this process and its children."""
    own = psutil.Process()
    total = own.memory_info().rss
    for child in own.children(recursive=True):
        try:
            total += child.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total / MEGABYTE


def _source(size: int) -> AbstractContextManager[str]:
    return source("benchmarks.preframed", str(size), str(RATE))


BENCHMARK = Benchmark(
    about="50,000 events a second beside a cell that computes: what is lost, how late, how large",
    source=_source,
    variants=(Variant("process", process, SIZE), Variant("thread", thread, SIZE)),
    keys={
        "events_lost": Figure("process", "events_lost"),
        "events_late": Figure("process", "events_late"),
        "read_ms_99": Figure("process", "read_ms_99"),
    },
)
