"""Thousands of tags in one hub: every one has its value or its reason, and all together their bounds."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxgw_notebook.client.closing import BRIEF_SECONDS
from mxgw_notebook.gateway.tags.describing import described_by
from mxgw_notebook.gateway.tags.table_rows import TableRows
from mxgw_notebook.gateway.tags.watched_set import WatchedSet
from mxgw_notebook.gateway.tags.watched_tag import WatchedTag
from mxgw_notebook.live import Hub, loop_thread
from mxgw_notebook.live.subscriptions import LEAST_SAMPLES, TAGS_A_COMMAND, rounded
from mxgw_notebook.simulator.clock import SystemClock
from mxgw_notebook.simulator.server import ServedGateway, serving
from tests import kindness
from tests.conftest import KEY
from tests.live.conftest import hub_at, known, watchers
from tests.live.many_tags.conftest import FEW, MANY, watched
from tests.until import until


@pytest.mark.kind_only("a failed entry has words", "wordless", "unknown-values")
async def test_every_tag_of_thousands_has_its_value_and_every_bad_one_its_reason(
    hub: Hub, tags: list[str]
) -> None:
    bad = [f"Nope{number}.PV" for number in range(5)]
    wanted = [*bad[:2], *tags[:1500], *bad[2:], *tags[1500:]]
    subscriptions = await hub.subscribe(wanted)
    assert [found.tag for found in subscriptions] == wanted
    assert [found.tag for found in subscriptions if found.failure] == bad
    assert all("invalid reference" in found.failure for found in subscriptions if found.failure)
    await until(lambda: known(hub) == MANY)
    assert all(len(found.history) == 1 for found in subscriptions if not found.failure)
    assert (hub.tags_advised, hub.tags_failed) == (len(wanted), len(bad))
    await hub.retry()
    assert hub.tags_failed == len(bad)
    await hub.release(wanted)
    assert (hub.tags_advised, hub.tags_failed) == (0, 0)


@pytest.mark.kind_only("a value is known again by its time", "odd-times", "unknown-values")
async def test_a_new_session_advises_all_of_thousands_again(
    hub: Hub, plant: ServedGateway, tags: list[str]
) -> None:
    subscriptions = await watched(hub, tags)
    (lost,) = plant.sessions.ready()
    plant.sessions.close(lost, "The plant's platform was restarted.")
    await until(lambda: known(hub) == 2 * MANY)
    assert plant.sessions.ready() != [lost]
    assert all(watchers(plant, tag) == 1 for tag in tags)
    assert all(len(found.history) == 1 for found in subscriptions)  # known already
    await plant.advance(30)
    await until(lambda: any(len(found.history) > 1 for found in subscriptions[-100:]))
    await hub.release(tags)
    assert not any(watchers(plant, tag) for tag in tags)


@pytest.mark.parametrize("delay", [0.05, 2 * BRIEF_SECONDS], ids=["prompt", "slow"])
async def test_what_was_advised_before_a_subscription_is_given_up_is_unadvised(
    tags: list[str], delay: float
) -> None:
    options = kindness.options(seed=1, api_key=KEY, clock=SystemClock(), objects=400, command_delay=delay)
    async with serving(options) as plant, hub_at(plant.endpoint) as hub:
        subscribing = asyncio.create_task(hub.subscribe(tags))
        await until(lambda: watchers(plant, tags[TAGS_A_COMMAND]))  # the second command
        subscribing.cancel()
        await asyncio.wait({subscribing})
        assert subscribing.cancelled()
        assert hub.subscriptions == []
        await until(lambda: not any(watchers(plant, tag) for tag in tags[:TAGS_A_COMMAND]))


@pytest.mark.kind_only("every value has to be read", "unknown-values")
async def test_thousands_are_read_in_the_order_asked(hub: Hub, tags: list[str]) -> None:
    wanted = [*reversed(tags), "Nope.PV"]
    readings = await hub.read(wanted, timeout=5.0)
    assert [reading.tag for reading in readings] == wanted
    assert [reading.tag for reading in readings if reading.failure] == ["Nope.PV"]


@given(st.integers(0, 200_000))
def test_tags_are_rounded_up_by_an_eighth_at_most(tags: int) -> None:
    assert max(1, tags) <= rounded(tags) <= max(1, tags * 9 / 8)


async def test_all_histories_together_keep_no_more_than_they_may(
    plant: ServedGateway, tags: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    most = 4 * LEAST_SAMPLES * MANY
    monkeypatch.setattr("mxgw_notebook.live.hub.MOST_SAMPLES", most)
    async with hub_at(plant.endpoint) as hub:
        for start in range(0, MANY, FEW):
            await hub.subscribe(tags[start : start + FEW])
            capacities = {found.history.capacity for found in hub.subscriptions}
            assert len(capacities) == 1
            assert most * 8 / 9 - MANY <= capacities.pop() * hub.tags_advised <= most


async def test_rows_that_are_too_many_for_one_look_come_in_turn(
    hub: Hub, tags: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mxgw_notebook.gateway.tags.table_rows.MOST_ROWS", 4)
    subscriptions = await watched(hub, tags[:10])
    entries = [WatchedTag(found, described_by(found.tag, {})) for found in subscriptions]
    rows = TableRows(WatchedSet(hub, loop_thread(), entries))
    look = rows.since(0)
    assert (look.reset, [row.tag for row in look.rows]) == (True, tags[:10])
    looks = []
    for _ in range(5):
        for found in subscriptions:  # all of them change faster than one looks
            found.history.add(1, 1.0, 192)
        look = rows.since(look.cursor)
        looks.append([row.tag for row in look.rows])
    assert [len(part) for part in looks] == [4] * 5
    assert [tag for part in looks for tag in part] == tags[:10] * 2
    late: list[str] = []
    while (look := rows.since(look.cursor)).rows:
        late += [row.tag for row in look.rows]
    assert sorted([*late, *looks[-1]]) == sorted(tags[:10])
    assert not look.reset
