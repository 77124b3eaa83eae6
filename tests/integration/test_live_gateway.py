"""A real gateway: nothing is written to it, and every session is closed.

Wants MXGATEWAY_INTEGRATION=1, MXGATEWAY_ENDPOINT, MXGATEWAY_API_KEY and MXGATEWAY_TEST_ITEM, a tag that can
be read. TLS unless MXGATEWAY_PLAINTEXT=1; MXGATEWAY_CA_FILE names the certificate to trust.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator
from typing import Any

import pytest
from click.testing import CliRunner

from mxgw_notebook.cli.main import mxgw
from mxgw_notebook.client import GalaxyRepositoryClient, GatewayClient, Session
from mxgw_notebook.client.alarms import SnapshotComplete

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(
        os.environ.get("MXGATEWAY_INTEGRATION") != "1",
        reason="needs a gateway: MXGATEWAY_INTEGRATION=1, and MXGATEWAY_ENDPOINT, _API_KEY and _TEST_ITEM",
    ),
]
EVENT_SECONDS = 30.0


def setting(name: str) -> str:
    """A variable that these tests cannot do without."""
    value = os.environ.get(f"MXGATEWAY_{name}", "")
    assert value, f"MXGATEWAY_{name} is not set"
    return value


def options() -> dict[str, Any]:
    """How the gateway is reached."""
    return {
        "endpoint": setting("ENDPOINT"),
        "api_key": setting("API_KEY"),
        "plaintext": os.environ.get("MXGATEWAY_PLAINTEXT") == "1",
        "ca_file": os.environ.get("MXGATEWAY_CA_FILE"),
    }


@pytest.fixture
async def client() -> AsyncIterator[GatewayClient]:
    async with await GatewayClient.connect(**options()) as connected:
        yield connected


@pytest.fixture
async def session(client: GatewayClient) -> AsyncIterator[Session]:
    async with await client.open_session("mxgw-integration") as opened:
        yield opened


async def test_a_session_is_ready_and_its_worker_answers(session: Session) -> None:
    assert await session.get_session_state() == "READY"
    assert await session.ping("hello") == "hello"
    assert (await session.get_worker_info()).process_id > 0


async def test_the_test_item_is_read(session: Session) -> None:
    server_handle = await session.register("mxgw-integration")
    (reading,) = await session.read_bulk(server_handle, [setting("TEST_ITEM")])
    assert not reading.failure
    assert reading.time_ns > 0


async def test_an_advised_item_sends_its_value(session: Session) -> None:
    server_handle = await session.register("mxgw-integration")
    item_handle = await session.add_item(server_handle, setting("TEST_ITEM"))
    async with session.stream_events() as events, asyncio.timeout(EVENT_SECONDS):
        await session.advise(server_handle, item_handle)
        event = await anext(events)
    assert (event.family, event.item_handle) == ("ON_DATA_CHANGE", item_handle)


async def test_a_bad_tag_fails_alone(session: Session) -> None:
    server_handle = await session.register("mxgw-integration")
    good, bad = await session.read_bulk(server_handle, [setting("TEST_ITEM"), "No_Such_Object.No_Such"])
    assert not good.failure
    assert bad.failure


async def test_the_alarm_feed_begins_with_what_is_active(client: GatewayClient) -> None:
    async with client.watch_alarms() as feed, asyncio.timeout(EVENT_SECONDS):
        async for message in feed:
            if isinstance(message, SnapshotComplete):
                return
    pytest.fail("the feed ended before its snapshot was complete")


async def test_the_galaxy_is_served() -> None:
    async with await GalaxyRepositoryClient.connect(**options()) as galaxy:
        assert await galaxy.test_connection()
        deployed = await galaxy.get_last_deploy_time()
        assert deployed is None or deployed.tzinfo is not None
        async for found in galaxy.iter_hierarchy(page_size=10, include_attributes=False):
            assert found.tag_name
            break


def test_smoke_goes_the_whole_way() -> None:
    done = CliRunner().invoke(mxgw, ["smoke", "--item", setting("TEST_ITEM"), "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["closed"] is True
