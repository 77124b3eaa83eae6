"""A gateway that can be made to fail, behind a network, and a hub at it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from mxgw_notebook.live import Hub, Patience, ReaderKind
from tests.live.chaos_gateway import ChaosGateway, ChaosSession
from tests.live.conftest import hub_at
from tests.live.network import Network
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

    async def watch(self, changes: int) -> None:
        """Every tag is watched, and so many changes have come."""
        await self.hub.subscribe(TAGS)
        await self.changes(changes)

    async def lose_worker(self) -> ChaosSession:
        """The session whose worker is gone, and 10 changes with it, behind an open stream: it was noticed."""
        (session,) = self.gateway.living
        session.has_worker = False
        self.gateway.change(10)
        await until(lambda: self.hub.interruptions)
        return session

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
