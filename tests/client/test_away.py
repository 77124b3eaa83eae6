"""Leaving while the gateway is away: what is on its way out is neither held up nor replaced."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psutil
import pytest

from mxgw_notebook.client import GalaxyRepositoryClient, GatewayClient, ServerHandle, Session, WriteEntry
from mxgw_notebook.errors import GatewayError, GatewayUnavailableError
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.conftest import KEY

TAG = "Pump001.SpeedSP"
AT_ONCE_SECONDS = 0.5

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot freeze a process")


@pytest.fixture(params=["frozen", "killed"])
def go_away(own_embedded: EmbeddedGateway, request: pytest.FixtureRequest) -> Iterator[Callable[[], None]]:
    """Freezes the gateway, or kills it."""
    if request.param == "killed":
        yield lambda: psutil.Process(own_embedded.pid).kill()
    else:
        yield lambda: freeze(own_embedded)
        psutil.Process(own_embedded.pid).resume()


def freeze(gateway: EmbeddedGateway) -> None:
    """Stops the gateway's process, all threads of it."""
    process = psutil.Process(gateway.pid)
    process.suspend()
    while process.status() != psutil.STATUS_STOPPED:
        pass


@pytest.fixture
async def client(own_embedded: EmbeddedGateway) -> AsyncIterator[GatewayClient]:
    connected = await GatewayClient.connect(own_embedded.endpoint, api_key=KEY, plaintext=True)
    connected.gate.arm("tests")
    yield connected
    with pytest.raises(ZeroDivisionError), at_once():
        await leave(connected, lambda: 1 / 0)  # as whoever is in a hurry does


async def leave(opened: GatewayClient | Session, *steps: Callable[[], object]) -> None:
    """Takes the steps within a block of it."""
    async with opened:
        for step in steps:
            step()


@contextmanager
def at_once(seconds: float = AT_ONCE_SECONDS) -> Iterator[None]:
    """Fails a block that takes longer."""
    begun = time.monotonic()
    try:
        yield
    finally:
        assert time.monotonic() - begun < seconds


async def test_an_error_of_the_block_comes_out_with_a_note_of_what_closing_failed_by(
    client: GatewayClient, go_away: Callable[[], None]
) -> None:
    session = await client.open_session()
    with pytest.raises(KeyError) as raised, at_once():
        await leave(session, go_away, lambda: dict[str, int]()["of the block"])
    (note,) = raised.value.__notes__
    assert note.startswith(f"The session {session.session_id} was not closed: ")


async def test_an_error_comes_out_of_a_finally_that_closes(
    client: GatewayClient, go_away: Callable[[], None]
) -> None:
    session = await client.open_session()

    async def as_documented() -> None:
        try:
            go_away()
            raise KeyError("of the block")
        finally:
            await session.close()

    with pytest.raises(KeyError), at_once():
        await as_documented()


async def test_a_time_limit_around_a_session_holds(
    client: GatewayClient, go_away: Callable[[], None]
) -> None:
    session = await client.open_session()

    async def wait() -> None:
        async with asyncio.timeout(1.5), session:
            go_away()
            await asyncio.Event().wait()

    with pytest.raises(TimeoutError), at_once(1.5 + AT_ONCE_SECONDS):
        await wait()


async def test_a_time_limit_holds_also_where_only_closing_is_left(
    client: GatewayClient, go_away: Callable[[], None]
) -> None:
    session = await client.open_session()

    async def only_close() -> None:
        async with asyncio.timeout(1.0), session:
            go_away()

    with pytest.raises((TimeoutError, GatewayError)), at_once(1.0 + AT_ONCE_SECONDS):
        await only_close()


async def test_a_loop_that_goes_on_after_errors_of_the_gateway_ends_when_it_is_cancelled(
    client: GatewayClient, go_away: Callable[[], None]
) -> None:
    ready = asyncio.Event()

    async def serve() -> None:
        while True:
            try:
                async with await client.open_session() as session:
                    ready.set()
                    async for _ in session.stream_events():
                        pass
            except GatewayError:
                await asyncio.sleep(0.01)

    serving = asyncio.create_task(serve())
    await ready.wait()
    go_away()
    serving.cancel()
    with at_once():
        await asyncio.wait({serving})
    assert serving.cancelled()


async def test_without_an_exception_a_close_that_fails_says_so(
    own_embedded: EmbeddedGateway, client: GatewayClient
) -> None:
    session = await client.open_session()
    psutil.Process(own_embedded.pid).kill()
    with pytest.raises(GatewayUnavailableError):
        await session.close()


async def test_a_close_that_fails_says_so_also_where_an_error_is_handled_further_out(
    own_embedded: EmbeddedGateway, client: GatewayClient
) -> None:
    session = await client.open_session()
    own_embedded.fault("refuse", rpc="CloseSession", code="INTERNAL")
    try:
        raise KeyError("of another thing")
    except KeyError:
        with pytest.raises(GatewayError):
            await asyncio.create_task(closed(session))
        with pytest.raises(GatewayError):
            await closed(await client.open_session())


async def closed(session: Session) -> None:
    await session.close()


Calls = dict[str, Callable[[GatewayClient, Session, ServerHandle, Any], Awaitable[Any]]]
CALLS: Calls = {
    "open_session": lambda client, *_: client.open_session(),
    "query_active_alarms": lambda client, *_: client.query_active_alarms(),
    "stream_alarms": lambda client, *_: anext(client.stream_alarms("none")),
    "acknowledge_alarm": lambda client, *_: client.acknowledge_alarm("Tank001.Level.HiHi"),
    "connect": lambda client, *_: GatewayClient.connect(options=client.options),
    "connect_galaxy": lambda client, *_: GalaxyRepositoryClient.connect(options=client.options),
    "add_item": lambda _, session, server, item: session.add_item(server, TAG),
    "read_bulk": lambda _, session, server, item: session.read_bulk(server, [TAG]),
    "subscribe_bulk": lambda _, session, server, item: session.subscribe_bulk(server, [TAG]),
    "stream_events_raw": lambda _, session, server, item: anext(session.stream_events_raw()),
    "stream_events": lambda _, session, server, item: anext(session.stream_events()),
    "write": lambda _, session, server, item: session.write(server, item, 50.0),
    "confirmed": lambda _, session, server, item: session.write(server, item, 50.0, confirm=True),
    "write_tags": lambda _, session, server, item: session.write_tags(server, {TAG: 50.0}),
    "write_items": lambda _, session, server, item: session.write_items(server, [WriteEntry(item, 50.0)]),
    "close": lambda _, session, server, item: session.close(),
}


@pytest.mark.parametrize("call", list(CALLS))
async def test_a_call_to_a_frozen_gateway_is_cancelled_at_once(
    own_embedded: EmbeddedGateway, client: GatewayClient, call: str
) -> None:
    async with await client.open_session() as session:
        server = await session.register("frozen")
        item = await session.add_item(server, TAG)
        freeze(own_embedded)
        calling = asyncio.ensure_future(CALLS[call](client, session, server, item))
        await asyncio.wait({calling}, timeout=0.1)
        calling.cancel()
        with at_once():
            await asyncio.wait({calling})
        psutil.Process(own_embedded.pid).resume()
        assert calling.cancelled()
