"""Lengths of time in tables: numbers to calculate with, and words where a table is shown."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd

from mxgw_notebook.gateway import Gateway
from mxgw_notebook.gateway.whole_table import WholeTable

LEVEL = "Tank001.Level"


def spans(rows: int = 1) -> WholeTable:
    ages = [275.814457654953, np.nan, 0.25]
    stood = [pd.Timedelta("3h 5min"), pd.NaT, pd.Timedelta("26h")]
    return WholeTable({"tag": ["A", "B", "C"] * rows, "age": ages * rows, "stood": stood * rows})


def test_spans_are_said_as_people_say_them_and_stay_numbers() -> None:
    table = spans()
    for shown in (repr(table), table._repr_html_() or ""):
        for words in ("4 min 35 s", "0.25 s", "3 h 5 min", "1 d 2 h", "\u2013"):
            assert words in shown
        assert "275.8" not in shown
        assert "NaT" not in shown
    assert table["age"].dtype == "float64"
    assert table["age"].sum() == 276.064457654953
    csv = pd.read_csv(io.StringIO(table.to_csv(index=False)))
    assert csv["age"].tolist()[0] == 275.814457654953


def test_a_long_table_is_shown_in_part_with_its_size() -> None:
    table = spans(100)
    for shown in (repr(table), table._repr_html_() or ""):
        assert "4 min 35 s" in shown
        assert "300 rows" in shown
        assert shown.count("4 min 35 s") < 10


def test_columns_that_are_no_spans_are_shown_as_they_are() -> None:
    table = WholeTable({"tag": ["A"], "seconds": ["soon"], "value": [275.814457654953]})
    assert "275.814" in repr(table)
    assert "275.814" in (table._repr_html_() or "")
    assert "soon" in repr(table)


def test_how_watched_tags_do_is_said_with_ages_in_words(gateway: Gateway) -> None:
    levels = gateway.watch(LEVEL)
    levels.collect(0.5)
    for health in (levels.health(), gateway.tag_health()):
        assert health["age"].dtype == "float64"
        (age,) = health["age"]
        assert f"{age:.3g} s" in repr(health)
