"""Figures that are counted and not timed, which no busy machine changes much: what keeps a watch cheap."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import pytest

from benchmarks.process import source
from benchmarks.soak import TAGS
from mxgw_notebook.client import AlarmMessage, EventReader, GatewayClient
from mxgw_notebook.client.fast_events.holding import can_hold
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


@pytest.mark.skipif(not can_hold(), reason="this system cannot hold a connection")
async def test_grpcs_own_threads_do_not_wake_for_each_event() -> None:
    before = wakes_of_grpc()
    await read_all(events=4_000, rate=1_000)
    assert wakes_of_grpc() - before < 2_400  # 4,800 where they do; 1,000 where they do not


def wakes_of_grpc() -> int:
    """How often the threads of gRPC's core have woken in this process."""
    found = 0
    for task in Path("/proc/self/task").iterdir():
        with contextlib.suppress(OSError):  # it has ended
            if (task / "comm").read_text().strip() == "event_engine":
                words = (task / "status").read_text().split()
                found += int(words[words.index("voluntary_ctxt_switches:") + 1])
    return found


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
