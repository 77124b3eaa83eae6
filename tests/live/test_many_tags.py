"""Thousands of tags in one hub: every one of them, and nothing done for all of them on behalf of one.

What grows faster than the tags is found by counting instructions, not by a clock.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import mxgw_notebook
from mxgw_notebook.client import EventColumns
from mxgw_notebook.client.decoder import BOOLEAN, KINDS
from mxgw_notebook.gateway.describing import described_by
from mxgw_notebook.gateway.table_rows import TableRows
from mxgw_notebook.gateway.trend_source import WatchedTag, WatchedTags
from mxgw_notebook.live import Hub, Subscription
from mxgw_notebook.live.advised import LEAST_SAMPLES, TAGS_A_COMMAND, rounded
from mxgw_notebook.live.intake import Intake
from mxgw_notebook.simulator.clock import ManualClock
from mxgw_notebook.simulator.options import GatewayOptions
from mxgw_notebook.simulator.server import ServedGateway, serving
from tests.conftest import KEY
from tests.live.conftest import hub_at
from tests.live.test_hub import watchers
from tests.until import until

FEW, MANY = 800, 2_400
PACKAGE = Path(mxgw_notebook.__file__).parent
OURS = tuple(str(PACKAGE / part) for part in ("client", "live", "gateway", "frames"))


@pytest.fixture
async def plant() -> AsyncIterator[ServedGateway]:
    """A gateway with thousands of tags, on a clock that only `advance` moves."""
    options = GatewayOptions(seed=1, api_key=KEY, clock=ManualClock(), objects=400)
    async with serving(options) as served:
        yield served


@pytest.fixture
async def hub(plant: ServedGateway) -> AsyncIterator[Hub]:
    # A thread would wait for the interpreter, which the tests that count instructions hardly let go of.
    async with hub_at(plant.endpoint, reader="process") as made:
        yield made


@pytest.fixture
def tags(plant: ServedGateway) -> list[str]:
    assert plant.plant.catalogue is not None
    found = [
        f"{item.tag_name}.{one.name}"
        for item in plant.plant.catalogue.objects
        for one in item.listings()
        if not one.traits.is_array
    ]
    return found[:MANY]


class Steps:
    """How many instructions of the package's code ran: a loop may stand on one line."""

    def __init__(self) -> None:
        self.taken = 0

    def entered(self, frame: FrameType, event: str, argument: Any) -> Any:
        if not frame.f_code.co_filename.startswith(OURS):
            return None
        frame.f_trace_lines, frame.f_trace_opcodes = False, True
        return self.counted

    def counted(self, frame: FrameType, event: str, argument: Any) -> Any:
        self.taken += 1
        return self.counted


@contextmanager
def counting() -> Iterator[Steps]:
    steps, before = Steps(), sys.gettrace()
    sys.settrace(steps.entered)
    try:
        yield steps
    finally:
        sys.settrace(before)


async def watched(hub: Hub, tags: list[str]) -> list[Subscription]:
    """Subscribed, with a first value each."""
    subscriptions = await hub.subscribe(tags)
    await until(lambda: all(found.history.total for found in subscriptions))
    return subscriptions


# ------------------------------------------------------------------ all of them


async def test_every_tag_of_thousands_has_its_value_and_every_bad_one_its_reason(
    hub: Hub, tags: list[str]
) -> None:
    bad = [f"Nope{number}.PV" for number in range(5)]
    wanted = [*bad[:2], *tags[:1500], *bad[2:], *tags[1500:]]
    subscriptions = await hub.subscribe(wanted)
    assert [found.tag for found in subscriptions] == wanted
    assert [found.tag for found in subscriptions if found.failure] == bad
    assert all("invalid reference" in found.failure for found in subscriptions if found.failure)
    await until(lambda: hub.received == MANY)
    assert all(len(found.history) == 1 for found in subscriptions if not found.failure)
    assert (hub.tags_advised, hub.tags_failed) == (len(wanted), len(bad))
    await hub.retry()
    assert hub.tags_failed == len(bad)
    await hub.release(wanted)
    assert (hub.tags_advised, hub.tags_failed) == (0, 0)


async def test_a_new_session_advises_all_of_thousands_again(
    hub: Hub, plant: ServedGateway, tags: list[str]
) -> None:
    subscriptions = await watched(hub, tags)
    (lost,) = plant.sessions.ready()
    plant.sessions.close(lost, "The plant's platform was restarted.")
    await until(lambda: hub.received == 2 * MANY)
    assert plant.sessions.ready() != [lost]
    assert all(watchers(plant, tag) == 1 for tag in tags)
    assert all(len(found.history) == 1 for found in subscriptions)  # known already
    await plant.advance(30)
    await until(lambda: any(len(found.history) > 1 for found in subscriptions[-100:]))
    await hub.release(tags)
    assert not any(watchers(plant, tag) for tag in tags)


async def test_what_was_advised_before_a_subscription_is_given_up_is_unadvised(tags: list[str]) -> None:
    options = GatewayOptions(seed=1, api_key=KEY, objects=400, command_delay=0.05)
    async with serving(options) as plant, hub_at(plant.endpoint) as hub:
        subscribing = asyncio.create_task(hub.subscribe(tags))
        await until(lambda: watchers(plant, tags[TAGS_A_COMMAND]))  # the second command
        subscribing.cancel()
        await asyncio.wait({subscribing})
        assert subscribing.cancelled()
        assert hub.subscriptions == []
        assert not any(watchers(plant, tag) for tag in tags[:TAGS_A_COMMAND])


async def test_thousands_are_read_in_the_order_asked(hub: Hub, tags: list[str]) -> None:
    wanted = [*reversed(tags), "Nope.PV"]
    readings = await hub.read(wanted, timeout=5.0)
    assert [reading.tag for reading in readings] == wanted
    assert [reading.tag for reading in readings if reading.failure] == ["Nope.PV"]


# ------------------------------------------------------------------ no more steps than tags


async def test_advising_recovering_and_releasing_take_steps_in_proportion(
    hub: Hub, plant: ServedGateway, tags: list[str]
) -> None:
    taken = []
    for some in (tags[:FEW], tags):
        with counting() as steps:
            await watched(hub, some)
            had = hub.received
            plant.sessions.close(plant.sessions.ready()[0], "The plant's platform was restarted.")
            await until(lambda had=had, some=some: hub.received == had + len(some))  # type: ignore[misc]
            await hub.release(some)
        taken.append(steps.taken)
    assert taken[1] < 4 * taken[0]


async def test_one_more_tag_takes_as_many_steps_among_thousands(hub: Hub, tags: list[str]) -> None:
    extra, taken = tags[:50], []
    for some in (tags[50:FEW], tags[50:]):
        await watched(hub, some)
        with counting() as steps:
            for tag in extra:
                await hub.subscribe([tag])
            for tag in extra:
                await hub.release([tag])
        taken.append(steps.taken)
    assert taken[1] < 2 * taken[0]


async def test_what_is_asked_each_second_takes_as_many_steps_of_thousands(hub: Hub, tags: list[str]) -> None:
    looked, probed = [], []
    for some in (tags[:FEW], tags):
        await watched(hub, some)
        with counting() as steps:
            assert (hub.status, hub.tags_failed, hub.dropped, hub.outages) == ("live", 0, 0, [])
        looked.append(steps.taken)
        with counting() as steps:
            assert await hub.probe()
        probed.append(steps.taken)
    assert looked[1] < 2 * looked[0]
    assert probed[1] < 2 * probed[0]


# ------------------------------------------------------------------ bounded


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


# ------------------------------------------------------------------ a batch of many tags

HANDLES = st.integers(1, 6)
VALUES = st.one_of(st.floats(allow_nan=False), st.booleans(), st.text(max_size=2))
Came = tuple[int, Any, int]
BATCHES = st.lists(st.lists(st.tuples(HANDLES, VALUES, st.integers(0, 255)), max_size=12), max_size=6)


def columns(events: list[Came], first: int) -> EventColumns:
    sequence = np.arange(first, first + len(events))
    kinds = {bool: BOOLEAN, float: KINDS.index("double_value"), str: KINDS.index("string_value")}
    return EventColumns(
        sequence,
        np.array([handle for handle, _, _ in events], np.int32),
        np.array([quality for _, _, quality in events], np.uint8),
        sequence * 10,
        np.array([np.nan if isinstance(value, str) else value for _, value, _ in events], float),
        {row: value for row, (_, value, _) in enumerate(events) if isinstance(value, str)},
        seen=sequence,
        kind=np.array([kinds[type(value)] for _, value, _ in events], np.int8),
    )


@given(BATCHES, st.integers(0, 6))
def test_each_event_of_a_batch_stands_once_and_in_order_in_its_tags_history(
    batches: list[list[Came]], claimed: int
) -> None:
    intake, first, came = Intake(lambda _: None), 1, list[Came]()
    subscriptions = {handle: Subscription(f"T{handle}") for handle in range(1, 6)}  # 6 is of no tag
    intake.expect()
    for number, batch in enumerate(batches):
        if number == claimed:  # until now nobody knew whose they are
            intake.by_handle.update(subscriptions)
            intake.claim()
        intake.store(columns(batch, first))
        first, came = first + len(batch), [*came, *batch]
    intake.by_handle.update(subscriptions)
    intake.claim()
    for handle, found in subscriptions.items():
        kept = found.history.all()
        values = [kept.value(row) for row in range(len(kept))]
        assert list(zip(values, kept.quality.tolist(), strict=True)) == [
            (value, quality) for owner, value, quality in came if owner == handle
        ]
        assert (np.diff(kept.time_ns) > 0).all()


# ------------------------------------------------------------------ the table of them


async def test_rows_that_are_too_many_for_one_look_come_in_turn(
    hub: Hub, tags: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mxgw_notebook.gateway.table_rows.MOST_ROWS", 4)
    subscriptions = await watched(hub, tags[:10])
    rows = TableRows(hub, WatchedTags(hub, [WatchedTag(s, described_by(s.tag, {})) for s in subscriptions]))
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
