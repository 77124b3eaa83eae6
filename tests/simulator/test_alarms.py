"""The alarm feed, snapshots and acknowledgements, over the wire."""

from __future__ import annotations

from typing import Any

from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire
from mxgw_notebook.simulator.server import ServedGateway
from tests.conformance.plain_client import PlainClient, PlainSession

STANDING = "Galaxy!Production1.Tank005.Level.HiHi"


def feed(client: PlainClient, prefix: str = "") -> Any:
    return client.stream("StreamAlarms", wire.StreamAlarmsRequest(alarm_filter_prefix=prefix))


async def acknowledge(client: PlainClient, reference: str) -> wire.AcknowledgeAlarmReply:
    request = wire.AcknowledgeAlarmRequest(
        alarm_full_reference=reference, comment="on it", operator_user="me", client_correlation_id="a-1"
    )
    reply: wire.AcknowledgeAlarmReply = await client.call("AcknowledgeAlarm", request)
    return reply


async def active(client: PlainClient, prefix: str = "") -> list[wire.ActiveAlarmSnapshot]:
    request = wire.QueryActiveAlarmsRequest(session_id="ignored", alarm_filter_prefix=prefix)
    return [snapshot async for snapshot in client.stream("QueryActiveAlarms", request)]


async def snapshot(stream: Any) -> list[wire.AlarmFeedMessage]:
    """Everything up to and with the provider's status."""
    messages = [await stream.read()]
    while messages[-1].WhichOneof("payload") != "provider_status":
        messages.append(await stream.read())
    return messages


async def test_a_snapshot_tells_the_alarm_its_area_its_limit_and_its_value(client: PlainClient) -> None:
    [alarm] = await active(client, STANDING)
    assert alarm.source_object_reference == "Tank005.Level.HiHi"
    assert (alarm.alarm_type_name, alarm.category, alarm.severity) == ("HIHI", "Production1", 100)
    assert alarm.current_value.double_value > alarm.limit_value.double_value
    assert alarm.current_state == wire.ALARM_CONDITION_STATE_ACTIVE
    assert alarm.original_raise_timestamp.ToSeconds() > 0


async def test_acknowledged_alarms_carry_who_and_why(client: PlainClient) -> None:
    acked = [a for a in await active(client) if a.current_state == wire.ALARM_CONDITION_STATE_ACTIVE_ACKED]
    assert acked
    assert all(alarm.operator_user and alarm.operator_comment for alarm in acked)


async def test_an_acknowledged_alarm_that_clears_is_gone(gateway: ServedGateway, client: PlainClient) -> None:
    await acknowledge(client, STANDING)
    stream = feed(client, STANDING)
    await snapshot(stream)
    await gateway.advance(90.0)
    transition = (await stream.read()).transition
    stream.cancel()
    assert transition.transition_kind == wire.ALARM_TRANSITION_KIND_CLEAR
    assert await active(client, STANDING) == []


async def test_an_alarm_that_clears_unacknowledged_stays_to_be_seen(
    gateway: ServedGateway, client: PlainClient
) -> None:
    await gateway.advance(60.0)
    [alarm] = await active(client, STANDING)
    assert alarm.current_state == wire.ALARM_CONDITION_STATE_INACTIVE
    await acknowledge(client, STANDING)
    assert await active(client, STANDING) == []


async def test_the_alarm_commands_of_a_session_do_the_same(
    client: PlainClient, session: PlainSession
) -> None:
    reply = await session.invoke("query_active_alarms_command", alarm_filter_prefix=STANDING)
    assert len(reply.query_active_alarms.snapshots) == 1
    await session.invoke(
        "acknowledge_alarm_by_name_command", alarm_name="Tank005.Level.HiHi", operator_user="me"
    )
    [alarm] = await active(client, STANDING)
    assert alarm.current_state == wire.ALARM_CONDITION_STATE_ACTIVE_ACKED
