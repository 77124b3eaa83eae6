"""All that follows a gateway, at work; and a function that is known everywhere, made to throw."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from typing import Any

import pytest

from mxgw_notebook.client import GalaxyRepositoryClient, GatewayClient
from mxgw_notebook.gateway.model import GalaxyModel, RepositorySource
from mxgw_notebook.live import AlarmBoard, DeployFeed, Hub, Plant, broken
from mxgw_notebook.live.follow import Follower
from mxgw_notebook.simulator.server import ServedGateway
from tests.conftest import KEY
from tests.live.conftest import LEVEL, SPEED, hub_at
from tests.until import until

WORDS = "a mistake of ours"
ARRAY, TEXT = "Recipe_101.StepLimits[]", "Tank001.Product"
# True for what is done for somebody who waits for it, and whatever that begins.
ASKED: ContextVar[bool] = ContextVar("asked", default=False)


class Mistake:
    """Throws, and counts who met it: whoever asked for something, or what runs by itself."""

    def __init__(self, *, alone: bool) -> None:
        self.asked = self.alone = 0
        self._only_alone, self._main = alone, asyncio.current_task()

    def is_asked(self) -> bool:
        """Whether what is done here and now is done for somebody who waits for it."""
        try:
            task = asyncio.current_task()
        except RuntimeError:  # a thread of its own
            task = None
        return ASKED.get() or task is self._main

    def happen(self) -> bool:
        """Whether it does, here and now."""
        if self.is_asked():
            self.asked += not self._only_alone
            return not self._only_alone
        self.alone += 1
        return True


@contextmanager
def mistaken(holder: Any, name: str, *, alone: bool) -> Iterator[Mistake]:
    """Has a function, wherever it is known by its name, or a method throw; `alone`: where nobody asked."""
    real, mistake = vars(holder)[name], Mistake(alone=alone)

    def call(*given: Any, **settings: Any) -> Any:
        if mistake.happen():
            raise RuntimeError(WORDS)
        return real(*given, **settings)

    with pytest.MonkeyPatch.context() as patch:
        replace_everywhere(patch, holder, name, call)
        yield mistake


def replace_everywhere(patch: pytest.MonkeyPatch, holder: Any, name: str, by: Callable[..., Any]) -> None:
    """Another function in place of one, by whatever name a module knows that."""
    real = vars(holder)[name]
    patch.setattr(holder, name, by)
    for module in [known for at, known in sys.modules.items() if at.startswith("mxgw_notebook.")]:
        for alias in [alias for alias, value in list(vars(module).items()) if value is real]:
            patch.setattr(module, alias, by)


@contextmanager
def noted(places: Sequence[tuple[Any, str]], *, alone: bool) -> Iterator[list[bool]]:
    """Notes of each function whether it is called at all; `alone`: where nobody asked."""
    called, mistake = [False] * len(places), Mistake(alone=alone)

    def noting(number: int, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **settings: Any) -> Any:
            called[number] |= not (alone and mistake.is_asked())
            return real(*given, **settings)

        return call

    with pytest.MonkeyPatch.context() as patch:
        for number, (holder, name) in enumerate(places):
            replace_everywhere(patch, holder, name, noting(number, vars(holder)[name]))
        yield called


class Everything:
    """All that follows a gateway, and a call of each kind that asks it."""

    def __init__(
        self, served: ServedGateway, hub: Hub, client: GatewayClient, galaxy: GalaxyRepositoryClient
    ) -> None:
        self.served, self.hub = served, hub
        self._turned_away = False
        client.gate.arm("tests", minutes=None)
        self.plant = Plant(client, galaxy, name="tests", reader="thread")
        self.following = self.plant.follow([SPEED, LEVEL, "Nowhere.Nope"], every=0.05)
        self.alarms = self.plant.alarms(every=0.05)
        self._iterating: list[asyncio.Task[None]] = []
        self._told: list[str] = []
        self.model = GalaxyModel(RepositorySource(galaxy))
        self.board, self.deploys = AlarmBoard(client), DeployFeed(galaxy, self._load)
        self._followers = [Follower("board", self.board.follow), Follower("deploys", self.deploys.follow)]
        self._calls: tuple[Callable[[], Awaitable[Any]], ...] = (
            lambda: hub.read([SPEED, "FIC101.SP", "Nowhere.Nope"], timeout=1),
            lambda: hub.write("FIC101.SP", 41.0, timeout=2),
            lambda: hub.writer.write_many({"FIC101.SP": 42.0}, timeout=2),
            client.query_active_alarms,
            galaxy.discover_hierarchy,
            galaxy.hierarchy_columns,
            lambda: galaxy.browse().expand(),
            galaxy.get_last_deploy,
            lambda: self.plant.read([SPEED, "Nowhere.Nope"], timeout=1),
            lambda: self.plant.write({"FIC101.SP": 43.0}, timeout=2),
            self._follow_a_moment,
            self._first_deploy,
            self._status,
        )

    async def _follow_a_moment(self) -> None:
        async with self.plant.follow([LEVEL], every=0.01) as rounds:
            await asyncio.wait_for(anext(rounds), 5)

    async def _first_deploy(self) -> Any:
        return await asyncio.wait_for(anext(self.plant.deploys()), 5)

    async def _status(self) -> Any:
        return self.plant.status()

    async def _load(self, deploy: Any) -> None:
        del deploy
        await self.model.load(again=True)

    async def begin(self) -> None:
        """Follows, until all of it is live."""
        (self.speed, *_) = await self.hub.subscribe([SPEED, LEVEL, ARRAY, TEXT, "Nowhere.Nope"])
        await self.hub.subscribe([SPEED], buffered_ms=500)
        for follower in self._followers:
            follower.start()
        # Once before anybody is said to wait: what that begins runs by itself from then on.
        for rounds in (self.following, self.alarms):
            await anext(rounds)
        await until(self.is_live)
        before = ASKED.set(True)
        self._iterating = [asyncio.create_task(self._iterate(each)) for each in (self.following, self.alarms)]
        ASKED.reset(before)

    async def _iterate(self, rounds: AsyncIterator[Any]) -> None:
        """Follows as a program does that goes on after whatever it is told."""
        while True:
            try:
                await anext(rounds)
            except Exception as error:  # whatever it is, who iterates has it
                self._told.append(str(error))
                await asyncio.sleep(0.05)

    async def end(self) -> None:
        """Follows no more."""
        for task in self._iterating:
            task.cancel()
        await asyncio.gather(*self._iterating, return_exceptions=True)
        for follower in self._followers:
            await follower.close()
        for rounds in (self.following, self.alarms):
            await rounds.aclose()
        await self.plant.close()

    def is_live(self) -> bool:
        """Whether all of it says so."""
        told = (self.plant.hub.standing, self.plant._deploys.standing, self.alarms.board.standing)
        own = self.hub.status == self.board.status == self.deploys.status == "live"
        return own and all(standing.is_live for standing in told)

    async def happen(self, mistake: Mistake) -> tuple[str, bool]:
        """Values change, alarms come and go, something is deployed, every call is made, streams are lost.

        What was told to those who asked, and whether anything was live no more for a moment.
        """
        self._turned_away = False
        self._told.clear()
        before = ASKED.set(True)  # for the task, which is the test's own
        looking = asyncio.create_task(self._look())
        ASKED.reset(before)
        try:
            await self._ask_everything()
            await self.served.advance(120)
            self.served.deploy()
            await self._settled(mistake)
            for trouble in ("evict-replay", "drop", "kill-worker"):
                if not mistake.alone:
                    await self.served.fault(trouble)
                    await self.served.advance(10)
                    await self._settled(mistake)
            if mistake.alone:
                with contextlib.suppress(TimeoutError):
                    await until(lambda: self._turned_away, 5)
        finally:
            looking.cancel()
            await asyncio.wait({looking})
        if mistake.asked:  # who iterates hears of it at the next look
            with contextlib.suppress(TimeoutError):
                await until(lambda: any(WORDS in told for told in self._told), 5)
        return "\n".join(self._told), self._turned_away

    async def _look(self) -> None:
        """Notes whether anything is live no more, be it for a moment."""
        while True:
            self._turned_away |= not self.is_live()
            await asyncio.sleep(0.001)

    async def _settled(self, mistake: Mistake) -> None:
        """All has been taken in, or the mistake was met."""
        seen = self.hub.received
        await self.served.advance(2)
        await until(lambda: mistake.alone or (self.is_live() and self.hub.received > seen), 30)

    async def _ask_everything(self) -> None:
        for call in self._calls:
            before = ASKED.set(True)
            try:
                self._told.append(repr(await call()))
            except Exception as error:  # whatever it is, who asked has it
                self._told.append(str(error))
            finally:
                ASKED.reset(before)

    async def recovers(self) -> None:
        """All is live again, and values come."""
        hubs, boards = (self.hub, self.plant.hub), (self.board, self.alarms.board)
        for unread in (*(hub._intake.unread for hub in hubs), *(board._feed.unread for board in boards)):
            unread._last_at = -broken.QUIET_SECONDS  # as if it had been quiet for so long
        await until(self.is_live, 60)
        seen = self.speed.history.total
        await self.served.advance(60)
        await until(lambda: self.speed.history.total > seen)


@asynccontextmanager
async def everything_at(served: ServedGateway) -> AsyncIterator[Everything]:
    """All of it, live."""
    async with (
        await GalaxyRepositoryClient.connect(served.endpoint, api_key=KEY, plaintext=True) as galaxy,
        await GatewayClient.connect(served.endpoint, api_key=KEY, plaintext=True) as client,
        hub_at(served.endpoint, reader="thread") as hub,
    ):
        every = Everything(served, hub, client, galaxy)
        try:
            await every.begin()
            yield every
        finally:
            await every.end()
