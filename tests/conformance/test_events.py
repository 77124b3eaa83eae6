"""The event stream: its queue, its order, resuming, suspending and buffering."""

from __future__ import annotations

import pytest

from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire
from mxgw_notebook.simulator.options import Overflow
from mxgw_notebook.simulator.server import ServedGateway
from tests.conformance.answers import OK, Code, end_of, event_of, refusal
from tests.conformance.conftest import Pass, Served
from tests.conformance.plain_client import PlainSession, first
from tests.conformance.target import Target
from tests.until import until

CHANGE = wire.MX_EVENT_FAMILY_ON_DATA_CHANGE
BUFFERED = wire.MX_EVENT_FAMILY_ON_BUFFERED_DATA_CHANGE
COMPLETE = wire.MX_EVENT_FAMILY_OPERATION_COMPLETE
FAULTED = wire.SESSION_STATE_FAULTED
MANY = [f"Tank{number:03d}.{name}" for number in range(1, 17) for name in ("Level", "Volume")]


async def state_of(session: PlainSession) -> wire.SessionState:
    reply = await session.invoke("get_session_state")
    return reply.session_state.state


@pytest.mark.simulated_only("its queue is made short")
@pytest.mark.kind_only("what it asks is what is refused", "refuse-command")
async def test_events_without_a_subscriber_fill_the_queue_then_the_session_faults(served: Served) -> None:
    async with served(event_queue=20) as (gateway, client):
        session = await client.open()
        await session.subscribe("Pump001.Speed", "Tank001.Level", "FIC101.PV")
        await gateway.advance(20.0)
        assert await refusal(session.invoke("register")) is Code.FAILED_PRECONDITION
        assert await state_of(session) == FAULTED
        assert (await session.close()).final_state == wire.SESSION_STATE_CLOSED


@pytest.mark.simulated_only("its queue is made short")
@pytest.mark.parametrize(
    ("overflow", "state"),
    [(Overflow.FAULT_SESSION, FAULTED), (Overflow.DISCONNECT, wire.SESSION_STATE_READY)],
)
@pytest.mark.kind_only("what it asks is what is refused", "refuse-command")
async def test_a_subscriber_that_reads_too_slowly_is_disconnected_and_in_the_default_policy_faults(
    served: Served, overflow: Overflow, state: wire.SessionState
) -> None:
    async with served(event_queue=20, overflow=overflow) as (gateway, client):
        session = await client.open()
        stream = session.events()
        await until(lambda: gateway.open_calls["StreamEvents"] == 1)
        # More at once than the queue holds: the subscriber had no chance to read in between.
        await session.invoke("subscribe_bulk", tag_addresses=MANY)
        assert await end_of(stream) is Code.RESOURCE_EXHAUSTED
        assert await state_of(session) == state


@pytest.mark.simulated_only("its queue is made short")
async def test_what_a_spared_session_lost_is_a_replay_gap(served: Served) -> None:
    async with served(event_queue=20, overflow=Overflow.DISCONNECT) as (gateway, client):
        session = await client.open()
        stream = session.events()
        await until(lambda: gateway.open_calls["StreamEvents"] == 1)
        await session.invoke("subscribe_bulk", tag_addresses=MANY)
        assert await end_of(stream) is Code.RESOURCE_EXHAUSTED
        await until(lambda: gateway.open_calls["StreamEvents"] == 0)
        again = session.events(after=1)
        assert (await again.read()).HasField("replay_gap")
        again.cancel()


async def test_attaching_delivers_a_burst_of_everything_queued(
    target: Target, session: PlainSession, passing: Pass
) -> None:
    handles = await session.subscribe(target.need("changing"), target.need("steady"))
    await passing(3.0)
    stream = session.events()
    events = await first(stream, 3)
    stream.cancel()
    assert {event.item_handle for event in events} == set(handles)


async def test_worker_sequence_is_contiguous_from_1(
    target: Target, session: PlainSession, passing: Pass
) -> None:
    await session.subscribe(target.need("changing"), target.need("steady"))
    await passing(4.0)
    stream = session.events()
    events = await first(stream, 5)
    stream.cancel()
    assert [event.worker_sequence for event in events] == [1, 2, 3, 4, 5]
    assert {event.session_id for event in events} == {session.id}


@pytest.mark.simulated_only("it is seen that the first stream has ended")
async def test_resuming_goes_on_after_the_last_one_seen(
    gateway: ServedGateway, session: PlainSession
) -> None:
    await session.subscribe("Pump001.Speed", "Tank001.Level")
    await gateway.advance(5.0)
    stream = session.events()
    await first(stream, 6)
    stream.cancel()
    await until(lambda: gateway.open_calls["StreamEvents"] == 0)
    resumed = session.events(after=4)
    events = await first(resumed, 5)
    resumed.cancel()
    assert [event.worker_sequence for event in events] == [5, 6, 7, 8, 9]
    assert not events[0].HasField("replay_gap")


@pytest.mark.simulated_only("it is seen that the first stream has ended")
async def test_resuming_after_0_is_a_fresh_stream(gateway: ServedGateway, session: PlainSession) -> None:
    await session.subscribe("Tank001.Capacity", "Tank001.Product")
    stream = session.events()
    await first(stream, 2)
    stream.cancel()
    await until(lambda: gateway.open_calls["StreamEvents"] == 0)
    await session.subscribe("Tank002.Product")
    fresh = session.events()
    assert (await fresh.read()).worker_sequence == 3
    fresh.cancel()


@pytest.mark.simulated_only("its replay ring is made short")
async def test_evicted_events_are_a_gap_without_family_or_body_and_the_oldest_can_still_be_had(
    served: Served,
) -> None:
    async with served(replay_events=3) as (gateway, client):
        session = await client.open()
        await session.subscribe("Pump001.Speed", "Tank001.Level", "FIC101.PV")
        await gateway.advance(5.0)
        last = (await session.drain())[-1].worker_sequence
        stream = session.events(after=2)
        gap, following = await first(stream, 2)
        stream.cancel()
        await until(lambda: gateway.open_calls["StreamEvents"] == 0)
        assert (gap.family, gap.WhichOneof("body")) == (wire.MX_EVENT_FAMILY_UNSPECIFIED, None)
        assert gap.replay_gap.requested_after_sequence == 2
        oldest = gap.replay_gap.oldest_available_sequence
        assert oldest == last - 2 == following.worker_sequence
        again = session.events(after=oldest - 1)
        [event] = await first(again, 1)
        again.cancel()
        assert (event.worker_sequence, event.HasField("replay_gap")) == (oldest, False)


@pytest.mark.simulated_only("five minutes pass on a clock of its own")
async def test_the_replay_ring_holds_1024_events_for_300_s(served: Served) -> None:
    async with served(grace=1_000.0) as (gateway, client):
        session = await client.open()
        await session.subscribe(*["Tank001.Product"] * 1_030)
        last = (await session.drain())[-1].worker_sequence
        for wait, oldest in ((0.0, last - 1_023), (301.0, last + 1)):
            await gateway.advance(wait)
            stream = session.events(after=1)
            gap = await stream.read()
            stream.cancel()
            await until(lambda: gateway.open_calls["StreamEvents"] == 0)
            assert gap.replay_gap.oldest_available_sequence == oldest


async def test_suspend_returns_pending_at_once_and_operation_complete_later(
    target: Target, session: PlainSession, passing: Pass
) -> None:
    stream = session.events()
    [handle] = await session.subscribe(target.need("changing"))
    for arm in ("suspend", "activate"):
        reply = await session.invoke(arm, item_handle=handle)
        assert reply.protocol_status.code == OK
        assert getattr(reply, arm).status.category == wire.MX_STATUS_CATEGORY_PENDING
        await passing(1.0)
        event = await event_of(stream, COMPLETE)
        assert (event.item_handle, event.WhichOneof("body")) == (handle, "operation_complete")
        assert event.statuses[0].category == wire.MX_STATUS_CATEGORY_OK
    stream.cancel()


@pytest.mark.simulated_only("time passes on a clock of its own")
async def test_a_suspended_item_is_silent_until_it_is_activated(
    gateway: ServedGateway, session: PlainSession
) -> None:
    [handle] = await session.subscribe("Pump001.Speed")
    await session.invoke("suspend", item_handle=handle)
    await session.drain()
    await gateway.advance(5.0)
    assert [event.family for event in await session.drain()] == [COMPLETE]
    await session.invoke("activate", item_handle=handle)
    await gateway.advance(5.0)
    assert [event.family for event in await session.drain()].count(CHANGE) > 2


@pytest.mark.simulated_only("time passes on a clock of its own")
async def test_buffered_items_round_the_interval_up_to_100_ms(
    gateway: ServedGateway, session: PlainSession
) -> None:
    added = await session.invoke("add_buffered_item", item_definition="Pump001.Speed")
    await session.invoke("set_buffered_update_interval", update_interval_ms=1_901)
    await session.invoke("advise", item_handle=added.add_buffered_item.item_handle)
    await gateway.advance(6.1)
    events = await session.drain()
    assert [event.family for event in events] == [BUFFERED] * 3
    for event in events:
        body = event.on_buffered_data_change
        assert len(body.values.double_values.values) == len(body.qualities) == len(body.timestamps.values)
        assert not event.HasField("value")
    assert max(len(event.on_buffered_data_change.qualities) for event in events) > 1


@pytest.mark.simulated_only("the platform behind it has to die")
async def test_a_connection_can_look_healthy_while_no_values_come(
    gateway: ServedGateway, session: PlainSession
) -> None:
    await session.subscribe("Pump001.Speed")
    await session.drain()
    await gateway.fault("silent")
    await gateway.advance(10.0)
    assert await session.drain() == []
    assert (await session.invoke("register")).protocol_status.code == OK
    await gateway.clear_faults("silent")
    await gateway.advance(5.0)
    assert await session.drain()


async def test_draining_takes_as_many_as_asked_for(target: Target, session: PlainSession) -> None:
    await session.subscribe(target.need("steady"), target.need("writable"), target.need("array"))
    reply = await session.invoke("drain_events", max_events=2)
    assert [event.worker_sequence for event in reply.drain_events.events] == [1, 2]


async def test_an_item_that_is_no_longer_advised_is_silent(
    target: Target, session: PlainSession, passing: Pass
) -> None:
    [handle] = await session.subscribe(target.need("changing"))
    await session.invoke("un_advise", item_handle=handle)
    await session.drain()
    await passing(3.0)
    assert await session.drain() == []


async def test_closing_the_session_ends_its_stream(target: Target, session: PlainSession) -> None:
    stream = session.events()
    await session.subscribe(target.need("steady"))
    await stream.read()
    await session.close()
    assert await end_of(stream) is Code.OK
