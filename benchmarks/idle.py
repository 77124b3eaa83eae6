"""What watching costs where little happens: 1,000 events a second, as a thousand tags at 1 Hz give."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager

from benchmarks.benchmark import Benchmark, Figure, Figures, Setting, Variant
from benchmarks.preframed import ITEMS
from benchmarks.process import source
from mxgw_notebook.client import GatewayClient
from mxgw_notebook.live.hub import Hub
from mxgw_notebook.live.loop import loop_thread

RATE = 1_000
SECONDS = 10
TAGS = [f"Tank{number:03}.Level" for number in range(1, ITEMS + 1)]


def watching(setting: Setting) -> Figures:
    """The share of a core that this process takes, all its threads, from the first event to the last."""
    loop = loop_thread()
    client = loop.run(GatewayClient.connect(setting.address, plaintext=True))
    hub = Hub(client, "idle", reader="thread")
    watched = loop.run(hub.subscribe(TAGS))
    began, spent = time.monotonic(), time.process_time()
    while hub.received < setting.size:
        time.sleep(0.05)
        if time.monotonic() - began > 2 * SECONDS + setting.size / RATE:
            raise ValueError(f"{hub.received} events of {setting.size}")
    lasted, spent = time.monotonic() - began, time.process_time() - spent
    kept = sum(subscription.history.total for subscription in watched)
    loop.run(hub.close())
    loop.run(client.close())
    if kept != setting.size:
        raise ValueError(f"{kept} events were kept of {setting.size}")
    return {"core_percent": 100 * spent / lasted, "microseconds_an_event": 1e6 * spent / setting.size}


def _source(size: int) -> AbstractContextManager[str]:
    return source("benchmarks.paced", str(size), str(RATE))


BENCHMARK = Benchmark(
    about="1,000 events a second: the share of a core that watching them takes",
    source=_source,
    variants=(Variant("watching", watching, RATE * SECONDS),),
    keys={"idle_core_percent": Figure("watching", "core_percent")},
)
