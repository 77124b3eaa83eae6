"""Fifty thousand watched tags against fifty: what the same number of events costs, and what tags cost.

Every tag has an event in turn, so that a batch holds one of each tag and not many of one: the worst there is.
The clock of the events runs from the last tag that is advised, when the source begins, to the last event.
"""

from __future__ import annotations

import time
from contextlib import AbstractContextManager
from time import perf_counter, sleep

import numpy as np
import psutil

from benchmarks.benchmark import Benchmark, Figure, Figures, Ratio, Setting, Variant
from benchmarks.preframed import FIRST_TIME, GOOD
from benchmarks.process import source
from mxgw_notebook.client import EventColumns, GatewayClient
from mxgw_notebook.frames import long_frame, wide_frame
from mxgw_notebook.live import History, Hub, Subscription, loop_thread
from mxgw_notebook.live.hub import MOST_SAMPLES
from mxgw_notebook.live.samples.ingest import EventIngest
from mxgw_notebook.live.subscriptions import rounded

FEW = 50
EVENTS_A_TAG = 10  # of many
TAGS = 50_000
SIZE = TAGS * EVENTS_A_TAG
A_SECOND = 50_000  # events, when each of so many tags has one
SAMPLES_A_BATCH = 10
POLL_SECONDS = 0.01
MEGABYTE = 1e6


def few(setting: Setting) -> Figures:
    """All events on fifty tags."""
    figures, _ = stored(setting, FEW)
    return figures


def many(setting: Setting) -> Figures:
    """As many events on a thousand times the tags; then all they have as a table, long and wide."""
    figures, watched = stored(setting, setting.size // EVENTS_A_TAG)
    start = perf_counter()
    samples = {found.tag: found.history.all() for found in watched}
    rows = len(long_frame(samples))
    between = perf_counter()
    shape = wide_frame(samples, grid="1s").shape
    end = perf_counter()
    if rows != setting.size or shape != (EVENTS_A_TAG, len(watched)):
        raise ValueError(f"{rows} rows of {setting.size}, and a table of {shape}")
    return {**figures, "frame_seconds": between - start, "wide_seconds": end - between}


def full(setting: Setting) -> Figures:
    """As many tags with as many samples as all may keep together; then every sample gives way to a newer."""
    capacity = MOST_SAMPLES * setting.size // TAGS // rounded(setting.size)
    intake = EventIngest()
    watched = [Subscription(tag, History(capacity)) for tag in _tags(setting.size)]
    intake.by_handle.update(enumerate(watched, start=1))
    batches = -(-capacity // SAMPLES_A_BATCH)
    for number in range(batches):
        intake.store(_batch(setting.size, number), lambda _: None)
    memory = psutil.Process().memory_info().rss
    for number in range(batches, 2 * batches):
        intake.store(_batch(setting.size, number), lambda _: None)
    grown = psutil.Process().memory_info().rss - memory
    if any(len(found.history) != capacity for found in watched):
        raise ValueError("a history is not full")
    return {"late_growth_mb": grown / MEGABYTE, "samples": float(capacity * setting.size)}


def stored(setting: Setting, tags: int) -> tuple[Figures, list[Subscription]]:
    """All events on so many tags: the figures, and the tags with their histories."""
    loop, names = loop_thread(), _tags(tags)
    client = loop.run(GatewayClient.connect(setting.address, plaintext=True))
    hub = Hub(client, str(tags), reader="process")
    loop.run(hub.read([], timeout=1.0))  # opens the session, and starts its reader
    start = perf_counter()
    watched = loop.run(hub.subscribe(names))
    advised, busy = perf_counter(), loop.run(_spent())
    while hub.received + hub.dropped < setting.size:  # those dropped fail the count below
        sleep(POLL_SECONDS)
    stored, spent = perf_counter(), loop.run(_spent()) - busy
    kept = sum(found.history.total for found in watched)
    if kept != setting.size:
        raise ValueError(f"{kept} events came of {setting.size}")
    releasing = perf_counter()
    loop.run(hub.release(names))
    figures = {
        "events_per_second": setting.size / (stored - advised),
        "loop_share": spent / setting.size * A_SECOND,
        "subscribe_seconds": advised - start,
        "release_seconds": perf_counter() - releasing,
    }
    loop.run(hub.close())
    loop.run(client.close())
    return figures, watched


async def _spent() -> float:
    """Seconds that the thread this runs on was busy."""
    return time.thread_time()


def _tags(count: int) -> list[str]:
    return [f"Tank{number:05}.Level" for number in range(1, count + 1)]


def _batch(tags: int, number: int) -> EventColumns:
    """Some samples of each tag."""
    count = tags * SAMPLES_A_BATCH
    sequence = np.arange(number * count + 1, (number + 1) * count + 1)
    handles = np.tile(np.arange(1, tags + 1, dtype=np.int32), SAMPLES_A_BATCH)
    quality = np.full(count, GOOD, np.uint8)
    return EventColumns(sequence, handles, quality, FIRST_TIME + sequence, sequence / 2, seen=sequence)


def _source(size: int) -> AbstractContextManager[str]:
    return source("benchmarks.tags_source", str(size), str(FEW), str(size // EVENTS_A_TAG))


BENCHMARK = Benchmark(
    about="fifty thousand tags against fifty: events, advising, tables, memory",
    source=_source,
    variants=(Variant("few", few, SIZE), Variant("many", many, SIZE), Variant("full", full, TAGS)),
    keys={
        "many_over_few": Ratio("many", "few", "events_per_second"),
        "loop_share": Figure("many", "loop_share"),
        "subscribe_seconds": Figure("many", "subscribe_seconds"),
        "release_seconds": Figure("many", "release_seconds"),
        "frame_seconds": Figure("many", "frame_seconds"),
        "wide_seconds": Figure("many", "wide_seconds"),
        "full_mb": Figure("full", "grown_mb"),
        "late_growth_mb": Figure("full", "late_growth_mb"),
    },
)
