"""The process that reads a hub's stream: had under load, done without, killed, standing still."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mxgw_notebook.client.fast_events.ring import EventRing
from tests.live.chaos_site import IMPATIENT, TAGS, site
from tests.reading import reading
from tests.until import until


async def test_load_moves_the_reading_to_a_process_and_nothing_is_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("mxgw_notebook.live.watchdog.PROCESS_RATE", 100.0)
    async with site("auto", IMPATIENT) as there:
        await there.hub.subscribe(TAGS)
        assert there.hub.health.reader == "thread"
        async with asyncio.timeout(60):
            while there.hub.health.reader != "process":
                await there.changes(100)
        await there.changes(100)
        assert there.values() == list(range(1, len(there.gateway.sent) + 1))
        assert there.hub.outages == []


async def test_a_process_that_cannot_be_had_is_replaced_by_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(descriptors: tuple[int, ...]) -> None:
        raise OSError("no more processes")

    monkeypatch.setattr("mxgw_notebook.client.fast_events.process_reader.launch_child", refuse)
    async with site("process") as there:
        await there.watch(10)
        assert there.hub.health.reader == "thread"


@contextmanager
def short_files() -> Iterator[None]:
    """Nothing can be made that is longer than a megabyte, memory included."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def test_shared_memory_that_cannot_be_had_is_done_without() -> None:
    async with site("process") as there:
        with short_files():
            await there.watch(10)
        assert there.hub.health.reader == "thread"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can fix the length of memory")
def test_shared_memory_cannot_be_cut_short_beneath_a_reader() -> None:
    ring, (descriptor,) = EventRing.create()
    try:
        with pytest.raises(PermissionError):
            os.truncate(descriptor, 0)
    finally:
        ring.close()
        os.close(descriptor)


def shared_memory() -> list[str]:
    """The rings that this process has mapped, and whatever has a name in the system's shared memory."""
    maps, named = Path("/proc/self/maps"), Path("/dev/shm")
    mapped = [line for line in maps.read_text().splitlines() if "mxgw-" in line] if maps.exists() else []
    return mapped + ([found.name for found in named.iterdir()] if named.exists() else [])


async def test_a_reading_process_that_is_killed_is_replaced_and_leaves_nothing() -> None:
    before = shared_memory()
    async with site("process") as there:
        await there.hub.subscribe(TAGS)
        for killed in range(1, 4):
            await there.changes(20)
            (child,) = reading()
            child.kill()
            there.gateway.change(100)
            await until(lambda: there.hub.interruptions == killed)  # noqa: B023  called here and now
            await until(lambda: there.hub.status == "live")
            await there.changes(20)
            assert child not in reading()
        assert there.values() == list(range(1, len(there.gateway.sent) + 1))
        assert there.hub.outages == []
        assert len(there.gateway.sessions) == 1
        assert len(reading()) == 1
        assert len(shared_memory()) <= len(before) + 1
    assert reading() == []
    assert shared_memory() == before


async def test_a_process_that_stands_by_for_the_gateway_is_killed_or_dismissed_without_a_trace() -> None:
    gc.collect()  # what tests before this one left to it
    before = shared_memory()
    async with site("process") as there:
        await there.watch(20)
        (used,) = reading()
        await there.gateway.kill()
        await until(lambda: len(found := reading()) == 1 and used not in found)
        (standing_by,) = reading()
        standing_by.kill()
        await there.gateway.start()
        await until(lambda: there.hub.status == "live")
        await there.changes(20)
        assert there.hub.health.reader == "process"
        assert standing_by not in reading()
        await there.gateway.kill()
        await until(lambda: there.hub.status.startswith("reconnecting") and reading())
    assert reading() == []
    gc.collect()  # the traceback of a recovery that was cancelled holds what it worked on
    assert shared_memory() == before


async def test_a_reading_process_that_stands_still_is_replaced() -> None:
    async with site("process", IMPATIENT) as there:
        await there.watch(40)
        (child,) = reading()
        child.suspend()
        there.gateway.change(100)
        await until(lambda: there.hub.interruptions)
        await until(lambda: there.hub.status == "live")
        await there.changes(20)
        assert child not in reading()
        assert there.values() == list(range(1, 161))
