"""A day of the plant at 100x: no drift, no leak, no exception.

A whole day at this speed takes a quarter of an hour. What runs here by default is shortened: six minutes of
the plant over the wire at 100x, and a quarter of an hour on a clock of its own. `MXGW_SOAK_HOURS=24` makes
it the whole day.
"""

from __future__ import annotations

import asyncio
import gc
import os

import psutil
import pytest

from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire
from mxgw_notebook.simulator.clock import ManualClock
from mxgw_notebook.simulator.options import GatewayOptions
from mxgw_notebook.simulator.plant.attribute import Attribute
from mxgw_notebook.simulator.process import EmbeddedGateway
from mxgw_notebook.simulator.server import serving
from tests.conformance.plain_client import PlainSession, plain_client
from tests.simulator.conftest import KEY

pytestmark = pytest.mark.patient

SPEED = 100.0
HOURS = float(os.environ.get("MXGW_SOAK_HOURS", "0.1"))
MEGABYTE = 1024 * 1024
PARTS = 8
TAGS = ("Pump001.Speed", "Tank001.Level", "FIC101.PV", "TI111.PV", "LI151.PV")


class Watcher:
    """Reads a session's events to the end, and keeps what tells of drift and loss."""

    def __init__(self) -> None:
        self.count = self.last = 0
        self.gaps = 0

    async def read(self, session: PlainSession) -> None:
        stream = session.client.gateway.StreamEvents(
            wire.StreamEventsRequest(session_id=session.id), metadata=session.client.metadata
        )
        async for event in stream:
            self.gaps += event.worker_sequence != self.last + 1
            self.last = event.worker_sequence
            self.count += 1


async def test_a_plant_at_100x_neither_drifts_nor_leaks_nor_loses_events() -> None:
    seconds = HOURS * 3600.0 / SPEED
    memory, lags = list[int](), list[float]()
    with EmbeddedGateway.start(api_key=KEY, speed=SPEED, scenario="shift") as embedded:
        process = psutil.Process(embedded.pid)
        async with plain_client(embedded.endpoint, KEY) as client:
            session, watcher = await client.open(), Watcher()
            reading = asyncio.create_task(watcher.read(session))
            try:
                await session.subscribe(*TAGS)
                for _ in range(PARTS):
                    await asyncio.wait({reading}, timeout=seconds / PARTS)
                    assert not reading.done()
                    status = embedded.status()
                    memory.append(process.memory_info().rss)
                    lags.append(status["plant_lag"])
            finally:
                await session.close()
                await asyncio.wait({reading})
    print(f"{watcher.count} events, lags {lags}, megabytes {[one // MEGABYTE for one in memory]}")  # noqa: T201
    assert reading.exception() is None
    assert status["plant_skipped"] == 0.0
    assert watcher.gaps == 0
    assert watcher.count > HOURS * 3600.0
    assert min(lags) < 0.5 * SPEED  # a busy machine lets it lag for a moment; what drifts lags ever more
    assert lags[-1] < 5.0 * SPEED
    assert memory[-1] - memory[1] < 30 * MEGABYTE


async def test_hours_of_the_plant_leave_nothing_behind() -> None:
    options = GatewayOptions(api_key=KEY, clock=ManualClock(), scenario="shift", event_queue=100_000)
    async with serving(options) as gateway, plain_client(gateway.endpoint, KEY) as client:
        plant = gateway.plant
        await gateway.advance(300.0)
        counts = list[tuple[int, int]]()
        for _ in range(2):
            session = await client.open()
            await session.subscribe("Pump001.Speed", "Tank001.Level", "TI111.PV")
            await gateway.advance(300.0)
            assert await session.drain()
            await session.close()
            gc.collect()
            attributes = sum(isinstance(one, Attribute) for one in gc.get_objects())
            counts.append((attributes, len(plant.board.present())))
            watched = [a for o in plant.objects.values() for a in o.attributes.values() if a.watchers]
            assert watched == []
            assert not plant.journal.take()
            for name in ("Tank001.Level", "Reactor101.Level", "Pump001.Speed", "Boiler901.SteamPressure"):
                attribute = plant.attribute(name)
                assert attribute is not None
                assert 0.0 <= attribute.number <= 3_000.0
    assert counts[1][0] - counts[0][0] < 60  # a transmitter or two that somebody deployed
    assert counts[1][1] < 80
    assert plant.now == pytest.approx(options.clock.now(), abs=0.2)


async def test_a_plant_too_fast_for_its_machine_leaves_gaps_and_faults_nobody() -> None:
    limits = ["event_queue=4000", "most_lag=1"]
    with EmbeddedGateway.start(api_key=KEY, speed=20_000.0, limits=limits) as embedded:
        async with plain_client(embedded.endpoint, KEY) as client:
            session, watcher = await client.open(), Watcher()
            reading = asyncio.create_task(watcher.read(session))
            await session.subscribe(*TAGS)
            while watcher.count < 5_000:
                await asyncio.wait({reading}, timeout=0.05)
                assert not reading.done()
            while not (status := embedded.status())["plant_skipped"]:
                await asyncio.wait({reading}, timeout=0.05)
            reply = await session.invoke("get_session_state")
            await session.close()
            await reading
    assert reply.session_state.state == wire.SESSION_STATE_READY
    assert watcher.gaps == 0
    assert status["plant_skipped"] > 0.0
