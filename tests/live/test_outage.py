"""A gateway that is away: said so, waited for, and gone on with once it is back."""

from __future__ import annotations

import asyncio

import pytest

from mxgw_notebook.errors import GatewayError
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.live.chaos_site import TAGS, site
from tests.live.conftest import LEVEL, hub_at, start_at
from tests.until import until


async def test_a_gateway_that_is_killed_and_comes_back_goes_on_where_it_stopped(
    own_embedded: EmbeddedGateway,
) -> None:
    port = int(own_embedded.endpoint.rpartition(":")[2])
    async with hub_at(own_embedded.endpoint) as hub:
        (level,) = await hub.subscribe([LEVEL])
        await until(lambda: len(level.history))
        await asyncio.to_thread(own_embedded.stop)
        await until(lambda: hub.status.startswith("reconnecting"))
        assert hub.outages[-1].end_ns is None
        seen = level.history.total
        again: EmbeddedGateway = await asyncio.to_thread(start_at, port)
        try:
            await until(lambda: level.history.total > seen)
            assert hub.status == "live"
            assert hub.outages[-1].end_ns is not None
        finally:
            await hub.close()
            await asyncio.to_thread(again.stop)


async def test_closing_while_the_gateway_is_away_ends_the_recovery(own_embedded: EmbeddedGateway) -> None:
    async with hub_at(own_embedded.endpoint) as hub:
        await hub.subscribe([LEVEL])
        await asyncio.to_thread(own_embedded.stop)
        await until(lambda: hub.status.startswith("reconnecting"))
    assert hub.status == "stopped"


async def test_a_read_while_the_gateway_is_away_says_so() -> None:
    async with site() as there:
        await there.hub.subscribe(TAGS)
        await there.gateway.kill()
        await until(lambda: there.hub.status.startswith("reconnecting"))
        with pytest.raises(GatewayError):
            await there.hub.read(TAGS, timeout=1)
