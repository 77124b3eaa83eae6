"""By which clocks an absence is noticed, and what it costs to notice one that was none."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from mxgw_notebook.live import Patience
from mxgw_notebook.live.absence import Absence, Clocks
from tests.live.chaos_gateway import ChaosGateway
from tests.live.conftest import hub_at
from tests.live.network import Network
from tests.until import until

HOUR = 3_600.0
LOOKS = 20


@asynccontextmanager
async def plant() -> AsyncIterator[ChaosGateway]:
    """A gateway that counts what it is asked."""
    gateway = ChaosGateway(["Tank001.Level"], 0)
    await gateway.start()
    try:
        yield gateway
    finally:
        await gateway.kill()


class SetClocks:
    """The machine's clocks, ahead by what a test says."""

    def __init__(self) -> None:
        self.monotonic_ahead = self.wall_ahead = 0.0
        self.looked_at = 0

    @property
    def clocks(self) -> Clocks:
        return Clocks(monotonic=self._monotonic, wall=self._wall)

    def _monotonic(self) -> float:
        self.looked_at += 1
        return time.monotonic() + self.monotonic_ahead

    def _wall(self) -> float:
        return time.time() + self.wall_ahead

    async def passed(self) -> None:
        """Returns after some more looks."""
        before = self.looked_at
        await until(lambda: self.looked_at > before + LOOKS)


@pytest.mark.parametrize(
    ("monotonic", "wall", "missed"),
    [(0, 0, 0), (0, HOUR, HOUR), (HOUR, HOUR, HOUR), (0, -HOUR, 0), (HOUR, -HOUR, HOUR)],
    ids=["nothing", "the machine slept", "stopped", "clock set back", "stopped and clock set back"],
)
def test_what_either_clock_misses_is_an_absence(monotonic: float, wall: float, missed: float) -> None:
    hands = SetClocks()
    absence = Absence(hands.clocks)
    absence.leave()
    hands.monotonic_ahead, hands.wall_ahead = 1.0 + monotonic, 1.0 + wall
    assert absence.within(10.0) == pytest.approx(1.0 + missed, abs=0.5)
    assert absence.come_back(1.0) == pytest.approx(missed, abs=0.5)
    assert absence.within(10.0) == pytest.approx(missed, abs=0.5)
    hands.monotonic_ahead += 20.0
    hands.wall_ahead += 20.0
    absence.leave()
    assert absence.within(10.0) == pytest.approx(0.0, abs=0.5)


@pytest.mark.parametrize(
    ("monotonic", "wall", "asked"),
    [(0, HOUR, True), (HOUR, HOUR, True), (HOUR, -HOUR, True), (0, -HOUR, False)],
    ids=["the machine slept", "stopped", "stopped and clock set back", "clock set back"],
)
async def test_after_an_absence_the_gateway_is_asked_at_once(
    monotonic: float, wall: float, asked: bool
) -> None:
    hands = SetClocks()
    patience = Patience(look=0.01, clocks=hands.clocks)
    async with plant() as gateway, hub_at(f"127.0.0.1:{gateway.port}", patience=patience) as hub:
        (level,) = await hub.subscribe(gateway.tags)
        gateway.change(30)
        await until(lambda: len(level.history) == 30)
        await hands.passed()
        before = gateway.asked["read_bulk"]
        hands.monotonic_ahead, hands.wall_ahead = monotonic, wall
        await hands.passed()
        # Not by a Ping, whose number in the contract is a placeholder.
        assert gateway.asked["read_bulk"] - before == asked
        assert gateway.asked["ping"] == 0
        assert (hub.status, hub.interruptions) == ("live", 0)


async def test_after_an_absence_a_dead_connection_is_given_up_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("mxgw_notebook.live.hub.PROBE_SECONDS", 0.2)
    hands = SetClocks()
    patience = Patience(look=0.01, clocks=hands.clocks)
    async with plant() as gateway:
        network = Network(gateway.port)
        async with hub_at(await network.start(), patience=patience) as hub:
            (level,) = await hub.subscribe(gateway.tags)
            gateway.change(30)
            await until(lambda: len(level.history) == 30)
            network.hold()
            await hands.passed()
            assert hub.status == "live"
            hands.wall_ahead = HOUR
            await until(lambda: hub.status.startswith("reconnecting"))
            network.cut()
            network.let_go()
            await until(lambda: hub.status == "live")
            gateway.change(1)
            await until(lambda: len(level.history) == 31)
        await network.stop()
