"""What goes wrong between client and gateway, as errors: class, facts, one line, never the key."""

from __future__ import annotations

import asyncio
import re
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import grpc
import pytest

from mxgw_notebook import errors
from mxgw_notebook.client import GalaxyRepositoryClient, GatewayClient
from mxgw_notebook.simulator.keys import Key
from mxgw_notebook.simulator.server import ServedGateway
from tests.client.conftest import answering, served_with
from tests.conftest import KEY
from tests.until import until

Code = grpc.StatusCode
Context = grpc.aio.ServicerContext[bytes, bytes]
CLASSES = [
    (Code.UNAUTHENTICATED, errors.AuthenticationError),
    (Code.PERMISSION_DENIED, errors.PermissionDeniedError),
    (Code.UNAVAILABLE, errors.GatewayUnavailableError),
    (Code.DEADLINE_EXCEEDED, errors.CallTimeoutError),
    (Code.NOT_FOUND, errors.NotFoundError),
    (Code.INVALID_ARGUMENT, errors.InvalidRequestError),
    (Code.OUT_OF_RANGE, errors.InvalidRequestError),
    (Code.FAILED_PRECONDITION, errors.PreconditionError),
    (Code.ABORTED, errors.PreconditionError),
    (Code.RESOURCE_EXHAUSTED, errors.LimitExceededError),
    (Code.INTERNAL, errors.CallError),
    (Code.UNKNOWN, errors.CallError),
    (Code.UNIMPLEMENTED, errors.CallError),
]


def one_line_without_key(error: errors.GatewayError) -> bool:
    """Whether what a person may see of an error is one line, and nowhere the key."""
    shown = "".join(traceback.format_exception(error)) + repr(error) + str(error) + error.reason
    return "\n" not in str(error) and KEY not in shown


# ------------------------------------------------------------------ statuses


@pytest.mark.parametrize(("code", "kind"), CLASSES, ids=lambda value: getattr(value, "name", ""))
async def test_each_status_has_its_error_and_keeps_its_facts(
    code: Code, kind: type[errors.CallError]
) -> None:
    async def refuse(_: bytes, context: Context) -> bytes:
        await context.abort(code, "the worker\nsays no")
        raise AssertionError

    async with (
        answering(refuse) as endpoint,
        await GatewayClient.connect(endpoint, api_key=KEY, plaintext=True) as client,
    ):
        with pytest.raises(errors.CallError) as caught:
            await client.open_session()
    error = caught.value
    assert type(error) is kind
    assert (error.code, error.call, error.endpoint) == (code, "OpenSession", endpoint)
    assert error.details == "the worker says no"
    assert str(error).startswith(f"OpenSession at {endpoint} failed: the worker says no ({code.name})")


@pytest.mark.parametrize("streamed", [False, True], ids=["call", "stream"])
async def test_a_key_that_the_gateway_echoes_is_not_shown(streamed: bool) -> None:
    async def echo(_: bytes, context: Context) -> bytes:
        header = dict(context.invocation_metadata() or ())["authorization"]
        await context.abort(Code.UNAUTHENTICATED, f"bad header {header!r}")
        raise AssertionError

    async with (
        answering(echo) as endpoint,
        await GatewayClient.connect(endpoint, api_key=KEY, plaintext=True) as client,
    ):
        with pytest.raises(errors.AuthenticationError, match="<api-key>") as caught:
            await (client.query_active_alarms() if streamed else client.open_session())
        assert KEY not in f"{client!r}{client.options!r}"
    assert one_line_without_key(caught.value)


# ------------------------------------------------------------------ keys


async def test_the_key_goes_with_calls_and_with_streams(client: GatewayClient) -> None:
    await client.open_session()
    assert isinstance(await client.query_active_alarms(), list)


@pytest.mark.parametrize("key", ["", "mxgw_test_wrong", "nonsense"])
async def test_a_key_that_is_not_known_is_an_authentication_error(served: ServedGateway, key: str) -> None:
    async with await GatewayClient.connect(served.endpoint, api_key=key, plaintext=True) as client:
        with pytest.raises(errors.AuthenticationError, match="MXGATEWAY_API_KEY") as caught:
            await client.open_session()
        with pytest.raises(errors.AuthenticationError):
            await client.query_active_alarms()
    assert not key or key not in str(caught.value)


async def test_a_key_without_the_scope_says_which_it_lacks() -> None:
    reader = Key("mxgw_reader_secret", scopes=frozenset({"session:open", "session:close", "invoke:read"}))
    async with (
        served_with(keys=(reader,)) as gateway,
        await GatewayClient.connect(gateway.endpoint, api_key=reader.text, plaintext=True) as client,
        await GalaxyRepositoryClient.connect(gateway.endpoint, api_key=reader.text, plaintext=True) as galaxy,
        await client.open_session() as session,
    ):
        handle = await session.register("tests")
        item = await session.add_item(handle, "FIC101.SP")
        await session.advise(handle, item)
        with pytest.raises(errors.PermissionDeniedError, match="invoke:write"):
            await session.write(handle, item, 1.0)
        with pytest.raises(errors.PermissionDeniedError, match="events:read"):
            await client.query_active_alarms()
        with pytest.raises(errors.PermissionDeniedError, match="metadata:read"):
            await galaxy.get_last_deploy_time()


# ------------------------------------------------------------------ ports


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
        for writer in open_writers:
            writer.transport.abort()
        server.close()
        await server.wait_closed()


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
        ("Ssl handshake failed: CERTIFICATE_VERIFY_FAILED: self signed", "as ca_file"),
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
        ("Socket closed", "the gateway runs and the network"),
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


# ------------------------------------------------------------------ closed on this side


async def test_a_closed_client_says_so_and_closes_twice(served: ServedGateway) -> None:
    client = await GatewayClient.connect(served.endpoint, api_key=KEY, plaintext=True)
    session = await client.open_session()
    await client.close()
    await client.close()
    with pytest.raises(errors.SessionClosedError, match="is closed"):
        await client.open_session()
    with pytest.raises(errors.SessionClosedError, match="is closed"):
        await session.ping()


async def test_a_call_under_way_when_the_client_closes_is_told_so_and_not_cancelled() -> None:
    async with (
        served_with(command_delay=5.0) as gateway,
        await GatewayClient.connect(gateway.endpoint, api_key=KEY, plaintext=True) as client,
    ):
        session = await client.open_session()
        served = gateway.sessions.get(session.session_id)
        ping = asyncio.create_task(session.ping())
        await until(lambda: served.pending_commands)
        await client.close()
        with pytest.raises(errors.SessionClosedError, match="given up"):
            await ping


async def test_cancelling_a_call_ends_the_waiting_and_not_the_command() -> None:
    async with (
        served_with(command_delay=5.0) as gateway,
        await GatewayClient.connect(gateway.endpoint, api_key=KEY, plaintext=True) as client,
    ):
        session = await client.open_session()
        served = gateway.sessions.get(session.session_id)
        ping = asyncio.create_task(session.ping())
        await until(lambda: served.pending_commands)
        ping.cancel()
        with pytest.raises(asyncio.CancelledError):
            await ping
        assert served.pending_commands


async def test_a_call_past_its_deadline_says_that_the_command_may_still_run() -> None:
    async with (
        served_with(command_delay=5.0) as gateway,
        await GatewayClient.connect(gateway.endpoint, api_key=KEY, plaintext=True, timeout=0.2) as client,
    ):
        session = await client.open_session()
        with pytest.raises(errors.CallTimeoutError, match="may still be running"):
            await session.ping()


async def test_errors_say_what_happened_and_then_what_to_try() -> None:
    error = errors.NotConnectedError("No gateway is connected.")
    assert str(error) == f"No gateway is connected. {errors.NotConnectedError.default_hint}"
    assert str(errors.GatewayError("Gone")) == "Gone"
