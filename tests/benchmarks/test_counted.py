"""Figures that are counted and not timed, which no busy machine changes much: what keeps a watch cheap."""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path

import psutil
import pytest

from benchmarks.process import source
from benchmarks.soak import TAGS
from mxgw_notebook.client import AlarmMessage, EventReader, GatewayClient
from mxgw_notebook.live import Hub
from tests.reading import reading
from tests.until import until

pytestmark = pytest.mark.long


async def read_all(events: int, rate: int) -> EventReader:
    """A reader that has read all events of a source, which come at a rate."""
    with source("benchmarks.paced", str(events), str(rate)) as address:
        client = await GatewayClient.connect(address, plaintext=True)
        session = await client.open_session()
        session.hand_over_events()
        reader = EventReader(client.options, session.session_id)
        reader.start()
        await session.subscribe_bulk(await session.register("tests"), TAGS)
        await until(lambda: reader.received == events)
        await asyncio.to_thread(reader.stop)
        await session.close()
        await client.close()
    return reader


async def test_a_thousand_events_a_second_are_read_in_bursts_and_not_one_by_one() -> None:
    reader = await read_all(events=2_000, rate=1_000)
    assert reader.rests.taken > 20
    assert len(reader.take()) == 2_000


@pytest.mark.skipif(sys.platform != "linux", reason="counts wakes as Linux tells them")
async def test_the_reading_process_wakes_for_bursts_and_not_for_packets() -> None:
    with source("benchmarks.paced", "4000", "1000") as address:
        client = await GatewayClient.connect(address, plaintext=True)
        hub = Hub(client, "tests", reader="process")
        before = reading()
        await hub.subscribe(TAGS)
        (child,) = (process for process in reading() if process not in before)
        await until(lambda: hub.received > 1_000)
        first, woken = hub.received, wakes(child)
        await until(lambda: hub.received == 4_000)
        woken = wakes(child) - woken
        await hub.close()
        await client.close()
    assert woken < (4_000 - first) / 2  # about one for each packet, where gRPC's own threads wait for them


def wakes(process: psutil.Process) -> int:
    """How often all the threads of a process began to wait."""
    told = [path.read_text() for path in Path(f"/proc/{process.pid}/task").glob("*/status")]
    return sum(int(found) for found in re.findall(r"\nvoluntary_ctxt_switches:\s+(\d+)", "".join(told)))


async def test_alarms_under_load_wake_the_loop_for_many_at_once() -> None:
    with source("benchmarks.alarm_source", "20000") as address:
        client = await GatewayClient.connect(address, plaintext=True)
        found: list[AlarmMessage] = []
        async with client.alarm_bursts() as feed:
            following = asyncio.create_task(feed.hand_to(found.append))
            await until(lambda: len(found) > 20_000)
            following.cancel()
            await asyncio.wait({following})
        await client.close()
    assert feed.wakes < 2_000  # 20,000 where the loop wakes for each


async def test_a_reader_under_load_does_not_rest() -> None:
    reader = await read_all(events=50_000, rate=50_000)
    assert reader.rests.taken < 10  # resting whenever it could would be fifty times
    assert len(reader.take()) == 50_000
