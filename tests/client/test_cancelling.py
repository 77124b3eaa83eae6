"""Cancelling: whatever is waited for, the cancellation comes out, at once, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import time
import types
from collections.abc import AsyncIterator, Callable, Coroutine, Generator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from mxgw_notebook import Plant
from mxgw_notebook.client import GalaxyRepositoryClient, GatewayClient, Session, WriteEntry
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.conftest import KEY
from tests.until import until

TAG, OTHER = "Tank001.Level", "Pump001.SpeedSP"
AT_ONCE_SECONDS = 0.5
SLOW_AT_MOST = 3  # times in a row that one await may take longer


class Cancelled:
    """Runs work in a task that is cancelled as it begins to wait for the n-th time."""

    def __init__(self, step: int, work: Coroutine[Any, Any, None]) -> None:
        self.waited, self.took = 0, 0.0
        self._step, self._work = step, work

    async def run(self) -> None:
        """Raises what comes out of the work; `took` says how long after the cancellation."""
        task, begun = asyncio.current_task(), 0.0
        assert task is not None

        @types.coroutine
        def counted() -> Generator[Any, Any, None]:
            nonlocal begun
            sent, thrown = None, None
            while True:
                try:
                    future = self._work.send(sent) if thrown is None else self._work.throw(thrown)
                except StopIteration:
                    return
                self.waited += 1
                if self.waited == self._step:
                    task.cancel()
                    begun = time.monotonic()
                try:
                    sent, thrown = (yield future), None
                except BaseException as error:
                    thrown = error

        try:
            await counted()
        finally:
            self.took = time.monotonic() - begun if begun else 0.0


@pytest.fixture(scope="module")
def gateway() -> Iterator[EmbeddedGateway]:
    with EmbeddedGateway.start(seed=1, api_key=KEY) as started:
        yield started


@asynccontextmanager
async def opened(gateway: EmbeddedGateway) -> AsyncIterator[tuple[GatewayClient, Session, Any]]:
    async with (
        await GatewayClient.connect(gateway.endpoint, api_key=KEY, plaintext=True) as client,
        await client.open_session("cancelled") as session,
    ):
        client.gate.arm("tests")
        yield client, session, await session.register("cancelled")


async def commands(gateway: EmbeddedGateway) -> None:
    async with opened(gateway) as (_, session, server):
        item = await session.add_item(server, TAG)
        await session.advise(server, item)
        await session.read_bulk(server, [TAG, OTHER])
        (subscribed,) = await session.subscribe_bulk(server, [OTHER])
        await session.unsubscribe_bulk(server, [subscribed.item_handle])
        await session.un_advise(server, item)
        await session.remove_item(server, item)
        await session.ping()
        await session.get_session_state()


async def writes(gateway: EmbeddedGateway) -> None:
    async with opened(gateway) as (_, session, server):
        item = await session.add_item(server, OTHER)
        await session.advise(server, item)
        await session.write(server, item, 50.0)
        await session.write(server, item, 51.0, confirm=True)
        await session.write_tags(server, {OTHER: 52.0})
        await session.write_items(server, [WriteEntry(item, 53.0)])


async def events(gateway: EmbeddedGateway) -> None:
    async with opened(gateway) as (_, session, server), session.stream_events() as stream:
        await session.subscribe_bulk(server, [TAG])
        await anext(stream)


async def raw_events(gateway: EmbeddedGateway) -> None:
    async with opened(gateway) as (_, session, server), session.stream_events_raw() as stream:
        await session.subscribe_bulk(server, [TAG])
        await anext(stream)


async def alarms(gateway: EmbeddedGateway) -> None:
    async with opened(gateway) as (client, _, _), client.stream_alarms() as feed:
        await client.query_active_alarms()
        await anext(feed)


async def galaxy(gateway: EmbeddedGateway) -> None:
    async with await GalaxyRepositoryClient.connect(gateway.endpoint, api_key=KEY, plaintext=True) as client:
        await client.test_connection()
        await client.get_last_deploy()
        await client.discover_hierarchy(page_size=60)
        await client.hierarchy_columns(page_size=60)
        await (await client.browse().expand())[0].expand()
        async with client.watch_deploy_events() as deploys:
            await anext(deploys)


async def plant_values(gateway: EmbeddedGateway) -> None:
    async with await plant_at(gateway) as plant, plant.follow([TAG, "Nope.Nope"], every=0.01) as following:
        plant.gate.arm("tests")
        await anext(following)
        await plant.read([TAG, OTHER])
        await plant.write({OTHER: 54.0})
        await anext(following)


async def plant_news(gateway: EmbeddedGateway) -> None:
    async with await plant_at(gateway) as plant, plant.alarms(every=0.01) as alarms:
        await anext(alarms)
        await anext(alarms)
        async with plant.deploys() as deploys:
            await anext(deploys)


def plant_at(gateway: EmbeddedGateway) -> Coroutine[Any, Any, Plant]:
    return Plant.connect(gateway.endpoint, api_key=KEY, plaintext=True)


Scenario = Callable[[EmbeddedGateway], Coroutine[Any, Any, None]]


SCENARIOS = (commands, writes, events, raw_events, alarms, galaxy, plant_values, plant_news)


@pytest.mark.parametrize("scenario", SCENARIOS)
async def test_a_task_that_is_cancelled_at_any_await_ends_so_and_leaves_nothing(
    gateway: EmbeddedGateway, scenario: Scenario
) -> None:
    before, step, slow = asyncio.all_tasks(), 1, 0
    while True:
        cancelled = Cancelled(step, scenario(gateway))
        task = asyncio.ensure_future(cancelled.run())
        await asyncio.wait({task})
        if not task.cancelled():
            task.result()
            break
        await until(lambda: nothing_is_open(gateway))
        await until(lambda: not asyncio.all_tasks() - before)
        # A machine that stood still does not do so at the same await each time.
        slow = slow + 1 if cancelled.took >= AT_ONCE_SECONDS else 0
        assert slow < SLOW_AT_MOST, f"at await {step}: {cancelled.took:.2f} s"
        step += not slow
    assert 1 < cancelled.waited < step, "it went on though it was cancelled"


def nothing_is_open(gateway: EmbeddedGateway) -> bool:
    status = gateway.status()
    return not status["sessions"] and not any(status["streams"].values())
