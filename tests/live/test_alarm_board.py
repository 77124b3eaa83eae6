"""The alarm board: what is active, every change of it, and what it is after the feed was lost."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxgw_notebook.client import GatewayClient
from mxgw_notebook.live import AlarmBoard
from mxgw_notebook.live.alarms.active_alarm import ActiveAlarm
from mxgw_notebook.simulator.keys import SCOPES, Key
from mxgw_notebook.simulator.process import EmbeddedGateway
from mxgw_notebook.simulator.server import ServedGateway
from tests.client.conftest import served_with
from tests.conftest import KEY
from tests.live.alarm_record import RECORD
from tests.live.boards import following, references, waiting_alarm
from tests.live.conftest import start_at
from tests.until import until


@pytest.mark.kind_only("every alarm has to be read", "unknown-values", "unknown-enums")
async def test_the_board_begins_with_what_is_active(client: GatewayClient, served: ServedGateway) -> None:
    await served.advance(600)
    active = await client.query_active_alarms()
    assert active
    async with following(client) as board:
        assert board.status == "live"
        assert references(board.active()) == references(active)
        assert not board.transitions
        one = active[0]
        found = board.find(one.reference)
        assert found is not None
        assert found.raised_ns == one.raised_ns
        assert board.find("Galaxy!Nope") is None


@pytest.mark.kind_only("it looks at times", "odd-times", "unknown-values", "unknown-enums")
async def test_the_board_follows_the_plant(client: GatewayClient, served: ServedGateway) -> None:
    async with following(client) as board:
        for _ in range(20):
            await served.advance(60)
        active = {alarm.reference: alarm for alarm in await client.query_active_alarms()}
        await until(lambda: references(board.active()) == set(active))
        assert {record.kind for record in board.transitions} >= {"RAISE", "ACKNOWLEDGE", "CLEAR"}
        assert board.seen == len(board.transitions)
        for alarm in board.active():
            acknowledged = active[alarm.record.reference].state == "ACTIVE_ACKED"
            assert (alarm.state == "acknowledged") is acknowledged
            assert alarm.raised_ns > 0


async def test_a_board_that_is_left_was_heard_to_its_end(client: GatewayClient) -> None:
    async with following(client) as board:
        left_ns = client.clock.now_ns
        assert board.heard_ns < left_ns
    since, until_ns = board.gaps[-1]
    assert since >= left_ns
    assert until_ns is None


async def test_an_acknowledgement_shows_on_the_board(client: GatewayClient, served: ServedGateway) -> None:
    async with following(client) as board:
        reference = (await waiting_alarm(served, board)).record.reference
        await client.acknowledge_alarm(reference, comment="seen", operator_user="tester")

        def acknowledged() -> bool:
            alarm = board.find(reference)
            return alarm is not None and alarm.state == "acknowledged" and alarm.record.comment == "seen"

        await until(acknowledged)


async def test_a_prefix_narrows_the_board(client: GatewayClient, served: ServedGateway) -> None:
    async with following(client) as everything:
        reference = (await waiting_alarm(served, everything)).record.reference
    async with following(client, reference) as board:
        assert references(board.active()) == {reference}


async def test_changes_since_a_version_are_told_once(client: GatewayClient, served: ServedGateway) -> None:
    async with following(client) as board:
        await waiting_alarm(served, board)
        everything = board.since(0)
        assert everything.reset
        assert references(everything.changed) == references(board.active())
        nothing = board.since(everything.version)
        assert (nothing.changed, nothing.removed, nothing.reset) == ([], [], False)
        seen = board.seen
        for _ in range(10):
            await served.advance(60)
        await until(lambda: board.seen > seen)
        later = board.since(everything.version)
        assert later.version > everything.version
        known = references(everything.changed) | references(later.changed)
        assert known - set(later.removed) == references(board.active())


async def test_a_refused_feed_is_told_and_not_tried_again() -> None:
    deaf = Key("mxgw_deaf_secret", scopes=SCOPES - {"events:read"})
    async with (
        served_with(keys=(deaf,)) as served,
        await GatewayClient.connect(served.endpoint, api_key=deaf.text, plaintext=True) as client,
    ):
        board = AlarmBoard(client)
        await board.follow()
    assert board.status.startswith("refused")
    assert "events:read" in board.status
    assert not board.listed


@pytest.mark.kind_only("every alarm has to be read", "unknown-values", "unknown-enums")
async def test_a_lost_feed_is_followed_again_and_the_board_is_what_the_gateway_says(
    own_embedded: EmbeddedGateway,
) -> None:
    port = int(own_embedded.endpoint.rpartition(":")[2])
    async with (
        await GatewayClient.connect(own_embedded.endpoint, api_key=KEY, plaintext=True) as client,
        following(client) as board,
    ):
        # An alarm of before that the gateway does not know afterwards.
        board.take(replace(RECORD, reference="Galaxy!Gone.Gone.Gone"))
        await asyncio.to_thread(own_embedded.stop)
        await until(lambda: board.status.startswith("reconnecting"))
        assert board.find("Galaxy!Gone.Gone.Gone") is not None
        version = board.since(0).version
        again: EmbeddedGateway = await asyncio.to_thread(start_at, port)
        try:
            await until(lambda: board.status == "live")
            assert board.find("Galaxy!Gone.Gone.Gone") is None
            assert "Galaxy!Gone.Gone.Gone" in board.since(version).removed
            gone = [record for record in board.log() if record.reference == "Galaxy!Gone.Gone.Gone"][1:]
            assert [record.kind for record in gone] == ["CLEAR", "ACKNOWLEDGE"]
            assert {(record.changed_ns, record.operator, record.origin) for record in gone} == {
                (0, "", "reconciled")
            }
        finally:
            await client.close()
            await asyncio.to_thread(again.stop)


@given(
    st.lists(
        st.tuples(st.sampled_from("ABC"), st.sampled_from(["RAISE", "ACKNOWLEDGE", "CLEAR"])), max_size=30
    ),
    st.data(),
)
def test_versions_lead_a_follower_to_the_same_board(
    transitions: list[tuple[str, str]], data: st.DataObject
) -> None:
    board = AlarmBoard(client=None)  # type: ignore[arg-type]  # nothing is followed here
    mirror: dict[str, ActiveAlarm] = {}
    version = 0
    for reference, kind in transitions:
        board.take(replace(RECORD, reference=reference, kind=kind))
        if data.draw(st.booleans()):
            version = mirrored(board, mirror, version)
    mirrored(board, mirror, version)
    assert mirror == {alarm.record.reference: alarm for alarm in board.active()}


def mirrored(board: AlarmBoard, mirror: dict[str, ActiveAlarm], version: int) -> int:
    """Applies what changed since a version, as a table in a browser does."""
    changes = board.since(version)
    if changes.reset:
        mirror.clear()
    for reference in changes.removed:
        mirror.pop(reference, None)
    mirror.update({alarm.record.reference: alarm for alarm in changes.changed})
    return changes.version
