"""A session's commands against the embedded gateway."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

import numpy as np
import pytest

from mxgw_notebook.client import Event, GatewayClient, ItemHandle, ServerHandle, Session
from mxgw_notebook.client.contract import wire
from mxgw_notebook.errors import (
    ConfigurationError,
    LimitExceededError,
    MxAccessError,
    NotFoundError,
    PreconditionError,
    SessionClosedError,
)
from mxgw_notebook.simulator.server import ServedGateway
from tests.client.conftest import served_with
from tests.conftest import KEY


async def first_of(session: Session, family: str) -> Event:
    """The next event of a family."""
    async with aclosing(session.stream_events()) as events:
        async for event in events:
            if event.family == family:
                return event
    raise AssertionError(f"the stream ended without {family}")


@pytest.mark.kind_only("what it asks is what is refused", "refuse-command")
async def test_a_session_is_ready_until_it_is_closed(client: GatewayClient, served: ServedGateway) -> None:
    async with await client.open_session("engineer") as session:
        assert await session.get_session_state() == "READY"
        assert await session.ping("hello") == "hello"
        assert [known.name for known in served.sessions.ready()] == ["engineer"]
    assert served.sessions.ready() == []
    await session.close()
    with pytest.raises(SessionClosedError, match=session.session_id):
        await session.ping()
    assert repr(session).endswith("closed>")


async def test_a_session_that_is_gone_at_the_gateway_closes_without_complaint(client: GatewayClient) -> None:
    session = await client.open_session()
    session.session_id = "session-of-yesterday"
    with pytest.raises(NotFoundError, match="does not survive a gateway restart"):
        await session.register("tests")
    await session.close()


async def test_too_many_sessions_are_a_limit() -> None:
    async with (
        served_with(sessions=1) as gateway,
        await GatewayClient.connect(gateway.endpoint, api_key=KEY, plaintext=True) as client,
        await client.open_session(),
    ):
        with pytest.raises(LimitExceededError, match="close sessions"):
            await client.open_session()


async def test_the_command_timeout_reaches_the_gateway(client: GatewayClient) -> None:
    request = wire.OpenSessionRequest()
    request.command_timeout.FromMilliseconds(1500)
    reply = await client.open_session_raw(request)
    assert reply.default_command_timeout.ToMilliseconds() == 1500


async def test_an_advised_items_present_value_is_its_first_event(
    session: Session, server_handle: ServerHandle
) -> None:
    item = await session.add_item(server_handle, "Pump001.Speed")
    await session.advise(server_handle, item)
    event = await first_of(session, "ON_DATA_CHANGE")
    assert event.item_handle == item
    assert isinstance(event.value, float)
    assert event.quality >= 192
    assert event.time_ns > 0


async def test_an_unadvised_item_sends_nothing_more(
    session: Session, server_handle: ServerHandle, served: ServedGateway
) -> None:
    item = await session.add_item(server_handle, "Pump001.Speed")
    await session.advise(server_handle, item)
    await session.un_advise(server_handle, item)
    await session.remove_item(server_handle, item)
    other = await session.add_item(server_handle, "Tank001.Level")
    async with aclosing(session.stream_events()) as events:
        assert (await anext(events)).item_handle == item
        await served.advance(60)
        await session.advise(server_handle, other)
        assert (await anext(events)).item_handle == other


async def test_a_tag_that_is_not_there_is_an_mxaccess_error(
    session: Session, server_handle: ServerHandle
) -> None:
    with pytest.raises(MxAccessError, match="Nope") as caught:
        await session.add_item(server_handle, "Nope.Nope")
    assert caught.value.statuses[0].detail == 6
    assert caught.value.hresult_hex == "0x80070057"


@pytest.mark.kind_only("a failed entry has words, and no statuses that could say it", "wordless")
async def test_a_misspelt_tag_is_one_failed_entry(session: Session, server_handle: ServerHandle) -> None:
    good, bad, other = await session.subscribe_bulk(
        server_handle, ["Pump001.Speed", "Nope.Nope", "Tank001.Level"]
    )
    assert (good.failure, other.failure) == ("", "")
    assert bad.tag == "Nope.Nope"
    assert "invalid reference" in bad.failure
    assert "Nope" not in bad.failure
    ended = await session.unsubscribe_bulk(
        server_handle, [good.item_handle, other.item_handle, ItemHandle(9999)]
    )
    assert [bool(entry.failure) for entry in ended] == [False, False, True]


async def test_readings_come_in_the_order_asked(session: Session, server_handle: ServerHandle) -> None:
    tags = ["Tank001.Level", "Nope.Nope", "Pump001.Speed", "Recipe_101.Charges[]"]
    level, nope, speed, charges = await session.read_bulk(server_handle, tags)
    assert [level.tag, nope.tag, speed.tag, charges.tag] == tags
    assert isinstance(level.value, float)
    assert isinstance(charges.value, np.ndarray)
    assert not level.cached
    assert nope.value is None
    assert "invalid reference" in nope.failure


async def test_an_advised_tag_is_read_from_its_last_value(
    session: Session, server_handle: ServerHandle
) -> None:
    await session.subscribe_bulk(server_handle, ["Tank001.Level"])
    (level,) = await session.read_bulk(server_handle, ["Tank001.Level"])
    assert level.cached
    assert level.time_ns > 0


async def test_a_write_completes_as_an_event(session: Session, server_handle: ServerHandle) -> None:
    item = await session.add_item(server_handle, "FIC101.SP")
    await session.advise(server_handle, item)
    await session.write(server_handle, item, 42, data_type="Double")
    done = await first_of(session, "ON_WRITE_COMPLETE")
    assert done.item_handle == item
    assert not any(status.failed for status in done.statuses)
    (reading,) = await session.read_bulk(server_handle, ["FIC101.SP"])
    assert reading.value == 42.0


async def test_writing_to_an_item_that_is_not_advised_fails(
    session: Session, server_handle: ServerHandle
) -> None:
    item = await session.add_item(server_handle, "FIC101.SP")
    with pytest.raises(MxAccessError, match="0x80070057") as caught:
        await session.write(server_handle, item, 42.0)
    assert caught.value.hresult == -2147024809


async def test_a_value_that_cannot_travel_is_not_sent(session: Session, server_handle: ServerHandle) -> None:
    with pytest.raises(ConfigurationError, match="cannot be written"):
        await session.write(server_handle, ItemHandle(1), object())


@pytest.mark.parametrize(("tag", "detail"), [("Pump001.Reset", 1012), ("Tank001.InService", 1013)])
async def test_a_secured_attribute_refuses_through_its_event(
    session: Session, server_handle: ServerHandle, tag: str, detail: int
) -> None:
    (entry,) = await session.subscribe_bulk(server_handle, [tag])
    await session.write(server_handle, entry.item_handle, True)
    done = await first_of(session, "ON_WRITE_COMPLETE")
    assert [(status.failed, status.detail) for status in done.statuses] == [(True, detail)]


async def test_pending_is_no_failure(
    session: Session, server_handle: ServerHandle, client: GatewayClient
) -> None:
    (entry,) = await session.subscribe_bulk(server_handle, ["Pump001.Speed"])
    command = wire.MxCommand(
        kind="MX_COMMAND_KIND_SUSPEND",
        suspend=wire.SuspendCommand(server_handle=server_handle, item_handle=entry.item_handle),
    )
    reply = await client.invoke_raw(wire.MxCommandRequest(session_id=session.session_id, command=command))
    assert reply.suspend.status.category == wire.MX_STATUS_CATEGORY_PENDING
    assert await session.register("as before")


async def test_a_second_event_stream_is_refused(session: Session) -> None:
    session.hand_over_events()  # else all readers of a session share one
    async with session.stream_events_raw() as first:
        server_handle = await session.register("tests")
        await session.subscribe_bulk(server_handle, ["Pump001.Speed"])
        await anext(first)  # by now the gateway knows whose it is
        async with session.stream_events_raw() as second:
            with pytest.raises(PreconditionError, match="subscriber already"):
                await anext(second)


async def test_a_stream_resumes_after_what_was_seen(session: Session, server_handle: ServerHandle) -> None:
    await session.subscribe_bulk(server_handle, ["Pump001.Speed", "Tank001.Level", "Tank002.Level"])
    async with aclosing(session.stream_events()) as events:
        seen = [(await anext(events)).sequence for _ in range(3)]
    async with aclosing(session.stream_events(after_worker_sequence=seen[0])) as events:
        assert [(await anext(events)).sequence for _ in range(2)] == seen[1:]


async def test_a_stream_that_lost_events_begins_with_the_gap() -> None:
    async with (
        served_with(replay_events=1) as served,
        await GatewayClient.connect(served.endpoint, api_key=KEY, plaintext=True) as client,
        await client.open_session() as session,
    ):
        server_handle = await session.register("tests")
        await session.subscribe_bulk(server_handle, ["Pump001.Speed", "Tank001.Level", "Tank002.Level"])
        async with aclosing(session.stream_events()) as events:
            seen = [(await anext(events)).sequence for _ in range(3)]
        async with aclosing(session.stream_events(after_worker_sequence=seen[0])) as events:
            gap = await anext(events)
    assert gap.family == "UNSPECIFIED"
    assert gap.replay_gap is not None
    assert (gap.replay_gap.requested_after, gap.replay_gap.oldest_available) == (seen[0], seen[2])


async def test_a_session_whose_opening_was_given_up_is_closed_at_the_gateway(
    client: GatewayClient, served: ServedGateway
) -> None:
    opening = asyncio.create_task(client.open_session())
    await asyncio.sleep(0)
    opening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await opening
    await client.close()
    assert served.sessions.ready() == []


async def test_an_event_finds_its_tag_by_its_item_handle(
    session: Session, server_handle: ServerHandle
) -> None:
    # The natural look-up, which type checkers have to take as well: its key is an ItemHandle.
    await session.subscribe_bulk(server_handle, ["Pump001.Speed"])
    async with aclosing(session.stream_events()) as events:
        async for event in events:
            assert session.tags[event.item_handle] == "Pump001.Speed"
            break
