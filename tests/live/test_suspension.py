"""A kernel that does not run for a while, as under a closed lid: what came is there, or in a gap."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

import psutil
import pytest

from tests.live.chaos_gateway import QUEUE, ChaosGateway, ChaosSession
from tests.live.network import Network
from tests.live.notebook import PATIENCE, SILENCE_SECONDS, Notebook, notebook
from tests.until import until

pytestmark = pytest.mark.long

TAGS = ["Tank001.Level", "Tank002.Level", "Tank003.Level"]
# Long enough for an absence, and longer than a dead connection goes unnoticed.
BRIEFLY_SECONDS = 2 * PATIENCE.suspended
LONG_SECONDS = SILENCE_SECONDS + 1.5
STALLED_SECONDS = 0.05
# Events so heavy that a connection which nobody reads is soon full: it takes some megabytes.
WEIGHT = 1_000
both_readers = pytest.mark.parametrize("reader", ["thread", "process"])


class Desk:
    """A gateway behind a network, and a notebook at it."""

    def __init__(self, gateway: ChaosGateway, network: Network, watching: Notebook) -> None:
        self.gateway, self.network, self.notebook = gateway, network, watching

    @property
    def session(self) -> ChaosSession:
        """The one that lives."""
        (session,) = self.gateway.living
        return session

    @property
    def everything(self) -> list[psutil.Process]:
        """What a closed lid stops."""
        return [self.notebook.kernel, *self.notebook.readers()]

    async def change(self, count: int) -> None:
        """Changes, faster than any plant's, but no faster than a subscriber who reads can take them."""
        for start in range(0, count, 500):
            self.gateway.change(min(500, count - start))
            with suppress(TimeoutError):
                await until(lambda: not any(one.waiting for one in self.gateway.living), STALLED_SECONDS)

    async def settled(self) -> None:
        """Returns once the notebook has the last change."""
        await self.notebook.until(newest=len(self.gateway.sent), status="live")

    async def check_the_gap(self, until_ns: int) -> int:
        """Values flow again, each came once or lies in the one gap, and that lasts to the absence's end.

        How many are missing.
        """
        await self.notebook.until(status="live")
        await self.change(60)
        await self.settled()
        seen = await self.notebook.look()
        missing = lost(self.gateway.sent, seen["values"])
        ((start, end, _),) = seen["gaps"]
        assert missing
        assert (start <= missing[0], missing[-1] <= end) == (True, True)
        assert end >= until_ns
        assert any(status.startswith("reconnecting") for status in seen["statuses"])
        return len(missing)


@asynccontextmanager
async def desk(reader: str) -> AsyncIterator[Desk]:
    gateway = ChaosGateway(TAGS, 0, weight=WEIGHT)
    await gateway.start()
    network = Network(gateway.port)
    try:
        async with notebook(await network.start(), reader, TAGS) as watching:
            there = Desk(gateway, network, watching)
            await there.change(60)
            await there.settled()
            yield there
    finally:
        await network.stop()
        await gateway.kill()


@contextmanager
def suspended(processes: list[psutil.Process]) -> Iterator[None]:
    for process in processes:
        process.suspend()
    try:
        yield
    finally:
        for process in processes:
            process.resume()


async def passed(seconds: float) -> None:
    begun = time.monotonic()
    await until(lambda: time.monotonic() - begun > seconds)


def lost(sent: list[tuple[int, int]], values: list[int]) -> list[int]:
    """When those of the gateway's values were sent that did not come."""
    assert len(set(values)) == len(values), "a value came twice"
    came = set(values)
    return [at for value, at in sent if value not in came]


@both_readers
async def test_a_session_that_faults_under_a_closed_lid_leaves_a_gap(reader: str) -> None:
    async with desk(reader) as there:
        session = there.session
        with suspended(there.everything):
            while not session.faulted:
                await there.change(1000)
            assert len(there.gateway.sent) > QUEUE
            await passed(LONG_SECONDS)
            opened_ns = time.time_ns()
        missing = await there.check_the_gap(opened_ns)
        assert len(there.gateway.sessions) == 2
        # What was in the connection has come; what waited at the gateway went with the session.
        assert missing < QUEUE * 1.25


@both_readers
async def test_a_session_that_is_gone_when_the_lid_opens_leaves_a_gap(reader: str) -> None:
    async with desk(reader) as there:
        with suspended(there.everything):
            there.network.cut()
            there.gateway.sessions.clear()
            await there.change(500)
            await passed(LONG_SECONDS)
            opened_ns = time.time_ns()
        await there.check_the_gap(opened_ns)


@both_readers
async def test_a_short_absence_costs_nothing(reader: str) -> None:
    async with desk(reader) as there:
        session = there.session
        with suspended(there.everything):
            await there.change(QUEUE // 2)
            await passed(BRIEFLY_SECONDS)
        await there.settled()
        await there.change(60)
        await there.settled()
        seen = await there.notebook.look()
        assert lost(there.gateway.sent, seen["values"]) == []
        assert (seen["gaps"], seen["interruptions"]) == ([], 0)
        assert there.session is session


async def test_a_kernel_that_stands_while_its_reader_runs_misses_nothing() -> None:
    async with desk("process") as there:
        session = there.session
        with suspended([there.notebook.kernel]):
            await there.change(QUEUE + 2_000)
            await until(lambda: not session.waiting)  # the reader has taken it all, on a busy machine later
        await there.settled()
        seen = await there.notebook.look()
        assert lost(there.gateway.sent, seen["values"]) == []
        assert (seen["gaps"], seen["interruptions"]) == ([], 0)
        assert there.session is session
