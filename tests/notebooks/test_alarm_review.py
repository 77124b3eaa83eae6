"""The notebook of the alarm review, run from top to bottom."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest

from mxgw_notebook.cli.demo.demo import shipped
from mxgw_notebook.cli.demo.report import run_headless

pytestmark = pytest.mark.kernel

NAME = "04_alarm_review.ipynb"


def cells_of(path: Path) -> list[Any]:
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


def test_the_alarm_review_is_stored_without_outputs() -> None:
    for cell in cells_of(shipped() / NAME):
        assert cell.outputs == []
        assert cell.execution_count is None


def test_the_alarm_review_finds_the_flood_and_the_chattering_switch(tmp_path: Path) -> None:
    shutil.copyfile(shipped() / NAME, tmp_path / NAME)
    page = run_headless(tmp_path / NAME, environment={}, tell=lambda line: None).read_text(encoding="utf-8")
    assert "LSH152" in page
    assert "known since the trip" in page
    assert "The shift of the pump trip" in page
    assert "off-delay 1 min" in page  # the tuning bench's picture
    assert "Tank001.Level.Hi" in page  # of the foreign log
    assert "different alarms in the time" in page
    report = (tmp_path / "alarm_review.html").read_text(encoding="utf-8")
    assert report.count("<svg") == 3
    assert "flood from" in report
    assert (tmp_path / "alarm_history.parquet").stat().st_size > 0
