"""The Python that the manual's pages show runs, against the simulated plant."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from docs.site import PAGES, written_pages
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.conftest import KEY

BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
WITH_CODE = [path for path in sorted(written_pages()) if BLOCK.search(path.read_text(encoding="utf-8"))]
SECONDS = 100


def test_there_are_pages_with_code() -> None:
    assert len(WITH_CODE) >= 6


@pytest.mark.parametrize("path", WITH_CODE, ids=lambda path: path.relative_to(PAGES).as_posix())
def test_the_code_of_a_page_runs_from_top_to_bottom(
    path: Path, embedded: EmbeddedGateway, tmp_path: Path
) -> None:
    blocks = BLOCK.findall(path.read_text(encoding="utf-8"))
    names = f"ENDPOINT, KEY = {embedded.endpoint!r}, {KEY!r}\n"
    # A program of its own: what a page shows begins with nothing imported or connected.
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", names + "\n".join(blocks)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
