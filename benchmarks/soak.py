"""A steady stream for a while, with a cell in a pure Python loop for a tenth of it: is anything lost?

    python -m benchmarks soak                                      forty seconds
    MXGW_SOAK_SECONDS=600 python -m benchmarks soak --rounds 1     ten minutes

The gateway (paced.py) faults the session of a client that leaves 10,000 events unread. All the while one tag
is read every 50 ms from another thread than the cell's. The run ends early when the stream was lost.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any

import grpc
import numpy as np

from benchmarks.benchmark import Benchmark, Figure, Figures, Setting, Variant
from benchmarks.paced import REPORT
from benchmarks.preframed import ITEMS
from benchmarks.process import source
from benchmarks.watch import Watch
from mxgw_notebook.client import GatewayClient
from mxgw_notebook.live import hub as hub_module
from mxgw_notebook.live.hub import Hub
from mxgw_notebook.live.loop import loop_thread
from mxgw_notebook.live.samples.subscription import Subscription
from mxgw_notebook.live.session.reading import ReaderKind

RATE = 50_000
SECONDS = float(os.environ.get("MXGW_SOAK_SECONDS", "40"))
BUSY_FROM, BUSY_UNTIL = 0.3, 0.4  # of the whole
# A source that the machine lets wait is late; it catches up by a tenth.
PATIENCE, PATIENCE_SECONDS = 1.2, 10.0
TAGS = [f"Tank{number:03}.Level" for number in range(1, ITEMS + 1)]


def process(setting: Setting) -> Figures:
    """The reader in a process of its own, as the hub has it under load."""
    return soaked(setting, "process")


def soaked(setting: Setting, reader: ReaderKind) -> Figures:
    """The figures of one session with `setting.size` events."""
    # Full before the end, so that memory can be seen to stay.
    hub_module.MOST_SAMPLES = min(hub_module.MOST_SAMPLES, setting.size // 5)
    before = reported(setting.address)
    loop = loop_thread()
    client = loop.run(GatewayClient.connect(setting.address, plaintext=True))
    hub = Hub(client, "soak", reader=reader)
    watched = loop.run(hub.subscribe(TAGS))
    watch = Watch(loop, hub, TAGS[0])
    watch.start()
    cpu = time.process_time()
    run_cell(setting, hub, watch)
    watch.stop()
    figures = {
        **lost(before, reported(setting.address), watched),
        "interruptions": float(hub.interruptions),
        "kernel_cpu_seconds": time.process_time() - cpu,
        **watch.figures(),
    }
    loop.run(hub.close())
    loop.run(client.close())
    ours = sum(figures[f"{name}_cpu_seconds"] for name in ("source", "reader", "kernel"))
    return {**figures, "others_cpu_seconds": figures["machine_cpu_seconds"] - ours}


def run_cell(setting: Setting, hub: Hub, watch: Watch) -> None:
    """Rests, computes, and rests until every event is there; or the stream is lost, or it takes too long."""
    began, whole = time.monotonic(), setting.size / RATE

    def goes_on(seconds: float) -> bool:
        in_time = time.monotonic() < began + seconds
        return in_time and hub.received < setting.size and not hub.interruptions

    while goes_on(BUSY_FROM * whole):
        time.sleep(0.01)
    watch.busy = True
    while goes_on(BUSY_UNTIL * whole):
        sum(range(1000))
    watch.busy = False
    while goes_on(PATIENCE * whole + PATIENCE_SECONDS):
        time.sleep(0.01)


def lost(before: Any, after: Any, watched: Sequence[Subscription]) -> dict[str, float]:
    """What the source made of its sessions since, and what of that is not in the tags' histories."""
    sessions = after["sessions"][len(before["sessions"]) :]
    made = sum(session["made"] for session in sessions)
    return {
        "events_made": float(made),
        "events_lost": float(made - sum(subscription.history.total for subscription in watched)),
        "values_wrong": float(sum(wrong(subscription) for subscription in watched)),
        "sessions_faulted": float(sum(session["faulted"] for session in sessions)),
        "deepest_queue": float(max(session["deepest_queue"] for session in sessions)),
        "source_late_ms": 1000 * max(session["late_seconds"] for session in sessions),
        "source_cpu_seconds": after["cpu_seconds"] - before["cpu_seconds"],
        "events_per_second": made / (sum(session["seconds"] for session in sessions) or 1.0),
    }


def wrong(subscription: Subscription) -> int:
    """Steps between one tag's values that are not those of its events: every ITEMS-th sequence, halved."""
    return int(np.count_nonzero(np.diff(subscription.history.all().number) != ITEMS / 2))


def reported(address: str) -> Any:
    """What the source tells of itself."""
    with grpc.insecure_channel(address) as channel:
        call: Any = channel.unary_unary(REPORT)
        return json.loads(call(b"", timeout=10))


def _source(size: int) -> AbstractContextManager[str]:
    return source("benchmarks.paced", str(size), str(RATE))


BENCHMARK = Benchmark(
    about="50,000 events a second beside a cell that computes: what is lost, how late, how large",
    source=_source,
    variants=(Variant("process", process, int(RATE * SECONDS)),),
    keys={
        key: Figure("process", key)
        for key in ("events_lost", "sessions_faulted", "deepest_queue", "read_ms_99", "read_ms_worst")
    },
    timeout=60 + 2 * SECONDS,
)
