"""What an event keeps beside its value, under our names and the contract's."""

from __future__ import annotations

from contextlib import aclosing
from datetime import UTC

import pytest

from mxgw_notebook.client import (
    AlarmRecord,
    Event,
    GatewayClient,
    MxCommandRequest,
    ProviderStatus,
    Session,
    StreamEventsRequest,
    event_from_wire,
)
from mxgw_notebook.client.contract import wire
from mxgw_notebook.simulator.server import ServedGateway
from tests.client.test_alarms import raised

SETPOINT = "FIC101.SP"


async def test_an_event_keeps_what_stands_on_its_envelope(session: Session) -> None:
    server_handle = await session.register("tests")
    async with aclosing(session.stream_events()) as events:
        item = await session.add_item(server_handle, SETPOINT)
        await session.advise(server_handle, item)
        change = await anext(events)
        await session.write(server_handle, item, 51.0)
        outcome = await anext(events)
        while outcome.family != "ON_WRITE_COMPLETE":
            outcome = await anext(events)
    assert (change.session_id, change.worker_sequence) == (session.session_id, change.sequence)
    assert change.hresult is None
    assert outcome.hresult == 0
    received = change.gateway_receive_timestamp
    assert received is not None
    assert received.tzinfo is UTC
    assert change.worker_timestamp == received
    assert change.source_timestamp == change.time
    assert (len(change.values), change.qualities, change.timestamps) == (0, [], [])
    assert (change.batch, change.alarm, change.provider) == (None, None, None)


def test_an_event_keeps_its_raw_status_and_no_time_that_no_clock_shows() -> None:
    message = wire.MxEvent(raw_status="0x8004", hresult=-5)
    message.worker_timestamp.seconds = -62_135_596_800  # .NET's "never"
    event = event_from_wire(message)
    assert (event.raw_status, event.hresult) == ("0x8004", -5)
    assert (event.worker_timestamp, event.gateway_receive_timestamp) == (None, None)


async def test_a_session_that_follows_alarms_has_them_in_its_events(
    client: GatewayClient, session: Session, served: ServedGateway
) -> None:
    alarm = await raised(client, served)
    async with aclosing(session.stream_events()) as events:
        await session.subscribe_alarms(r"\\Galaxy!Production1")
        await client.acknowledge_alarm(alarm.reference, comment="seen", operator_user="tester")
        event = await anext(events)
    assert event.family == "ON_ALARM_TRANSITION"
    assert event.alarm is not None
    assert (event.alarm.alarm_full_reference, event.alarm.transition_kind) == (
        alarm.reference,
        "ACKNOWLEDGE",
    )
    assert (event.alarm.operator_comment, event.alarm.operator_user) == ("seen", "tester")


def test_where_alarms_come_from_is_in_its_event() -> None:
    status = wire.AlarmProviderStatus(mode=wire.ALARM_PROVIDER_MODE_SUBTAG, degraded=True, reason="switched")
    event = event_from_wire(
        wire.MxEvent(on_alarm_provider_mode_changed=wire.OnAlarmProviderModeChangedEvent(status=status))
    )
    assert event.provider == ProviderStatus("SUBTAG", True, "switched", 0)


@pytest.mark.kind_only("it compares times", "odd-times", "unknown-enums", "unknown-values")
async def test_both_ways_to_ask_for_alarms_give_the_same_records(
    client: GatewayClient, served: ServedGateway
) -> None:
    await raised(client, served)
    active = await client.query_active_alarms()
    async with aclosing(client.stream_alarms()) as feed:
        streamed = [await anext(feed) for _ in active]
    assert streamed == active
    assert all(isinstance(alarm, AlarmRecord) for alarm in streamed)


@pytest.mark.kind_only("what it asks is what is refused", "refuse-command")
async def test_the_requests_of_the_raw_calls_are_at_hand(client: GatewayClient, session: Session) -> None:
    asked = MxCommandRequest(
        session_id=session.session_id,
        command=wire.MxCommand(kind=wire.MX_COMMAND_KIND_PING, ping=wire.PingCommand(message="hello")),
    )
    assert (await client.invoke_raw(asked)).diagnostic_message == "hello"
    async with client.stream_events_raw(StreamEventsRequest(session_id=session.session_id)) as stream:
        assert stream is not None


def test_events_that_say_the_same_are_equal() -> None:
    message = wire.MxEvent(session_id="s", worker_sequence=4, value={"double_value": 1.5})
    assert event_from_wire(message) == event_from_wire(message)
    assert isinstance(event_from_wire(message), Event)
