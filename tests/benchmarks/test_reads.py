"""Benchmarks of reads, idle watching, the alarm board and the start, small: that they have their keys."""

from __future__ import annotations

import json

import pytest

from benchmarks.__main__ import main

pytestmark = pytest.mark.long


def test_the_benchmark_of_reads_has_its_keys(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reads", "--json", "--quick", "--rounds", "1"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["read_over_stub"] > 0
    assert result["bulk_read_over_stub"] > 0


def test_the_benchmark_of_idle_watching_has_its_key(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["idle", "--json", "--quick", "--rounds", "1"]) == 0
    assert json.loads(capsys.readouterr().out)["idle_core_percent"] > 0


@pytest.mark.parametrize(
    ("name", "keys"),
    [("board", {"board_per_second", "bare_over_board"}), ("start", {"load_ext_seconds"})],
)
def test_the_benchmarks_of_the_board_and_of_the_start_have_their_keys(
    capsys: pytest.CaptureFixture[str], name: str, keys: set[str]
) -> None:
    assert main([name, "--json", "--quick", "--rounds", "1"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert all(result[key] > 0 for key in keys)
