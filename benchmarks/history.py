"""Recording, and reading back a month: how many a second, how large, how soon, how near to a bare scan.

    python -m benchmarks history                                      forty seconds, a month of 1,000 tags
MXGW_SOAK_SECONDS=600 python -m benchmarks history --rounds 1     ten minutes of it
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow.compute as pc

from benchmarks.benchmark import Benchmark, CannotMeasure, Figure, Figures, Ratio, Setting, Variant
from benchmarks.event_frames import event
from benchmarks.month import recorded_bytes
from benchmarks.process import source
from benchmarks.soak import RATE, SECONDS, TAGS, reported
from mxgw_notebook.client import GatewayClient
from mxgw_notebook.history import MONTH_BEGIN_NS, MONTH_PLANT, Recorder, open_recording, record_month
from mxgw_notebook.live.hub import Hub
from mxgw_notebook.live.loop import loop_thread

MONTH_TAGS, MONTH_HOURS = 1000, 720
HOUR_NS = 3_600_000_000_000
INTERVAL_SECONDS = 60.0
WINDOW = 10_000
BLOCK = 50  # tags a turn of the resampling: what a notebook has room for


def recorded(setting: Setting) -> Figures:
    """A steady stream, recorded by the hub that watches it."""
    address, _ = setting.address.split()
    loop, before = loop_thread(), len(reported(address)["sessions"])
    client = loop.run(GatewayClient.connect(address, plaintext=True))
    hub = Hub(client, "history", reader="process")
    folder = Path(tempfile.mkdtemp())
    watched = loop.run(hub.subscribe(TAGS))
    recorder = Recorder(hub, folder, plant="paced", chosen=lambda: watched)

    async def start() -> None:
        recorder.start()

    loop.run(start())
    began = time.monotonic()
    whole = setting.size / RATE
    while recorder.acknowledged < setting.size and time.monotonic() < began + 1.2 * whole + 10:
        time.sleep(0.01)
    seconds = time.monotonic() - began
    loop.run(hub.close())
    recorder.stop()
    # All of this run's: where the machine lets the reader wait, the gateway faults its session.
    made = sum(session["made"] for session in reported(address)["sessions"][before:])
    loop.run(client.close())
    figures = {
        "per_second": recorder.acknowledged / seconds,
        "lost": float(made - recorder.acknowledged),
        "interruptions": float(hub.interruptions),
        "dropped": float(recorder.progress().dropped),
        "bytes_an_event": recorded_bytes(folder) / max(1, recorder.acknowledged),
    }
    shutil.rmtree(folder)
    return figures


def size(setting: Setting) -> Figures:
    """What a sample of the month takes, over what its event takes on the wire."""
    folder = Path(setting.address.split()[1])
    rows = open_recording(folder).arrow().count_rows()
    wire = len(event("session-1", sequence=1 << 27, item=500, value=50.25, seconds=1 << 30, nanos=1 << 29))
    return {"over_wire": recorded_bytes(folder) / rows / wire, "samples": float(rows)}


def window(setting: Setting) -> Figures:
    """The first samples of one tag, of a recording that is opened for them."""
    folder = setting.address.split()[1]
    began = time.perf_counter()
    recording = open_recording(folder, plant=MONTH_PLANT)
    hours = int(WINDOW * INTERVAL_SECONDS / 3600) + 1
    found = recording.source.samples([recording.tags[0]], MONTH_BEGIN_NS, MONTH_BEGIN_NS + hours * HOUR_NS)
    seconds = time.perf_counter() - began
    return {"ms": 1000 * seconds, "samples": float(sum(map(len, found.values())))}


def scan(setting: Setting) -> Figures:
    """The same columns, read by Arrow and looked at once."""
    dataset = open_recording(setting.address.split()[1]).arrow()
    began = time.perf_counter()
    for batch in dataset.to_batches(columns=["tag", "timestamp", "value", "quality"]):
        pc.sum(batch["value"])
    return {"seconds": time.perf_counter() - began}


def resampled(setting: Setting) -> Figures:
    """Means of a minute by quality and time, a block of tags at a time."""
    recording = open_recording(setting.address.split()[1])
    tags = recording.tags
    began = time.perf_counter()
    for first in range(0, len(tags), BLOCK):
        recording.frame(*tags[first : first + BLOCK], every="1min", how="mean")
    return {"seconds": time.perf_counter() - began}


def summed_by_duckdb(setting: Setting) -> Figures:
    """Plain means of a minute by DuckDB: by quality, not by time."""
    try:
        connection = open_recording(setting.address.split()[1]).duckdb()
    except ImportError as error:
        raise CannotMeasure(str(error)) from None
    began = time.perf_counter()
    minute = "time_bucket(interval '1 minute', timestamp)"
    good = f"select tag, {minute}, avg(value) from samples where quality = 'good' group by all"
    connection.execute(good).to_arrow_table()
    return {"seconds": time.perf_counter() - began}


def spread_over(workers: int) -> Callable[[Setting], Figures]:
    """The same means as `resampled`, by Dask: a day a part, on so many processes."""

    def measure(setting: Setting) -> Figures:
        try:
            from distributed import Client, LocalCluster
        except ImportError as error:
            raise CannotMeasure(str(error)) from None
        place: dict[str, Any] = {"host": "127.0.0.1", "dashboard_address": "127.0.0.1:0"}
        place["scheduler_kwargs"] = {"dashboard": False}
        with LocalCluster(n_workers=workers, threads_per_worker=1, **place) as cluster, Client(cluster):
            recording = open_recording(setting.address.split()[1])
            began = time.perf_counter()
            rows = recording.parts(part="1D").resample("1min").map_partitions(len).sum().compute()
            return {"seconds": time.perf_counter() - began, "rows": float(rows)}

    return measure


@contextmanager
def _source(events: int) -> Iterator[str]:
    """The stream, and a month on the disk whose tags are fewer where the stream is short."""
    folder = Path(tempfile.mkdtemp())
    tags = max(1, MONTH_TAGS * events // int(RATE * SECONDS))
    try:
        for _ in record_month(folder, tags, MONTH_HOURS, INTERVAL_SECONDS):
            pass
        with source("benchmarks.paced", str(events), str(RATE)) as address:
            yield f"{address} {folder}"
    finally:
        shutil.rmtree(folder)


EVENTS = int(RATE * SECONDS)
BENCHMARK = Benchmark(
    about="50,000 events a second recorded beside watching; a month of 1,000 tags read back",
    source=_source,
    variants=(
        Variant("recorded", recorded, EVENTS),
        Variant("size", size, 1),
        Variant("window", window, 1),
        Variant("scan", scan, 1),
        Variant("resampled", resampled, 1),
        Variant("duckdb", summed_by_duckdb, 1),
        Variant("dask_1", spread_over(1), 1),
        Variant("dask_2", spread_over(2), 1),
    ),
    keys={
        "recorded_per_second": Figure("recorded", "per_second"),
        "events_lost": Figure("recorded", "lost"),
        "bytes_over_wire": Figure("size", "over_wire"),
        "first_window_ms": Figure("window", "ms"),
        "resample_over_scan": Ratio("resampled", "scan", "seconds"),
        "duckdb_over_scan": Ratio("duckdb", "scan", "seconds"),
        "dask_1_over_scan": Ratio("dask_1", "scan", "seconds"),
        "dask_2_over_scan": Ratio("dask_2", "scan", "seconds"),
    },
    timeout=300 + 2 * SECONDS,
)
