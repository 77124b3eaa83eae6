"""However a stream ends, the gateway has none open afterwards."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from contextlib import aclosing
from typing import Any

import pytest

from mxgw_notebook.client import GalaxyRepositoryClient, GatewayClient, request
from mxgw_notebook.client.fast_events.reader import EventReader
from mxgw_notebook.errors import CallError, GatewayUnavailableError, NotFoundError, SessionClosedError
from mxgw_notebook.simulator.process import EmbeddedGateway
from mxgw_notebook.simulator.server import ServedGateway
from tests.client.conftest import served_with
from tests.conftest import KEY
from tests.until import until

Opened = Callable[[], Any]
# A reader of a session's events shares the session's stream, which stays: see test_feed.
OWN_STREAMS = ["StreamAlarms", "WatchDeployEvents"]
STREAMS = [*OWN_STREAMS, "StreamEvents"]


@pytest.fixture(params=STREAMS)
async def opened(
    request: pytest.FixtureRequest, client: GatewayClient, galaxy: GalaxyRepositoryClient
) -> Opened:
    """Opens one kind of stream, on which at least one message comes at once."""
    session = await client.open_session()
    handle = await session.register("tests")
    await session.subscribe_bulk(handle, ["Pump001.Speed"])
    kinds: dict[str, Opened] = {
        "StreamAlarms": client.watch_alarms,
        "WatchDeployEvents": galaxy.watch_deploy_events,
        "StreamEvents": session.stream_events,
    }
    return kinds[request.param]


def open_streams(served: ServedGateway) -> int:
    return sum(served.open_calls[name] for name in OWN_STREAMS)


@pytest.mark.parametrize("opened", OWN_STREAMS, indirect=True)
async def test_leaving_the_loop_and_closing_ends_the_call(opened: Opened, served: ServedGateway) -> None:
    async with aclosing(opened()) as messages:
        async for _ in messages:
            break
        assert open_streams(served) == 1
    await until(lambda: not open_streams(served))


@pytest.mark.parametrize("opened", OWN_STREAMS, indirect=True)
async def test_cancelling_the_task_that_reads_ends_the_call(opened: Opened, served: ServedGateway) -> None:
    begun = asyncio.Event()

    async def read() -> None:
        async for _ in opened():
            begun.set()

    task = asyncio.create_task(read())
    await begun.wait()
    task.cancel()
    # The exception is kept, and with it every frame that it passed.
    kept = await asyncio.gather(task, return_exceptions=True)
    assert isinstance(kept[0], asyncio.CancelledError)
    await until(lambda: not open_streams(served))


async def test_giving_up_waiting_for_an_item_ends_no_stream_and_loses_none(
    opened: Opened, served: ServedGateway, client: GatewayClient
) -> None:
    await served.advance(600)
    async with opened() as stream:
        with contextlib.suppress(TimeoutError):
            while True:  # what comes at once
                await asyncio.wait_for(anext(stream), 0.1)
        for _ in range(2):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.01):
                    await anext(stream)
        alarm = next(one for one in await client.query_active_alarms() if one.state == "ACTIVE")
        await client.acknowledge_alarm(alarm.reference, comment="checked")
        served.deploy()
        await served.advance(20)
        assert await anext(stream) is not None


async def test_closing_the_clients_ends_their_streams_quietly(
    opened: Opened, served: ServedGateway, client: GatewayClient, galaxy: GalaxyRepositoryClient
) -> None:
    begun = asyncio.Event()

    async def read() -> str:
        async for _ in opened():
            begun.set()
        return "ended"

    task = asyncio.create_task(read())
    await begun.wait()
    await client.close()
    await galaxy.close()
    assert await task == "ended"
    await until(lambda: not sum(served.open_calls.values()))


async def test_a_stream_of_a_closed_client_is_refused(client: GatewayClient) -> None:
    await client.close()
    with pytest.raises(SessionClosedError):
        [message async for message in client.watch_alarms()]


async def test_losing_the_gateway_ends_a_stream_with_an_error(own_embedded: EmbeddedGateway) -> None:
    async with (
        await GatewayClient.connect(own_embedded.endpoint, api_key=KEY, plaintext=True) as client,
        aclosing(client.watch_alarms()) as feed,
    ):
        await anext(feed)
        await asyncio.to_thread(own_embedded.stop)
        with pytest.raises(GatewayUnavailableError) as caught:
            [message async for message in feed]
    assert caught.value.call == "StreamAlarms"


async def test_the_gateways_own_end_ends_the_stream(client: GatewayClient) -> None:
    session = await client.open_session()
    handle = await session.register("tests")
    await session.subscribe_bulk(handle, ["Pump001.Speed"])
    async with aclosing(session.stream_events()) as events:
        await anext(events)
        await session.close()
        assert [event async for event in events] == []


# ------------------------------------------------------------------ the reader's thread


async def test_the_reader_collects_what_comes_until_it_is_stopped(
    client: GatewayClient, served: ServedGateway
) -> None:
    ends: list[CallError | None] = []
    session = await client.open_session()
    session.hand_over_events()
    reader = EventReader(client.options, session.session_id, on_end=ends.append)
    reader.start()
    handle = await session.register("tests")
    await session.subscribe_bulk(handle, ["Pump001.Speed", "Tank001.Level"])
    await until(lambda: reader.received == 2)
    assert len(reader.take()) == 2
    assert reader.take() == []
    reader.stop()
    reader.stop()
    assert ends == [None]
    await until(lambda: not served.open_calls["StreamEvents"])


async def test_the_reader_drops_and_counts_what_nobody_takes(client: GatewayClient) -> None:
    session = await client.open_session()
    session.hand_over_events()
    reader = EventReader(client.options, session.session_id, capacity=1)
    reader.start()
    handle = await session.register("tests")
    await session.subscribe_bulk(handle, ["Pump001.Speed", "Tank001.Level", "Tank002.Level"])
    await until(lambda: reader.received == 3)
    reader.stop()
    assert (len(reader.take()), reader.dropped) == (1, 2)


async def test_the_reader_keeps_no_more_bytes_of_large_events_than_it_may(
    client: GatewayClient, served: ServedGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mxgw_notebook.client.fast_events.reader.LARGE", 1)
    monkeypatch.setattr("mxgw_notebook.client.fast_events.reader.BUFFERED_BYTES", 500)
    session = await client.open_session()
    session.hand_over_events()
    reader = EventReader(client.options, session.session_id)
    reader.start()
    handle = await session.register("tests")
    tags = [f"Tank00{number}.Level" for number in (1, 2, 3)]
    await session.subscribe_bulk(handle, [*tags, "Pump001.Speed", "FIC101.PV", "FIC101.SP"])
    sent = served.sessions.get(session.session_id).events.sequence
    await until(lambda: reader.received == sent)
    kept = reader.take()
    assert 0 < sum(map(len, kept)) <= 500
    assert reader.dropped == sent - len(kept) > 0
    await served.advance(5)
    await until(lambda: reader.received > sent)
    assert reader.take()  # there was room again
    reader.stop()


async def test_a_session_that_is_not_there_ends_the_reader_with_its_error(client: GatewayClient) -> None:
    ends: list[CallError | None] = []
    reader = EventReader(client.options, "session-of-yesterday", ended=ends.append)  # its older name
    reader.start()
    await until(lambda: ends)
    reader.stop()
    assert isinstance(ends[0], NotFoundError)


@pytest.mark.kind_only("what it asks is what is refused", "refuse-command")
async def test_a_session_whose_events_overflow_is_told_by_the_stream() -> None:
    async with (
        served_with(event_queue=2) as served,
        await GatewayClient.connect(served.endpoint, api_key=KEY, plaintext=True) as client,
    ):
        opened = await client.open_session_raw(request("OpenSession"))  # as another program would have
        session = client.session(opened.session_id)
        handle = await session.register("tests")
        await session.subscribe_bulk(handle, ["Pump001.Speed", "Tank001.Level", "Tank002.Level"])
        with pytest.raises(CallError, match="The event queue overflowed"):
            [event async for event in session.stream_events()]
        assert await session.get_session_state() == "FAULTED"
