"""The network that tests cut leaves nothing of it behind."""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from tests.live.network import Network
from tests.shut import shut


@pytest.mark.parametrize("moments", range(6))
async def test_a_network_that_is_stopped_while_a_wire_is_laid_leaves_none(moments: int) -> None:
    ends: list[asyncio.StreamWriter] = []
    far = await asyncio.start_server(lambda _, writer: ends.append(writer), "127.0.0.1", 0)
    network = Network(far.sockets[0].getsockname()[1])
    before = asyncio.all_tasks()
    host, port = (await network.start()).split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    for _ in range(moments):
        await asyncio.sleep(0)
    await network.stop()
    assert asyncio.all_tasks() == before
    with contextlib.suppress(ConnectionError):
        assert await reader.read() == b""  # closed at the other end: nobody holds it
    await shut(far)
    for end in (writer, *ends):
        end.transport.abort()
    await far.wait_closed()
