"""The notebook of the galaxy, run from top to bottom."""

from __future__ import annotations

from pathlib import Path

import pytest

from mxgw_notebook.analysis.galaxy import Snapshot
from tests.notebooks.conftest import Run

pytestmark = pytest.mark.kernel


def test_the_galaxy_notebook_runs_and_leaves_a_snapshot(run: Run, tmp_path: Path) -> None:
    page = run("02_galaxy.ipynb")
    assert "Opened before.parquet: a saved galaxy" in page
    assert "A browser of the galaxy of" in page
    assert "Motor_CT901" in page  # named unlike the other motors
    assert len(Snapshot.read(tmp_path / "before.parquet").objects) > 300
