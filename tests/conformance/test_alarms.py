"""Alarms: the feed's order, degraded mode and acknowledging."""

from __future__ import annotations

from typing import Any

import pytest

from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire
from mxgw_notebook.simulator.server import ServedGateway
from tests.conformance.answers import OK, Code, known, refusal
from tests.conformance.conftest import Pass
from tests.conformance.plain_client import PlainClient, PlainSession
from tests.conformance.target import Target

ACTIVE, ACKED = wire.ALARM_CONDITION_STATE_ACTIVE, wire.ALARM_CONDITION_STATE_ACTIVE_ACKED
ACKNOWLEDGE = wire.ALARM_TRANSITION_KIND_ACKNOWLEDGE
KINDS = set(wire.AlarmTransitionKind.values()) - {wire.ALARM_TRANSITION_KIND_UNSPECIFIED}
SUBTAG = wire.ALARM_PROVIDER_MODE_SUBTAG


def feed(client: PlainClient, prefix: str = "") -> Any:
    return client.stream("StreamAlarms", wire.StreamAlarmsRequest(alarm_filter_prefix=prefix))


async def begun(stream: Any) -> list[wire.AlarmFeedMessage]:
    """Everything up to and with the provider's status."""
    messages = [await stream.read()]
    while messages[-1].WhichOneof("payload") != "provider_status":
        messages.append(await stream.read())
    return messages


async def active(client: PlainClient, prefix: str = "") -> list[wire.ActiveAlarmSnapshot]:
    request = wire.QueryActiveAlarmsRequest(session_id="ignored", alarm_filter_prefix=prefix)
    return [snapshot async for snapshot in client.stream("QueryActiveAlarms", request)]


async def acknowledge(client: PlainClient, reference: str) -> wire.AcknowledgeAlarmReply:
    request = wire.AcknowledgeAlarmRequest(
        alarm_full_reference=reference, comment="on it", operator_user="me", client_correlation_id="a-1"
    )
    reply: wire.AcknowledgeAlarmReply = await client.call("AcknowledgeAlarm", request)
    return reply


async def test_the_feed_needs_no_session_and_begins_with_what_stands_its_end_and_the_provider(
    client: PlainClient,
) -> None:
    stream = feed(client)
    arms = [message.WhichOneof("payload") for message in await begun(stream)]
    stream.cancel()
    assert arms[-2:] == ["snapshot_complete", "provider_status"]
    assert set(arms[:-2]) <= {"active_alarm"}


async def test_the_snapshot_has_one_message_an_alarm(client: PlainClient) -> None:
    stream = feed(client)
    seen = [message.active_alarm.alarm_full_reference for message in (await begun(stream))[:-2]]
    stream.cancel()
    assert len(seen) == len(set(seen))
    assert all("!" in name or name.startswith("\\\\") for name in seen)


@pytest.mark.simulated_only("time passes on a clock of its own")
async def test_a_change_is_a_transition_and_unchanged_states_send_nothing(
    gateway: ServedGateway, client: PlainClient
) -> None:
    stream, states = feed(client), dict[str, int]()
    for message in (await begun(stream))[:-2]:
        states[message.active_alarm.alarm_full_reference] = message.active_alarm.current_state
    await gateway.advance(200.0)
    await acknowledge(client, "Galaxy!Production1.Tank005.Level.HiHi")
    last: dict[str, int] = {}
    while True:
        event = (await stream.read()).transition
        if event.transition_kind not in KINDS:  # of a later contract, as a payload that is none is
            continue
        assert event.transition_kind != last.get(event.alarm_full_reference)
        last[event.alarm_full_reference] = event.transition_kind
        if event.operator_user == "me":
            break
    stream.cancel()
    assert len(last) > 5


@pytest.mark.simulated_only("the alarm provider has to fail over")
@pytest.mark.kind_only("the provider has its own name", "unknown-enums")
async def test_a_failover_is_one_provider_status(gateway: ServedGateway, client: PlainClient) -> None:
    stream = feed(client)
    before = (await begun(stream))[-1].provider_status
    assert (before.mode, before.degraded) == (wire.ALARM_PROVIDER_MODE_ALARMMGR, False)
    await gateway.fault("degraded", reason="gone")
    await gateway.fault("degraded", reason="still gone")
    after = (await stream.read()).provider_status
    assert (after.mode, after.degraded, after.reason) == (SUBTAG, True, "gone")
    await gateway.clear_faults("degraded")
    back = (await stream.read()).provider_status
    stream.cancel()
    assert (back.mode, back.degraded) == (wire.ALARM_PROVIDER_MODE_ALARMMGR, False)


@pytest.mark.simulated_only("the alarm provider has to fail over")
@pytest.mark.kind_only("the provider has its own name", "unknown-enums")
async def test_in_degraded_mode_every_message_is_flagged_and_may_be_poorer(
    gateway: ServedGateway, client: PlainClient
) -> None:
    assert any(alarm.operator_comment for alarm in await active(client))
    await gateway.fault("degraded")
    alarms = await active(client)
    assert all(alarm.degraded and alarm.source_provider == SUBTAG for alarm in alarms)
    assert not any(alarm.operator_comment or alarm.operator_user for alarm in alarms)
    stream = feed(client)
    await begun(stream)
    await acknowledge(client, alarms[-1].alarm_full_reference)
    await gateway.advance(120.0)
    transition = (await stream.read()).transition
    stream.cancel()
    assert transition.degraded


async def test_acknowledging_shows_as_a_transition(target: Target, client: PlainClient) -> None:
    reference = target.need("alarm")
    stream = feed(client, reference)
    await begun(stream)
    reply = await acknowledge(client, reference)
    transition = (await stream.read()).transition
    stream.cancel()
    assert (reply.protocol_status.code, reply.correlation_id) == (OK, "a-1")
    assert (transition.alarm_full_reference, transition.transition_kind) == (reference, ACKNOWLEDGE)
    assert (transition.operator_user, transition.operator_comment) == ("me", "on it")


async def test_an_unknown_reference_is_not_found(client: PlainClient) -> None:
    assert await refusal(acknowledge(client, "Galaxy!Nowhere.Nothing")) is Code.NOT_FOUND


async def test_acknowledging_twice_is_harmless(target: Target, client: PlainClient) -> None:
    reference = target.need("alarm")
    for _ in range(2):
        assert (await acknowledge(client, reference)).protocol_status.code == OK
    [alarm] = await active(client, reference)
    assert alarm.current_state == ACKED


@pytest.mark.simulated_only("the alarm provider has to fail over")
async def test_a_failing_acknowledge_in_degraded_mode_is_a_failed_precondition(
    gateway: ServedGateway, target: Target, client: PlainClient
) -> None:
    await gateway.fault("degraded", acknowledge="fails")
    assert await refusal(acknowledge(client, target.alarm)) is Code.FAILED_PRECONDITION
    await gateway.fault("degraded", acknowledge="works")
    assert (await acknowledge(client, target.alarm)).protocol_status.code == OK


async def test_a_prefix_narrows_feed_and_query(target: Target, client: PlainClient) -> None:
    prefix = target.need("alarm").rpartition(".")[0]
    stream = feed(client, prefix)
    messages = await begun(stream)
    stream.cancel()
    streamed = {message.active_alarm.alarm_full_reference for message in messages[:-2]}
    assert streamed == {alarm.alarm_full_reference for alarm in await active(client, prefix)}
    assert all(name.startswith(prefix) for name in streamed)


async def test_severity_is_1_to_999(client: PlainClient) -> None:
    assert all(1 <= alarm.severity <= 999 for alarm in await active(client))


@pytest.mark.simulated_only("it knows the demo plant's names")
async def test_writing_the_acknowledge_message_acknowledges(
    client: PlainClient, session: PlainSession
) -> None:
    [handle] = await session.subscribe("Tank005.Level.HiHi.AckMsg")
    await session.write(handle, wire.MxValue(string_value="seen on site"))
    [alarm] = await active(client, "Galaxy!Production1.Tank005.Level.HiHi")
    assert (alarm.current_state, alarm.operator_comment) == (ACKED, "seen on site")


@pytest.mark.simulated_only("the alarm provider has to fail over")
@pytest.mark.kind_only("the provider has its own name", "unknown-enums")
async def test_a_session_that_subscribed_alarms_gets_transitions_and_failovers_as_events(
    gateway: ServedGateway, session: PlainSession, passing: Pass
) -> None:
    await session.invoke("subscribe_alarms")
    await passing(120.0)
    assert {event.WhichOneof("body") for event in known(await session.drain())} == {"on_alarm_transition"}
    await gateway.fault("degraded")
    [event] = known(await session.drain())
    assert event.family == wire.MX_EVENT_FAMILY_ON_ALARM_PROVIDER_MODE_CHANGED
    assert event.on_alarm_provider_mode_changed.status.mode == SUBTAG
    await session.invoke("unsubscribe_alarms")
    await passing(120.0)
    assert await session.drain() == []
