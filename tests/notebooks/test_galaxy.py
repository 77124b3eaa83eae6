"""The notebook of the galaxy, run from top to bottom."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest

from mxgw_notebook.analysis.galaxy import Snapshot
from mxgw_notebook.cli.demo.demo import shipped
from mxgw_notebook.cli.demo.report import run_headless

pytestmark = pytest.mark.kernel

NAME = "02_galaxy.ipynb"


def cells_of(path: Path) -> list[Any]:
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


def test_the_galaxy_notebook_is_stored_without_outputs() -> None:
    for cell in cells_of(shipped() / NAME):
        assert cell.outputs == []
        assert cell.execution_count is None


def test_the_galaxy_notebook_runs_and_leaves_a_snapshot(tmp_path: Path) -> None:
    shutil.copyfile(shipped() / NAME, tmp_path / NAME)
    page = run_headless(tmp_path / NAME, environment={}, tell=lambda line: None).read_text(encoding="utf-8")
    assert "Opened before.parquet: a saved galaxy" in page
    assert "A browser of the galaxy of" in page
    assert "Motor_CT901" in page  # named unlike the other motors
    assert len(Snapshot.read(tmp_path / "before.parquet").objects) > 300
