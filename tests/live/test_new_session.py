"""A session that is lost: a new one takes its place, and a gap tells what that cost."""

from __future__ import annotations

import asyncio

import pytest

from mxgw_notebook.errors import GatewayError
from mxgw_notebook.live import Hub, ReaderKind
from mxgw_notebook.simulator.server import ServedGateway
from tests.live.chaos_site import TAGS, site
from tests.live.conftest import SPEED, hub_at, known
from tests.until import until


async def test_a_lost_event_stream_is_opened_again_in_a_new_session(hub: Hub, served: ServedGateway) -> None:
    speed, nope = await hub.subscribe([SPEED, "Nope.Nope"])
    await until(lambda: len(speed.history) == 1)
    (lost,) = served.sessions.ready()
    served.sessions.close(lost, "The plant's platform was restarted.")
    await until(lambda: hub.status.startswith("reconnecting"))
    with pytest.raises(GatewayError):
        await hub.read([SPEED], timeout=1)
    await until(lambda: hub.status == "live")
    (opened,) = served.sessions.ready()
    assert opened is not lost
    await until(lambda: known(hub) == 2)
    assert len(speed.history) == 1  # its present value, sent anew, is known already
    await served.advance(30)
    await until(lambda: len(speed.history) > 1)
    assert nope.failure
    (outage,) = hub.outages
    assert outage.end_ns is not None
    assert outage.end_ns > outage.start_ns


async def test_a_faulted_session_is_replaced_and_its_present_values_are_not_taken_twice() -> None:
    async with site() as there:
        await there.watch(20)
        (session,) = there.gateway.living
        session.fault()
        await until(lambda: there.hub.status == "live" and len(there.gateway.sessions) == 2)
        await there.changes(2)
        assert there.values() == list(range(1, 23))
        (gap,) = there.hub.outages
        assert gap.cause == "outage"
        assert gap.end_ns is not None


async def test_a_session_that_faults_while_another_reader_takes_over_is_replaced() -> None:
    async with site() as there:
        await there.watch(20)
        (session,) = there.gateway.living
        taking_over = asyncio.create_task(there.hub.read_by("process"))
        await until(lambda: not session.subscribed)
        session.fault()
        await taking_over
        await until(lambda: there.hub.status == "live" and len(there.gateway.living) == 1)
        await there.changes(20)
        assert there.values() == list(range(1, 41))


@pytest.mark.parametrize("reader", ["thread", "process"])
@pytest.mark.kind_only("a value is known again by its time", "odd-times", "bursts", "unknown-values")
async def test_a_worker_that_is_killed_costs_a_gap_and_nothing_else(
    served: ServedGateway, reader: ReaderKind
) -> None:
    tags = [*TAGS, "Pump001.Description"]
    async with hub_at(served.endpoint, reader=reader) as hub:
        subscriptions = await hub.subscribe(tags)
        await served.advance(20)
        await until(lambda: min(len(found.history) for found in subscriptions[:2]) > 3)
        (before,) = served.sessions.ready()
        killed_ns = int(served.plant.now * 1e9)
        await served.fault("kill-worker")
        await until(lambda: hub.status.startswith("reconnecting"))
        await served.advance(20)
        missed = [len(found.history) for found in subscriptions]
        await until(lambda: hub.status == "live")
        back_ns = int(served.plant.now * 1e9)
        await served.advance(20)
        await until(lambda: all(len(f.history) > m for f, m in zip(subscriptions[:2], missed, strict=False)))
        (after,) = served.sessions.ready()
        assert after is not before
        (gap,) = hub.outages
        assert (gap.cause, gap.start_ns <= killed_ns) == ("outage", True)
        assert gap.end_ns is not None
        assert gap.end_ns >= back_ns
        assert len(subscriptions[2].history) == 1  # its value is the one of before
        for found in subscriptions:
            kept = found.history.all()
            assert len(set(kept.time_ns.tolist())) == len(kept)
