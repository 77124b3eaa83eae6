"""Reads through a hub: their order, their failures, and how long they may take."""

from __future__ import annotations

import pytest

from mxgw_notebook.client import GatewayClient
from mxgw_notebook.errors import CallTimeoutError
from mxgw_notebook.live import Hub
from tests.client.conftest import served_with
from tests.conftest import KEY
from tests.live.conftest import LEVEL


async def test_reads_come_in_order_with_their_failures(hub: Hub) -> None:
    level, nope = await hub.read([LEVEL, "Nope.Nope"], timeout=1)
    assert isinstance(level.value, float)
    assert "invalid reference" in nope.failure


async def test_a_watched_tag_is_read_from_its_last_value(hub: Hub) -> None:
    await hub.subscribe([LEVEL])
    (level,) = await hub.read([LEVEL], timeout=1)
    assert level.cached


async def test_a_read_that_takes_too_long_is_a_timeout() -> None:
    async with (
        served_with(command_delay=5.0) as served,
        await GatewayClient.connect(served.endpoint, api_key=KEY, plaintext=True, timeout=0.2) as client,
    ):
        hub = Hub(client, "tests")
        with pytest.raises(CallTimeoutError):
            await hub.read([LEVEL], timeout=0.1)
        await hub.close()
        assert served.sessions.ready() == []
