"""The notebooks as they are shipped, run from top to bottom."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from mxgw_notebook.cli.demo.demo import shipped
from mxgw_notebook.cli.demo.report import run_headless

Run = Callable[[str], str]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs a notebook in `tmp_path`; answers the page that it leaves."""

    def page_of(name: str) -> str:
        copied = Path(shutil.copyfile(shipped() / name, tmp_path / name))
        return run_headless(copied, environment={}, tell=lambda line: None).read_text(encoding="utf-8")

    return page_of
