"""Writes beside the stream of a session: each finds its outcome, whoever reads the events."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

import pytest

from mxgw_notebook import errors
from mxgw_notebook.client import (
    Event,
    GatewayClient,
    ItemHandle,
    ServerHandle,
    Session,
    StreamEventsRequest,
)
from mxgw_notebook.client.contract import wire
from mxgw_notebook.client.sessions.outcomes import PendingWrites
from mxgw_notebook.errors import Status
from mxgw_notebook.simulator.server import ServedGateway
from tests.until import until

LEVEL, SPEED, SETPOINT = "Tank001.Level", "Pump001.Speed", "FIC101.SP"
WRITE_COMPLETE = wire.MX_EVENT_FAMILY_ON_WRITE_COMPLETE


@pytest.mark.parametrize("whose", ["session", "client"])
async def test_a_write_is_confirmed_beside_a_raw_stream_and_seen_there_too(
    client: GatewayClient, session: Session, server_handle: ServerHandle, whose: str
) -> None:
    asked = StreamEventsRequest(session_id=session.session_id)
    item = await session.add_item(server_handle, SETPOINT)
    opened = session.stream_events_raw() if whose == "session" else client.stream_events_raw(asked)
    async with opened as raw:
        statuses = await session.write(server_handle, item, 41.0, confirm=True)
        assert not any(status.failed for status in statuses)
        families = [(await anext(raw)).family for _ in range(2)]
    assert WRITE_COMPLETE in families


@pytest.mark.kind_only("it knows every event", "strangers", "lose-reply")
async def test_events_of_a_writes_own_items_reach_no_reader_of_records(
    session: Session, server_handle: ServerHandle, served: ServedGateway
) -> None:
    async with session.stream_events() as events, session.stream_events_raw() as raw:
        await session.subscribe_bulk(server_handle, [LEVEL])
        await session.write_tags(server_handle, {SETPOINT: 41.0, "Nope.Nope": 1})
        await served.advance(20)
        sent = served.sessions.get(session.session_id).events.sequence
        last, tags = 0, set()
        while last < sent:
            message = await anext(raw)
            last = message.worker_sequence
            tags.add(session.tags[ItemHandle(message.item_handle)])
        assert {session.tags[(await anext(events)).item_handle] for _ in range(3)} == {LEVEL}
    assert tags == {LEVEL, SETPOINT}


@pytest.mark.kind_only("every outcome has to be known", "lose-reply", "unknown-enums")
async def test_a_write_gives_back_no_item_that_was_there_before(
    session: Session, server_handle: ServerHandle
) -> None:
    item = await session.add_item(server_handle, SETPOINT)
    await session.write_tags(server_handle, {SETPOINT: 41.0})
    await session.write_tags(server_handle, {SETPOINT: 42.0})
    assert not any(one.failed for one in await session.write(server_handle, item, 43.0, confirm=True))


async def test_a_confirmed_write_keeps_the_stream_for_the_sessions_life(
    session: Session, server_handle: ServerHandle, served: ServedGateway
) -> None:
    item = await session.add_item(server_handle, "FIC101.SP")
    await session.write(server_handle, item, 41.0, confirm=True)
    async with aclosing(session.stream_events()):
        pass
    assert served.open_calls["StreamEvents"] == 1
    await session.close()
    await until(lambda: not served.open_calls["StreamEvents"])


async def written_unseen(
    session: Session, server_handle: ServerHandle, served: ServedGateway
) -> tuple[ItemHandle, asyncio.Task[tuple[Status, ...]]]:
    """A write that the plant has taken, and that waits for an outcome which nobody here reads."""
    session.hand_over_events()
    item = await session.add_item(server_handle, "FIC101.SP")
    writing = asyncio.create_task(session.write(server_handle, item, 41.0, confirm=True))
    attribute = served.plant.attribute("FIC101.SP")
    assert attribute is not None
    await until(lambda: attribute.value == 41.0)
    return item, writing


async def test_a_write_of_a_session_whose_events_others_read_gets_its_outcome_from_them(
    session: Session, server_handle: ServerHandle, served: ServedGateway
) -> None:
    item, writing = await written_unseen(session, server_handle, served)
    session.outcomes.complete(
        Event("ON_WRITE_COMPLETE", 1, server_handle, item, None, 192, 0, statuses=(Status("OK"),))
    )
    assert await writing == (Status("OK"),)
    assert served.open_calls["StreamEvents"] == 0
    with pytest.raises(errors.ConfigurationError, match="read elsewhere"):
        session.stream_events()


async def test_closing_a_session_tells_the_write_that_waits(
    session: Session, server_handle: ServerHandle, served: ServedGateway
) -> None:
    _, writing = await written_unseen(session, server_handle, served)
    await session.close()
    with pytest.raises(errors.GatewayError, match="before the write's outcome came"):
        await writing


async def test_an_outcome_that_comes_late_is_not_taken_for_that_of_the_next_write() -> None:
    pending = PendingWrites()
    item = ItemHandle(7)
    late, refused = (Status("OK"),), (Status("SECURITY_ERROR", 321),)
    given_up = pending.expect(item)
    given_up.cancel()
    pending.forget(item, given_up)
    second = pending.expect(item)
    pending.complete(outcome_event(late))
    assert not second.done()
    pending.complete(outcome_event(refused))
    assert second.result() == refused


def outcome_event(statuses: tuple[Status, ...]) -> Event:
    return Event("ON_WRITE_COMPLETE", 1, ServerHandle(1), ItemHandle(7), None, 192, 0, statuses=statuses)
