"""The alarm feed, snapshots and acknowledgements, over the wire."""

from __future__ import annotations

from typing import Any

import grpc
import pytest

from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire
from mxgw_notebook.simulator.server import ServedGateway
from tests.simulator.plain_client import PlainClient, PlainSession

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


async def test_the_feed_begins_with_what_stands_then_its_end_then_the_provider(client: PlainClient) -> None:
    stream = feed(client)
    arms = [message.WhichOneof("payload") for message in await snapshot(stream)]
    stream.cancel()
    assert 6 <= arms.count("active_alarm") <= 12
    assert arms[-2:] == ["snapshot_complete", "provider_status"]
    assert set(arms[:-2]) == {"active_alarm"}


async def test_the_provider_is_the_alarm_manager(client: PlainClient) -> None:
    stream = feed(client)
    status = (await snapshot(stream))[-1].provider_status
    stream.cancel()
    assert (status.mode, status.degraded) == (wire.ALARM_PROVIDER_MODE_ALARMMGR, False)


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


async def test_an_acknowledgement_comes_back_as_a_transition(client: PlainClient) -> None:
    stream = feed(client)
    await snapshot(stream)
    reply = await acknowledge(client, STANDING)
    transition = (await stream.read()).transition
    stream.cancel()
    assert (reply.protocol_status.code, reply.correlation_id) == (wire.PROTOCOL_STATUS_CODE_OK, "a-1")
    assert transition.alarm_full_reference == STANDING
    assert transition.transition_kind == wire.ALARM_TRANSITION_KIND_ACKNOWLEDGE
    assert (transition.operator_user, transition.operator_comment) == ("me", "on it")


async def test_acknowledging_twice_is_harmless(client: PlainClient) -> None:
    for _ in range(2):
        reply = await acknowledge(client, STANDING)
        assert reply.protocol_status.code == wire.PROTOCOL_STATUS_CODE_OK
    [alarm] = await active(client, STANDING)
    assert alarm.current_state == wire.ALARM_CONDITION_STATE_ACTIVE_ACKED


async def test_an_unknown_alarm_is_not_found(client: PlainClient) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await acknowledge(client, "Galaxy!Nowhere.Nothing")
    assert caught.value.code() is grpc.StatusCode.NOT_FOUND


async def test_writing_the_acknowledge_message_acknowledges(
    client: PlainClient, session: PlainSession
) -> None:
    [handle] = await session.subscribe("Tank005.Level.HiHi.AckMsg")
    await session.write(handle, wire.MxValue(string_value="seen on site"))
    [alarm] = await active(client, STANDING)
    assert alarm.current_state == wire.ALARM_CONDITION_STATE_ACTIVE_ACKED
    assert alarm.operator_comment == "seen on site"


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


async def test_a_prefix_narrows_the_feed(gateway: ServedGateway, client: PlainClient) -> None:
    stream = feed(client, "Galaxy!Production2")
    messages = await snapshot(stream)
    await acknowledge(client, STANDING)
    await acknowledge(client, "Galaxy!Production2.Tank010.Level.Lo")
    transition = (await stream.read()).transition
    stream.cancel()
    areas = {message.active_alarm.category for message in messages[:-2]}
    assert areas == {"Production2"}
    assert transition.category == "Production2"


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
