"""Deploys: those that come while the galaxy is walked through, and those that are followed."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from datetime import UTC, datetime

import pytest

from mxgw_notebook.client import (
    DeployEvent,
    GalaxyRepositoryClient,
)
from mxgw_notebook.errors import (
    AuthenticationError,
    InvalidRequestError,
)
from mxgw_notebook.simulator.server import ServedGateway
from tests.client.test_galaxy import names_in


@pytest.mark.kind_only("what it asks is what is refused", "refuse")
async def test_the_last_deploy_has_a_time_zone(galaxy: GalaxyRepositoryClient, served: ServedGateway) -> None:
    before = await galaxy.get_last_deploy_time()
    await served.advance(10)
    served.deploy()
    after = await galaxy.get_last_deploy_time()
    assert isinstance(before, datetime)
    assert isinstance(after, datetime)
    assert after.utcoffset() is not None
    assert after > before


# ------------------------------------------------------------------ deploys during a walk


async def test_a_deploy_during_the_walk_restarts_it_once(
    galaxy: GalaxyRepositoryClient, served: ServedGateway
) -> None:
    told: list[int] = []

    def deploy_at_the_third_page(done: int, total: int) -> None:
        told.append(done)
        if len(told) == 3:
            served.deploy()

    batches = await galaxy.hierarchy_columns(page_size=100, progress=deploy_at_the_third_page)
    assert told[:4] == [100, 200, 300, 100]
    assert names_in(batches) == [found.tag_name for found in await galaxy.discover_hierarchy()]


async def test_a_galaxy_that_is_deployed_again_and_again_is_given_up(
    galaxy: GalaxyRepositoryClient, served: ServedGateway
) -> None:
    with pytest.raises(InvalidRequestError, match="page token"):
        await galaxy.hierarchy_columns(page_size=100, progress=lambda done, total: served.deploy())


async def test_a_deploy_while_objects_are_iterated_restarts_the_walk_without_repeating(
    galaxy: GalaxyRepositoryClient, served: ServedGateway
) -> None:
    async with aclosing(galaxy.iter_hierarchy(page_size=10)) as objects:
        first = await anext(objects)
        served.deploy()
        rest = [found.tag_name async for found in objects]
    assert len({first.tag_name, *rest}) == 1 + len(rest) == await galaxy.object_count()


async def test_a_second_deploy_during_the_restarted_walk_is_told(
    galaxy: GalaxyRepositoryClient, served: ServedGateway
) -> None:
    async with aclosing(galaxy.iter_hierarchy(page_size=10)) as objects:
        await anext(objects)
        served.deploy()
        for _ in range(15):
            await anext(objects)
        served.deploy()
        with pytest.raises(InvalidRequestError):
            [found async for found in objects]


# ------------------------------------------------------------------ deploy events


async def test_deploy_events_begin_with_the_present_state(
    galaxy: GalaxyRepositoryClient, served: ServedGateway
) -> None:
    async with aclosing(galaxy.watch_deploy_events()) as events:
        present = await anext(events)
        served.deploy()
        deployed = await anext(events)
    assert deployed.sequence == present.sequence + 1
    assert deployed.object_count == await galaxy.object_count()


@pytest.mark.kind_only("what it asks is what is refused", "refuse")
async def test_a_caller_that_has_the_present_state_gets_only_news(
    galaxy: GalaxyRepositoryClient, served: ServedGateway
) -> None:
    known = await galaxy.get_last_deploy_time()
    async with aclosing(galaxy.watch_deploy_events(last_seen_deploy_time=known)) as events:
        news = asyncio.ensure_future(anext(events))
        while not served.open_calls["WatchDeployEvents"]:
            await galaxy.test_connection()
        await served.advance(60)
        served.deploy()
        event = await news
    assert int(event.time_of_last_deploy.timestamp()) == int(served.plant.now)


async def test_a_wrong_key_shows_in_deploy_events_too(served: ServedGateway) -> None:
    async with await GalaxyRepositoryClient.connect(
        served.endpoint, api_key="mxgw_test_wrong", plaintext=True
    ) as stranger:
        with pytest.raises(AuthenticationError):
            [event async for event in stranger.watch_deploy_events()]


async def test_a_deploy_carries_what_its_message_carries(galaxy: GalaxyRepositoryClient) -> None:
    async with (
        aclosing(galaxy.watch_deploy_events()) as events,
        aclosing(galaxy.watch_deploy_events_raw()) as messages,
    ):
        event, message = await anext(events), await anext(messages)
    assert isinstance(event, DeployEvent)
    for name in ("sequence", "time_of_last_deploy_present", "object_count", "attribute_count"):
        assert getattr(event, name) == getattr(message, name)
    for zone in (UTC, None):
        for name in ("observed_at", "time_of_last_deploy"):
            assert getattr(event, name).ToDatetime(zone) == getattr(message, name).ToDatetime(zone)
