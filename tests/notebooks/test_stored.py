"""What stands in the notebooks before anybody has run them."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from mxgw_notebook.cli.demo.demo import shipped

NOTEBOOKS = sorted(shipped().glob("*.ipynb"))


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda notebook: notebook.stem)
def test_a_notebook_is_stored_without_outputs(notebook: Path) -> None:
    cells = [cell for cell in nbformat.read(notebook, as_version=4).cells if cell.cell_type == "code"]
    assert cells
    for cell in cells:
        assert cell.outputs == []
        assert cell.execution_count is None
