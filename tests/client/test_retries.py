"""Repeated is only what the gateway says is safe to repeat."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from typing import Any

import grpc
import grpc.aio
import pytest

from benchmarks import framing
from mxgw_notebook import errors
from mxgw_notebook.client import GalaxyRepositoryClient, GatewayClient
from mxgw_notebook.client.contract import galaxy_wire, wire
from tests.client.conftest import answering
from tests.conftest import KEY

Context = grpc.aio.ServicerContext[bytes, bytes]


class Stumbling:
    """Answers UNAVAILABLE the first times, then with the reply."""

    def __init__(self, times: int, reply: Any) -> None:
        self.asked = 0
        self._times, self._reply = times, reply

    async def answer(self, request: bytes, context: Context) -> bytes:
        del request
        self.asked += 1
        if self.asked <= self._times:
            await context.abort(grpc.StatusCode.UNAVAILABLE, "restarting")
        data: bytes = self._reply.SerializeToString()
        return data


async def test_a_read_of_the_galaxy_is_repeated_while_the_gateway_is_away() -> None:
    stumbling = Stumbling(2, galaxy_wire.TestConnectionReply(ok=True))
    async with (
        answering(stumbling.answer) as endpoint,
        await GalaxyRepositoryClient.connect(endpoint, api_key=KEY, plaintext=True) as client,
    ):
        assert await client.test_connection()
    assert stumbling.asked == 3


async def test_it_is_not_repeated_for_ever() -> None:
    stumbling = Stumbling(99, galaxy_wire.TestConnectionReply())
    async with (
        answering(stumbling.answer) as endpoint,
        await GalaxyRepositoryClient.connect(endpoint, api_key=KEY, plaintext=True, retries=1) as client,
    ):
        with pytest.raises(errors.GatewayUnavailableError, match="restarting"):
            await client.test_connection()
    assert stumbling.asked == 2


@pytest.mark.parametrize(("command", "times"), [("ping", 3), ("get_session_state", 3), ("register", 1)])
async def test_of_the_commands_only_those_that_ask_are_repeated(command: str, times: int) -> None:
    seen: Counter[str] = Counter()

    async def answer(request: bytes, context: Context) -> bytes:
        message = wire.MxCommandRequest.FromString(request)
        seen[str(message.command.WhichOneof("payload"))] += 1
        await context.abort(grpc.StatusCode.UNAVAILABLE, "restarting")
        raise AssertionError

    async with (
        answering(answer) as endpoint,
        await GatewayClient.connect(endpoint, api_key=KEY, plaintext=True) as client,
    ):
        session = client.session("session-1")
        with pytest.raises(errors.GatewayUnavailableError):
            await (session.register("tests") if command == "register" else getattr(session, command)())
    assert seen == {command: times}


async def test_opening_a_session_is_never_repeated() -> None:
    stumbling = Stumbling(99, wire.OpenSessionReply())
    async with (
        answering(stumbling.answer) as endpoint,
        await GatewayClient.connect(endpoint, api_key=KEY, plaintext=True) as client,
    ):
        with pytest.raises(errors.GatewayUnavailableError):
            await client.open_session()
    assert stumbling.asked == 1


async def test_a_call_that_takes_too_long_says_that_the_command_may_still_run() -> None:
    async def answer(request: bytes, context: Context) -> bytes:
        del request
        await context.abort(grpc.StatusCode.DEADLINE_EXCEEDED, "too slow")
        raise AssertionError

    async with (
        answering(answer) as endpoint,
        await GatewayClient.connect(endpoint, api_key=KEY, plaintext=True) as client,
    ):
        with pytest.raises(errors.CallTimeoutError, match=r"register.*may still be running"):
            await client.session("session-1").register("tests")


class Ending:
    """Speaks HTTP/2, and ends the connection at each call, unseen: gRPC may send it again then."""

    SEEN, INTERNAL_ERROR = 0, 2  # the last call that was seen, and why it ends

    def __init__(self) -> None:
        self.called = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            await reader.readexactly(len(framing.PREFACE))
            writer.write(framing.frame(framing.SETTINGS, 0, 0))
            while await self._kind_of_next(reader) != framing.HEADERS:
                pass
            self.called += 1
            last = framing.NUMBER.pack(self.SEEN) + framing.NUMBER.pack(self.INTERNAL_ERROR)
            writer.write(framing.frame(framing.GOAWAY, 0, 0, last))
        writer.close()

    async def _kind_of_next(self, reader: asyncio.StreamReader) -> int:
        head = await reader.readexactly(framing.FRAME_HEAD.size)
        high, low, kind, _flags, _stream = framing.FRAME_HEAD.unpack(head)
        await reader.readexactly((high << 16) + low)
        return int(kind)


async def test_grpc_repeats_nothing_behind_our_back() -> None:
    ending = Ending()
    server = await asyncio.start_server(ending.serve, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    async with (
        server,
        await GatewayClient.connect(f"{host}:{port}", api_key=KEY, plaintext=True) as client,
    ):
        with pytest.raises(errors.GatewayUnavailableError):
            await client.session("session-1").register("tests")
    assert ending.called == 1
