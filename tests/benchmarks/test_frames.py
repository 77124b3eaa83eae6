"""The benchmark of tables and means, small: that it runs and has its keys."""

from __future__ import annotations

import json

import pytest

from benchmarks.__main__ import main

pytestmark = pytest.mark.long


def test_the_benchmark_of_frames_has_its_keys(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["frames", "--json", "--quick", "--rounds", "1"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["benchmark"] == "frames"
    for key in ("wide_over_pandas", "resample_over_pandas", "mean_over_pandas", "resample_many_seconds"):
        assert result[key] > 0
