"""Calls that do not come to their end: the client is closed, the caller cancels, the time is up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from mxgw_notebook import errors
from mxgw_notebook.client import GatewayClient, ServerHandle
from mxgw_notebook.simulator.server import ServedGateway
from mxgw_notebook.simulator.sessions import Session as SimulatedSession
from tests.client.conftest import served_with
from tests.conftest import KEY
from tests.until import until


async def test_a_closed_client_says_so_and_closes_twice(served: ServedGateway) -> None:
    client = await GatewayClient.connect(served.endpoint, api_key=KEY, plaintext=True)
    session = await client.open_session()
    await client.close()
    await client.close()
    with pytest.raises(errors.SessionClosedError, match="is closed"):
        await client.open_session()
    with pytest.raises(errors.SessionClosedError, match="is closed"):
        await session.register("tests")


@asynccontextmanager
async def call_under_way() -> AsyncIterator[
    tuple[GatewayClient, SimulatedSession, asyncio.Task[ServerHandle]]
]:
    """A client, its session as the gateway has it, and a command that the worker is slow to answer."""
    async with (
        served_with(command_delay=5.0) as gateway,
        await GatewayClient.connect(gateway.endpoint, api_key=KEY, plaintext=True) as client,
    ):
        session = await client.open_session()
        served = gateway.sessions.get(session.session_id)
        call = asyncio.create_task(session.register("tests"))
        await until(lambda: served.pending_commands)
        yield client, served, call


async def test_a_call_under_way_when_the_client_closes_is_told_so_and_not_cancelled() -> None:
    async with call_under_way() as (client, _, call):
        await client.close()
        with pytest.raises(errors.SessionClosedError, match="given up"):
            await call


async def test_cancelling_a_call_ends_the_waiting_and_not_the_command() -> None:
    async with call_under_way() as (_, served, call):
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert served.pending_commands


async def test_a_call_past_its_deadline_says_that_the_command_may_still_run() -> None:
    async with (
        served_with(command_delay=5.0) as gateway,
        await GatewayClient.connect(gateway.endpoint, api_key=KEY, plaintext=True, timeout=0.2) as client,
    ):
        session = await client.open_session()
        with pytest.raises(errors.CallTimeoutError, match="may still be running"):
            await session.register("tests")
