"""Repeated is only what the gateway says is safe to repeat."""

from __future__ import annotations

from collections import Counter
from typing import Any

import grpc
import grpc.aio
import pytest

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
