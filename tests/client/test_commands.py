"""Every command of the contract, as a typed method of the session."""

from __future__ import annotations

from contextlib import aclosing
from datetime import UTC, datetime

import numpy as np
import pytest

from mxgw_notebook import errors
from mxgw_notebook.client import Event, GatewayClient, ItemHandle, ServerHandle, Session, WriteEntry, check
from mxgw_notebook.client.contract import wire
from mxgw_notebook.simulator.server import ServedGateway

KINDS = wire.DESCRIPTOR.enum_types_by_name["MxCommandKind"].values_by_name
LEVEL, SPEED, SETPOINT = "Tank001.Level", "Pump001.Speed", "FIC101.SP"


def test_every_kind_of_command_has_a_method_of_its_name() -> None:
    kinds = [name.removeprefix("MX_COMMAND_KIND_").lower() for name in KINDS]
    assert len(kinds) == 40
    assert [kind for kind in kinds if kind != "unspecified" and not hasattr(Session, kind)] == []


# ------------------------------------------------------------------ items


async def test_an_item_is_added_relative_to_its_object(session: Session, server_handle: ServerHandle) -> None:
    item = await session.add_item2(server_handle, "Level", "Tank001")
    await session.advise_supervisory(server_handle, item)
    await session.remove_item(server_handle, item)
    with pytest.raises(errors.MxAccessError, match=r"0x80070057"):
        await session.advise(server_handle, item)


async def test_a_server_handle_is_given_back(session: Session, server_handle: ServerHandle) -> None:
    await session.unregister(server_handle)
    with pytest.raises(errors.MxAccessError):
        await session.add_item(server_handle, LEVEL)


async def test_a_buffered_item_sends_its_changes_in_batches(
    session: Session, server_handle: ServerHandle, served: ServedGateway
) -> None:
    async with aclosing(session.stream_events()) as events:
        item = await session.add_buffered_item(server_handle, SPEED)
        await session.set_buffered_update_interval(server_handle, 950)
        await session.advise(server_handle, item)
        await served.advance(5)
        batch = await anext(events)
    assert (batch.family, batch.item_handle) == ("ON_BUFFERED_DATA_CHANGE", item)


@pytest.mark.kind_only("it looks at categories", "unknown-enums")
async def test_a_suspended_item_says_pending_and_then_that_it_is_done(
    session: Session, server_handle: ServerHandle, served: ServedGateway
) -> None:
    async with aclosing(session.stream_events()) as events:
        item = await session.add_item(server_handle, LEVEL)
        await session.advise(server_handle, item)
        await anext(events)
        pending = await session.suspend(server_handle, item)
        assert (pending.category, pending.failed) == ("PENDING", False)
        await served.advance(1)
        assert (await anext(events)).family == "OPERATION_COMPLETE"
        await session.activate(server_handle, item)


# ------------------------------------------------------------------ many at once


async def test_a_bad_tag_fails_its_own_entry_of_each_bulk_command(
    session: Session, server_handle: ServerHandle
) -> None:
    added = await session.add_item_bulk(server_handle, [LEVEL, "Nope.Nope", SPEED])
    assert [entry.tag for entry in added] == [LEVEL, "Nope.Nope", SPEED]
    assert [bool(entry.failure) for entry in added] == [False, True, False]
    items = [added[0].item_handle, ItemHandle(4711), added[2].item_handle]
    for command in (session.advise_item_bulk, session.un_advise_item_bulk, session.remove_item_bulk):
        results = await command(server_handle, items)
        assert [bool(entry.failure) for entry in results] == [False, True, False], command.__name__


async def test_check_lists_every_tag_that_failed(session: Session, server_handle: ServerHandle) -> None:
    results = await session.subscribe_bulk(server_handle, [LEVEL, "Nope.A", "Nope.B"])
    with pytest.raises(errors.TagError, match=r"Nope\.A.*Nope\.B") as caught:
        check(results)
    assert list(caught.value.failures) == ["Nope.A", "Nope.B"]
    check(results[:1])


async def test_long_lists_are_sent_in_parts_and_come_back_whole_and_in_order(
    session: Session, server_handle: ServerHandle
) -> None:
    tags = [f"Tank001.Level{'' if number % 2 else 's'}" for number in range(2_500)]
    results = await session.subscribe_bulk(server_handle, tags)
    assert [entry.tag for entry in results] == tags
    assert [bool(entry.failure) for entry in results] == [number % 2 == 0 for number in range(2_500)]
    readings = await session.read_bulk(server_handle, tags)
    assert [reading.tag for reading in readings] == tags


async def test_a_list_of_long_names_stays_under_the_message_limit(
    session: Session, server_handle: ServerHandle
) -> None:
    tags = [f"{'Long' * 5_000}{number}.PV" for number in range(900)]
    assert sum(map(len, tags)) > 16 * 1024 * 1024
    results = await session.add_item_bulk(server_handle, tags)
    assert len(results) == 900
    assert all(entry.failure for entry in results)


# ------------------------------------------------------------------ writes


async def test_a_write_with_its_time_and_a_bulk_of_writes_are_taken(
    session: Session, server_handle: ServerHandle
) -> None:
    at = datetime(2026, 5, 24, 16, 4, tzinfo=UTC)
    item = await session.add_item(server_handle, SETPOINT)
    statuses = await session.write2(server_handle, item, 31.5, at, confirm=True)
    assert not any(status.failed for status in statuses)
    entries = [WriteEntry(item, 32), WriteEntry(ItemHandle(4711), 1.0)]
    good, bad = await session.write_bulk(server_handle, entries)
    assert (good.tag, good.failure) == (SETPOINT, "")
    assert bad.failure
    timed = await session.write2_bulk(server_handle, [WriteEntry(item, 33.0, timestamp=at)])
    assert not timed[0].failure


async def test_a_confirmed_write_advises_waits_and_takes_nothing_from_the_callers_stream(
    session: Session, server_handle: ServerHandle
) -> None:
    async with aclosing(session.stream_events()) as events:
        item = await session.add_item(server_handle, SETPOINT)
        await session.write(server_handle, item, 41.0, confirm=True)
        seen = [await anext(events) for _ in range(3)]
    assert "ON_WRITE_COMPLETE" in [event.family for event in seen]


async def test_a_confirmed_write_works_while_the_caller_does_not_read_its_stream(
    session: Session, server_handle: ServerHandle
) -> None:
    async with aclosing(session.stream_events()):
        item = await session.add_item(server_handle, SETPOINT)
        for value in (41.0, 42.0, 43.0):
            await session.write(server_handle, item, value, confirm=True)
    (reading,) = await session.read_bulk(server_handle, [SETPOINT])
    assert reading.value == 43.0


@pytest.mark.parametrize(("tag", "detail"), [("Pump001.Reset", 1012), ("Recipe_101.Abort", 1013)])
async def test_a_signed_attribute_refuses_a_plain_write_and_takes_a_signed_one(
    session: Session, server_handle: ServerHandle, tag: str, detail: int
) -> None:
    item = await session.add_item(server_handle, tag)
    with pytest.raises(errors.WriteError, match=str(detail)) as caught:
        await session.write(server_handle, item, True, confirm=True)
    assert caught.value.tag == tag
    assert "it takes a user who signs" in caught.value.hint
    operator = await session.authenticate_user(server_handle, "operator", "demo-operator")
    second = await session.authenticate_user(server_handle, "supervisor", "demo-supervisor")
    verifier = second if detail == 1013 else operator
    await session.write_secured(
        server_handle, item, True, current_user_id=operator, verifier_user_id=verifier, confirm=True
    )
    entry = WriteEntry(item, False, current_user_id=operator, verifier_user_id=verifier)
    assert [result.failure for result in await session.write_secured_bulk(server_handle, [entry])] == [""]


async def test_a_wrong_password_is_refused_and_not_shown(
    session: Session, server_handle: ServerHandle
) -> None:
    with pytest.raises(errors.MxAccessError, match="operator") as caught:
        await session.authenticate_user(server_handle, "operator", "hunter2")
    assert "hunter2" not in str(caught.value)


@pytest.mark.kind_only("every outcome has to be told", "unknown-enums")
async def test_many_tags_are_written_and_each_outcome_collected(
    session: Session, server_handle: ServerHandle
) -> None:
    values = {SETPOINT: 44.0, "Nope.Nope": 1, LEVEL: 50.0, "TIC103.SP": 12.0, "Pump001.Reset": True}
    written = await session.write_tags(server_handle, values)
    assert list(written) == list(values)
    assert not written[SETPOINT].failure
    assert not written["TIC103.SP"].failure
    assert "1012" in written["Pump001.Reset"].failure
    assert written[LEVEL].failure
    assert written["Nope.Nope"].failure
    assert session.advised == set()


@pytest.mark.kind_only("every outcome has to be told", "unknown-enums")
async def test_elements_of_an_array_are_written_and_the_others_fall_to_their_default(
    session: Session, server_handle: ServerHandle
) -> None:
    tag = "Recipe_101.Charges[]"
    item = await session.add_item(server_handle, tag)
    await session.write_array_elements(
        server_handle, item, {1: 7.5}, total_length=3, data_type="Double", confirm=True
    )
    (reading,) = await session.read_bulk(server_handle, [tag])
    np.testing.assert_array_equal(reading.value, [0.0, 7.5, 0.0])


@pytest.mark.parametrize(("elements", "length"), [({3: 1.0}, 3), ({-1: 1.0}, 3), ({0: 1.0}, 0), ({}, 3)])
async def test_elements_that_do_not_fit_their_array_are_not_sent(
    session: Session, server_handle: ServerHandle, elements: dict[int, float], length: int
) -> None:
    item = await session.add_item(server_handle, "Recipe_101.Charges[]")
    with pytest.raises(errors.ConfigurationError):
        await session.write_array_elements(server_handle, item, elements, total_length=length)


# ------------------------------------------------------------------ the worker


@pytest.mark.kind_only("what it asks is what is refused", "refuse-command")
async def test_the_worker_answers_for_itself(session: Session, server_handle: ServerHandle) -> None:
    assert await session.ping("are you there") == "are you there"
    assert await session.get_session_state() == "READY"
    info = await session.get_worker_info()
    assert info.process_id > 0
    assert info.prog_id


async def test_queued_events_can_be_drained_without_a_stream(
    session: Session, server_handle: ServerHandle, served: ServedGateway
) -> None:
    await session.subscribe_bulk(server_handle, [LEVEL, SPEED])
    drained: list[Event] = []
    while len(drained) < 2:
        found = await session.drain_events(1)
        assert len(found) <= 1
        drained += found
    assert {session.tags[event.item_handle] for event in drained} == {LEVEL, SPEED}
    assert await session.drain_events() == []


async def test_what_waits_in_the_worker_can_be_drained_by_who_reads_no_stream(
    session: Session, server_handle: ServerHandle
) -> None:
    session.hand_over_events()
    await session.subscribe_bulk(server_handle, [LEVEL, SPEED])
    assert len(await session.drain_events(1)) == 1
    assert len(await session.drain_events()) == 1
    assert await session.drain_events() == []


async def test_a_shut_down_worker_ends_the_session(client: GatewayClient) -> None:
    session = await client.open_session()
    await session.shutdown_worker()
    with pytest.raises(errors.GatewayError):
        await session.register("tests")
    await session.close()


# ------------------------------------------------------------------ alarms of the session


async def test_alarms_are_asked_for_and_acknowledged_through_the_session(session: Session) -> None:
    await session.subscribe_alarms(r"\\Galaxy!Production1")
    alarms = await session.query_active_alarms("Galaxy!Production1")
    assert alarms
    name = alarms[0].reference.removeprefix("Galaxy!Production1.")
    assert await session.acknowledge_alarm_by_name(name, "Galaxy", "Production1", comment="seen") == 0
    await session.unsubscribe_alarms()
