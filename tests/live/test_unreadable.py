"""What comes and cannot be read: left out and counted, told for a while, and the rest goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from mxgw_notebook.client import AlarmMessage, AlarmRecord, GalaxyRepositoryClient, GatewayClient
from mxgw_notebook.client.alarms import message_from_wire
from mxgw_notebook.errors import GatewayError
from mxgw_notebook.live import AlarmBoard, Deploy, DeployFeed, broken
from mxgw_notebook.live.follow import STEADY_SECONDS, Follower
from mxgw_notebook.live.samples import EventIngest
from mxgw_notebook.simulator.server import ServedGateway
from tests.conftest import KEY
from tests.live.boards import following, waiting_alarm
from tests.live.conftest import SPEED, hub_at
from tests.live.test_failing import WORDS, failing_once
from tests.until import until


def failing_for(real: Callable[..., Any], chosen: Callable[[Any], bool]) -> Callable[..., Any]:
    """The same function, which throws for the first argument that is chosen."""
    thrown: list[int] = []

    def call(argument: Any, *further: Any, **named: Any) -> Any:
        if not thrown and chosen(argument):
            thrown.append(1)
            raise RuntimeError(WORDS)
        return real(argument, *further, **named)

    return call


def told(caplog: pytest.LogCaptureFixture) -> int:
    """How often the log says what was wrong."""
    return sum(WORDS in record.getMessage() for record in caplog.records)


@pytest.mark.kind_only("it counts what cannot be read", "unknown-values")
async def test_a_transition_that_cannot_be_read_is_told_once_and_the_gateways_list_asked_for(
    client: GatewayClient,
    served: ServedGateway,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    failing = failing_for(message_from_wire, lambda message: message.WhichOneof("payload") == "transition")
    monkeypatch.setattr("mxgw_notebook.client.gateway.message_from_wire", failing)
    board = AlarmBoard(client)
    follower = asyncio.create_task(board.follow())
    try:
        await board.first_snapshot()
        away = asyncio.create_task(until(lambda: board.status.startswith("reconnecting"), 60))
        while not board.broken:
            await served.advance(60)
        await away
        await until(lambda: board.status == "live")
        assert (board.broken, told(caplog)) == (1, 1)
        listed = {alarm.reference for alarm in await client.query_active_alarms()}
        assert {alarm.record.reference for alarm in board.active()} == listed
    finally:
        follower.cancel()
        await asyncio.gather(follower, return_exceptions=True)


@pytest.mark.kind_only("it counts what cannot be read", "unknown-values")
async def test_a_transition_without_a_reference_is_of_no_alarm_and_the_gateways_list_asked_for(
    client: GatewayClient, served: ServedGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    nameless: list[AlarmMessage] = []

    def without_reference(message: Any, clock: Any) -> AlarmMessage | None:
        record = message_from_wire(message, clock)
        if not isinstance(record, AlarmRecord) or not record.kind or nameless:
            return record
        nameless.append(record)
        return replace(record, reference="")

    monkeypatch.setattr("mxgw_notebook.client.gateway.message_from_wire", without_reference)
    async with following(client) as board:
        while not nameless:
            await served.advance(60)
        await until(lambda: board.status == "live" and len(board.gaps) > 1)
        assert board.broken == 1
        assert all(record.reference for record in board.log())
        listed = {alarm.reference for alarm in await client.query_active_alarms()}
        assert {alarm.record.reference for alarm in board.active()} == listed


async def test_an_alarm_of_the_list_that_cannot_be_read_leaves_the_board_incomplete(
    client: GatewayClient,
    served: ServedGateway,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await served.advance(600)
    failing = failing_for(message_from_wire, lambda message: message.WhichOneof("payload") == "active_alarm")
    monkeypatch.setattr("mxgw_notebook.client.gateway.message_from_wire", failing)
    async with following(client) as board:
        assert board.status == "incomplete: an alarm of the gateway's list could not be read"
        assert len(board.active()) == len(await client.query_active_alarms()) - 1
        assert told(caplog) == 1


async def test_an_alarm_that_the_next_list_has_and_nobody_can_read_is_not_over(
    client: GatewayClient, served: ServedGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    await served.advance(600)
    async with following(client) as board:
        before = {alarm.record.reference for alarm in board.active()}
        unreadable = failing_for(
            message_from_wire, lambda message: message.WhichOneof("payload") == "active_alarm"
        )
        monkeypatch.setattr("mxgw_notebook.client.gateway.message_from_wire", unreadable)
        await served.fault("drop")
        await until(lambda: board.status.startswith("incomplete"))
        assert {alarm.record.reference for alarm in board.active()} == before
        assert not [record for record in board.log() if record.origin == "reconciled"]


@pytest.mark.kind_only("it counts what cannot be read", "unknown-values")
async def test_an_alarm_whose_value_cannot_be_read_stands_without_it_and_is_told_until_it_is_quiet(
    client: GatewayClient, served: ServedGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with following(client) as board:
        await waiting_alarm(served, board)
        assert board.status == "live"
    with monkeypatch.context() as mistake:
        mistake.setattr("mxgw_notebook.client.values.incoming.from_wire", failing_once(lambda value: value))
        async with following(client) as board:
            assert any(alarm.record.unreadable for alarm in board.active())
            assert (board.broken, board.status) == (1, "incomplete: 1 alarm message could not be read")
            mistake.setattr(broken, "QUIET_SECONDS", 0.0)
            assert board.status == "live"


@pytest.mark.kind_only("every alarm has to be read", "unknown-values", "unknown-enums")
async def test_a_list_that_fails_by_a_mistake_of_ours_is_logged_and_asked_for_again(
    client: GatewayClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with following(client) as board:
        monkeypatch.setattr(board._enquiry, "_ask", failing_once(board._enquiry._ask))
        board._doubts.add("An.Alarm", 1)
        await until(lambda: told(caplog) == 1)
        assert board.status == f"incomplete: the list of alarms cannot be had: RuntimeError: {WORDS}"
        await until(lambda: not board.in_doubt)
        assert board.status == "live"


@pytest.mark.kind_only("it counts what cannot be read", "unknown-values")
async def test_an_event_that_cannot_be_read_is_told_until_it_is_quiet(
    served: ServedGateway, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with hub_at(served.endpoint) as hub:
        (speed,) = await hub.subscribe([SPEED])
        await until(lambda: speed.history.total)

        def with_a_broken_one(self: EventIngest, columns: Any, written: Any) -> None:
            columns.broken += 1
            monkeypatch.setattr(EventIngest, "store", store)
            store(self, columns, written)

        store = EventIngest.store
        monkeypatch.setattr(EventIngest, "store", with_a_broken_one)
        seen = speed.history.total
        await served.advance(30)
        await until(lambda: hub.broken == 1)
        assert hub.status == "incomplete: 1 event could not be read"
        assert sum("could not be read" in record.getMessage() for record in caplog.records) == 1
        await until(lambda: speed.history.total > seen)
        monkeypatch.setattr(broken, "QUIET_SECONDS", 0.0)
        assert hub.status == "live"


async def test_an_event_of_a_session_that_cannot_be_read_is_counted_and_the_others_follow(
    client: GatewayClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mxgw_notebook.client.events import event_from_wire

    monkeypatch.setattr(
        "mxgw_notebook.client.sessions.feed.event_from_wire", failing_for(event_from_wire, lambda _: True)
    )
    async with await client.open_session("tests") as session, session.stream_events() as events:
        handle = await session.register("tests")
        await session.subscribe_bulk(handle, [SPEED, "Tank001.Level"])
        assert (await anext(events)).family == "ON_DATA_CHANGE"
        assert events.broken == 1


async def test_a_mistake_of_ours_in_a_sessions_stream_is_no_ordinary_end_of_it(
    client: GatewayClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from mxgw_notebook.client.sessions.feed import EventFeed

    monkeypatch.setattr(EventFeed, "_hand_out", failing_once(EventFeed._hand_out))
    async with await client.open_session("tests") as session, session.stream_events() as events:
        handle = await session.register("tests")
        await session.subscribe_bulk(handle, [SPEED])
        with pytest.raises(GatewayError, match=WORDS):
            await anext(events)
    assert told(caplog) == 1


async def test_a_stream_counts_what_is_no_message_and_goes_on(
    client: GatewayClient, served: ServedGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    await served.advance(600)
    monkeypatch.setattr(
        "mxgw_notebook.client.gateway.message_from_wire", failing_for(message_from_wire, lambda _: True)
    )
    async with client.watch_alarms() as feed:
        async for message in feed:
            assert message is not None
            break
        assert feed.broken == 1


@pytest.mark.parametrize("name", ["deploy_of", "is_same"])
async def test_a_deploy_feed_that_fails_is_told_and_begun_again(
    served: ServedGateway, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    from mxgw_notebook.live import deploys

    async def changed(deploy: Any) -> None:
        del deploy

    async with await GalaxyRepositoryClient.connect(served.endpoint, api_key=KEY, plaintext=True) as galaxy:
        feed = DeployFeed(galaxy, changed)
        following = asyncio.create_task(feed.follow())
        try:
            await until(lambda: feed.status == "live")
            monkeypatch.setattr(deploys, name, failing_once(getattr(deploys, name)))
            served.deploy()
            await until(lambda: feed.status.startswith("failing") and WORDS in feed.status)
            await until(lambda: feed.status == "live")
            assert told(caplog) == 1
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)


@pytest.mark.parametrize("mistake", [RuntimeError, GatewayError])
async def test_what_follows_on_a_deploy_and_fails_is_told_and_done_again(
    served: ServedGateway, caplog: pytest.LogCaptureFixture, mistake: type[Exception]
) -> None:
    done: list[int] = []

    async def changed(deploy: Deploy) -> None:
        done.append(deploy.sequence)
        if len(done) == 2:
            raise mistake(WORDS)

    async with await GalaxyRepositoryClient.connect(served.endpoint, api_key=KEY, plaintext=True) as galaxy:
        feed = DeployFeed(galaxy, changed)
        following = asyncio.create_task(feed.follow())
        try:
            await until(lambda: feed.status == "live")
            served.deploy()
            await until(lambda: WORDS in feed.status)
            assert not feed.standing.is_live
            await until(lambda: feed.status == "live")
            assert (done[1], len(done), told(caplog)) == (done[2], 3, 1)
            assert [deploy.sequence for deploy in feed.deploys] == [done[0], done[1]]
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)


async def waits_begun(monkeypatch: pytest.MonkeyPatch, steady: float) -> int:
    """How often waits begin anew in six lives of a feed that breaks after each first message."""
    begun: list[int] = []

    def waits() -> Iterator[float]:
        begun.append(1)
        while True:
            yield 0.0

    monkeypatch.setattr("mxgw_notebook.live.follow.backoff_seconds", waits)
    monkeypatch.setattr("mxgw_notebook.live.follow.STEADY_SECONDS", steady)
    lives: list[int] = []

    async def attempt() -> None:
        lives.append(1)
        follower.mark_live()
        raise GatewayError("broken")

    follower = Follower("a feed", attempt)
    follower.start()
    await until(lambda: len(lives) > 5)
    await follower.close()
    return len(begun)


async def test_a_feed_that_breaks_after_each_first_message_is_asked_for_less_and_less_often(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert await waits_begun(monkeypatch, STEADY_SECONDS) == 1


async def test_a_feed_that_was_steady_before_it_broke_is_asked_for_soon(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert await waits_begun(monkeypatch, 0.0) > 5


@pytest.mark.kind_only("every value has to be read", "unknown-values")
async def test_events_that_all_seem_to_have_come_before_lead_to_a_new_session(
    served: ServedGateway, caplog: pytest.LogCaptureFixture
) -> None:
    async with hub_at(served.endpoint) as hub:
        (speed,) = await hub.subscribe([SPEED])
        await until(lambda: speed.history.total)
        before = served.sessions.ready()
        hub._intake.continuity.last = 2**40  # as after one event with a number out of reason
        seen = speed.history.total
        for _ in range(30):
            await served.advance(10)
        await until(lambda: "went back" in caplog.text)
        await until(lambda: hub.status == "live" and served.sessions.ready() != before)
        await served.advance(30)
        await until(lambda: speed.history.total > seen)
