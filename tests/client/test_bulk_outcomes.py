"""What is told of many writes, and how long they take, whatever the gateway does."""

from __future__ import annotations

import asyncio
import time
from decimal import Decimal
from typing import Any

import pytest

from mxgw_notebook import errors
from mxgw_notebook.client import (
    GatewayClient,
    ItemHandle,
    ServerHandle,
    Session,
    WriteEntry,
)
from mxgw_notebook.client.contract import wire
from mxgw_notebook.simulator.process import EmbeddedGateway
from mxgw_notebook.simulator.server import ServedGateway
from tests.client.setpoints import OTHER, SETPOINT, UNCERTAIN, present
from tests.conftest import KEY


async def test_many_writes_whose_reply_cannot_be_read_may_have_been_written(
    session: Session, server_handle: ServerHandle, item: ItemHandle, served: ServedGateway
) -> None:
    await served.fault("garbled", times=1)
    with pytest.raises(errors.WriteOutcomeUnknownError, match=r"could not be read.* may have been written"):
        await session.write_bulk(server_handle, [WriteEntry(item, 41.0)])
    assert present(served) == 41.0


@pytest.mark.kind_only("every outcome has to be known", "lose-reply", "unknown-enums")
async def test_each_of_many_tells_its_outcome_by_a_field(
    session: Session, server_handle: ServerHandle, served: ServedGateway
) -> None:
    values = {
        SETPOINT: "44",
        "Nope.Nope": 1,
        "Pump001.StartCmd": Decimal("0.4"),
        OTHER: 12,
        "Pump001.Reset": True,
    }
    written = await session.write_tags(server_handle, values)
    assert [one.outcome for one in written.values()] == [
        "completed",
        "refused",
        "refused",
        "completed",
        "refused",
    ]
    assert (written[SETPOINT].value, written[OTHER].value) == (44.0, 12.0)
    assert "cannot be written as Boolean" in written["Pump001.StartCmd"].failure
    assert present(served) == 44.0


@pytest.mark.parametrize("code", UNCERTAIN)
async def test_many_whose_reply_is_lost_are_unknown_and_none_is_lost(
    session: Session, server_handle: ServerHandle, served: ServedGateway, code: str
) -> None:
    await served.fault("lose-reply", command="write*", code=code, times=1)
    written = await session.write_tags(server_handle, {SETPOINT: 41.0, "Nope.Nope": 1, OTHER: 13.0})
    assert [one.outcome for one in written.values()] == ["unknown", "refused", "unknown"]
    assert "may have been written" in written[SETPOINT].failure
    assert (present(served), present(served, OTHER)) == (41.0, 13.0)
    await served.fault("lose-reply", command="write*", code=code, times=1)
    (entry,) = await session.subscribe_bulk(server_handle, [SETPOINT])
    with pytest.raises(errors.WriteOutcomeUnknownError):
        await session.write_bulk(server_handle, [WriteEntry(entry.item_handle, 42.0)])


async def test_many_that_the_gateway_refuses_are_refused(
    session: Session, server_handle: ServerHandle, served: ServedGateway
) -> None:
    before = present(served)
    await served.fault("refuse-command", command="write_bulk", code="PERMISSION_DENIED", times=2)
    written = await session.write_tags(server_handle, {SETPOINT: 41.0})
    assert (written[SETPOINT].outcome, "PERMISSION_DENIED" in written[SETPOINT].failure) == ("refused", True)
    (entry,) = await session.subscribe_bulk(server_handle, [SETPOINT])
    with pytest.raises(errors.PermissionDeniedError):
        await session.write_bulk(server_handle, [WriteEntry(entry.item_handle, 42.0)])
    assert present(served) == before


@pytest.mark.parametrize(
    "command", ["write_bulk", "add_item_bulk", "advise_item_bulk", "read_bulk", "unsubscribe_bulk"]
)
async def test_the_time_of_many_bounds_the_whole(
    session: Session, server_handle: ServerHandle, served: ServedGateway, command: str
) -> None:
    await served.fault("delay-command", command=command, seconds=30.0, times=1)
    begun = time.monotonic()
    if command in ("add_item_bulk", "advise_item_bulk", "read_bulk"):
        with pytest.raises(errors.GatewayError, match="Nothing was written"):
            await session.write_tags(server_handle, {SETPOINT: 41.0}, timeout=3.0)
    else:
        written = await session.write_tags(server_handle, {SETPOINT: 41.0}, timeout=3.0)
        assert written[SETPOINT].outcome == ("unknown" if command == "write_bulk" else "completed")
    assert time.monotonic() - begun < 15.0


async def test_many_that_wait_when_the_connection_breaks_keep_their_results(
    own_embedded: EmbeddedGateway,
) -> None:
    async with await GatewayClient.connect(own_embedded.endpoint, api_key=KEY, plaintext=True) as client:
        client.gate.arm("tests")
        session = await client.open_session()
        handle = await session.register("tests")
        await session.write_tags(handle, {SETPOINT: 40.0})
        await asyncio.to_thread(own_embedded.fault, "delay-command", command="write_bulk", seconds=30.0)
        writing = asyncio.create_task(session.write_tags(handle, {SETPOINT: 41.0, "Nope.Nope": 1}))
        async with session.stream_events_raw() as events:
            outcomes = 0  # the first is that of before
            while outcomes < 2:
                outcomes += (await anext(events)).family == wire.MX_EVENT_FAMILY_ON_WRITE_COMPLETE
        await asyncio.to_thread(own_embedded.stop)
        written = await writing
        assert [one.outcome for one in written.values()] == ["unknown", "refused"]
        with pytest.raises(errors.GatewayUnavailableError):
            await session.close()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "No tag given"),
        ([(SETPOINT, 1), (SETPOINT, 2)], "given twice"),
        ([SETPOINT, OTHER], "is not a pair"),
        ([(SETPOINT, 1, 2)], "is not a pair"),
        ([(5, 1)], "5 is not a tag"),
        (SETPOINT, "names no tags and values"),
        (5, "names no tags and values"),
    ],
)
async def test_what_is_no_list_of_tags_and_values_is_one_line(
    session: Session, server_handle: ServerHandle, given: Any, told: str
) -> None:
    with pytest.raises(errors.ConfigurationError, match=told) as caught:
        await session.write_tags(server_handle, given)
    assert "\n" not in str(caught.value)
