"""What a trend leaves out does not show; what its page may wish for is checked."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxgw_notebook.widgets import TagSamples, ValueRow, ValueSnapshot, ValueTable
from mxgw_notebook.widgets.thinning import WHOLE, overview, thinned
from mxgw_notebook.widgets.value_table import MOST_ROWS
from mxgw_notebook.widgets.wishes import MOST_WISHES, Wishes
from tests.widgets.doubles import HandTicker, comm_of


def samples(values: list[float], quality: list[int] | None = None) -> TagSamples:
    codes = quality or [192] * len(values)
    return TagSamples(0, np.arange(float(len(values))), np.array(values), np.array(codes, np.uint8))


@given(st.lists(st.floats(allow_infinity=False, width=32), min_size=1, max_size=300), st.integers(1, 20))
def test_first_lowest_highest_and_last_of_every_column_stay(values: list[float], columns: int) -> None:
    whole = samples(values)
    kept = thinned(whole, columns)
    if len(values) <= 4 * columns:
        assert kept is whole
        return
    assert np.all(np.diff(kept.time_ms) > 0)
    assert kept.time_ms[0] == 0
    assert kept.time_ms[-1] == len(values) - 1
    numbers = [value for value in values if not np.isnan(value)]
    if numbers:
        assert np.nanmin(kept.value) == min(numbers)
        assert np.nanmax(kept.value) == max(numbers)
    assert len(kept.time_ms) <= 6 * (columns + 1)


def test_a_change_of_quality_stays() -> None:
    quality = [192] * 1000
    quality[500:503] = [8, 8, 8]
    kept = thinned(samples([1.0] * 1000, quality), 10)
    assert {500.0, 503.0} <= set(kept.time_ms.tolist())


def test_the_newest_samples_are_sent_whole_and_the_older_ones_thinned() -> None:
    few = samples([1.0] * WHOLE)
    assert overview(few) == (few, None)
    many = samples(np.sin(np.arange(WHOLE * 10.0)).tolist())
    kept, until = overview(many)
    assert until == WHOLE * 9
    assert np.count_nonzero(kept.time_ms >= until) == WHOLE
    assert len(kept.time_ms) < WHOLE * 2


# ------------------------------------------------------------------ wishes


@pytest.mark.parametrize(
    "content",
    [{}, {"kind": 7}, {"kind": "dance"}, {"kind": "add"}, {"kind": "add", "text": "  "}, {"kind": "remove"}],
)
def test_what_makes_no_sense_is_no_wish(content: dict[str, object]) -> None:
    wishes = Wishes()
    assert not wishes.note(content)
    assert wishes.take() == []


def test_of_many_windows_only_the_last_is_wanted() -> None:
    wishes = Wishes()
    for start in range(MOST_WISHES * 2):
        wishes.note({"kind": "window", "from_ms": start, "to_ms": float("nan")})
    wishes.note({"kind": "clear"})
    window, clear = wishes.take()
    assert (window.start_ms, window.end_ms) == (MOST_WISHES * 2 - 1, 0.0)
    assert clear.kind == "clear"


# ------------------------------------------------------------------ the table of values


class Rows:
    def __init__(self, rows: list[ValueRow]) -> None:
        self.rows = rows

    def since(self, cursor: int) -> ValueSnapshot:
        return ValueSnapshot(cursor + 1, cursor == 0, self.rows if cursor == 0 else [])


def test_a_table_sends_its_rows_without_what_is_empty() -> None:
    ticker = HandTicker()
    table = ValueTable(Rows([ValueRow("T.Level", value="5", quality="good")]), ticker)
    ticker.tick()
    (sent,) = comm_of(table).custom()
    assert sent.content["reset"] is True
    assert sent.content["rows"] == [{"tag": "T.Level", "value": "5", "quality": "good"}]
    table.stop()
    assert comm_of(table).custom()[-1].content["status"] == "stopped"
    assert ticker.calls == []


def test_a_saved_table_is_plain_html_that_escapes_what_the_plant_says() -> None:
    rows = [ValueRow("<script>", value="<b>", failure="no & never")] * (MOST_ROWS + 2)
    html = ValueTable(Rows(rows), HandTicker()).snapshot_html()
    assert "<script>" not in html
    assert "no &amp; never" in html
    assert "and 2 more" in html
