"""What watching costs where little happens: 1,000 events a second, as a thousand tags at 1 Hz give them.

The peer, asyncua, has as many values of a server of its own, by a subscription that is published as often as
our histories are filled. It leaves out what ours do besides: the order of events is checked, what is missing
is told, and every value stays in a history.
"""

from __future__ import annotations

import asyncio
import importlib.util
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psutil

from benchmarks.benchmark import Benchmark, CannotMeasure, Figure, Figures, Ratio, Setting, Variant
from benchmarks.preframed import ITEMS
from benchmarks.process import source
from mxgw_notebook.client import GatewayClient
from mxgw_notebook.live.hub import FLUSH_SECONDS, Hub
from mxgw_notebook.live.loop import loop_thread
from mxgw_notebook.live.session import ReaderKind

RATE = MANY_TAGS = 1_000
SECONDS = 10
SETTLING_SECONDS = 1.0
TAGS = [f"Tank{number:03}.Level" for number in range(1, ITEMS + 1)]


def watching(setting: Setting) -> Figures:
    """The share of a core that this process takes, all its threads, from the first event to the last."""
    return watched_by("thread", setting)


def process(setting: Setting) -> Figures:
    """The same with the reading process, as more than 200 tags have it: both of them together."""
    return watched_by("process", setting)


def watched_by(kind: ReaderKind, setting: Setting) -> Figures:
    """All events, into the histories of the tags."""
    loop = loop_thread()
    client = loop.run(GatewayClient.connect(setting.address.split()[0], plaintext=True))
    hub = Hub(client, "idle", reader=kind)
    watched = loop.run(hub.subscribe(TAGS))
    took = Spent()
    while hub.received < setting.size:
        time.sleep(FLUSH_SECONDS)
        took.check(hub.received, setting)
    figures = took.figures(setting)
    loop.run(hub.close())  # takes what was read last
    kept = sum(subscription.history.total for subscription in watched)
    loop.run(client.close())
    if kept != setting.size:
        raise ValueError(f"{kept} events were kept of {setting.size}")
    return figures


class Spent:
    """What this process and its children take of a core from now on."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._before = spent()

    def check(self, received: int, setting: Setting) -> None:
        """Fails a run that takes twice its time."""
        if time.monotonic() - self._began > 2 * SECONDS + setting.size / RATE:
            raise ValueError(f"{received} events of {setting.size}")

    def figures(self, setting: Setting) -> Figures:
        """Up to now."""
        lasted = time.monotonic() - self._began
        seconds = spent() - self._before
        return {"core_percent": 100 * seconds / lasted, "microseconds_an_event": 1e6 * seconds / setting.size}


def spent() -> float:
    """Seconds of processor time of this process and those that it has started, but for the source."""
    times = [child.cpu_times() for child in psutil.Process().children(recursive=True)]
    return time.process_time() + sum(each.user + each.system for each in times)


def asyncua(setting: Setting) -> Figures:
    """As many values by a subscription of OPC UA, kept in a list."""
    return asyncio.run(subscribed(setting))


async def subscribed(setting: Setting) -> Figures:
    """The same, on the running loop."""
    try:
        from asyncua import Client
    except ImportError:
        raise CannotMeasure("asyncua is not installed: python -m pip install asyncua") from None
    _, address = setting.address.split()
    kept: list[tuple[Any, Any]] = []

    class Kept:
        def datachange_notification(self, node: Any, value: Any, data: Any) -> None:
            del data
            kept.append((node, value))

    async with Client(f"opc.tcp://{address}/") as client:
        folder = await client.nodes.objects.get_child("2:Tanks")
        subscription = await client.create_subscription(1000 * FLUSH_SECONDS, Kept())
        await subscription.subscribe_data_change(await folder.get_children())
        await asyncio.sleep(SETTLING_SECONDS)  # the first value of each comes at once
        first, took = len(kept), Spent()
        while len(kept) - first < setting.size:
            await asyncio.sleep(FLUSH_SECONDS)
            took.check(len(kept), setting)
        return took.figures(setting)


@contextmanager
def _sources(size: int) -> Iterator[str]:
    """The paced gateway, and the peer's own server where there is one."""
    with source("benchmarks.paced", str(size), str(RATE)) as gateway:
        if importlib.util.find_spec("asyncua") is None:
            yield f"{gateway} nowhere:0"
            return
        with source("benchmarks.opcua_source", str(MANY_TAGS), str(RATE)) as server:
            yield f"{gateway} {server}"


BENCHMARK = Benchmark(
    about="1,000 events a second: the share of a core that watching them takes, beside asyncua",
    source=_sources,
    variants=(
        Variant("watching", watching, RATE * SECONDS),
        Variant("process", process, RATE * SECONDS),
        Variant("asyncua", asyncua, RATE * SECONDS),
    ),
    keys={
        "idle_core_percent": Figure("watching", "core_percent"),
        "idle_process_core_percent": Figure("process", "core_percent"),
        "idle_over_asyncua": Ratio("watching", "asyncua", "core_percent"),
    },
)
