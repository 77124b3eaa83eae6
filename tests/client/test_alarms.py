"""Alarms over the wire, as records."""

from __future__ import annotations

from contextlib import aclosing
from typing import Any

import pytest

from mxgw_notebook.client import AlarmRecord, GatewayClient, ProviderStatus, Session, SnapshotComplete
from mxgw_notebook.client.alarms import message_from_wire
from mxgw_notebook.client.contract import wire as typed_wire
from mxgw_notebook.errors import (
    CallError,
    CallTimeoutError,
    GatewayUnavailableError,
    NotFoundError,
    OutcomeUnknownError,
)
from mxgw_notebook.simulator.server import ServedGateway
from tests.conftest import KEY
from tests.until import until

wire: Any = typed_wire


async def raised(client: GatewayClient, served: ServedGateway) -> AlarmRecord:
    """An alarm that waits for its acknowledgement; the plant runs on until there is one."""
    for _ in range(60):
        for alarm in await client.query_active_alarms():
            if alarm.state == "ACTIVE":
                return alarm
        await served.advance(30)
    raise AssertionError("no alarm in half an hour")


@pytest.mark.kind_only(
    "it compares times, and the provider has its own name", "odd-times", "unknown-enums", "unknown-values"
)
async def test_the_feed_begins_with_what_is_active_then_says_so(
    client: GatewayClient, served: ServedGateway
) -> None:
    await raised(client, served)
    active = await client.query_active_alarms()
    async with aclosing(client.watch_alarms()) as feed:
        snapshot = [await anext(feed) for _ in active]
        assert snapshot == active
        assert isinstance(await anext(feed), SnapshotComplete)
        provider = await anext(feed)
    assert isinstance(provider, ProviderStatus)
    assert (provider.mode, provider.degraded) == ("ALARMMGR", False)


async def test_an_acknowledgement_comes_back_as_a_transition(
    client: GatewayClient, served: ServedGateway
) -> None:
    alarm = await raised(client, served)
    async with aclosing(client.watch_alarms()) as feed:
        while not isinstance(await anext(feed), ProviderStatus):
            pass
        await client.acknowledge_alarm(alarm.reference, comment="seen", operator_user="tester")
        transition = await anext(feed)
        await client.acknowledge_alarm(alarm.reference, comment="again")
    assert isinstance(transition, AlarmRecord)
    assert (transition.reference, transition.kind, transition.state) == (alarm.reference, "ACKNOWLEDGE", "")
    assert (transition.comment, transition.operator) == ("seen", "tester")
    assert transition.changed_ns >= transition.raised_ns > 0


async def test_an_alarm_that_is_not_there_cannot_be_acknowledged(client: GatewayClient) -> None:
    with pytest.raises(NotFoundError, match="query_active_alarms"):
        await client.acknowledge_alarm("Galaxy!Nowhere.Nope.Hi")


async def test_a_prefix_narrows_the_alarms(client: GatewayClient, served: ServedGateway) -> None:
    alarm = await raised(client, served)
    assert alarm in await client.query_active_alarms(alarm.reference)
    assert await client.query_active_alarms("Galaxy!Nowhere") == []


async def test_a_list_of_alarms_that_does_not_end_is_told_after_the_clients_timeout(
    served: ServedGateway,
) -> None:
    await served.advance(600)
    await served.fault("slow-stream", seconds=3600.0, rpc="QueryActiveAlarms")
    async with await GatewayClient.connect(
        served.endpoint, api_key=KEY, plaintext=True, timeout=0.3
    ) as client:
        with pytest.raises(CallTimeoutError, match="QueryActiveAlarms"):
            await client.query_active_alarms()
    await until(lambda: not served.open_calls["QueryActiveAlarms"])


async def test_a_list_with_an_alarm_that_cannot_be_read_is_no_list(
    client: GatewayClient, served: ServedGateway
) -> None:
    """What is missing from it would be taken for an alarm that is over."""
    await served.advance(600)
    await served.fault("garbled", rpc="QueryActiveAlarms", times=1)
    with pytest.raises(CallError, match=r"QueryActiveAlarms.*could not be read"):
        await client.query_active_alarms()
    assert await client.query_active_alarms()


async def test_the_raw_feed_has_the_contracts_messages(client: GatewayClient) -> None:
    async with aclosing(client.stream_alarms_raw("Galaxy!Nowhere")) as feed:
        assert (await anext(feed)).snapshot_complete


def test_a_feed_message_of_a_kind_we_do_not_know_is_no_record() -> None:
    assert message_from_wire(wire.AlarmFeedMessage()) is None


def test_alarm_enums_that_we_do_not_know_show_their_numbers() -> None:
    transition = wire.OnAlarmTransitionEvent(alarm_full_reference="A", transition_kind=91)
    record = message_from_wire(wire.AlarmFeedMessage(transition=transition))
    assert isinstance(record, AlarmRecord)
    assert record.kind == "91"
    status = wire.AlarmProviderStatus(mode=92)
    provider = message_from_wire(wire.AlarmFeedMessage(provider_status=status))
    assert isinstance(provider, ProviderStatus)
    assert provider.mode == "92"


def test_the_snapshot_of_the_contracts_example_is_a_record() -> None:
    from google.protobuf.json_format import Parse

    text = """{"alarmFullReference":"Galaxy!TestArea.TestMachine_001.TestAlarm001",
      "sourceObjectReference":"TestMachine_001.TestAlarm001","alarmTypeName":"DSC","severity":500,
      "currentState":"ALARM_CONDITION_STATE_ACTIVE","category":"TestArea",
      "lastTransitionTimestamp":"2026-05-24T16:04:10.856Z","operatorComment":"Test alarm #1"}"""
    alarm = Parse(text, wire.ActiveAlarmSnapshot())
    record = message_from_wire(wire.AlarmFeedMessage(active_alarm=alarm))
    assert record == AlarmRecord(
        reference="Galaxy!TestArea.TestMachine_001.TestAlarm001",
        tag="TestMachine_001.TestAlarm001",
        alarm_type="DSC",
        kind="",
        state="ACTIVE",
        severity=500,
        raised_ns=0,
        changed_ns=1_779_638_650_856_000_000,
        operator="",
        comment="Test alarm #1",
        area="TestArea",
        description="",
        value=None,
        limit=None,
        degraded=False,
        provider="UNSPECIFIED",
    )


@pytest.mark.parametrize("command", ["acknowledge_alarm", "acknowledge_alarm_by_name"])
async def test_an_acknowledge_through_a_session_whose_reply_is_lost_may_have_been_done(
    session: Session, served: ServedGateway, command: str
) -> None:
    named = ("a guid",) if command == "acknowledge_alarm" else ("Tank001.Level.Hi", "Galaxy", "Production1")
    await served.fault("lose-reply", command=f"{command}*", code="INTERNAL")
    with pytest.raises(OutcomeUnknownError, match=r"is not known.*It may have been"):
        await getattr(session, command)(*named)
    with pytest.raises(OutcomeUnknownError, match="It may have been"):
        await getattr(session, command)(*named, timeout=0.0)


@pytest.mark.parametrize("command", ["add_item", "register"])
async def test_what_is_lost_after_it_was_sent_does_not_ask_to_check_the_port(
    session: Session, served: ServedGateway, command: str
) -> None:
    server = await session.register("tests")
    await served.fault("lose-reply", command=command, code="UNAVAILABLE")
    given = ("tests",) if command == "register" else (server, "Tank001.Level")
    with pytest.raises(GatewayUnavailableError, match="may have been done") as caught:
        await getattr(session, command)(*given)
    assert "host and port" not in str(caught.value)
