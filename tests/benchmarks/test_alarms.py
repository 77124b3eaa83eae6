"""The benchmark of alarms, small: that it runs and has its keys."""

from __future__ import annotations

import json

import pytest

from benchmarks.__main__ import main


def test_the_alarm_benchmark_has_its_keys(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["alarms", "--json", "--quick", "--rounds", "1"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["benchmark"] == "alarms"
    assert result["episodes_over_groupby"] > 0
    assert result["report_seconds"] > 0
    assert result["table_updates_per_second"] >= 0
