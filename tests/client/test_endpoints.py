"""Several gateways of one plant: the first that answers is used, and the next once it is gone."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest

from mxgw_notebook import errors
from mxgw_notebook.client import ClientOptions, GatewayClient
from mxgw_notebook.simulator.server import ServedGateway, serving
from tests import kindness
from tests.conftest import KEY
from tests.shut import shut

NOBODY = "127.0.0.1:1"


@asynccontextmanager
async def silent() -> AsyncIterator[str]:
    """The endpoint of somebody who takes connections and says nothing."""
    told = asyncio.Event()

    async def wait(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await told.wait()
        writer.transport.abort()

    server = await asyncio.start_server(wait, "127.0.0.1", 0)
    try:
        host, port = server.sockets[0].getsockname()
        yield f"{host}:{port}"
    finally:
        told.set()
        await shut(server)
        await server.wait_closed()
        await asyncio.sleep(0)  # what was aborted is closed in the loop's next round


async def connected(endpoint: Any, **settings: Any) -> GatewayClient:
    return await GatewayClient.connect(endpoint, api_key=KEY, plaintext=True, **settings)


@pytest.mark.parametrize(
    ("given", "targets"),
    [
        ("a:1,b:2", ("a:1", "b:2")),
        ("a, b:2", ("a:5000", "b:2")),
        (["a:1", "b:2"], ("a:1", "b:2")),
        (("a:1", "b:2,c:3"), ("a:1", "b:2", "c:3")),
        ("a:1,b:2,a:1", ("a:1", "b:2")),
        ("[::1]:1,b:2", ("[::1]:1", "b:2")),
    ],
)
def test_endpoints_are_a_list_or_have_commas_between_them(given: Any, targets: tuple[str, ...]) -> None:
    options = ClientOptions(endpoint=given)
    assert (options.targets, options.target) == (targets, targets[0])
    assert options.turned().targets == (*targets[1:], targets[0])


@pytest.mark.parametrize(
    "given", ["a:1,,b:2", "a:1,", ",", [], [""], ["a", ""], ["a", 5], {"a": 1}, None, b"a"]
)
def test_what_names_no_endpoints_is_refused_in_one_line(given: Any) -> None:
    with pytest.raises(errors.ConfigurationError) as refused:
        ClientOptions(endpoint=given)
    assert "\n" not in str(refused.value)


async def test_the_first_that_answers_is_used(served: ServedGateway) -> None:
    async with (
        silent() as dumb,
        await connected([NOBODY, dumb, served.endpoint], connect_timeout=0.3) as client,
        await client.open_session() as session,
    ):
        assert client.options.target == served.endpoint
        assert await session.register("test")


async def test_where_none_answers_the_error_has_the_reason_of_each() -> None:
    async with silent() as dumb:
        with pytest.raises(errors.GatewayUnavailableError) as away:
            await connected([NOBODY, dumb], connect_timeout=0.3)
    assert f"{NOBODY}: " in str(away.value)
    assert f"{dumb}: no gateway answered within 0.3 s" in str(away.value)


async def test_a_key_that_is_refused_is_not_tried_elsewhere(served: ServedGateway) -> None:
    async with await GatewayClient.connect(
        [served.endpoint, NOBODY], api_key="mxgw_wrong_key", plaintext=True
    ) as client:
        with pytest.raises(errors.AuthenticationError):
            await client.open_session()
        assert client.options.target == served.endpoint


async def test_the_next_takes_over_whatever_is_asked_first(
    served: ServedGateway, caplog: pytest.LogCaptureFixture
) -> None:
    async with AsyncExitStack() as ending:
        first = await ending.enter_async_context(serving(kindness.options(seed=1, api_key=KEY)))
        async with await connected(f"{first.endpoint},{served.endpoint}") as client:
            session = await client.open_session()
            assert first.sessions.ready()
            await ending.aclose()
            with caplog.at_level(logging.WARNING, "mxgw_notebook"):
                # Never repeated; but nothing of it has left for the first.
                opened = await client.open_session()
            assert f"{first.endpoint} is away: {served.endpoint} is tried" in caplog.messages
            assert client.options.target == served.endpoint
            assert await opened.register("test")
            with pytest.raises(errors.NotFoundError):
                await session.register("test")
            await session.close()
            await opened.close()
    assert not served.sessions.ready()


async def test_a_stream_that_finds_nobody_leads_to_the_next(served: ServedGateway) -> None:
    async with AsyncExitStack() as ending:
        first = await ending.enter_async_context(serving(kindness.options(seed=1, api_key=KEY)))
        async with await connected([first.endpoint, served.endpoint]) as client:
            await ending.aclose()
            with pytest.raises(errors.GatewayUnavailableError):
                async for _ in client.stream_alarms():
                    pass
            async for found in client.stream_alarms():
                assert found
                break


async def test_one_gateway_alone_is_asked_again_as_ever(served: ServedGateway) -> None:
    async with await connected(served.endpoint) as client:
        assert client.options.turned() == client.options
        assert client._rpc.move_on(served.endpoint) is False
