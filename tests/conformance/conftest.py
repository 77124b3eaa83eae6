"""The suite's gateway, its clients and the passing of time."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import grpc
import pytest

from mxgw_notebook.simulator.keys import Key
from mxgw_notebook.simulator.server import ServedGateway, serving
from tests import kindness
from tests.conformance.plain_client import PlainClient, PlainSession, plain_client
from tests.conformance.target import KEY, Target, elsewhere, embedded

Pass = Callable[[float], Awaitable[None]]
Served = Callable[..., AbstractAsyncContextManager[tuple[ServedGateway, PlainClient]]]
READER = Key("mxgw_reader_1", scopes=frozenset({"session:open", "session:close", "invoke:read"}))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What only a simulated gateway can be made to do is skipped at another one."""
    for item in items:
        mark = item.get_closest_marker("simulated_only")
        if mark is not None and elsewhere() is not None:
            why = mark.args[0] if mark.args else "it takes switches that a real gateway lacks"
            item.add_marker(pytest.mark.skip(reason=f"simulated only: {why}"))


@pytest.fixture
async def simulated() -> AsyncIterator[ServedGateway | None]:
    """The embedded gateway on a clock that stands still; None where the suite speaks to another."""
    if elsewhere() is not None:
        yield None
        return
    async with serving(kindness.options(seed=1, api_key=KEY, keys=(READER,))) as made:
        yield made


@pytest.fixture
def gateway(simulated: ServedGateway | None) -> ServedGateway:
    """The embedded gateway, for tests that are marked simulated_only."""
    assert simulated is not None
    return simulated


@pytest.fixture
def target(simulated: ServedGateway | None) -> Target:
    """The gateway under test."""
    named = elsewhere()
    if named is not None:
        return named
    assert simulated is not None
    return embedded(simulated.endpoint)


@pytest.fixture
async def client(target: Target) -> AsyncIterator[PlainClient]:
    async with target.client() as made:
        yield made


@pytest.fixture
async def session(client: PlainClient) -> AsyncIterator[PlainSession]:
    made = await client.open()
    yield made
    with contextlib.suppress(grpc.aio.AioRpcError):  # a test may have restarted the gateway
        await made.close()


@pytest.fixture
def passing(simulated: ServedGateway | None) -> Pass:
    """Lets so many seconds pass at the plant."""

    async def wait(seconds: float) -> None:
        if simulated is None:
            await asyncio.sleep(seconds)
        else:
            await simulated.advance(seconds)

    return wait


@pytest.fixture
def served() -> Served:
    """An embedded gateway with options of its own, and a client of it."""

    @asynccontextmanager
    async def made(**options: Any) -> AsyncIterator[tuple[ServedGateway, PlainClient]]:
        settings = kindness.options(api_key=KEY, **options)
        async with serving(settings) as gateway, plain_client(gateway.endpoint, KEY) as client:
            yield gateway, client

    return made
