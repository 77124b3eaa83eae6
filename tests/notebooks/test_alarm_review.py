"""The notebook of the alarm review, run from top to bottom."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.notebooks.conftest import Run

pytestmark = pytest.mark.kernel


def test_the_alarm_review_finds_the_flood_and_the_chattering_switch(run: Run, tmp_path: Path) -> None:
    page = run("04_alarm_review.ipynb")
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
