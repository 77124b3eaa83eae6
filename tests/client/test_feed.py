"""The session's one event stream, shared by many readers."""

from __future__ import annotations

import asyncio
import gc
from contextlib import aclosing

import pytest

from mxgw_notebook import errors
from mxgw_notebook.client import (
    GatewayClient,
    ServerHandle,
    Session,
    StreamEventsRequest,
    inbox,
)
from mxgw_notebook.simulator.process import EmbeddedGateway
from mxgw_notebook.simulator.server import ServedGateway
from tests.client.conftest import served_with
from tests.conftest import KEY
from tests.until import until

LEVEL, SPEED = "Tank001.Level", "Pump001.Speed"


async def test_two_readers_of_one_session_see_the_same_events_on_one_call(
    session: Session, server_handle: ServerHandle, served: ServedGateway
) -> None:
    async with session.stream_events() as first, session.stream_events() as second:
        await session.subscribe_bulk(server_handle, [LEVEL, SPEED])
        seen = [[(await anext(reader)).sequence for _ in range(2)] for reader in (first, second)]
        assert served.open_calls["StreamEvents"] == 1
    assert seen[0] == seen[1]


@pytest.mark.kind_only("it knows every event and state", "strangers", "refuse-command", "unknown-enums")
async def test_events_that_nobody_reads_cost_no_session_and_are_kept_for_who_reads_next() -> None:
    async with (
        served_with(event_queue=2) as served,
        await GatewayClient.connect(served.endpoint, api_key=KEY, plaintext=True) as client,
        await client.open_session() as session,
    ):
        handle = await session.register("tests")
        for tag in (LEVEL, SPEED, "Tank002.Level"):  # one more than the gateway's queue takes
            await session.subscribe_bulk(handle, [tag])
        async with session.stream_events() as events:
            seen = [session.tags[(await anext(events)).item_handle] for _ in range(3)]
        assert seen == [LEVEL, SPEED, "Tank002.Level"]
        assert await session.get_session_state() == "READY"


@pytest.mark.parametrize("how", ["advise", "advise_supervisory", "buffered", "alarms"])
async def test_whatever_makes_events_has_them_read(
    session: Session, server_handle: ServerHandle, served: ServedGateway, how: str
) -> None:
    if how == "alarms":
        await session.subscribe_alarms(r"\\Galaxy!Production1")
    elif how == "buffered":
        await session.subscribe_buffered(server_handle, [LEVEL])
    else:
        item = await session.add_item(server_handle, LEVEL)
        await (session.advise if how == "advise" else session.advise_supervisory)(server_handle, item)
    await until(lambda: served.open_calls["StreamEvents"] == 1)


async def test_of_too_many_events_that_nobody_reads_the_oldest_give_way_and_are_counted(
    session: Session,
    server_handle: ServerHandle,
    served: ServedGateway,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(inbox, "UNREAD", 3)
    await session.subscribe_bulk(server_handle, [LEVEL, SPEED])
    await served.advance(20)
    await until(lambda: "the oldest give way" in caplog.text)
    sent = served.sessions.get(session.session_id).events.sequence
    async with session.stream_events() as events:
        read = 0
        async for event in events:  # what was on its way still comes
            read += 1
            if event.sequence == sent:
                break
    assert events.dropped == sent - read > 0


@pytest.mark.kind_only("what it asks is what is refused", "refuse-command", "unknown-enums")
async def test_a_session_outlives_its_readers(
    session: Session, server_handle: ServerHandle, served: ServedGateway
) -> None:
    await session.subscribe_bulk(server_handle, [LEVEL])
    async for _ in session.stream_events():
        break
    gc.collect()
    await served.advance(120)  # the gateway's grace is 30 s, and it sweeps each 30 s
    assert served.open_calls["StreamEvents"] == 1
    assert await session.get_session_state() == "READY"
    await session.close()
    await until(lambda: not served.open_calls["StreamEvents"])


async def test_a_session_whose_readers_have_left_can_be_handed_over(
    session: Session, server_handle: ServerHandle, served: ServedGateway
) -> None:
    await session.subscribe_bulk(server_handle, [LEVEL])
    session.hand_over_events()
    await until(lambda: not served.open_calls["StreamEvents"])
    async with session.stream_events_raw() as events:  # a stream of its own
        await served.advance(20)
        await anext(events)


async def test_a_raw_stream_may_begin_after_the_first_advise(
    client: GatewayClient, session: Session, server_handle: ServerHandle
) -> None:
    await session.subscribe_bulk(server_handle, [LEVEL])
    assert client.session(session.session_id) is session
    async with client.stream_events_raw(StreamEventsRequest(session_id=session.session_id)) as raw:
        assert (await anext(raw)).item_handle in session.tags


@pytest.mark.kind_only("it knows every event", "strangers", "lose-reply")
async def test_each_event_finds_its_tag_also_before_the_reply_and_after_the_end(
    session: Session, server_handle: ServerHandle, served: ServedGateway
) -> None:
    tags = [f"Tank00{number}.{name}" for number in (1, 2, 3) for name in ("Level", "Temperature")]
    found: list[str] = []

    async def look_up() -> None:
        async for event in session.stream_events():
            found.append(session.tags[event.item_handle])  # noqa: PERF401  looked at while it grows

    looking = asyncio.create_task(look_up())
    await asyncio.sleep(0)
    for _ in range(20):
        added = await session.subscribe_bulk(server_handle, tags)
        await served.advance(1)
        await session.unsubscribe_bulk(server_handle, [one.item_handle for one in added])
    sent = served.sessions.get(session.session_id).events.sequence
    await until(lambda: len(found) == sent)
    assert set(found) == set(tags)
    await session.close()
    await looking


async def test_a_stream_that_is_open_cannot_resume(session: Session) -> None:
    async with session.stream_events():
        with pytest.raises(errors.ConfigurationError, match="open already"):
            session.stream_events(after_worker_sequence=7)


async def test_a_reader_that_does_not_read_loses_the_oldest_and_counts_them(
    session: Session, server_handle: ServerHandle, served: ServedGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "UNREAD", 3)
    async with aclosing(session.stream_events()) as events:
        await session.subscribe_bulk(server_handle, [LEVEL, SPEED])
        await served.advance(20)
        await until(lambda: events.dropped >= 5)
        kept = [(await anext(events)).sequence for _ in range(3)]
    assert kept == list(range(events.dropped + 1, events.dropped + 4))


async def test_a_reader_that_does_not_read_keeps_no_more_bytes_than_it_may(
    session: Session, server_handle: ServerHandle, served: ServedGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "UNREAD_BYTES", 1000)
    async with aclosing(session.stream_events()) as events:
        await session.subscribe_bulk(server_handle, [LEVEL, SPEED])
        await served.advance(60)
        await until(lambda: events.dropped >= 20)
        first = (await anext(events)).sequence
        assert first > 20
        assert events.dropped == first - 1


async def test_one_event_larger_than_there_is_room_for_is_kept(
    session: Session, server_handle: ServerHandle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "UNREAD_BYTES", 1)
    async with aclosing(session.stream_events()) as events:
        await session.subscribe_bulk(server_handle, [LEVEL])
        assert (await anext(events)).item_handle


async def test_events_that_are_read_already_cannot_be_handed_over(session: Session) -> None:
    async with session.stream_events():
        with pytest.raises(errors.ConfigurationError, match="open already"):
            session.hand_over_events()


async def test_losing_the_gateway_tells_readers_and_waiting_writes(own_embedded: EmbeddedGateway) -> None:
    async with await GatewayClient.connect(own_embedded.endpoint, api_key=KEY, plaintext=True) as client:
        session = await client.open_session()
        async with session.stream_events() as events:
            await asyncio.to_thread(own_embedded.stop)
            with pytest.raises(errors.CallError, match="StreamEvents"):
                await anext(events)
        with pytest.raises(errors.GatewayUnavailableError):
            await session.close()


async def test_fifteen_hundred_streams_opened_and_cancelled_leave_none_at_the_gateway(
    client: GatewayClient, served: ServedGateway
) -> None:
    objects = []
    for _ in range(3):
        for _ in range(50):
            streams = [client.watch_alarms() for _ in range(10)]
            await asyncio.gather(*(anext(stream) for stream in streams))
            for stream in streams:
                await stream.aclose()
        await until(lambda: not sum(served.open_calls.values()))
        del streams
        gc.collect()
        objects.append(len(gc.get_objects()))
    # Five hundred more leave nothing behind, here or in the gateway, which runs in this process. The first
    # ones may: what is made once and kept.
    assert objects[2] - objects[1] < 500, objects
