"""What a person chose to see, as the kernel understands it."""

from __future__ import annotations

import pytest

from mxgw_notebook.widgets import AlarmPanel, AlarmRow, AlarmTable, Trend
from mxgw_notebook.widgets.alarm_view import AlarmView, within
from tests.widgets.doubles import HandTicker, ListedAlarms, ListedTrend, comm_of

ROWS = [
    AlarmRow("G!A.P1.Trip", "P1.Trip", "North", "Pump trip", 50, "unacknowledged", raised_ms=3.0),
    AlarmRow("G!A.P2.Hi", "P2.Hi", "North", "High", 300, "acknowledged", raised_ms=None, comment="seen"),
    AlarmRow("G!A.P3.Lo", "p3.Lo", "South", "Low", 300, "cleared unacknowledged", raised_ms=1.0),
]


@pytest.mark.parametrize(
    ("words", "accepted"),
    [("300", [300]), ("<=50", [50]), (">50", [300]), ("100-400", [300]), ("< 300", [50]), (">=300", [300]),
     ("", [50, 300]), ("about 3", [50, 300])],
)  # fmt: skip
def test_a_severity_is_a_number_or_a_range(words: str, accepted: list[int]) -> None:
    assert [number for number in (50, 300) if within(number, words)] == accepted


@pytest.mark.parametrize(
    ("content", "tags"),
    [
        ({}, ["P1.Trip", "p3.Lo", "P2.Hi"]),
        ({"descending": True}, ["P2.Hi", "p3.Lo", "P1.Trip"]),
        ({"sort": "tag"}, ["P1.Trip", "P2.Hi", "p3.Lo"]),
        ({"sort": "raised_ms"}, ["p3.Lo", "P1.Trip", "P2.Hi"]),
        ({"sort": "severity", "descending": True}, ["p3.Lo", "P2.Hi", "P1.Trip"]),
        ({"search": "NORTH pump"}, ["P1.Trip"]),
        ({"state": "acknowledged"}, ["P2.Hi"]),
        ({"columns": {"area": "sou", "severity": "<=300"}}, ["p3.Lo"]),
        ({"columns": {"comment": "SEEN"}}, ["P2.Hi"]),
        (
            {"sort": "__class__", "columns": {"__doc__": "x"}, "search": 7, "state": 7},
            ["P1.Trip", "p3.Lo", "P2.Hi"],
        ),
    ],
)
def test_a_view_filters_and_sorts(content: dict[str, object], tags: list[str]) -> None:
    found = [row.tag for row in AlarmView.of(content).rows(ROWS)]
    assert sorted(found) == sorted(tags)
    if content.get("sort") != "severity":
        assert found == tags


def test_the_table_knows_what_is_filtered_and_selected(ticker: HandTicker) -> None:
    source = ListedAlarms(ROWS)
    table = AlarmTable(source, ticker)
    comm_of(table).say({"kind": "view", "search": "south"})
    comm_of(table).say({"kind": "select", "references": ["G!A.P2.Hi", "G!A.P1.Trip", "Gone", 7]})
    assert [row.tag for row in table.filtered()] == ["p3.Lo"]
    assert [row.tag for row in table.selection()] == ["P2.Hi", "P1.Trip"]


def test_a_trend_that_fails_says_why_in_its_row(ticker: HandTicker) -> None:
    def refuse(reference: str) -> None:
        raise RuntimeError(f"no tag of {reference}")

    table = AlarmTable(ListedAlarms(ROWS), ticker, show_trend=refuse)
    comm_of(table).say({"kind": "trend", "reference": "G!A.P1.Trip"})
    comm_of(table).say({"kind": "trend", "reference": 7})
    ticker.tick()
    outcomes = comm_of(table).custom()[-1].content["outcomes"]
    assert outcomes == [["G!A.P1.Trip", "no tag of G!A.P1.Trip"]]


def test_a_panel_shows_the_table_and_the_trend_asked_for_last(
    ticker: HandTicker, source: ListedTrend
) -> None:
    panel = AlarmPanel(AlarmTable(ListedAlarms(ROWS), ticker))
    assert "P1.Trip" in panel._repr_mimebundle_()["text/html"]
    for _ in range(2):
        panel.show_trend(Trend(source, ticker))
    assert len(panel.children) == 2
    assert "kept no value" in panel.snapshot_html()
