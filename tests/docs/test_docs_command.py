"""mxgw-py docs opens the manual that the installation carries."""

from __future__ import annotations

import json
import webbrowser
from pathlib import Path

import pytest
from click.testing import CliRunner

from mxgw_notebook.cli import docs as command
from mxgw_notebook.cli.main import mxgw


@pytest.fixture
def manual(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "index.html").write_text("<p>The manual</p>")
    monkeypatch.setattr(command, "MANUAL", tmp_path)
    return tmp_path / "index.html"


def test_the_manual_is_opened(manual: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def open_page(address: str) -> bool:
        opened.append(address)
        return True

    monkeypatch.setattr(webbrowser, "open", open_page)
    assert CliRunner().invoke(mxgw, ["docs"]).output == ""
    assert opened == [manual.as_uri()]


def test_where_no_browser_is_its_place_is_told(manual: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webbrowser, "open", lambda address: False)
    assert CliRunner().invoke(mxgw, ["docs"]).output == f"{manual}\n"


def test_its_place_can_be_asked_for(manual: Path) -> None:
    assert CliRunner().invoke(mxgw, ["docs", "--path"]).output == f"{manual}\n"
    assert json.loads(CliRunner().invoke(mxgw, ["docs", "--json"]).output) == {"manual": str(manual)}


def test_without_a_manual_one_line_says_how_to_build_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "MANUAL", tmp_path)
    done = CliRunner().invoke(mxgw, ["docs"])
    assert done.exit_code == 1
    assert "has no manual" in done.stderr
    assert "python -m docs" in done.stderr
