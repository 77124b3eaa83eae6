"""The alarm feed read by a thread brings what the iterator brings, and ends as that does."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from mxgw_notebook.client import AlarmMessage, GatewayClient, SnapshotComplete
from mxgw_notebook.errors import CallError, GatewayUnavailableError, SessionClosedError
from mxgw_notebook.simulator.process import EmbeddedGateway
from mxgw_notebook.simulator.server import ServedGateway
from tests.conftest import KEY
from tests.until import until


class EnoughError(Exception):
    """A test has seen what it waited for."""


async def listed(client: GatewayClient) -> list[AlarmMessage]:
    """The feed up to the end of its list, in bursts."""
    found: list[AlarmMessage] = []

    def take(message: AlarmMessage) -> None:
        found.append(message)
        if isinstance(message, SnapshotComplete):
            raise EnoughError

    async with client.alarm_bursts() as feed:
        with pytest.raises(EnoughError):
            await feed.hand_to(take)
    return found


async def listed_one_by_one(client: GatewayClient) -> list[AlarmMessage]:
    """The same by the iterator."""
    found: list[AlarmMessage] = []
    async with client.stream_alarms() as feed:
        async for message in feed:
            found.append(message)
            if isinstance(message, SnapshotComplete):
                break
    return found


@pytest.mark.kind_only("it asks the same twice", "odd-times", "unknown-values", "unknown-enums", "strangers")
async def test_bursts_bring_what_the_iterator_brings(client: GatewayClient, served: ServedGateway) -> None:
    await served.advance(600)
    expected = await listed_one_by_one(client)
    assert len(expected) > 3
    assert await listed(client) == expected
    await until(lambda: not served.open_calls["StreamAlarms"])


@pytest.mark.kind_only("it asks the same twice", "odd-times", "unknown-values", "unknown-enums", "strangers")
async def test_a_reader_ahead_of_its_taker_waits_and_loses_nothing(
    client: GatewayClient, served: ServedGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    await served.advance(600)
    expected = await listed_one_by_one(client)
    monkeypatch.setattr("mxgw_notebook.client.bursts.MOST_WAITING", 1)
    assert await listed(client) == expected


async def test_losing_the_gateway_ends_bursts_with_an_error(own_embedded: EmbeddedGateway) -> None:
    found: list[AlarmMessage] = []
    async with (
        await GatewayClient.connect(own_embedded.endpoint, api_key=KEY, plaintext=True) as client,
        client.alarm_bursts() as feed,
    ):
        following = asyncio.create_task(feed.hand_to(found.append))
        await until(lambda: len(found) > 0)
        await asyncio.to_thread(own_embedded.stop)
        with pytest.raises(GatewayUnavailableError) as caught:
            await following
    assert caught.value.call == "StreamAlarms"


async def test_bursts_of_a_client_that_is_closed_end(client: GatewayClient, served: ServedGateway) -> None:
    found: list[AlarmMessage] = []
    following = asyncio.create_task(client.alarm_bursts().hand_to(found.append))
    await until(lambda: len(found) > 0)
    await client.close()
    await following
    await until(lambda: not served.open_calls["StreamAlarms"])
    with pytest.raises(SessionClosedError):
        client.alarm_bursts()


async def test_a_taker_that_is_cancelled_ends_the_call(client: GatewayClient, served: ServedGateway) -> None:
    found: list[AlarmMessage] = []
    following = asyncio.create_task(client.alarm_bursts().hand_to(found.append))
    await until(lambda: len(found) > 0)
    following.cancel()
    await asyncio.wait({following})
    assert following.cancelled()
    await until(lambda: not served.open_calls["StreamAlarms"])


async def test_bursts_that_nobody_takes_end_too(client: GatewayClient, served: ServedGateway) -> None:
    async with client.alarm_bursts():
        pass
    await until(lambda: not served.open_calls["StreamAlarms"])


async def test_a_thread_that_fails_tells_who_takes(
    client: GatewayClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(call: Any) -> Any:
        raise OSError("no more")

    monkeypatch.setattr("mxgw_notebook.client.bursts.messages", fail)
    async with client.alarm_bursts() as feed:
        with pytest.raises(CallError, match="OSError: no more") as caught:
            await feed.hand_to(lambda message: None)
    assert caught.value.is_mistake
