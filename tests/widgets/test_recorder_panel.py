"""The panel of a recorder: what it says of how the recording fares, and its end from a page."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mxgw_notebook.widgets import RecorderDelta, RecorderPanel
from mxgw_notebook.words import Phase
from tests.widgets.doubles import HandTicker, comm_of

WELL = RecorderDelta(
    1,
    "recordings",
    samples=12_345,
    per_second=1234.56,
    rates=(1000.0, 1234.56),
    written=12_345_678,
    free=45_600_000_000,
    least_free=200_000_000,
    tags=1000,
    status="recording",
    phase=Phase.LIVE,
)


class OneRecorder:
    """A recorder that fares as it is told to; counts how often it was asked to end."""

    def __init__(self) -> None:
        self.fares = WELL
        self.ended = 0

    def since(self, cursor: int) -> RecorderDelta:
        return replace(self.fares, cursor=cursor + 1)

    def stop(self) -> None:
        self.ended += 1


@pytest.fixture
def source() -> OneRecorder:
    return OneRecorder()


@pytest.fixture
def panel(source: OneRecorder, ticker: HandTicker) -> RecorderPanel:
    return RecorderPanel(source, ticker)


def facts(panel: RecorderPanel) -> dict[str, tuple[str, str]]:
    content = comm_of(panel).custom()[-1].content
    return {fact["name"]: (fact["text"], fact["tone"]) for fact in content["facts"]}


def test_it_says_how_much_how_fast_and_what_room_is_left(panel: RecorderPanel, ticker: HandTicker) -> None:
    ticker.tick()
    assert facts(panel) == {
        "Folder": ("recordings", ""),
        "Tags": ("1,000", ""),
        "Samples": ("12,345", ""),
        "Rate": ("1,234.6 a second", ""),
        "Written": ("12.3 MB", ""),
        "Free on the disk": ("45.6 GB", ""),
    }
    assert comm_of(panel).custom()[-1].content["status"] == "recording"


def test_what_is_lost_and_little_room_stand_out_in_words_and_in_colour(
    panel: RecorderPanel, source: OneRecorder, ticker: HandTicker
) -> None:
    source.fares = replace(
        WELL, phase=Phase.FAILING, status="failing: the disk is full", dropped=7, waiting=20, free=300_000_000
    )
    ticker.tick()
    said = facts(panel)
    assert said["Lost"] == ("7 samples: see the gaps of the recording", "bad")
    assert said["Free on the disk"] == ("300.0 MB; below 200.0 MB nothing is recorded", "warn")
    assert said["Waiting to be written"] == ("20", "")
    assert comm_of(panel).custom()[-1].content["phase"] == "failing"


def test_nothing_new_is_not_sent(panel: RecorderPanel, ticker: HandTicker) -> None:
    ticker.tick()
    count = len(comm_of(panel).custom())
    ticker.tick()
    assert len(comm_of(panel).custom()) == count


def test_a_page_ends_it_and_one_that_has_ended_is_left_alone(
    panel: RecorderPanel, source: OneRecorder
) -> None:
    comm_of(panel).say({"kind": "end"})
    assert source.ended == 1
    panel.stop()
    comm_of(panel).say({"kind": "end"})
    assert source.ended == 1


def test_the_picture_and_the_words_of_a_terminal_say_the_same(
    panel: RecorderPanel, source: OneRecorder
) -> None:
    source.fares = replace(WELL, folder="<b>shift</b>")
    html = panel.snapshot_html()
    assert "&lt;b&gt;shift&lt;/b&gt;" in html
    assert "12.3 MB" in html
    assert "recording" in html
    told = panel.told().splitlines()
    assert told[0] == "recording"
    assert told[1] == "Folder            <b>shift</b>"
    assert "Samples           12,345" in told
