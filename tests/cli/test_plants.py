"""mxgw-py --endpoint NAME: a plant that mxgw.toml names."""

from __future__ import annotations

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
    assert "plant-b was not armed: it is read-only" in named.error(*plan)["message"]


def test_what_is_wrong_in_the_file_is_one_line_with_its_place(named: Terminal, tmp_path: Path) -> None:
    (tmp_path / "mxgw.toml").write_text('[plants.plant-a]\nendpoint = "x:1"\nmode = 1')
    error = named.error("read", "--endpoint", "plant-a", "Tank001.Level")
    assert "mxgw.toml: [plants.plant-a]: mode is not known" in error["message"]
