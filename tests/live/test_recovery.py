"""What a hub does when the stream is lost: the same session again with a replay, or a new one with a gap."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import psutil
import pytest

from mxgw_notebook.client.event_ring import EventRing
from mxgw_notebook.errors import GatewayError
from mxgw_notebook.live import Hub, Patience, ReaderKind
from mxgw_notebook.simulator.server import ServedGateway
from tests.live.chaos_gateway import RING, ChaosGateway, Network
from tests.live.conftest import hub_at
from tests.until import until

TAGS = ["Tank001.Level", "Tank002.Level"]
IMPATIENT = Patience(look=0.05, least_silence=0.3, most_silence=0.6, first_retry=0.1, longest_retry=0.2)


class Site:
    """A gateway behind a network, and a hub at it."""

    def __init__(self, gateway: ChaosGateway, network: Network, hub: Hub) -> None:
        self.gateway, self.network, self.hub = gateway, network, hub

    def values(self) -> list[int]:
        """Every value kept of all tags, in order."""
        return sorted(int(value) for found in self.hub.subscriptions for value in found.history.all().number)

    def replayed(self) -> int:
        """How many samples are flagged as replayed."""
        kept = [found.history.all().replayed for found in self.hub.subscriptions]
        return sum(int(flags.sum()) for flags in kept if flags is not None)

    async def changes(self, count: int) -> None:
        """Changes that have all come."""
        self.gateway.change(count)
        await until(lambda: self.values()[-1:] == [len(self.gateway.sent)])


@asynccontextmanager
async def site(reader: ReaderKind = "thread", patience: Patience | None = None) -> AsyncIterator[Site]:
    gateway = ChaosGateway(TAGS, 0)
    await gateway.start()
    network = Network(gateway.port)
    try:
        async with hub_at(await network.start(), reader=reader, patience=patience) as hub:
            yield Site(gateway, network, hub)
    finally:
        await network.stop()
        await gateway.kill()


@pytest.mark.parametrize("reader", ["thread", "process"])
async def test_a_session_that_lives_is_resumed_and_nothing_is_missing(reader: ReaderKind) -> None:
    async with site(reader) as there:
        await there.hub.subscribe(TAGS)
        for _ in range(
            2
        ):  # of the first ones nobody knows how long they took: the decoder was yet to be made
            await there.changes(10)
        there.network.cut()
        there.gateway.change(100)
        await until(lambda: there.hub.interruptions)
        await there.changes(20)
        assert there.values() == list(range(1, 141))
        assert there.hub.outages == []
        assert there.hub.interruptions == 1
        assert 0 < there.replayed() <= 120
        assert len(there.gateway.sessions) == 1
        before = there.replayed()
        await asyncio.sleep(0.2)
        await there.changes(20)
        assert there.replayed() == before


async def test_what_the_gateway_cannot_replay_is_a_gap_with_its_count() -> None:
    async with site() as there:
        await there.hub.subscribe(TAGS)
        await there.changes(20)
        (session,) = there.gateway.living
        there.network.cut()
        await until(lambda: there.hub.interruptions and not session.subscribed)
        there.gateway.change(RING + 500)
        while session.waiting:  # read by a subscriber whose connection was gone already
            session.ring.append(session.waiting.popleft())
        await until(lambda: there.values()[-1] == len(there.gateway.sent))
        (gap,) = there.hub.outages
        assert (gap.cause, gap.events) == ("replay gap", 500)
        assert there.values() == [*range(1, 21), *range(521, 20 + RING + 501)]


async def test_a_faulted_session_is_replaced_and_its_present_values_are_not_taken_twice() -> None:
    async with site() as there:
        await there.hub.subscribe(TAGS)
        await there.changes(20)
        (session,) = there.gateway.living
        session.fault()
        await until(lambda: there.hub.status == "live" and len(there.gateway.sessions) == 2)
        await there.changes(2)
        assert there.values() == list(range(1, 23))
        (gap,) = there.hub.outages
        assert gap.cause == "outage"
        assert gap.end_ns is not None


async def test_a_stream_that_is_mute_while_the_gateway_has_values_is_taken_for_lost() -> None:
    async with site(patience=IMPATIENT) as there:
        await there.hub.subscribe(TAGS)
        await there.changes(40)
        (session,) = there.gateway.living
        session.mute = True
        there.gateway.change(10)
        await until(lambda: there.hub.interruptions)
        session.fault()
        await until(lambda: there.hub.status == "live")
        await there.changes(2)


async def test_a_worker_that_is_gone_behind_an_open_stream_is_found_out() -> None:
    async with site(patience=IMPATIENT) as there:
        await there.hub.subscribe(TAGS)
        await there.changes(40)
        (session,) = there.gateway.living
        session.has_worker = False
        there.gateway.change(10)
        await until(lambda: there.hub.interruptions)
        await until(lambda: there.hub.status == "live")
        await there.changes(2)
        assert there.values() == [*range(1, 41), 49, 50, 51, 52]
        (gap,) = there.hub.outages
        lost = [at for value, at in there.gateway.sent if 40 < value < 49]
        assert gap.start_ns <= lost[0]
        assert lost[-1] <= (gap.end_ns or 0)


async def test_a_plant_that_stands_still_is_called_silent_and_nothing_else() -> None:
    async with site(patience=IMPATIENT) as there:
        await there.hub.subscribe(TAGS)
        await there.changes(40)
        await until(lambda: there.hub.status.startswith("silent"))
        assert there.hub.interruptions == 0
        await there.changes(2)
        await until(lambda: there.hub.status == "live")


async def test_a_connection_on_which_nothing_is_answered_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mxgw_notebook.live.hub.PROBE_SECONDS", 0.2)
    async with site(patience=IMPATIENT) as there:
        await there.hub.subscribe(TAGS)
        await there.changes(40)
        there.network.hold()
        await until(lambda: there.hub.status.startswith("reconnecting"))
        there.network.cut()
        there.network.let_go()
        await until(lambda: there.hub.status == "live")
        await there.changes(2)
        assert there.hub.outages == []


async def test_a_tag_that_comes_with_a_deploy_starts_by_itself() -> None:
    async with site(patience=IMPATIENT) as there:
        there.gateway.unknown = {TAGS[1]}
        _, late = await there.hub.subscribe(TAGS)
        assert late.failure == "invalid reference"
        there.gateway.unknown = set()
        await until(lambda: not late.failure)
        await there.changes(2)
        assert len(late.history) == 1


async def test_a_deploy_hurries_the_next_try() -> None:
    slow = Patience(look=0.05, first_retry=60.0)
    async with site(patience=slow) as there:
        there.gateway.unknown = {TAGS[1]}
        _, late = await there.hub.subscribe(TAGS)
        there.gateway.unknown = set()
        there.hub.deployed()
        await until(lambda: not late.failure)


async def test_load_moves_the_reading_to_a_process_and_nothing_is_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("mxgw_notebook.live.watchdog.PROCESS_RATE", 100.0)
    async with site("auto", IMPATIENT) as there:
        await there.hub.subscribe(TAGS)
        assert there.hub.health.reader == "thread"
        async with asyncio.timeout(20):
            while there.hub.health.reader != "process":
                await there.changes(100)
        await there.changes(100)
        assert there.values() == list(range(1, len(there.gateway.sent) + 1))
        assert there.hub.outages == []


async def test_a_process_that_cannot_be_had_is_replaced_by_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(descriptors: tuple[int, ...]) -> None:
        raise OSError("no more processes")

    monkeypatch.setattr("mxgw_notebook.client.process_reader.launched", refuse)
    async with site("process") as there:
        await there.hub.subscribe(TAGS)
        await there.changes(10)
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
            await there.hub.subscribe(TAGS)
        await there.changes(10)
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


def reading() -> list[psutil.Process]:
    """The reading processes below this one, ended ones that nobody looked after among them."""
    below = psutil.Process().children()
    ended = [child for child in below if child.status() == psutil.STATUS_ZOMBIE]
    return ended + [child for child in below if child not in ended and "reader_child" in str(child.cmdline())]


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
    before = shared_memory()
    async with site("process") as there:
        await there.hub.subscribe(TAGS)
        await there.changes(20)
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
        await there.hub.subscribe(TAGS)
        await there.changes(40)
        (child,) = reading()
        child.suspend()
        there.gateway.change(100)
        await until(lambda: there.hub.interruptions)
        await until(lambda: there.hub.status == "live")
        await there.changes(20)
        assert child not in reading()
        assert there.values() == list(range(1, 161))


async def test_a_session_that_faults_while_another_reader_takes_over_is_replaced() -> None:
    async with site() as there:
        await there.hub.subscribe(TAGS)
        await there.changes(20)
        (session,) = there.gateway.living
        taking_over = asyncio.create_task(there.hub.read_by("process"))
        await until(lambda: not session.subscribed)
        session.fault()
        await taking_over
        await until(lambda: there.hub.status == "live" and len(there.gateway.living) == 1)
        await there.changes(20)
        assert there.values() == list(range(1, 41))


@pytest.mark.parametrize("reader", ["thread", "process"])
async def test_a_worker_that_is_killed_costs_a_gap_and_nothing_else(
    served: ServedGateway, reader: ReaderKind
) -> None:
    tags = [*TAGS, "Pump001.Description"]
    async with hub_at(served.endpoint, reader=reader) as hub:
        subscriptions = await hub.subscribe(tags)
        await served.advance(20)
        await until(lambda: min(len(found.history) for found in subscriptions[:2]) > 3)
        (before,) = served.sessions.ready()
        killed_ns = int(served.plant.now * 1e9)
        await served.fault("kill-worker")
        await until(lambda: hub.status.startswith("reconnecting"))
        await served.advance(20)
        missed = [len(found.history) for found in subscriptions]
        await until(lambda: hub.status == "live")
        back_ns = int(served.plant.now * 1e9)
        await served.advance(20)
        await until(lambda: all(len(f.history) > m for f, m in zip(subscriptions[:2], missed, strict=False)))
        (after,) = served.sessions.ready()
        assert after is not before
        (gap,) = hub.outages
        assert (gap.cause, gap.start_ns <= killed_ns) == ("outage", True)
        assert gap.end_ns is not None
        assert gap.end_ns >= back_ns
        assert len(subscriptions[2].history) == 1  # its value is the one of before
        for found in subscriptions:
            kept = found.history.all()
            assert len(set(kept.time_ns.tolist())) == len(kept)


async def test_a_read_while_the_gateway_is_away_says_so() -> None:
    async with site() as there:
        await there.hub.subscribe(TAGS)
        await there.gateway.kill()
        await until(lambda: there.hub.status.startswith("reconnecting"))
        with pytest.raises(GatewayError):
            await there.hub.read(TAGS, timeout=1)
