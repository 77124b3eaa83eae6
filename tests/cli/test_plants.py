"""mxgw-py --endpoint NAME: a plant that mxgw.toml names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.terminal import Terminal
from tests.conftest import KEY


@pytest.fixture
def named(terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """plant-a may be written; plant-b is read-only, and has no key that is set."""
    (tmp_path / "mxgw.toml").write_text(
        f"""
[plants.plant-a]
endpoint = "{terminal.endpoint}"
plaintext = true
key = {{ env = "KEY_OF_A" }}

[plants.plant-b]
endpoint = "{terminal.endpoint}"
plaintext = true
key = {{ env = "KEY_OF_A" }}
read_only = true

[plants.by-tls]
endpoint = "{terminal.endpoint}"
key = {{ env = "KEY_OF_A" }}
"""
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KEY_OF_A", KEY)
    return terminal


def test_a_plant_is_reached_as_the_file_says_whatever_the_environment_has_for_others(named: Terminal) -> None:
    done = named.run("read", "--endpoint", "plant-a", "Tank001.Level", MXGATEWAY_API_KEY="mxgw_other_secret")
    assert done.exit_code == 0, done.output
    assert named.run("read", "Tank001.Level", MXGATEWAY_ENDPOINT="plant-a").exit_code == 0


def test_plaintext_of_the_environment_takes_no_plants_tls_away(named: Terminal) -> None:
    error = named.error("read", "--endpoint", "by-tls", "Tank001.Level", MXGATEWAY_PLAINTEXT="1")
    assert error["type"] == "GatewayUnavailableError"


def test_a_plant_that_is_read_only_is_not_written(named: Terminal) -> None:
    plan = ("plan", "--endpoint", "plant-b", "FIC101.SP=41", "--write", "trial", "--yes")
    error = named.error(*plan)
    assert "plant-b is always read-only, because" in error["message"]
    assert error["message"].endswith("Leave --write out.")


def test_what_is_written_to_a_plant_is_on_record_as_its_file_says(named: Terminal, tmp_path: Path) -> None:
    toml = tmp_path / "mxgw.toml"
    toml.write_text(toml.read_text().replace("[plants.plant-a]", '[plants.plant-a]\naudit = "a.jsonl"'))
    assert named.run("plan", "--endpoint", "plant-a", "FIC101.SP=41").exit_code == 0
    assert not (tmp_path / "a.jsonl").exists()
    for value in ("41", "30"):
        done = named.run("plan", "--endpoint", "plant-a", f"FIC101.SP={value}", "--write", "trial 7", "--yes")
        assert done.exit_code == 0, done.output
    lines = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text().splitlines()]
    ended = [(one["deed"], one["plant"], one["why"]) for one in lines if one["outcome"] == "done"]
    once = [(deed, "plant-a", "trial 7") for deed in ("arm", "write", "plan", "disarm")]
    assert ended == once * 2


def test_what_is_wrong_in_the_file_is_one_line_with_its_place(named: Terminal, tmp_path: Path) -> None:
    (tmp_path / "mxgw.toml").write_text('[plants.plant-a]\nendpoint = "x:1"\nmode = 1')
    error = named.error("read", "--endpoint", "plant-a", "Tank001.Level")
    assert "mxgw.toml: [plants.plant-a]: mode is not known" in error["message"]
