"""The notebook of live tags, run from top to bottom."""

from __future__ import annotations

import pytest

from tests.notebooks.conftest import Run

pytestmark = pytest.mark.kernel


def test_the_live_notebook_runs_and_ends_in_pictures(run: Run) -> None:
    page = run("03_live.ipynb")
    assert "<svg" in page
    assert "percent good" in page
    assert "<th>lowest</th>" in page
    assert "gateway to kernel" in page
