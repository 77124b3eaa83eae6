"""Alarms out of service, over the wire: written to their attributes, hidden from the feed, back in time."""

from __future__ import annotations

import pytest

from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire
from mxgw_notebook.simulator.server import ServedGateway
from tests.conformance.plain_client import PlainClient, PlainSession
from tests.simulator.test_alarms import STANDING, acknowledge, active, feed, snapshot

TAG = "Tank005.Level.HiHi"
RAISE, CLEAR = wire.ALARM_TRANSITION_KIND_RAISE, wire.ALARM_TRANSITION_KIND_CLEAR


async def write(session: PlainSession, name: str, value: str | bool) -> wire.MxStatusProxy:
    """Writes one of the alarm's attributes; what the plant made of it."""
    [handle] = await session.subscribe(f"{TAG}.{name}")
    sent = wire.MxValue(bool_value=value) if isinstance(value, bool) else wire.MxValue(string_value=value)
    await session.write(handle, sent)
    return await session.outcome()


async def value_of(session: PlainSession, name: str) -> wire.MxValue:
    [result] = await session.read(f"{TAG}.{name}")
    assert result.was_successful, result.error_message
    return result.value


async def test_a_shelved_alarm_is_gone_and_comes_back_when_its_time_is_over(
    gateway: ServedGateway, client: PlainClient, session: PlainSession
) -> None:
    [before] = await active(client, STANDING)
    stream = feed(client, STANDING)
    await snapshot(stream)
    await write(session, "AlarmShelveCmd", 'Duration=0.01; Reason="sensor changed";')
    assert (await stream.read()).transition.transition_kind == CLEAR
    assert await active(client, STANDING) == []
    assert (await value_of(session, "AlarmShelved")).bool_value
    assert (await value_of(session, "AlarmShelveReason")).string_value == "sensor changed"
    start, stop = [
        (await value_of(session, f"AlarmShelve{end}Time")).timestamp_value for end in ("Start", "Stop")
    ]
    assert stop.ToSeconds() - start.ToSeconds() == 36
    await gateway.advance(40.0)
    back = (await stream.read()).transition
    stream.cancel()
    assert back.transition_kind == RAISE
    assert back.original_raise_timestamp == before.original_raise_timestamp
    assert not (await value_of(session, "AlarmShelved")).bool_value
    assert len(await active(client, STANDING)) == 1


async def test_a_duration_of_0_ends_it_before(client: PlainClient, session: PlainSession) -> None:
    await write(session, "AlarmShelveCmd", 'Duration=8; Reason="";')
    assert await active(client, STANDING) == []
    await write(session, "AlarmShelveCmd", "duration=0")
    assert len(await active(client, STANDING)) == 1


@pytest.mark.parametrize("command", ["for an hour", "Duration=soon;", "Duration=1.2.3;", "Duration=-1;"])
async def test_what_is_no_command_is_refused(
    client: PlainClient, session: PlainSession, command: str
) -> None:
    status = await write(session, "AlarmShelveCmd", command)
    assert status.category == wire.MX_STATUS_CATEGORY_OPERATIONAL_ERROR
    assert command in status.diagnostic_text
    assert len(await active(client, STANDING)) == 1


@pytest.mark.parametrize(
    ("name", "out", "back"), [("AlarmModeCmd", "Silence", "Enable"), ("AlarmInhibit", True, False)]
)
async def test_one_that_is_silenced_or_inhibited_is_not_shown(
    gateway: ServedGateway,
    client: PlainClient,
    session: PlainSession,
    name: str,
    out: str | bool,
    back: str | bool,
) -> None:
    await write(session, name, out)
    assert await active(client, STANDING) == []
    await write(session, name, back)
    await gateway.advance(5.0)
    assert len(await active(client, STANDING)) == 1


async def test_a_disabled_alarm_is_not_even_in_alarm(client: PlainClient, session: PlainSession) -> None:
    await write(session, "AlarmModeCmd", "Disable")
    assert (await value_of(session, "AlarmMode")).string_value == "Disable"
    assert not (await value_of(session, "InAlarm")).bool_value
    assert await active(client, STANDING) == []


async def test_an_acknowledged_alarm_comes_back_as_one(
    gateway: ServedGateway, client: PlainClient, session: PlainSession
) -> None:
    await acknowledge(client, STANDING)
    await write(session, "AlarmShelveCmd", "Duration=0.005;")
    await gateway.advance(20.0)
    [alarm] = await active(client, STANDING)
    assert alarm.current_state == wire.ALARM_CONDITION_STATE_ACTIVE_ACKED


async def test_the_states_themselves_are_not_written(session: PlainSession) -> None:
    status = await write(session, "AlarmShelved", True)
    assert status.category == wire.MX_STATUS_CATEGORY_SECURITY_ERROR
