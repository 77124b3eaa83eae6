"""From an alarm to its cause: the trend of its source, with limit and markers."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.gateway import Gateway
from mxgw_notebook.gateway.alarms.marks import AlarmMarks
from mxgw_notebook.live import AlarmBoard
from tests.conftest import Eventually
from tests.live.alarm_record import RECORD


def test_the_trend_of_an_alarm_is_its_source_with_limit_and_markers(
    fast_gateway: Gateway, eventually: Eventually
) -> None:
    review = fast_gateway.alarms()

    def levels() -> pd.DataFrame:
        history = review.history()
        return history[history["tag"].str.endswith((".Hi", ".Lo"))]

    eventually(lambda: len(levels()))
    alarm = levels().iloc[-1]
    reference, alarm_tag = alarm["reference"], alarm["tag"]
    watch = review.trend(reference)
    (tag,) = watch.tags
    assert alarm_tag.startswith(f"{tag}.")
    delta = watch._source.since(0)
    assert any(alarm_tag in words for _, words in delta.markers)
    assert any(index == 0 for index, _, _ in delta.limits)
    # As a click in a row does it; the trend asked for before gives way.
    for _ in range(2):
        review._show_trend(reference)
    eventually(lambda: len(review._shown_panel().children) == 2)
    review._show_trend("Galaxy!Nowhere.Nope.Hi")
    eventually(lambda: any("No trend" in str(reason) for reason in review.table()._outcomes.values()))
    eventually(lambda: len(review._trends) == 2)
    review.stop()
    assert watch.stopped


def test_an_alarm_nobody_saw_has_no_trend(gateway: Gateway) -> None:
    review = gateway.alarms()
    with pytest.raises(ConfigurationError, match="was seen"):
        review.trend("Galaxy!Nowhere.Nope.Hi")
    review.stop()


def test_marks_are_those_of_the_tags_and_go_on() -> None:
    board = AlarmBoard(client=None)  # type: ignore[arg-type]  # nothing is followed here
    tags = ["Tank001.Level"]
    marks = AlarmMarks(board, lambda: tags, everything=False)
    board._take(replace(RECORD, changed_ns=2_000_000))
    board._take(replace(RECORD, tag="Pump001.Trip", limit=True))
    assert marks() == ([(2.0, "▲ Tank001.Level.Hi")], [(0, 90.0, "Hi 90")])
    board._take(replace(RECORD, kind="CLEAR", changed_ns=0, limit=95))
    assert marks() == ([(2.0, "▲ Tank001.Level.Hi")], [(0, 95.0, "Hi 95")])
    tags[0] = "Tank002.Level"
    assert marks() == ([], [])
    assert len(AlarmMarks(board, lambda: tags, everything=True)()[0]) == 2
