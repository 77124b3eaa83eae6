"""A session that outlives its stream: resumed with a replay, and what that lacks is a gap."""

from __future__ import annotations

import pytest

from mxgw_notebook.live import ReaderKind
from tests.live.chaos_gateway import RING
from tests.live.chaos_site import TAGS, site
from tests.until import until


@pytest.mark.parametrize("reader", ["thread", "process"])
async def test_a_session_that_lives_is_resumed_and_nothing_is_missing(reader: ReaderKind) -> None:
    async with site(reader) as there:
        await there.hub.subscribe(TAGS)
        for _ in range(
            2
        ):  # of the first ones nobody knows how long they took: the decoder was yet to be made
            await there.changes(10)
        there.network.cut()
        there.gateway.change(100)
        await until(lambda: there.hub.interruptions)
        await there.changes(20)
        assert there.values() == list(range(1, 141))
        assert there.hub.outages == []
        assert there.hub.interruptions == 1
        assert 0 < there.replayed() <= 120
        assert len(there.gateway.sessions) == 1
        before = there.replayed()
        past = there.hub.gateway_now + 200_000_000  # what is of after the resume is plainly so
        await until(lambda: there.hub.gateway_now > past)
        await there.changes(20)
        assert there.replayed() == before


async def test_what_the_gateway_cannot_replay_is_a_gap_with_its_count() -> None:
    async with site() as there:
        await there.hub.subscribe(TAGS)
        await there.changes(20)
        (session,) = there.gateway.living
        there.network.cut()
        await until(lambda: there.hub.interruptions and not session.subscribed)
        there.gateway.change(RING + 500)
        while session.waiting:  # read by a subscriber whose connection was gone already
            session.ring.append(session.waiting.popleft())
        await until(lambda: there.values()[-1] == len(there.gateway.sent))
        (gap,) = there.hub.outages
        assert (gap.cause, gap.events) == ("replay gap", 500)
        assert there.values() == [*range(1, 21), *range(521, 20 + RING + 501)]


async def test_a_stream_that_is_lost_before_its_first_event_leaves_a_gap() -> None:
    async with site() as there:
        await there.hub.subscribe(TAGS)
        (session,) = there.gateway.living
        await until(lambda: session.subscribed)
        there.network.hold()
        there.gateway.change(10)
        await until(lambda: not session.waiting)  # sent, and never to arrive
        there.network.go_down()
        await until(lambda: there.hub.interruptions)
        there.network.let_go()
        there.network.come_up()
        await until(lambda: there.hub.status == "live" and session.subscribed)
        await there.changes(2)
        assert there.values() == [11, 12]
        assert [gap.filled for gap in there.hub.outages] == [False]
