"""Events received, decoded and kept, against bare bytes off the same kind of channel.

The clock runs from the first call on a connected channel to the last event; for `stored` that
takes in opening the session and, at the end, the wait for the hub's next flush.
"""

from __future__ import annotations

import asyncio
import importlib
from contextlib import AbstractContextManager
from time import perf_counter, sleep

import grpc
import grpc.aio

from benchmarks.bare import counted
from benchmarks.benchmark import Benchmark, Figure, Figures, Ratio, Setting, Variant
from benchmarks.preframed import ITEMS, path
from benchmarks.process import source
from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire
from mxgw_notebook.client import GatewayClient
from mxgw_notebook.live.hub import Hub
from mxgw_notebook.live.loop import loop_thread
from mxgw_notebook.live.session.reading import ReaderKind

# A notebook has pandas already. Left to itself, pyarrow imports it with the first batch: 0.2 s on the clock.
importlib.import_module("pandas")

SIZE = 400_000
AIO_SIZE = 60_000
POLL_SECONDS = 0.01


def bare(setting: Setting) -> Figures:
    """Takes serialised events from the blocking stub and does nothing with them: the floor."""
    received, seconds = counted(setting.address, "StreamEvents", wire.StreamEventsRequest(), setting.size)
    return _figures(received, setting, seconds)


def stored(setting: Setting) -> Figures:
    """The product's own way: its hub watches tags, until every event stands in a tag's history."""
    return _stored(setting, "thread")


def process(setting: Setting) -> Figures:
    """The same with the reader in a process of its own, as the hub does it by itself under load.

    The clock takes in starting it, a third of a second.
    """
    return _stored(setting, "process")


def _stored(setting: Setting, reader: ReaderKind) -> Figures:
    tags = [f"Tank{number:03}.Level" for number in range(1, ITEMS + 1)]
    loop = loop_thread()
    client = loop.run(GatewayClient.connect(setting.address, plaintext=True))
    hub = Hub(client, "benchmark", reader=reader)
    start = perf_counter()
    watched = loop.run(hub.subscribe(tags))
    while hub.received + hub.dropped < setting.size:  # those dropped fail the count below
        sleep(POLL_SECONDS)
    seconds = perf_counter() - start
    kept = sum(subscription.history.total for subscription in watched)
    loop.run(hub.close())
    loop.run(client.close())
    return _figures(kept, setting, seconds)


def aio(setting: Setting) -> Figures:
    """One parsed event at a time from an asynchronous iterator, as most clients do it."""
    return asyncio.run(_aio(setting))


async def _aio(setting: Setting) -> Figures:
    async with grpc.aio.insecure_channel(setting.address) as channel:
        await channel.channel_ready()
        call = channel.unary_stream(
            path("StreamEvents"), wire.StreamEventsRequest.SerializeToString, wire.MxEvent.FromString
        )
        start, received = perf_counter(), 0
        stream = call(wire.StreamEventsRequest())
        async for _event in stream:
            received += 1
            if received == setting.size:
                break
        seconds = perf_counter() - start
        stream.cancel()
    return _figures(received, setting, seconds)


def _figures(events: int, setting: Setting, seconds: float) -> Figures:
    if events != setting.size:
        raise ValueError(f"{events} events came of {setting.size}")
    return {"events_per_second": events / seconds}


def _source(size: int) -> AbstractContextManager[str]:
    return source("benchmarks.preframed", str(size))


BENCHMARK = Benchmark(
    about="a session's events: received, decoded and kept, against bare bytes",
    source=_source,
    variants=(
        Variant("bare", bare, SIZE),
        Variant("stored", stored, SIZE),
        Variant("process", process, SIZE),
        Variant("aio", aio, AIO_SIZE, one_core=True),
    ),
    keys={
        "events_per_second": Figure("stored", "events_per_second"),
        "stored_over_bare": Ratio("stored", "bare", "events_per_second"),
        "stored_over_aio": Ratio("stored", "aio", "events_per_second"),
        "process_over_bare": Ratio("process", "bare", "events_per_second"),
    },
)
