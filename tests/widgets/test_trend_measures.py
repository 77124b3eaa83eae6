"""What a page puts over a trend, in the trend's picture: its two cursors with their measures, and notes."""

from __future__ import annotations

import re
import time

from mxgw_notebook.widgets import Trend
from tests.widgets.doubles import HandTicker, ListedTrend, comm_of

BEGIN = 1_700_000_000_000


def texts(svg: str) -> list[str]:
    return re.findall(r"<text [^>]*>([^<]*)", svg)


def test_cursors_of_a_page_stand_in_the_picture_until_they_are_taken_away(
    source: ListedTrend, ticker: HandTicker
) -> None:
    source.put(0, [BEGIN - 30_000, BEGIN, BEGIN + 30_000, BEGIN + 60_000], [10, 10, 20, 40])
    trend = Trend(source, ticker)
    say = comm_of(trend).say
    say({"kind": "measure", "from_ms": BEGIN, "to_ms": BEGIN + 60_000, "request": 1})
    ticker.tick()
    told = texts(trend.snapshot_svg())
    assert {"1", "2"} <= set(told)
    at = told.index("Pump001.Speed (rpm)")
    # The columns from the right: good, slope, max, min, mean, difference, and the values at both.
    assert told[at + 1 : at + 9] == ["100 %", "0.5", "40", "10", "15", "30", "40", "10"]
    assert any(re.fullmatch(r"From \d\d:\d\d:\d\d to \d\d:\d\d:\d\d", words) for words in told)
    say({"kind": "measure", "from_ms": 0, "to_ms": 0, "request": 0})
    deadline = time.monotonic() + 5  # a trend keeps its distance between two answers
    while is_measured(trend) and time.monotonic() < deadline:
        ticker.tick()
    assert not is_measured(trend)


def is_measured(trend: Trend) -> bool:
    """Whether the picture has what lies between two cursors."""
    return any(words.startswith("From") for words in texts(trend.snapshot_svg()))


def test_notes_stand_in_the_picture_with_numbers_and_those_out_of_sight_do_not(
    source: ListedTrend, ticker: HandTicker
) -> None:
    source.put(0, [BEGIN - 30_000, BEGIN, BEGIN + 60_000], [10, 10, 20])
    source.noted = [(BEGIN - 1, "before", "me")]
    source.noted += [(BEGIN + place * 1000.0, f"note <{place}>", "me") for place in range(22)]
    svg = Trend(source, ticker).snapshot_svg()
    told = texts(svg)
    assert [words for words in told if "before" in words] == []
    (last,) = [words for words in told if words.startswith("20  ")]
    assert last.endswith("me: note &lt;19&gt;")
    assert "and 2 more notes" in told
    assert "<title>" in svg
