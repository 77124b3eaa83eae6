"""A proxy that the environment names is said, exactly where gRPC goes through it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

import pytest

from mxgw_notebook.client import ClientOptions, GatewayClient
from mxgw_notebook.client.proxy import EXCEPTIONS, PROXIES, proxy_words, warn_once
from mxgw_notebook.errors import GatewayUnavailableError
from mxgw_notebook.simulator.server import ServedGateway
from tests.conftest import KEY
from tests.shut import shut

# A name that nobody has: what reaches it came through the proxy.
PLANT = "plant.invalid:5000"


class Proxy:
    """Takes CONNECT, and leads to one gateway whatever the name."""

    def __init__(self, endpoint: str) -> None:
        self.asked: list[str] = []
        self.serving: set[asyncio.Task[None] | None] = set()
        self._host, _, self._port = endpoint.partition(":")

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.serving.add(asyncio.current_task())
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            self.asked.append(head.split()[1].decode())
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
            there, back = await asyncio.open_connection(self._host, int(self._port))
            await asyncio.gather(relay(reader, back), relay(there, writer))
        finally:
            writer.transport.abort()


async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65_536):
                writer.write(data)
    finally:
        writer.close()


@pytest.fixture
async def proxy(served: ServedGateway) -> AsyncIterator[tuple[Proxy, str]]:
    found = Proxy(served.endpoint)
    server = await asyncio.start_server(found.serve, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    yield found, f"{host}:{port}"
    await shut(server)
    for task in filter(None, found.serving):
        task.cancel()
    await asyncio.gather(*filter(None, found.serving), return_exceptions=True)
    await server.wait_closed()
    await asyncio.sleep(0)  # what was aborted is closed in the loop's next round


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*PROXIES, *EXCEPTIONS):
        monkeypatch.delenv(name, raising=False)
    warn_once.cache_clear()


@pytest.mark.parametrize(
    ("variables", "through"),
    [
        ({"https_proxy": "http://{}"}, True),
        ({"http_proxy": "http://user:secret@{}/"}, True),
        ({"grpc_proxy": "http://{}", "https_proxy": "http://127.0.0.1:1"}, True),
        ({"grpc_proxy": "", "https_proxy": "http://{}"}, False),
        ({"https_proxy": "socks5://{}"}, False),
        ({"https_proxy": "http://{}", "no_proxy": "localhost, plant.invalid"}, False),
        ({"https_proxy": "http://{}", "no_proxy": ".INVALID"}, False),
        ({"https_proxy": "http://{}", "no_proxy": "other.invalid"}, True),
        ({"https_proxy": "http://{}", "no_grpc_proxy": "", "no_proxy": "plant.invalid"}, True),
        ({}, False),
    ],
)
async def test_it_is_said_exactly_where_grpc_goes_through_it(
    proxy: tuple[Proxy, str],
    variables: dict[str, str],
    through: bool,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    found, place = proxy
    for name, value in variables.items():
        monkeypatch.setenv(name, value.format(place))
    with caplog.at_level(logging.WARNING, "mxgw_notebook"), contextlib.suppress(GatewayUnavailableError):
        async with await GatewayClient.connect(PLANT, api_key=KEY, plaintext=True, connect_timeout=5.0):
            pass
    assert found.asked == ([PLANT] if through else [])
    said = [message for message in caplog.messages if "proxy" in message]
    assert said == ([proxy_words(ClientOptions(endpoint=PLANT))] if through else [])
    assert not said or f"through the proxy {place} (" in said[0]
    assert "secret" not in caplog.text


async def test_a_gateway_that_is_not_reached_through_it_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:1")
    with pytest.raises(
        GatewayUnavailableError, match=r"the proxy 127.0.0.1:1 \(https_proxy\): no_proxy=plant"
    ):
        await GatewayClient.connect(PLANT, api_key=KEY, plaintext=True)


@pytest.mark.parametrize("endpoint", ["localhost:5000", "127.0.0.1", "[::1]:5000"])
def test_a_gateway_of_this_machine_is_behind_none(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://proxy.example:3128")
    assert proxy_words(ClientOptions(endpoint=endpoint)) == ""


def test_addresses_may_be_excepted_by_their_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("no_proxy", "10.0.0.0/8")
    assert proxy_words(ClientOptions(endpoint="10.1.2.3:5000")) == ""
    assert "proxy.example:3128 (http_proxy)" in proxy_words(ClientOptions(endpoint="11.1.2.3:5000"))
