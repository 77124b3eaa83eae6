"""Limits and markers on a trend."""

from __future__ import annotations

import re

from mxgw_notebook.widgets import Trend
from tests.widgets.doubles import HandTicker, ListedTrend, comm_of


def test_limits_and_markers_go_to_the_browser_also_without_a_sample(
    ticker: HandTicker, source: ListedTrend
) -> None:
    source.markers, source.limits = [(1000.0, "raised")], [(0, 80.0, "Hi 80")]
    trend = Trend(source, ticker)
    ticker.tick()
    content = comm_of(trend).custom()[-1].content
    assert content["markers"] == [[1000.0, "raised"]]
    assert content["limits"] == [[0, 80.0, "Hi 80"]]


def test_the_picture_has_limits_and_the_markers_within_it(ticker: HandTicker, source: ListedTrend) -> None:
    source.put(0, [1000, 2000, 3000], [10, 20, 30])
    source.markers = [(2000.0, "raised <b>"), (9000.0, "later")]
    source.limits = [(0, 500.0, "Hi 500"), (1, 1.0, "no value")]
    picture = Trend(source, ticker).snapshot_svg()
    assert "raised &lt;b&gt;" in picture
    assert "later" not in picture
    assert "Hi 500" in picture
    assert ">400<" in picture, "the axis has to reach the limit"


def test_words_of_limits_that_lie_close_stand_beside_one_another(
    ticker: HandTicker, source: ListedTrend
) -> None:
    source.put(0, [1000, 2000], [10, 90])
    source.limits = [(0, 80.0, "Hi 80"), (0, 81.0, "HiHi 81"), (0, 20.0, "Lo 20")]
    picture = Trend(source, ticker).snapshot_svg()
    places = re.findall(r'<text x="([\d.]+)"[^>]*>((?:Hi|Lo)[^<]*)<', picture)
    by_words = {words: float(x) for x, words in places}
    assert by_words["Hi 80"] - by_words["HiHi 81"] > 40
    assert by_words["Lo 20"] == by_words["HiHi 81"]
