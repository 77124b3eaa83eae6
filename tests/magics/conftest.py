"""An IPython shell of this process, with %mxgw loaded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.terminal.interactiveshell import TerminalInteractiveShell
from traitlets.config import Config

from mxgw_notebook.gateway import disconnect_all
from mxgw_notebook.gateway.connection import (
    DEMO_ENDPOINT_VARIABLE,
    DEMO_KEY_VARIABLE,
    ENDPOINT_VARIABLE,
)
from mxgw_notebook.profiles import KEY_VARIABLE
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.conftest import KEY


@dataclass
class Cell:
    """What a cell gave: its value, and what it printed."""

    value: Any
    out: str
    err: str


class Notebook:
    """Runs cells as a kernel does, and keeps what they print."""

    def __init__(self, shell: InteractiveShell, captured: pytest.CaptureFixture[str]) -> None:
        self.shell = shell
        self._captured = captured

    def run(self, code: str) -> Cell:
        self._captured.readouterr()
        result = self.shell.run_cell(code, store_history=False)
        printed = self._captured.readouterr()
        return Cell(result.result, printed.out, printed.err)

    def __getitem__(self, name: str) -> Any:
        return self.shell.user_ns[name]


@pytest.fixture(scope="session")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InteractiveShell]:
    folder: Path = tmp_path_factory.mktemp("ipython")
    config = Config()
    config.HistoryManager.enabled = False
    config.TerminalInteractiveShell.simple_prompt = True
    config.TerminalInteractiveShell.colors = "nocolor"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IPYTHONDIR", str(folder))
        made = TerminalInteractiveShell.instance(config=config)
        yield made
        TerminalInteractiveShell.clear_instance()


@pytest.fixture
def notebook(
    shell: InteractiveShell, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Notebook]:
    """A shell with the extension and no gateway."""
    for variable in (ENDPOINT_VARIABLE, KEY_VARIABLE, DEMO_ENDPOINT_VARIABLE, DEMO_KEY_VARIABLE):
        monkeypatch.delenv(variable, raising=False)
    made = Notebook(shell, capsys)
    made.run("%load_ext mxgw_notebook")
    yield made
    made.run("%unload_ext mxgw_notebook")
    disconnect_all()


@pytest.fixture
def connected(notebook: Notebook, embedded: EmbeddedGateway, monkeypatch: pytest.MonkeyPatch) -> Notebook:
    """The shell, connected to the embedded gateway that the tests share."""
    monkeypatch.setenv("PLANT_KEY", KEY)
    cell = notebook.run(f"%mxgw connect {embedded.endpoint} --plaintext --key-env PLANT_KEY")
    assert cell.out.startswith("Connected to")
    notebook.run("%mxgw arm --reason tests")
    return notebook
