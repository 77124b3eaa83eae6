"""Limits and markers on a trend."""

from __future__ import annotations

import re

from mxgw_notebook.widgets import Trend
from mxgw_notebook.widgets.trend_file import trend_file
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


def test_what_is_to_be_said_of_a_tag_goes_to_the_browser_and_into_the_pictures_legend(
    ticker: HandTicker, source: ListedTrend
) -> None:
    source.put(0, [1000, 2000], [10, 90])
    source.put(1, [1000, 2000], [1, 9])
    source.notes = [(1, "setpoint 66 % (other units)")]
    trend = Trend(source, ticker)
    ticker.tick()
    assert comm_of(trend).custom()[-1].content["notes"] == [[1, "setpoint 66 % (other units)"]]
    first, second = (tag.tag for tag in source.tags)
    legend = re.findall(r"<text[^>]*>([^<]*quality good[^<]*)<", trend.snapshot_svg())
    by_tag = {line.split()[0]: line for line in legend}
    assert by_tag[second].endswith(", setpoint 66 % (other units)")
    assert "setpoint" not in by_tag[first]
    _, _, saved = trend_file(source, "svg", 0, 3000)
    assert "setpoint 66 % (other units)" in saved.decode()
