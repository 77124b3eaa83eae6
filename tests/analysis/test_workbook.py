"""Reports and tables as workbooks: every text stays a text, and nothing is lost on the way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mxgw_notebook.analysis import alarm_report, save_workbook
from mxgw_notebook.errors import ConfigurationError
from tests.analysis.logs import at, log

openpyxl = pytest.importorskip("openpyxl")


def cells(path: Path, sheet: str) -> list[list[Any]]:
    book = openpyxl.load_workbook(path)
    return [[cell.value for cell in row] for row in book[sheet].iter_rows()]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("x")'])
def test_what_a_plant_says_is_no_formula(tmp_path: Path, text: str) -> None:
    path = save_workbook({"one": pd.DataFrame({"=a": [text]})}, tmp_path / "x.xlsx")
    book = openpyxl.load_workbook(path)
    for cell in (book["one"]["A1"], book["one"]["A2"]):
        assert (cell.data_type, cell.quotePrefix) == ("s", True)
    assert book["one"]["A2"].value == text


def test_values_of_every_kind_come_back(tmp_path: Path) -> None:
    values = [
        1,
        2.5,
        True,
        None,
        np.nan,
        2**60 + 1,
        "bell\x07",
        "half\ud800",
        pd.Timedelta("1D2h"),
        float("inf"),
    ]
    table = pd.DataFrame({"value": pd.Series(values, dtype=object), "at": [at(k) for k in range(10)]})
    found = cells(save_workbook({"a/b": table}, tmp_path / "x.xlsx"), "a b")
    assert found[0] == ["value", "at (UTC)"]
    assert [row[0] for row in found[1:4]] == [1, 2.5, True]
    assert [row[0] for row in found[4:9]] == [None, None, str(2**60 + 1), "bell\ufffd", "half\ufffd"]
    assert found[9][0] == pd.Timedelta("1D2h").to_pytimedelta()
    assert found[10][0] == "inf"
    assert found[1][1] == at(0).tz_localize(None)


def test_a_report_is_a_workbook_with_a_sheet_a_measure(tmp_path: Path) -> None:
    report = alarm_report(log((0, "=T1.Hi", "raise"), (30, "=T1.Hi", "clear")), end=at(600))
    path = report.save(tmp_path / "review.xlsx")
    book = openpyxl.load_workbook(path)
    assert book.sheetnames[:3] == ["summary", "not judged", "notes"]
    assert {"provenance", "contributors", "by shift", "out of service"} <= set(book.sheetnames)
    assert cells(path, "contributors")[1][0] == "=T1.Hi"
    unjudged = [row[0] for row in cells(path, "not judged")]
    assert unjudged == ["measure", *report.unjudged["measure"]]


def test_a_report_says_what_it_was_made_of_and_what_was_not_judged() -> None:
    frame = log((0, "A", "raise"))
    frame.attrs["source"] = "plant <1>.csv"
    report = alarm_report(frame, end=at(600), operators=2)
    said = report.provenance.set_index("what")["value"]
    assert (said["log"], said["rows of the log"], said["operators"]) == ("plant <1>.csv", "1", "2")
    assert said["window"] == "2026-05-04 06:00:00 to 2026-05-04 06:10:00 UTC"
    assert said["connected"] == "not recorded"
    page = report.to_html()
    assert "plant &lt;1&gt;.csv" in page
    assert "Not judged, and why" in page
    assert "unknown" in alarm_report(log()).provenance["value"].tolist()


def test_a_workbook_that_cannot_be_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"no \.xlsx"):
        save_workbook({}, tmp_path / "x.xls")
    with pytest.raises(ConfigurationError, match=r"neither \.html nor \.xlsx"):
        alarm_report(log()).save(tmp_path / "x.pdf")
    with pytest.raises(ConfigurationError, match="cannot be written"):
        alarm_report(log()).save(tmp_path / "none" / "x.xlsx")
