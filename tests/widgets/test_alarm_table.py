from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime

import pytest

from mxgw_notebook.widgets import AlarmRow, AlarmTable
from mxgw_notebook.widgets.alarm_snapshot import draw_alarms
from mxgw_notebook.words import Phase
from tests.widgets.doubles import HandTicker, ListedAlarms, Sent, comm_of

HIGH = AlarmRow(
    "Galaxy!Area.Tank001.Level.Hi", "Tank001.Level.Hi", "Area", "High level", 300, "unacknowledged"
)
TRIP = AlarmRow("Galaxy!Area.Pump001.Trip", "Pump001.Trip", "Area", "Trip", 50, "unacknowledged")


def _next(table: AlarmTable, ticker: HandTicker) -> Sent:
    messages = comm_of(table).custom()
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        ticker.tick()
        if len(comm_of(table).custom()) > len(messages):
            return comm_of(table).custom()[len(messages)]
    raise AssertionError("no message within 5 s")


def _ask(table: AlarmTable, *references: object, comment: object = "") -> None:
    comm_of(table).say({"kind": "acknowledge", "references": list(references), "comment": comment})


class ClosedAlarms(ListedAlarms):
    def acknowledge(
        self, references: Sequence[str], comment: str, done: Callable[[str, str | None], None]
    ) -> None:
        raise RuntimeError("the gateway is gone")


def test_the_first_message_carries_the_whole_active_set(ticker: HandTicker) -> None:
    message = _next(AlarmTable(ListedAlarms([HIGH, TRIP]), ticker), ticker)
    assert message.content["reset"] is True
    assert [row["reference"] for row in message.content["upsert"]] == [HIGH.reference, TRIP.reference]


def test_later_messages_carry_changed_and_removed_rows(ticker: HandTicker) -> None:
    source = ListedAlarms([HIGH, TRIP])
    table = AlarmTable(source, ticker)
    first = _next(table, ticker)
    source.transit(HIGH.reference, state="acknowledged")
    source.drop(TRIP.reference)
    second = _next(table, ticker)
    assert second.content["number"] == first.content["number"] + 1
    assert second.content["reset"] is False
    assert [row["state"] for row in second.content["upsert"]] == ["acknowledged"]
    assert second.content["removed"] == [TRIP.reference]


def test_a_resync_brings_the_active_set_again(ticker: HandTicker) -> None:
    table = AlarmTable(ListedAlarms([HIGH]), ticker)
    _next(table, ticker)
    comm_of(table).say({"kind": "resync"})
    assert [row["reference"] for row in _next(table, ticker).content["upsert"]] == [HIGH.reference]


def test_an_acknowledge_reaches_the_source_with_its_comment(ticker: HandTicker) -> None:
    source = ListedAlarms([HIGH, TRIP])
    table = AlarmTable(source, ticker)
    _ask(table, HIGH.reference, TRIP.reference, comment="seen")
    assert source.asked == [([HIGH.reference, TRIP.reference], "seen")]


def test_an_accepted_acknowledge_changes_no_row_by_itself(ticker: HandTicker) -> None:
    table = AlarmTable(ListedAlarms([HIGH]), ticker)
    _next(table, ticker)
    _ask(table, HIGH.reference)
    message = _next(table, ticker)
    assert message.content["outcomes"] == [[HIGH.reference, None]]
    assert message.content["upsert"] == []


def test_a_refused_acknowledge_comes_back_with_its_reason(ticker: HandTicker) -> None:
    source = ListedAlarms([HIGH])
    source.refusals[HIGH.reference] = "the key lacks the scope"
    table = AlarmTable(source, ticker)
    _next(table, ticker)
    _ask(table, HIGH.reference)
    assert _next(table, ticker).content["outcomes"] == [[HIGH.reference, "the key lacks the scope"]]


def test_a_source_that_raises_is_a_reason_in_the_row(
    ticker: HandTicker, caplog: pytest.LogCaptureFixture
) -> None:
    table = AlarmTable(ClosedAlarms([HIGH]), ticker)
    _next(table, ticker)
    _ask(table, HIGH.reference)
    assert _next(table, ticker).content["outcomes"] == [[HIGH.reference, "the gateway is gone"]]
    assert "the gateway is gone" in caplog.text


@pytest.mark.parametrize(
    "content",
    [
        None,
        "acknowledge",
        {"kind": "dance"},
        {"kind": "acknowledge"},
        {"kind": "acknowledge", "references": "all", "comment": ""},
        {"kind": "acknowledge", "references": [7, None], "comment": ""},
        {"kind": "acknowledge", "references": ["a"], "comment": 7},
    ],
)
def test_messages_it_does_not_know_are_ignored(content: object, ticker: HandTicker) -> None:
    source = ListedAlarms([HIGH])
    table = AlarmTable(source, ticker)
    comm_of(table).say(content)
    assert source.asked == []


def test_a_changed_feed_status_is_told_without_a_row(ticker: HandTicker) -> None:
    source = ListedAlarms()
    table = AlarmTable(source, ticker)
    _next(table, ticker)
    source.status, source.phase = "waiting for the first snapshot", Phase.CONNECTING
    told = _next(table, ticker).content
    assert (told["phase"], told["status"]) == ("connecting", "waiting for the first snapshot")


def test_a_stopped_table_says_so_and_cancels_its_ticker(ticker: HandTicker) -> None:
    table = AlarmTable(ListedAlarms([HIGH]), ticker)
    table.stop()
    assert ticker.calls == []
    assert comm_of(table).custom()[-1].content["status"] == "stopped"


def test_the_static_table_escapes_what_the_plant_says(ticker: HandTicker) -> None:
    evil = AlarmRow("<i>r", "<script>t", "<b>a", "<img src=x onerror=y>", 1, "unacknowledged", comment='"<u>')
    html = AlarmTable(ListedAlarms([evil]), ticker).snapshot_html()
    for mark in ("<script", "<img", "<i>", "<u>"):
        assert mark not in html


def test_the_static_table_puts_the_most_urgent_unacknowledged_first(ticker: HandTicker) -> None:
    seen = AlarmRow("Seen", "Seen", "", "", 1, "acknowledged")
    html = AlarmTable(ListedAlarms([seen, HIGH, TRIP]), ticker).snapshot_html()
    assert html.index(TRIP.tag) < html.index(HIGH.tag) < html.index(">Seen<")


def test_a_long_static_table_counts_what_it_leaves_out() -> None:
    rows = [AlarmRow(f"A{k}", f"A{k}", "", "", k, "unacknowledged") for k in range(1, 31)]
    assert "and 10 more" in draw_alarms(rows, most=20)


def test_no_alarms_are_said_to_be_none(ticker: HandTicker) -> None:
    assert "No active alarms" in AlarmTable(ListedAlarms(), ticker).snapshot_html()


@pytest.mark.parametrize("phase", [Phase.CONNECTING, Phase.INCOMPLETE, Phase.RECONNECTING, Phase.STOPPED])
def test_no_alarms_are_not_said_to_be_none_before_a_complete_list_came(
    phase: Phase, ticker: HandTicker
) -> None:
    source = ListedAlarms()
    source.phase, source.status = phase, phase.value
    table = AlarmTable(source, ticker)
    assert _next(table, ticker).content["nothing"] == "No list of alarms has come yet."
    assert "No list of alarms has come yet." in table.snapshot_html()
    assert "No active alarms" not in table.snapshot_html()


def test_an_old_table_says_as_of_when(ticker: HandTicker) -> None:
    source = ListedAlarms([HIGH])
    table = AlarmTable(source, ticker)
    _next(table, ticker)
    source.phase, source.status = Phase.RECONNECTING, "reconnecting: <no route>"
    source.as_of_ms = datetime(2026, 2, 3, 4, 5, 6).astimezone().timestamp() * 1000
    assert _next(table, ticker).content["as_of_ms"] == source.as_of_ms
    assert "<p>reconnecting: &lt;no route&gt;, as of 04:05:06 on 2026-02-03</p>" in table.snapshot_html()
