"""The benchmark of alarms, small: that it runs and has its keys."""

from __future__ import annotations

import importlib.util
import json
import shutil
from pathlib import Path

import pytest

from benchmarks.__main__ import main
from benchmarks.table_page import CHROMIUM

pytestmark = pytest.mark.long


def test_the_alarm_benchmark_has_its_keys(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["alarms", "--json", "--quick", "--rounds", "1"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["benchmark"] == "alarms"
    assert result["episodes_over_groupby"] > 0
    assert result["report_seconds"] > 0
    updates = result["table_updates_per_second"]
    assert updates is None if not has_browser() else updates > 0


def has_browser() -> bool:
    return any(map(shutil.which, CHROMIUM)) and importlib.util.find_spec("playwright") is not None


def test_a_machine_without_a_browser_says_that_it_cannot_measure_the_table(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["alarms", "--json", "--quick", "--rounds", "1"]) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out)["table_updates_per_second"] is None
    assert printed.err == "alarms/table cannot be measured here: Chromium or playwright is not installed\n"
    assert main(["alarms", "--quick", "--rounds", "1"]) == 0
    assert "not measured" in capsys.readouterr().out
