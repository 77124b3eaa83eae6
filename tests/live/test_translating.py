"""Whatever translates what comes is found here, and throws: it is told, nothing dies of it, all recovers."""

from __future__ import annotations

import ast
import importlib
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import mxgw_notebook.client
from mxgw_notebook.client import GalaxyRepositoryClient, GatewayClient
from mxgw_notebook.errors import GatewayError
from mxgw_notebook.live import AlarmBoard, DeployFeed, Hub, broken
from mxgw_notebook.live.alarms import alarm_follower
from mxgw_notebook.live.follow import Follower
from mxgw_notebook.simulator.server import ServedGateway
from tests.conftest import KEY
from tests.live.conftest import LEVEL, SPEED, hub_at
from tests.until import until

pytestmark = pytest.mark.long

CLIENT = Path(mxgw_notebook.client.__file__).parent
WORDS = "a mistake of ours"
# What makes messages, or looks at them for a caller who is told at once by what they raise.
OUTGOING = ("outgoing", "requests", "typed", "value_type")
# Beside what takes a message: what takes the bytes of many.
OF_BYTES = ("parsed", "table_from_arrow", "table_from_messages", "sort_out", "arrival", "hierarchy_columns")


def translating() -> Iterator[str]:
    """Every function of a module of the client that makes something of a message which came."""
    for path in sorted(CLIENT.rglob("*.py")):
        if path.stem in OUTGOING:
            continue
        for function in ast.parse(path.read_text("utf-8")).body:
            if isinstance(function, ast.FunctionDef) and takes_a_message(function):
                module = ".".join(path.relative_to(CLIENT).with_suffix("").parts)
                yield f"{module}:{function.name}"


def takes_a_message(function: ast.FunctionDef) -> bool:
    annotations = [ast.unparse(each.annotation) for each in function.args.args if each.annotation]
    is_request = any("Request" in words for words in annotations)
    names_message = any("wire." in words for words in annotations) and not is_request
    return function.name in OF_BYTES or (names_message and not function.name.endswith("_message"))


def break_everywhere(monkeypatch: pytest.MonkeyPatch, place: str) -> list[int]:
    """Has a function throw wherever it is known by its name; the calls are noted."""
    module, _, name = place.partition(":")
    real = getattr(importlib.import_module(f"{mxgw_notebook.client.__name__}.{module}"), name)
    thrown: list[int] = []

    def fail(*_: Any, **__: Any) -> Any:
        thrown.append(1)
        raise RuntimeError(WORDS)

    for known in [known for at, known in sys.modules.items() if at.startswith("mxgw_notebook.")]:
        for alias, value in list(vars(known).items()):
            if value is real:
                monkeypatch.setattr(known, alias, fail)
    return thrown


class Everything:
    """All that follows a gateway, and a call of each kind that asks it."""

    def __init__(
        self, served: ServedGateway, hub: Hub, client: GatewayClient, galaxy: GalaxyRepositoryClient
    ):
        self.served, self.hub, self.client, self.galaxy = served, hub, client, galaxy
        self.board, self.deploys = AlarmBoard(client), DeployFeed(galaxy, self._note)
        self.followers = [Follower("board", self.board.follow), Follower("deploys", self.deploys.follow)]
        self.calls: dict[str, Callable[[], Awaitable[Any]]] = {
            "read": lambda: hub.read([SPEED, "FIC101.SP", "Nowhere.Nope"], timeout=1),
            "write": lambda: hub.write("FIC101.SP", 41.0, timeout=2),
            "write bulk": lambda: hub.writer.write_many({"FIC101.SP": 42.0}, timeout=2),
            "alarms": client.query_active_alarms,
            "objects": galaxy.discover_hierarchy,
            "columns": galaxy.hierarchy_columns,
            "children": lambda: galaxy.browse().expand(),
            "last deploy": galaxy.get_last_deploy,
        }

    async def _note(self, deploy: Any) -> None:
        del deploy

    async def begin(self) -> None:
        (self.speed, self.level) = await self.hub.subscribe([SPEED, LEVEL])
        for follower in self.followers:
            follower.start()
        await until(self.is_live)

    async def end(self) -> None:
        for follower in self.followers:
            await follower.close()

    def is_live(self) -> bool:
        return self.hub.status == self.board.status == self.deploys.status == "live"

    async def happen(self) -> None:
        """Values change, alarms come and go, something is deployed, and every call is made."""
        await self.served.advance(120)
        self.served.deploy()
        told: dict[str, str] = {}
        for name, call in self.calls.items():
            try:
                await call()
            except GatewayError as error:
                told[name] = str(error)
        assert not [line for line in told.values() if "\n" in line]


@pytest.mark.parametrize("place", list(translating()))
async def test_what_cannot_be_translated_is_told_and_all_of_it_recovers(
    served: ServedGateway, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.setattr(broken, "QUIET_SECONDS", 600.0)
    monkeypatch.setattr(alarm_follower, "RELIST_SECONDS", 2.0)
    monkeypatch.setattr(alarm_follower, "LIST_END_SECONDS", 1.0)
    async with (
        await GalaxyRepositoryClient.connect(served.endpoint, api_key=KEY, plaintext=True) as galaxy,
        await GatewayClient.connect(served.endpoint, api_key=KEY, plaintext=True) as client,
        hub_at(served.endpoint, reader="thread") as hub,
    ):
        every = Everything(served, hub, client, galaxy)
        try:
            await breaks_and_recovers(every, monkeypatch, place)
        finally:
            await every.end()


async def breaks_and_recovers(every: Everything, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    hub, served = every.hub, every.served
    await every.begin()
    seen, batches = every.speed.history.total, hub.received
    with monkeypatch.context() as mistake:
        thrown = break_everywhere(mistake, place)
        await every.happen()
        await until(lambda: hub.received > batches or not hub.standing.is_live)
        if thrown:
            assert every.speed.history.total > seen or hub.status != "live"
    monkeypatch.setattr(broken, "QUIET_SECONDS", 0.0)
    await until(every.is_live, 60)
    seen = every.speed.history.total
    await served.advance(60)
    await until(lambda: every.speed.history.total > seen)
