"""The alarm board: what is active, every change of it, and what it is after the feed was lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxgw_notebook.client import GatewayClient
from mxgw_notebook.live import AlarmBoard
from mxgw_notebook.live.alarms.active_alarm import ActiveAlarm
from mxgw_notebook.live.alarms.doubts import Doubts
from mxgw_notebook.simulator.keys import SCOPES, Key
from mxgw_notebook.simulator.process import EmbeddedGateway
from mxgw_notebook.simulator.server import ServedGateway
from tests.client.conftest import served_with
from tests.conftest import KEY
from tests.live.alarm_record import RECORD
from tests.live.conftest import start_at
from tests.until import until


@asynccontextmanager
async def following(client: GatewayClient, prefix: str = "") -> AsyncIterator[AlarmBoard]:
    """A board that follows the feed, its first snapshot taken."""
    board = AlarmBoard(client, prefix)
    task = asyncio.create_task(board.follow())
    try:
        await board.first_snapshot()
        yield board
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def waiting_alarm(served: ServedGateway, board: AlarmBoard) -> ActiveAlarm:
    """An active alarm that nobody has acknowledged; the plant runs on until there is one."""
    for _ in range(60):
        for alarm in board.active():
            if alarm.state == "unacknowledged":
                return alarm
        await served.advance(30)
    raise AssertionError("no alarm in half an hour")


def references(alarms: list[Any]) -> set[str]:
    return {getattr(alarm, "reference", "") or alarm.record.reference for alarm in alarms}


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


async def test_a_transition_of_an_unknown_kind_is_history_and_no_alarm(client: GatewayClient) -> None:
    async with following(client) as board:
        board.take(replace(RECORD, reference="Galaxy!Nope.Nope.Nope", kind="1004"))
        assert board.find("Galaxy!Nope.Nope.Nope") is None
        (record,) = board.log()
        assert (record.kind, record.origin) == ("UNKNOWN", "")
        await until(lambda: not board.in_doubt)
        assert board.find("Galaxy!Nope.Nope.Nope") is None
        assert board.log() == [record]


async def test_an_alarm_in_an_unknown_state_stands_and_is_neither_acknowledged_nor_not(
    client: GatewayClient, served: ServedGateway
) -> None:
    await served.fault("unknown-enums", enums="AlarmConditionState")
    async with following(client) as board:
        listed = references(await client.query_active_alarms())
        assert references(board.active()) == listed
        assert {alarm.state for alarm in board.active()} == {"state unknown"}
        assert board.unknown == len(listed)
        assert {record.kind for record in board.account()} == {"RAISE", "UNKNOWN"}
        alarm = next(
            one for one in served.plant.board.present("") if one.state.in_alarm and not one.state.acked
        )
        await client.acknowledge_alarm(alarm.reference, comment="seen", operator_user="tester")
        await until(lambda: board.log() and not board.in_doubt)
        found = board.find(alarm.reference)
        assert found is not None
        assert found.state == "state unknown"  # so says the gateway's list
        await served.clear_faults("unknown-enums")
        board.take(replace(found.record, kind="ACKNOWLEDGE"))
        await until(lambda: getattr(board.find(alarm.reference), "state", "") == "acknowledged")


@pytest.mark.kind_only(
    "it counts what is of a later contract", "strangers", "unknown-values", "unknown-enums"
)
async def test_messages_of_an_unknown_kind_are_counted(client: GatewayClient, served: ServedGateway) -> None:
    async with following(client) as board:
        reference = (await waiting_alarm(served, board)).record.reference
        assert board.unknown == 0
        await served.fault("strangers", every=1)
        await client.acknowledge_alarm(reference, comment="seen", operator_user="tester")
        await until(lambda: board.unknown == 2)  # one without a body, and a transition of another kind
        assert board.status == "live"


@pytest.mark.parametrize("kind", ["1004", "UNSPECIFIED", "ACKNOWLEDGE"])
async def test_what_a_transition_does_not_say_is_asked_of_the_gateways_list(
    client: GatewayClient, served: ServedGateway, kind: str
) -> None:
    """The board has missed the raise of an alarm that stands, and knows another that is long over."""
    async with following(client) as board:
        missed = (await waiting_alarm(served, board)).record
        board.take(replace(missed, kind="CLEAR"))
        board.take(replace(missed, kind="ACKNOWLEDGE"))
        assert board.find(missed.reference) is None
        board.take(replace(missed, kind=kind))
        await until(lambda: board.find(missed.reference))
        found = board.find(missed.reference)
        assert found is not None
        assert found.state == "unacknowledged"
        assert [record.kind for record in board.log() if record.origin == "reconciled"] == ["RAISE"]


async def test_an_alarm_that_the_gateway_does_not_list_after_an_unknown_transition_leaves_the_board(
    client: GatewayClient,
) -> None:
    async with following(client) as board:
        board.take(replace(RECORD, reference="Galaxy!Gone.Gone.Gone"))
        board.take(replace(RECORD, reference="Galaxy!Gone.Gone.Gone", kind="1004"))
        await until(lambda: board.find("Galaxy!Gone.Gone.Gone") is None)
        told = [(record.kind, record.origin) for record in board.log()]
        assert told[1:] == [("UNKNOWN", ""), ("CLEAR", "reconciled"), ("ACKNOWLEDGE", "reconciled")]


@pytest.mark.kind_only("every alarm has to be read", "unknown-values", "unknown-enums")
async def test_a_list_that_cannot_be_had_is_asked_for_again(
    client: GatewayClient, served: ServedGateway
) -> None:
    async with following(client) as board:
        await served.fault("refuse", rpc="QueryActiveAlarms", code="INTERNAL", times=1)
        board.take(replace(RECORD, reference="Galaxy!Gone.Gone.Gone"))
        board.take(replace(RECORD, reference="Galaxy!Gone.Gone.Gone", kind="1004"))
        await until(lambda: board.find("Galaxy!Gone.Gone.Gone") is None)
        assert board.status == "live"


def test_a_list_settles_nothing_about_an_alarm_that_changed_while_it_was_on_its_way() -> None:
    doubts = Doubts()
    doubts.add("A", 1)
    doubts.note_change("A", 2)
    doubts.note_change("B", 3)
    assert not doubts.settle("A", 1)
    assert doubts.all() == {"A": 2}
    assert doubts.settle("A", 2)
    assert not doubts


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
