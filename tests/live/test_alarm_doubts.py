"""Alarms of which the feed does not say how they stand: unknown kinds and states, and what the list tells."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mxgw_notebook.client import GatewayClient
from mxgw_notebook.live.alarms.doubts import Doubts
from mxgw_notebook.simulator.server import ServedGateway
from tests.live.alarm_record import RECORD
from tests.live.boards import following, references, waiting_alarm
from tests.until import until


async def test_a_transition_of_an_unknown_kind_is_history_and_no_alarm(client: GatewayClient) -> None:
    async with following(client) as board:
        board.take(replace(RECORD, reference="Galaxy!Nope.Nope.Nope", kind="1004"))
        assert board.find("Galaxy!Nope.Nope.Nope") is None
        (record,) = board.log()
        assert (record.kind, record.origin) == ("UNKNOWN", "")
        await until(lambda: not board.in_doubt)
        assert board.find("Galaxy!Nope.Nope.Nope") is None
        assert board.log() == [record]


async def test_an_alarm_in_an_unknown_state_stands_and_is_neither_acknowledged_nor_not(
    client: GatewayClient, served: ServedGateway
) -> None:
    await served.fault("unknown-enums", enums="AlarmConditionState")
    async with following(client) as board:
        listed = references(await client.query_active_alarms())
        assert references(board.active()) == listed
        assert {alarm.state for alarm in board.active()} == {"state unknown"}
        assert board.unknown == len(listed)
        assert {record.kind for record in board.account()} == {"RAISE", "UNKNOWN"}
        alarm = next(
            one for one in served.plant.board.present("") if one.state.in_alarm and not one.state.acked
        )
        await client.acknowledge_alarm(alarm.reference, comment="seen", operator_user="tester")
        await until(lambda: board.log() and not board.in_doubt)
        found = board.find(alarm.reference)
        assert found is not None
        assert found.state == "state unknown"  # so says the gateway's list
        await served.clear_faults("unknown-enums")
        board.take(replace(found.record, kind="ACKNOWLEDGE"))
        await until(lambda: getattr(board.find(alarm.reference), "state", "") == "acknowledged")


@pytest.mark.kind_only(
    "it counts what is of a later contract", "strangers", "unknown-values", "unknown-enums"
)
async def test_messages_of_an_unknown_kind_are_counted(client: GatewayClient, served: ServedGateway) -> None:
    async with following(client) as board:
        reference = (await waiting_alarm(served, board)).record.reference
        assert board.unknown == 0
        await served.fault("strangers", every=1)
        await client.acknowledge_alarm(reference, comment="seen", operator_user="tester")
        await until(lambda: board.unknown == 2)  # one without a body, and a transition of another kind
        assert board.status == "live"


@pytest.mark.parametrize("kind", ["1004", "UNSPECIFIED", "ACKNOWLEDGE"])
async def test_what_a_transition_does_not_say_is_asked_of_the_gateways_list(
    client: GatewayClient, served: ServedGateway, kind: str
) -> None:
    """The board has missed the raise of an alarm that stands, and knows another that is long over."""
    async with following(client) as board:
        missed = (await waiting_alarm(served, board)).record
        board.take(replace(missed, kind="CLEAR"))
        board.take(replace(missed, kind="ACKNOWLEDGE"))
        assert board.find(missed.reference) is None
        board.take(replace(missed, kind=kind))
        await until(lambda: board.find(missed.reference))
        found = board.find(missed.reference)
        assert found is not None
        assert found.state == "unacknowledged"
        assert [record.kind for record in board.log() if record.origin == "reconciled"] == ["RAISE"]


async def test_an_alarm_that_the_gateway_does_not_list_after_an_unknown_transition_leaves_the_board(
    client: GatewayClient,
) -> None:
    async with following(client) as board:
        board.take(replace(RECORD, reference="Galaxy!Gone.Gone.Gone"))
        board.take(replace(RECORD, reference="Galaxy!Gone.Gone.Gone", kind="1004"))
        await until(lambda: board.find("Galaxy!Gone.Gone.Gone") is None)
        told = [(record.kind, record.origin) for record in board.log()]
        assert told[1:] == [("UNKNOWN", ""), ("CLEAR", "reconciled"), ("ACKNOWLEDGE", "reconciled")]


@pytest.mark.kind_only("every alarm has to be read", "unknown-values", "unknown-enums")
async def test_a_list_that_cannot_be_had_is_asked_for_again(
    client: GatewayClient, served: ServedGateway
) -> None:
    async with following(client) as board:
        await served.fault("refuse", rpc="QueryActiveAlarms", code="INTERNAL", times=1)
        board.take(replace(RECORD, reference="Galaxy!Gone.Gone.Gone"))
        board.take(replace(RECORD, reference="Galaxy!Gone.Gone.Gone", kind="1004"))
        await until(lambda: board.find("Galaxy!Gone.Gone.Gone") is None)
        assert board.status == "live"


def test_a_list_settles_nothing_about_an_alarm_that_changed_while_it_was_on_its_way() -> None:
    doubts = Doubts()
    doubts.add("A", 1)
    doubts.note_change("A", 2)
    doubts.note_change("B", 3)
    assert not doubts.is_told("A", 1)
    assert doubts.all() == {"A": 2}
    assert doubts.is_told("A", 2)
    doubts.settle("A")
    assert not doubts
