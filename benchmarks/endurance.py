"""An engineer's work while everything fails in turn: watching, alarms, reads, planned writes, a recording.

    python -m benchmarks endurance                                          a minute
    MXGW_ENDURANCE_SECONDS=900 python -m benchmarks endurance --rounds 1    a quarter of an hour
    MXGW_ENDURANCE_SECONDS=3600 python -m benchmarks endurance --rounds 1   an hour

What is counted is what must not be: exceptions that nobody handled, writes whose outcome is said to be one
thing while the plant holds another, lines that the audit's file lacks. Memory, tasks, threads and file
descriptors are looked at after each fault; their growth is that of the second half of the time.
"""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from benchmarks.benchmark import Benchmark, Figure, Figures, Setting, Variant
from benchmarks.process import no_source
from mxgw_notebook.errors import GatewayError
from mxgw_notebook.gateway import Gateway, connect
from mxgw_notebook.live import loop_thread
from mxgw_notebook.simulator import EmbeddedGateway

SECONDS = float(os.environ.get("MXGW_ENDURANCE_SECONDS", "60"))
KEY = "mxgw_endurance_1234567890"
TAGS = [f"Tank{number:03}.Level" for number in range(1, 17)] + ["Pump001.Speed", "FIC101.PV", "FIC101.SP"]
SETPOINT, LOW, HIGH = "FIC101.SP", 25.0, 38.0
# Each lasts one round.
FAULTS: Sequence[tuple[str, dict[str, Any]]] = (
    ("lose-reply", {"command": "write*", "code": "UNAVAILABLE", "every": 2}),
    ("refuse", {"code": "UNAVAILABLE", "rpc": "Invoke", "times": 3}),
    ("delay-command", {"command": "*", "seconds": 0.3}),
    ("drop", {}),
    ("restart", {"seconds": 0.5}),
    ("kill-worker", {}),
    ("overflow", {}),
    ("evict-replay", {}),
    ("odd-times", {"every": 5}),
    ("unknown-values", {"every": 5}),
)
READS = 3  # beside a fault
BACK_SECONDS = 30.0
Looks = list[tuple[float, ...]]


def engineer(setting: Setting) -> Figures:
    """The whole work for `setting.size` seconds."""
    with tempfile.TemporaryDirectory() as name, EmbeddedGateway.start(seed=1, api_key=KEY) as plant:
        with unhandled() as complaints:
            gateway = connect(plant.endpoint, api_key=KEY, plaintext=True, writable="endurance")
            gateway.audit_trail(Path(name, "audit.jsonl"))
            watch, review = gateway.watch(TAGS), gateway.alarms()
            recorder = watch.record(Path(name, "recording"))
            counts, looks = worked(gateway, plant, float(setting.size))
            recorder.stop()
            review.stop()
            watch.stop()
            begun = gateway.audit_trail()["number"].nunique()
            gateway.close()
            gc.collect()
        missing = begun - len({line["number"] for line in lines_of(Path(name, "audit.jsonl"))})
    return {**counts, **growth(looks), "unhandled": float(len(complaints)), "audit_missing": float(missing)}


def worked(gateway: Gateway, plant: EmbeddedGateway, seconds: float) -> tuple[dict[str, float], Looks]:
    """One fault after the other, each at least once, and what an engineer does meanwhile."""
    counts = dict.fromkeys(
        ("reads", "reads_failed", "written", "unknown", "not_written", "outcomes_wrong"), 0.0
    )
    looks = [look()]
    end, wanted = time.monotonic() + seconds, LOW
    for fault, settings in cycle(FAULTS):
        wanted = LOW if wanted >= HIGH else wanted + 0.5
        before = held(gateway)
        plant.fault(fault, **settings)
        for _ in range(READS):
            read(gateway, counts)
        outcome = written(gateway, wanted)
        plant.clear_faults()
        count_outcome(counts, outcome, before, wanted, held(gateway))
        looks.append(look())
        if time.monotonic() >= end and len(looks) > len(FAULTS):
            return counts, looks
    raise AssertionError("a cycle does not end")


def read(gateway: Gateway, counts: dict[str, float]) -> None:
    """Reads a few tags; what fails is one of our errors, and is counted."""
    counts["reads"] += 1
    try:
        gateway.read(TAGS[:4])
    except GatewayError:
        counts["reads_failed"] += 1


def written(gateway: Gateway, wanted: float) -> str:
    """Writes the setpoint by a plan; what is said of its outcome."""
    try:
        table = gateway.plan({SETPOINT: wanted}).apply(yes=True)
        return "refused" if table is None else str(table["outcome"].iloc[0])
    except GatewayError as error:  # mostly nothing was sent: no plan could be made, or it has changed since
        return "unknown" if error.may_be_done else "refused"


def count_outcome(counts: dict[str, float], outcome: str, before: float, wanted: float, after: float) -> None:
    """Holds what was said of a write against what the plant has."""
    counts[{"completed": "written", "refused": "not_written"}.get(outcome, "unknown")] += 1
    is_done, is_as_before = np.isclose(after, wanted), np.isclose(after, before)
    wrong = (outcome == "completed" and not is_done) or (outcome == "refused" and not is_as_before)
    counts["outcomes_wrong"] += float(wrong)


def held(gateway: Gateway) -> float:
    """The setpoint as the plant has it, read as soon as its gateway answers again."""
    deadline = time.monotonic() + BACK_SECONDS
    while True:
        try:
            value = gateway.read(SETPOINT)["value"].iloc[0]
            if np.isfinite(value):
                return float(value)
        except GatewayError:
            pass
        if time.monotonic() > deadline:
            raise TimeoutError(f"{SETPOINT} could not be read within {BACK_SECONDS:g} s after a fault")
        time.sleep(0.05)


def look() -> tuple[float, ...]:
    """The time; memory in megabytes, tasks, threads and file descriptors of this process."""
    process = psutil.Process()
    memory = process.memory_info().rss / 1e6
    tasks = loop_thread().run(count_tasks())
    return time.monotonic(), memory, tasks, process.num_threads(), count_open(process)


def count_open(process: psutil.Process) -> int:
    """How many files and sockets the process has open."""
    if sys.platform == "win32":
        return process.num_handles()
    return process.num_fds()


async def count_tasks() -> int:
    """How many tasks the loop has."""
    return len(asyncio.all_tasks())


def growth(looks: Looks) -> dict[str, float]:
    """How much of each there is more, an hour, in the second half of the time."""
    table = np.array(looks[len(looks) // 2 :])
    hours = (table[:, 0] - table[0, 0]) / 3600
    slopes = np.polyfit(hours, table[:, 1:], 1)[0] if len(table) > 2 else np.zeros(4)
    names = ("memory_mb", "tasks", "threads", "descriptors")
    return {f"{name}_an_hour": float(slope) for name, slope in zip(names, slopes, strict=True)}


def lines_of(file: Path) -> list[dict[str, Any]]:
    """The audit's lines."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


class Complaints(logging.Handler):
    """What asyncio says of exceptions that nobody took, and threads and finalisers say of theirs."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keeps a line of asyncio's."""
        self.heard.append(record.getMessage())

    def hear(self, told: Any) -> None:
        """Keeps an exception that reached the end of a thread, or came out of a finaliser."""
        self.heard.append(repr(told.exc_value))


@contextmanager
def unhandled() -> Iterator[list[str]]:
    """Collects what no code of ours handled, in whichever thread and on the loop."""
    complaints, before = Complaints(), (threading.excepthook, sys.unraisablehook)
    threading.excepthook = sys.unraisablehook = complaints.hear
    logging.getLogger("asyncio").addHandler(complaints)
    try:
        yield complaints.heard
    finally:
        threading.excepthook, sys.unraisablehook = before
        logging.getLogger("asyncio").removeHandler(complaints)


BENCHMARK = Benchmark(
    about="an engineer's work while everything fails in turn: what is unhandled, untrue or lost, what grows",
    source=no_source,
    variants=(Variant("engineer", engineer, int(SECONDS)),),
    keys={
        key: Figure("engineer", key)
        for key in ("unhandled", "outcomes_wrong", "audit_missing", "unknown", "memory_mb_an_hour")
    },
    timeout=120 + 2 * SECONDS,
)
