"""Ports at which there is no gateway: what is wrong, and what to try, in one line."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import grpc
import pytest

from mxgw_notebook import errors
from mxgw_notebook.client import GatewayClient
from tests.client.conftest import Code, Context, answering, one_line_without_key
from tests.conftest import KEY
from tests.shut import shut


@asynccontextmanager
async def listening(reply: bytes | None) -> AsyncIterator[str]:
    """The endpoint of a port that speaks no gRPC: it gives one reply, or is silent."""
    open_writers: list[asyncio.StreamWriter] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        open_writers.append(writer)
        await reader.read(1024)
        if reply is not None:
            writer.write(reply)
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    try:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        await shut(server)
        for writer in open_writers:
            writer.transport.abort()
        await server.wait_closed()
        await asyncio.sleep(0)  # what was aborted is closed in the loop's next round


async def test_a_dead_port_is_one_line_with_the_remedy() -> None:
    async with listening(b"") as endpoint:
        pass  # it was free a moment ago, and nobody listens there now
    with pytest.raises(errors.GatewayUnavailableError, match="Nothing listens there") as caught:
        await GatewayClient.connect(endpoint, api_key=KEY, plaintext=True)
    assert caught.value.code is Code.UNAVAILABLE
    assert caught.value.endpoint == endpoint
    assert one_line_without_key(caught.value)


@pytest.mark.parametrize(
    ("prose", "remedy"),
    [
        ("DNS resolution failed for plant:5000", "check its spelling"),
        ("errors resolving plant:5000: [address lookup failed for plant:5000]", "check its spelling"),
        ("Ssl handshake failed: CERTIFICATE_VERIFY_FAILED: self signed", "ca_file='"),
        ("Hostname Verification Check failed.", "give server_name_override"),
        ("Peer name plant.example is not in peer certificate", "give server_name_override"),
        (
            "failed to connect to all addresses; last error: UNKNOWN: ipv4:10.0.0.1:1: Connection refused",
            "listens",
        ),
        ("Trying to connect an http1.x server", "check the port"),
        (
            "failed to connect to all addresses; last error: UNKNOWN: ipv4:10.0.0.1:1: Socket closed",
            "check the port",
        ),
        ("Socket closed", "the gateway is running and the network"),
        ("Stream removed (Socket closed)", "the gateway is running and the network"),
        ("something new", "Check host and port"),
    ],
)
async def test_why_a_connection_failed_is_met_with_what_helps(prose: str, remedy: str) -> None:
    async def refuse(_: bytes, context: Context) -> bytes:
        await context.abort(Code.UNAVAILABLE, prose)
        raise AssertionError

    async with (
        answering(refuse) as endpoint,
        await GatewayClient.connect(endpoint, plaintext=True) as client,
    ):
        with pytest.raises(errors.GatewayUnavailableError) as caught:
            await client.open_session()
    assert remedy in caught.value.hint
    assert "all addresses" not in str(caught.value)


@pytest.mark.parametrize("plaintext", [True, False], ids=["plaintext", "tls"])
async def test_a_web_server_is_no_gateway(plaintext: bool) -> None:
    reply = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"
    async with listening(reply) as endpoint:
        with pytest.raises(errors.GatewayUnavailableError) as caught:
            await GatewayClient.connect(endpoint, api_key=KEY, plaintext=plaintext, connect_timeout=2)
    assert re.search("check the port|speaks no TLS|may speak plaintext", caught.value.hint)
    assert one_line_without_key(caught.value)


async def test_a_silent_port_is_given_up_after_the_connect_timeout() -> None:
    async with listening(None) as endpoint:
        with pytest.raises(
            errors.GatewayUnavailableError, match=r"no gateway answered within 0\.2 s"
        ) as caught:
            await GatewayClient.connect(endpoint, api_key=KEY, plaintext=True, connect_timeout=0.2)
    assert one_line_without_key(caught.value)


async def test_another_grpc_service_is_told_apart_from_a_gateway() -> None:
    server = grpc.aio.server()
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    async with await GatewayClient.connect(f"127.0.0.1:{port}", api_key=KEY, plaintext=True) as client:
        with pytest.raises(errors.CallError, match="no MXAccess Gateway at all") as caught:
            await client.open_session()
    await server.stop(None)
    assert caught.value.code is Code.UNIMPLEMENTED
