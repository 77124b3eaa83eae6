"""Gateways behind a network, and what may become of them while a program runs."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from mxgw_notebook.simulator.server import ServedGateway
from tests.live.chaos_gateway import ChaosGateway
from tests.live.network import Network

TAGS = ["Tank001.Level", "Tank002.Level"]
CHANGES = 200  # a second
FAULTS = ["cut", "frozen", "restarted", "killed"]


class Site(ABC):
    """A gateway behind a network."""

    def __init__(self, network: Network, endpoint: str) -> None:
        self.network, self.endpoint = network, endpoint

    async def fail(self, fault: str) -> None:
        """From now on it is cut off, frozen, killed; or it is restarted, which is over at once."""
        if fault == "frozen":
            self.network.hold()
            return
        if fault != "restarted":
            self.network.go_down()
        if fault != "cut":
            await self.restart()

    async def mend(self) -> None:
        """It can be reached again. One that was killed knows no session of before."""
        self.network.let_go()
        self.network.come_up()

    @abstractmethod
    async def restart(self) -> None:
        """Nothing survives: no connection, no session."""

    @abstractmethod
    def streams(self) -> int:
        """How many are open."""

    @abstractmethod
    def sessions(self) -> int:
        """How many live."""


class NumberedSite(Site):
    """Its every change has a number that no other has."""

    def __init__(self, gateway: ChaosGateway, network: Network, endpoint: str) -> None:
        super().__init__(network, endpoint)
        self.gateway = gateway

    async def restart(self) -> None:
        await self.gateway.kill()
        await self.gateway.start()

    def streams(self) -> int:
        return sum(session.subscribed for session in self.gateway.sessions.values())

    def sessions(self) -> int:
        return len(self.gateway.living)


class PlantSite(Site):
    """The simulated plant."""

    def __init__(self, served: ServedGateway, network: Network, endpoint: str) -> None:
        super().__init__(network, endpoint)
        self.served = served

    async def restart(self) -> None:
        await self.served.fault("restart")

    def streams(self) -> int:
        return sum(self.served.open_calls.values())

    def sessions(self) -> int:
        return len(self.served.sessions.ready())


@asynccontextmanager
async def numbered_site() -> AsyncIterator[NumberedSite]:
    gateway = ChaosGateway(TAGS, CHANGES)
    await gateway.start()
    network = Network(gateway.port)
    changing = asyncio.create_task(gateway.run_plant())
    try:
        yield NumberedSite(gateway, network, await network.start())
    finally:
        changing.cancel()
        await asyncio.gather(changing, return_exceptions=True)
        await network.stop()
        await gateway.kill()


@asynccontextmanager
async def plant_site(served: ServedGateway) -> AsyncIterator[PlantSite]:
    network = Network(int(served.endpoint.rpartition(":")[2]))
    try:
        yield PlantSite(served, network, await network.start())
    finally:
        await network.stop()
