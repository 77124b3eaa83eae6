"""From an alarm to its cause: the trend of its source, with limit and markers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.gateway import Gateway
from mxgw_notebook.gateway.alarms.marks import AlarmMarks
from mxgw_notebook.live import AlarmBoard
from tests.conftest import Eventually
from tests.gateway.conftest import display_as_ipython, outcomes, waiting
from tests.live.alarm_record import RECORD
from tests.widgets.doubles import comm_of


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
    picture = watch.trend().snapshot_svg()
    assert alarm_tag in picture
    assert f"{alarm_tag.rpartition('.')[2]} " in picture  # its limit, as "Hi 90"
    review.stop()
    assert watch.stopped


def test_a_row_opens_the_trend_of_its_alarm_and_the_one_before_gives_way(
    fast_gateway: Gateway, eventually: Eventually, page: None, displayed: list[Any]
) -> None:
    review = fast_gateway.alarms()
    eventually(lambda: waiting(review))
    reference = waiting(review)[0]
    display_as_ipython(review)
    (panel,) = displayed
    click = comm_of(review.table()).say
    click({"kind": "trend", "reference": reference})
    eventually(lambda: len(panel.children) == 2)
    first = panel.children[1]
    click({"kind": "trend", "reference": reference})
    eventually(lambda: panel.children[1] is not first)
    eventually(lambda: comm_of(first.trend).custom()[-1].content["status"] == "stopped")
    second = panel.children[1]
    click({"kind": "trend", "reference": "Galaxy!Nowhere.Nope.Hi"})
    eventually(lambda: "No trend" in str(outcomes(review.table()).get("Galaxy!Nowhere.Nope.Hi")))
    assert panel.children[1] is second
    review.stop()
    assert comm_of(second.trend).custom()[-1].content["status"] == "stopped"


def test_an_alarm_nobody_saw_has_no_trend(gateway: Gateway) -> None:
    review = gateway.alarms()
    with pytest.raises(ConfigurationError, match="was seen"):
        review.trend("Galaxy!Nowhere.Nope.Hi")
    review.stop()


def test_marks_are_those_of_the_tags_and_go_on() -> None:
    board = AlarmBoard(client=None)  # type: ignore[arg-type]  # nothing is followed here
    tags = ["Tank001.Level"]
    marks = AlarmMarks(board, lambda: tags, everything=False)
    board.take(replace(RECORD, changed_ns=2_000_000))
    board.take(replace(RECORD, tag="Pump001.Trip", limit=True))
    assert marks() == ([(2.0, "▲ Tank001.Level.Hi")], [(0, 90.0, "Hi 90")])
    board.take(replace(RECORD, kind="CLEAR", changed_ns=0, limit=95))
    assert marks() == ([(2.0, "▲ Tank001.Level.Hi")], [(0, 95.0, "Hi 95")])
    tags[0] = "Tank002.Level"
    assert marks() == ([], [])
    assert len(AlarmMarks(board, lambda: tags, everything=True)()[0]) == 2
