"""What the manual says for VS Code, in a kernel: the lines of its settings, then the cells of a file."""

from __future__ import annotations

import json
import re

import pytest

from docs.site import PAGES
from tests.kernel.kernel import Kernel

pytestmark = pytest.mark.kernel

PAGE = (PAGES / "howto" / "vscode.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(json|python)\n(.*?)^```", re.MULTILINE | re.DOTALL)
BLOCKS = dict(BLOCK.findall(PAGE))


def test_a_file_of_cells_runs_in_a_kernel_that_loads_the_magics_at_its_start(kernel: Kernel) -> None:
    for line in json.loads(BLOCKS["json"])["jupyter.runStartupCommands"]:
        kernel.run(line)
    _, *cells = re.split(r"^# %%\n", BLOCKS["python"], flags=re.MULTILINE)
    assert len(cells) == 3
    *_, last = [kernel.text(cell) for cell in cells]
    assert "Tank002.Level" in last
    assert "connect" in kernel.text("%mxgw help")
