"""The benchmark of the widgets, small: that it runs in JupyterLab and has its keys."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.__main__ import main
from benchmarks.widgets import BENCHMARK
from tests.browser.conftest import chromium_path

pytestmark = [pytest.mark.long, pytest.mark.browser]
PEERS = ("plotly", "itable", "perspective")


def test_the_widgets_benchmark_has_its_keys(capsys: pytest.CaptureFixture[str]) -> None:
    chromium_path()
    assert main(["widgets", "--json", "--quick", "--rounds", "1"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["benchmark"] == "widgets"
    ours = {key for key in BENCHMARK.keys if not key.endswith(PEERS)}
    assert {key for key in ours if result[key] and result[key] > 0} == ours


def test_a_machine_without_a_browser_says_that_it_cannot_measure_them(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["widgets", "--json", "--quick", "--rounds", "1"]) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out)["pan_frames_per_second"] is None
    assert "widgets/trend cannot be measured here: Chromium is not installed" in printed.err
