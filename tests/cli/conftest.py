"""A gateway of the command line's own: its tests write to the plant."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.cli.terminal import Opened, Terminal
from tests.conftest import KEY


@pytest.fixture(scope="package")
def terminal() -> Iterator[Terminal]:
    with EmbeddedGateway.start(seed=1, api_key=KEY) as gateway:
        yield Terminal(gateway)


@pytest.fixture(autouse=True)
def settings_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where the commands keep what a later one needs, apart from the user's own."""
    monkeypatch.setattr("click.get_app_dir", lambda *named, **also: str(tmp_path / "settings"))
    return tmp_path / "settings"


@pytest.fixture
def session(terminal: Terminal) -> Iterator[Opened]:
    with terminal.session() as opened:
        yield opened
