"""The soak as a person runs it, and that it fails when it has to."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from typing import Any

import psutil
import pytest

from benchmarks.benchmark import Setting
from benchmarks.paced import QUEUE
from benchmarks.process import ROOT, source
from benchmarks.soak import RATE, reported, soaked
from benchmarks.watch import late_growth
from mxgw_notebook.live import hub
from tests.until import until

pytestmark = pytest.mark.long


def quick_soak(seconds: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks", "soak", "--quick", "--rounds", "1", "--json"]
    environment = {**os.environ, "MXGW_SOAK_SECONDS": seconds}
    ran = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=True
    )
    shown: dict[str, Any] = json.loads(ran.stdout)
    return shown


def test_the_soak_loses_nothing_and_lasts_as_long_as_it_is_told() -> None:
    shown = quick_soak("50")  # quick is a fiftieth of it
    figures = shown["details"]["rounds"][0]["process"]
    assert figures["events_made"] == RATE
    assert 0.5 * RATE < figures["events_per_second"] < 1.1 * RATE
    assert shown["events_lost"] == 0
    assert shown["sessions_faulted"] == figures["interruptions"] == figures["values_wrong"] == 0
    assert figures["read_ms_worst"] >= figures["read_ms_99"] >= figures["read_ms_median"] > 0
    assert figures["machine_cpu_seconds"] > 0
    for process in ("kernel", "reader"):
        assert figures[f"{process}_mb"] > 10
        assert figures[f"{process}_cpu_seconds"] > 0


def reader_process() -> psutil.Process | None:
    """The hub's reader, once it has been started."""
    for child in psutil.Process().children():
        if "mxgw_notebook.client.fast_events.reader_child" in child.cmdline():
            return child
    return None


async def test_a_reader_that_the_machine_stops_costs_the_session_and_the_soak_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hub, "MOST_SAMPLES", hub.MOST_SAMPLES)  # the soak sets it
    size = 60 * RATE
    with source("benchmarks.paced", str(size), str(RATE)) as address:
        soaking = asyncio.create_task(asyncio.to_thread(soaked, Setting(address, size), "process"))
        await until(lambda: reported(address)["sessions"] and reported(address)["sessions"][0]["made"])
        reader = reader_process()
        assert reader is not None
        reader.suspend()
        await until(lambda: reported(address)["sessions"][0]["faulted"])
        reader.resume()
        figures = await soaking
    assert figures["sessions_faulted"] == 1
    assert figures["interruptions"] == 1
    assert figures["deepest_queue"] > QUEUE
    assert figures["events_lost"] >= QUEUE


def test_memory_that_settles_in_the_first_half_has_not_grown_late() -> None:
    assert late_growth([*range(100), *[100] * 100]) == 0
    assert late_growth([0.0] * 100 + [float(step) for step in range(100)]) == pytest.approx(89)
    assert late_growth([]) == 0
