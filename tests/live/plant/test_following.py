"""Following tags: every value once, by its tag's name, or in a gap that is told."""

from __future__ import annotations

import asyncio
import gc

import pytest

from mxgw_notebook import Following, Plant, TagState, Update
from mxgw_notebook.client import LooseEnds
from mxgw_notebook.errors import AuthenticationError, ConfigurationError, SessionClosedError
from mxgw_notebook.simulator.process import EmbeddedGateway
from mxgw_notebook.simulator.server import ServedGateway
from tests.conftest import KEY
from tests.live.chaos_site import IMPATIENT, TAGS, site
from tests.live.conftest import start_at, watchers
from tests.live.plant.conftest import LEVEL, OFTEN, SPEED, Record, following, plant_at
from tests.until import until


@pytest.mark.kind_only("it counts values", "odd-times", "unknown-values", "strangers")
async def test_present_values_come_first_and_every_change_follows_in_order(
    plant: Plant, served: ServedGateway
) -> None:
    async with plant.follow([LEVEL, SPEED], every=OFTEN) as followed:
        record = Record(followed)
        await record.until_samples(LEVEL, 1)
        await record.until_samples(SPEED, 1)
        await served.advance(30)
        sent = served.sessions.ready()[0].events.sequence
        while len(record.items) < sent:
            update = await record.look()
            times = [sample.time_ns for sample in update.samples]
            assert times == sorted(times)
        assert {sample.quality_word for sample in record.samples(LEVEL)} == {"good"}
        assert followed.present()[LEVEL] == record.samples(LEVEL)[-1]
    assert record.standings[-1] == "live"
    assert not record.gaps


async def test_a_tag_that_is_refused_says_why_and_comes_by_itself() -> None:
    async with site(patience=IMPATIENT) as there:
        there.gateway.unknown = {TAGS[1]}
        async with Following(there.hub, TAGS, OFTEN, 0, LooseEnds()) as followed:
            record = Record(followed)
            await record.look()
            there.gateway.change(2)
            await record.until_samples(TAGS[0], 1)
            assert record.states == [TagState(TAGS[1], "invalid reference (6)")]
            there.gateway.unknown = set()
            await until(lambda: not there.hub.tags_failed)
            there.gateway.change(2)
            await record.until_samples(TAGS[1], 1)
            assert record.states[1:] == [TagState(TAGS[1])]


async def test_an_outage_is_a_gap_that_is_told_as_it_begins_and_again_as_it_ends(
    own_embedded: EmbeddedGateway,
) -> None:
    port = int(own_embedded.endpoint.rpartition(":")[2])
    async with await plant_at(own_embedded.endpoint) as plant, following(plant) as record:
        await record.until_samples(LEVEL, 2)
        await asyncio.to_thread(own_embedded.stop)
        while not record.gaps:
            await record.look()
        assert [gap.end_ns for gap in record.gaps.values()] == [None]
        before = len(record.samples(LEVEL))
        again = await asyncio.to_thread(start_at, port)
        try:
            await record.until_samples(LEVEL, before + 2)
            (gap,) = record.gaps.values()
            assert gap.end_ns is not None
            assert not gap.filled
            assert {"reconnecting", "live"} <= set(record.standings)
        finally:
            await plant.close()
            await asyncio.to_thread(again.stop)
    times = [(sample.time_ns, sample.value) for sample in record.samples(LEVEL)]
    assert len(set(times)) == len(times)


async def test_a_cut_that_a_replay_makes_up_for_is_a_gap_that_is_filled() -> None:
    async with site(patience=IMPATIENT) as there:
        async with Following(there.hub, TAGS, OFTEN, 0, LooseEnds()) as followed:
            record = Record(followed)
            await record.look()
            there.gateway.change(20)
            await record.until_samples(TAGS[0], 10)
            there.network.cut()
            there.gateway.change(20)
            await until(lambda: there.hub.interruptions)
            await record.look()
            assert len(record.gaps) == 1
            await record.until_samples(TAGS[0], 20)
            await record.until_samples(TAGS[1], 20)
        assert [gap.filled for gap in record.gaps.values()] == [True]
        values = [sample.value for tag in TAGS for sample in record.samples(tag)]
        assert sorted(map(float, values)) == list(range(1, 41))  # type: ignore[arg-type]
        assert any(sample.replayed for tag in TAGS for sample in record.samples(tag))


@pytest.mark.kind_only("it counts events", "strangers", "unknown-values")
async def test_who_looks_too_seldom_is_told_how_many_values_gave_way(
    plant: Plant, served: ServedGateway
) -> None:
    async with following(plant) as record:
        await record.until_samples(LEVEL, 1)
        plant.hub.subscriptions[0].history.limit(5)
        await served.advance(60)
        (subscription,) = plant.hub.subscriptions
        await until(lambda: plant.hub.received == served.sessions.ready()[0].events.sequence)
        await record.look()
        (gap,) = record.gaps.values()
        assert (gap.cause, gap.tag) == ("not read in time", LEVEL)
        assert gap.events + len(record.samples(LEVEL)) == subscription.history.total
        assert plant.status().forgotten >= gap.events


@pytest.mark.kind_only("it counts events", "strangers")
async def test_giving_up_waiting_for_an_update_loses_nothing(plant: Plant, served: ServedGateway) -> None:
    async with plant.follow([LEVEL], every=0.1) as followed:
        record = Record(followed)
        await record.until_samples(LEVEL, 1)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(anext(followed), 0.01)
        await served.advance(20)
        (subscription,) = plant.hub.subscriptions
        await until(lambda: subscription.history.total > 5)
        await record.until_samples(LEVEL, subscription.history.total)
        assert len(record.samples(LEVEL)) == subscription.history.total


@pytest.mark.parametrize("how", ["closed", "dropped"])
async def test_who_leaves_gives_the_tags_back(plant: Plant, served: ServedGateway, how: str) -> None:
    before = watchers(served, LEVEL)
    followed = plant.follow([LEVEL], every=OFTEN)
    async for _ in followed:
        break
    assert watchers(served, LEVEL) == before + 1
    if how == "closed":
        await followed.aclose()
    del followed
    gc.collect()
    await until(lambda: watchers(served, LEVEL) == before)


async def test_closing_the_plant_ends_who_follows_after_a_last_update(
    plant: Plant, served: ServedGateway
) -> None:
    updates = asyncio.ensure_future(collect(plant.follow([LEVEL], every=30.0)))
    await asyncio.sleep(0)
    await plant.close()
    assert len(await updates) in (1, 2)  # of a first look that closing met half-way, and the last
    assert not served.sessions.ready()
    with pytest.raises(SessionClosedError):
        plant.follow([LEVEL])


async def collect(followed: Following) -> list[Update]:
    return [update async for update in followed]


async def test_a_gateway_that_goes_before_the_first_look_is_waited_for(own_embedded: EmbeddedGateway) -> None:
    port = int(own_embedded.endpoint.rpartition(":")[2])
    async with await plant_at(own_embedded.endpoint) as plant, following(plant) as record:
        await asyncio.to_thread(own_embedded.stop)
        await record.look()
        assert [gap.end_ns for gap in record.gaps.values()] == [None]
        again = await asyncio.to_thread(start_at, port)
        try:
            await record.until_samples(LEVEL, 1)
            (gap,) = record.gaps.values()
            assert gap.end_ns is not None
        finally:
            await plant.close()
            await asyncio.to_thread(again.stop)


async def test_a_key_that_is_revoked_ends_following_with_the_reason(served: ServedGateway) -> None:
    async with await plant_at(served.endpoint) as plant, following(plant) as record:
        await record.until_samples(LEVEL, 1)
        served.revoke(KEY)
        await served.fault("drop")
        with pytest.raises(AuthenticationError):
            await record.until_samples(LEVEL, 1_000_000)


@pytest.mark.parametrize(
    ("tags", "settings", "told"),
    [([], {}, "No tag given"), ([LEVEL], {"every": -1}, "every"), ("Tank001.Level", {}, "list")],
)
async def test_what_cannot_be_followed_is_one_line(
    plant: Plant, tags: list[str], settings: dict[str, float], told: str
) -> None:
    with pytest.raises(ConfigurationError, match=told):
        plant.follow(tags, **settings)
