"""Reading: ReadBulk, the first value, and array names."""

from __future__ import annotations

import asyncio

import pytest

from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire
from mxgw_notebook.simulator.server import ServedGateway
from tests.conformance.answers import OK
from tests.conformance.plain_client import PlainSession, first
from tests.conformance.target import Target
from tests.until import until


async def test_a_tag_advised_in_this_session_answers_its_last_value_at_once(
    target: Target, session: PlainSession
) -> None:
    stream = session.events()
    [handle] = await session.subscribe(target.need("steady"))
    await stream.read()
    [result] = await session.read(target.need("steady"))
    stream.cancel()
    assert (result.was_successful, result.was_cached, result.item_handle) == (True, True, handle)
    assert result.quality & 0xFF >= 192
    assert result.HasField("source_timestamp")


async def test_any_other_tag_is_added_advised_waited_for_and_removed_again(
    target: Target, session: PlainSession
) -> None:
    for _ in range(2):
        [result] = await session.read(target.need("steady"))
        assert (result.was_successful, result.was_cached) == (True, False)


@pytest.mark.kind_only("a failed entry has words", "wordless")
async def test_a_bad_tag_fails_its_own_entry_of_a_read(target: Target, session: PlainSession) -> None:
    bad, good = await session.read("Nope.Nope", target.need("steady"))
    assert (bad.was_successful, good.was_successful) == (False, True)
    assert bad.error_message
    assert bad.statuses[0].detail == 6


@pytest.mark.simulated_only("a provider has to answer late")
async def test_a_read_waits_up_to_timeout_ms(gateway: ServedGateway, session: PlainSession) -> None:
    await gateway.fault("late", tag="tank001.*", seconds=3.0)
    await session.subscribe("Tank002.Level")

    async def read(timeout_ms: int) -> list[wire.BulkReadResult]:
        tags = ["Tank001.Level", "Tank002.Level", "Tank003.Level"]
        task = asyncio.create_task(session.invoke("read_bulk", tag_addresses=tags, timeout_ms=timeout_ms))
        await until(gateway.sessions.get(session.id).turn.locked)
        while not task.done():
            await gateway.advance(0.2)
        return list(task.result().read_bulk.results)

    before = gateway.plant.now
    in_time = await read(4_000)
    assert [result.was_successful for result in in_time] == [True, True, True]
    assert gateway.plant.now - before >= 3.0
    too_late = await read(1_000)
    assert [result.was_successful for result in too_late] == [False, True, True]
    assert too_late[0].statuses[0].detail == 1
    assert too_late[1].was_cached


@pytest.mark.simulated_only("a provider has to answer late")
async def test_a_read_without_a_timeout_waits_for_the_workers_own(
    gateway: ServedGateway, session: PlainSession
) -> None:
    await gateway.fault("late", seconds=600.0)
    read = asyncio.create_task(session.read("Tank001.Level"))
    await until(gateway.sessions.get(session.id).turn.locked)
    await gateway.advance(5.2)
    [result] = await read
    assert not result.was_successful


async def test_subscribing_pushes_each_tags_present_value_as_the_first_event(
    target: Target, session: PlainSession
) -> None:
    stream = session.events()
    handles = await session.subscribe(target.need("steady"), target.need("writable"))
    events = await first(stream, 2)
    stream.cancel()
    assert [event.item_handle for event in events] == handles
    assert [event.WhichOneof("body") for event in events] == ["on_data_change"] * 2
    assert all(event.HasField("value") and event.HasField("source_timestamp") for event in events)


async def test_bare_array_names_get_brackets_from_the_add_family(
    target: Target, session: PlainSession
) -> None:
    name = target.need("array")
    stream = session.events()
    await session.subscribe(name)
    event = await stream.read()
    stream.cancel()
    assert event.value.WhichOneof("kind") == "array_value"
    for arm in ("add_item", "add_item2", "add_item_bulk"):
        field = {"tag_addresses": [name]} if arm == "add_item_bulk" else {"item_definition": name}
        assert (await session.invoke(arm, **field)).protocol_status.code == OK


async def test_read_bulk_takes_names_as_they_are(target: Target, session: PlainSession) -> None:
    name = target.need("array")
    bare, whole = await session.read(name, f"{name}[]")
    assert (bare.was_successful, bare.statuses[0].detail) == (False, 1003)
    assert whole.value.WhichOneof("kind") == "array_value"


async def test_array_elements_count_from_1(target: Target, session: PlainSession) -> None:
    name = target.need("writable_array")
    whole, element, beyond = await session.read(f"{name}[]", f"{name}[1]", f"{name}[100000]")
    assert element.value.double_value == whole.value.array_value.double_values.values[0]
    assert not beyond.was_successful


async def test_tags_are_found_without_regard_to_case(target: Target, session: PlainSession) -> None:
    [result] = await session.read(target.need("steady").upper())
    assert result.was_successful


@pytest.mark.simulated_only("it knows the demo plant's names")
async def test_a_contained_name_is_no_tag(session: PlainSession) -> None:
    by_path, by_tag = await session.read("Pump001.Motor.Current", "Motor_001.Current")
    assert (by_path.was_successful, by_tag.was_successful) == (False, True)


@pytest.mark.simulated_only("it knows the demo plant's names")
async def test_an_item_can_be_named_relative_to_its_object(session: PlainSession) -> None:
    reply = await session.invoke("add_item2", item_definition="Level", item_context="Tank001")
    assert reply.add_item2.item_handle > 0
