"""The notebook of live tags, run from top to bottom."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest

from mxgw_notebook.cli.demo.demo import shipped
from mxgw_notebook.cli.demo.report import run_headless

pytestmark = pytest.mark.kernel

NAME = "03_live.ipynb"


def test_the_live_notebook_is_stored_without_outputs() -> None:
    for cell in nbformat.read(shipped() / NAME, as_version=4).cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None


def test_the_live_notebook_runs_and_ends_in_pictures(tmp_path: Path) -> None:
    shutil.copyfile(shipped() / NAME, tmp_path / NAME)
    page = run_headless(tmp_path / NAME, environment={}, tell=lambda line: None).read_text(encoding="utf-8")
    assert "<svg" in page
    assert "percent good" in page
    assert "<th>lowest</th>" in page
    assert "gateway to kernel" in page
