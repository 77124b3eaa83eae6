"""The notebook of history, run from top to bottom."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mxgw_notebook import open_recording
from tests.notebooks.conftest import Run

pytestmark = pytest.mark.kernel


def test_what_was_recorded_is_asked_cut_out_and_played_again(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MXGW_FLIGHTS", str(tmp_path / "flights"))  # the kernel inherits it
    page = run("06_history.ipynb")
    assert "<td>not recorded</td>" in page  # the gap, with its cause
    assert "<td>FIC101.Deviation.Major</td>" in page  # the alarm that came meanwhile
    assert "<th>percent_good</th>" in page
    for column in ("samples", "lowest", "highest"):  # of the query in the cell
        assert f"<th>{column}</th>" in page
    assert rows_of(page, "timestamp", "value") == 5  # of the recording's query
    assert "Replay of incident.zip" in page
    assert "FIC101.SP was not written: this is a replay" in page
    assert "<td>demo</td>" in page  # what the flight recorder has kept
    capsule = open_recording(tmp_path / "incident.zip")
    assert capsule.tags == ["FIC101.PV", "FIC101.SP", "Tank001.Level"]
    assert "not recorded" in set(capsule.gaps()["cause"])


def rows_of(page: str, *columns: str) -> int:
    """How many rows the table with just these columns has."""
    for table in re.findall(r"<table.*?</table>", page, re.DOTALL):
        head, _, body = table.partition("</thead>")
        if re.findall(r"<th>([^<]+)</th>", head) == list(columns):
            return int(body.count("<tr>"))
    raise AssertionError(f"no table has the columns {columns}")
