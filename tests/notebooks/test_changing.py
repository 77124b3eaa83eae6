"""The notebook of changing things, run from top to bottom."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.notebooks.conftest import Run

pytestmark = pytest.mark.kernel


def test_what_is_changed_is_planned_rehearsed_undone_and_on_record(run: Run, tmp_path: Path) -> None:
    page = run("05_changing_things.ipynb")
    assert "FIC101.SP was not written" in page
    assert "9999 is above TIC103.PV.RangeHigh 120" in page
    assert "2 of 2 writes as wanted, 2 undone" in page
    assert "Not proven is the physics" in page
    assert "is armed for FIC101.SP, LIC102.SP alone" in page
    assert page.count("as wanted") >= 8  # the rehearsal, what was applied, what was undone
    assert "differs" in page  # before it was undone
    for deed in ("refused", "rehearse", "arm", "plan", "disarm"):
        assert f"<td>{deed}</td>" in page
    assert (tmp_path / "before.parquet").stat().st_size > 0
