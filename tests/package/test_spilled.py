"""The look for keys finds one wherever it comes out, or the rest of the suite proves nothing by passing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import KEY

ROOT = Path(__file__).parents[2]
SPILLING = f"""
import logging, subprocess, sys
KEY = {KEY!r}

def test_printed():
    print(KEY)

def test_logged():
    logging.getLogger("x").warning("with %s", KEY)

def test_written(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "audit.jsonl").write_text(KEY)

def test_taken_out(capsys):
    print(KEY)
    capsys.readouterr()

def test_in_a_program():
    subprocess.run([sys.executable, "-S", "-c", f"print({{KEY!r}})"], capture_output=True)

def test_nowhere(tmp_path):
    print("mxgw_***")
"""


@pytest.mark.keeps_keys("of the tests that have to fail by them")
def test_a_test_by_which_a_key_comes_out_fails(tmp_path: Path) -> None:
    (tmp_path / "test_spilling.py").write_text(SPILLING, encoding="utf-8")
    given = ["-q", "-p", "tests.spilled", "-p", "no:cacheprovider", "--rootdir", str(tmp_path)]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *given, "-c", "/dev/null", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "5 failed, 1 passed" in run.stdout
