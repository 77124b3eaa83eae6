"""Buffered tags of the hub: every value in the history, by either reader, and after an outage."""

from __future__ import annotations

import numpy as np
import pytest

from mxgw_notebook.live import Hub, ReaderKind
from mxgw_notebook.simulator.server import ServedGateway
from tests.live.conftest import LEVEL, SPEED, hub_at, watchers
from tests.until import until


@pytest.mark.parametrize("reader", ["thread", "process"])
@pytest.mark.kind_only("it compares times", "odd-times", "unknown-values")
async def test_a_history_has_every_value_of_a_buffered_tag(reader: ReaderKind, served: ServedGateway) -> None:
    async with hub_at(served.endpoint, reader=reader) as hub:
        (each,) = await hub.subscribe([SPEED])
        (buffered,) = await hub.subscribe([SPEED], buffered_ms=2_000)
        await served.advance(30)
        await until(lambda: min(len(each.history), len(buffered.history)) > 20)
        one, many = each.history.all(), buffered.history.all()
        both = min(len(one), len(many))
        assert many.number[:both].tolist() == one.number[:both].tolist()
        assert np.array_equal(many.time_ns[:both], one.time_ns[:both])
        assert (hub.broken, hub.outages) == (0, [])
        assert hub.health.reader == reader


async def test_batches_come_fewer_than_changes_and_are_no_strangers(hub: Hub, served: ServedGateway) -> None:
    (speed,) = await hub.subscribe([SPEED], buffered_ms=5_000)
    await served.advance(30)
    await until(lambda: len(speed.history) > 10)
    assert hub.received < len(speed.history) / 2
    assert "ON_BUFFERED_DATA_CHANGE" not in hub.other_events


async def test_all_buffered_tags_share_the_shortest_interval_that_somebody_wants(
    hub: Hub, served: ServedGateway
) -> None:
    def interval() -> float:
        (session,) = served.sessions.ready()
        return max(server.buffered_interval for server in session.servers.values())

    await hub.subscribe([SPEED], buffered_ms=5_000)
    await hub.subscribe([LEVEL], buffered_ms=300)
    assert interval() == 0.3
    await hub.release([LEVEL], buffered_ms=300)
    assert interval() == 5.0


async def test_a_tag_watched_both_ways_is_advised_twice_and_let_go_of_twice(
    hub: Hub, served: ServedGateway
) -> None:
    before = watchers(served, SPEED)
    (each,) = await hub.subscribe([SPEED])
    (buffered,) = await hub.subscribe([SPEED], buffered_ms=500)
    assert each is not buffered
    assert watchers(served, SPEED) == before + 2
    await hub.release([SPEED], buffered_ms=500)
    assert watchers(served, SPEED) == before + 1
    await hub.release([SPEED])
    assert watchers(served, SPEED) == before


@pytest.mark.kind_only("a failed entry has words", "wordless")
async def test_a_tag_that_cannot_be_buffered_says_why(hub: Hub) -> None:
    array, speed = await hub.subscribe(["Recipe_101.StepLimits[]", SPEED], buffered_ms=500)
    assert "an array cannot be buffered" in array.failure
    assert not speed.failure
    assert hub.tags_failed == 1


@pytest.mark.kind_only("it compares times", "odd-times", "bursts", "unknown-values")
async def test_a_new_session_buffers_again_and_nothing_is_doubled(hub: Hub, served: ServedGateway) -> None:
    (speed,) = await hub.subscribe([SPEED], buffered_ms=1_000)
    await served.advance(5)
    await until(lambda: len(speed.history) > 3)
    served.sessions.fault_all("the worker is gone")
    await until(lambda: hub.status == "live" and hub.interruptions == 1 and bool(served.sessions.ready()))
    kept = speed.history.total
    (session,) = served.sessions.ready()
    assert {server.buffered_interval for server in session.servers.values()} == {1.0}
    await served.advance(5)
    await until(lambda: speed.history.total > kept + 2)
    times = speed.history.all().time_ns
    assert (np.diff(times) > 0).all()


async def test_a_probe_gives_buffered_values_their_interval(hub: Hub, served: ServedGateway) -> None:
    (speed,) = await hub.subscribe([SPEED], buffered_ms=60_000)
    await served.advance(61)
    await until(lambda: len(speed.history))
    await served.advance(2)  # there are newer values, and they may wait
    assert await hub.probe()
