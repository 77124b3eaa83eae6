"""Qualities and status details that a plant gives out."""

from __future__ import annotations

import math

import pytest

from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire
from mxgw_notebook.simulator.server import ServedGateway
from tests.conformance.answers import known
from tests.conformance.conftest import Served
from tests.conformance.plain_client import PlainSession, boolean
from tests.conformance.target import Target

KNOWN = {192, 216, 88, 8, 4, 12, 16, 20, 24, 28, 32, 68, 80, 84}


async def test_a_quality_is_an_opc_da_byte(target: Target, session: PlainSession) -> None:
    [result] = await session.read(target.need("changing"))
    assert 0 <= result.quality & 0xFF <= 255
    assert result.quality & 0xFF >= 192


@pytest.mark.simulated_only("ten minutes pass on a clock of its own")
@pytest.mark.kind_only("every quality has the category that goes with it", "unknown-enums")
async def test_uncertain_and_bad_qualities_occur_with_their_statuses(served: Served) -> None:
    async with served(seed=3, event_queue=100_000) as (gateway, client):
        session = await client.open()
        kinds = ("TI", "AI", "PI", "FI", "LI")
        tags = [f"{name}.PV" for name in gateway.plant.objects if name.startswith(kinds)]
        await session.invoke("subscribe_bulk", tag_addresses=tags)
        await gateway.advance(600.0)
        events = known(await session.drain())
    qualities = {event.quality for event in events}
    assert qualities <= KNOWN
    assert {192, 4, 28} < qualities
    assert len(qualities & {68, 80, 84, 88}) >= 2
    assert len(qualities & {12, 16, 20, 24}) >= 2
    for event in events:
        good = event.statuses[0].category == wire.MX_STATUS_CATEGORY_OK
        assert good or event.quality < 64
        assert not math.isnan(event.value.float_value) or event.quality == 12


@pytest.mark.simulated_only("it knows the demo plant's names")
async def test_a_value_that_somebody_overrides_is_good_216(
    gateway: ServedGateway, session: PlainSession
) -> None:
    [handle] = await session.subscribe("TI111.Simulate")
    await session.write(handle, boolean(True))
    await gateway.advance(5.0)
    [result] = await session.read("TI111.PV")
    assert result.quality == 216
    await session.write(handle, boolean(False))
    await gateway.advance(5.0)
    [result] = await session.read("TI111.PV")
    assert result.quality == 192


@pytest.mark.simulated_only("it knows the demo plant's names")
@pytest.mark.kind_only("every quality has the category that goes with it", "unknown-enums")
async def test_what_is_not_configured_is_4_and_what_is_undeployed_is_8(
    gateway: ServedGateway, session: PlainSession
) -> None:
    [spare] = await session.read("AI926.PV")
    assert (spare.quality, spare.statuses[0].category) == (4, wire.MX_STATUS_CATEGORY_CONFIGURATION_ERROR)
    gateway.deploy()
    await session.subscribe("TempTI001.PV")
    await session.drain()
    gateway.plant.remove("TempTI001")
    await gateway.advance(0.4)
    [event] = await session.drain()
    assert (event.quality, event.statuses[0].category) == (8, wire.MX_STATUS_CATEGORY_COMMUNICATION_ERROR)


@pytest.mark.simulated_only("a scenario is asked for")
@pytest.mark.kind_only("every quality has the category that goes with it", "unknown-enums")
async def test_a_plant_that_starts_waits_for_its_first_values(served: Served) -> None:
    async with served(scenario="startup") as (gateway, client):
        session = await client.open()
        [result] = await session.read("TI111.PV")
        assert (result.quality, result.statuses[0].category) == (32, wire.MX_STATUS_CATEGORY_PENDING)
        await gateway.advance(150.0)
        [result] = await session.read("TI111.PV")
        assert result.quality == 192


@pytest.mark.simulated_only("it knows the demo plant's names")
@pytest.mark.parametrize(
    ("tag", "detail"), [("Nope.Nope", 6), ("Tank001.StrappingTable", 1003), ("Tank001.Level[2]", 6)]
)
async def test_a_status_detail_and_no_word_says_what_was_wrong_with_a_name(
    session: PlainSession, tag: str, detail: int
) -> None:
    [result] = await session.read(tag)
    assert result.statuses[0].detail == detail
    assert str(detail) not in result.error_message
