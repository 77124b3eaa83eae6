"""A gateway of the command line's own: its tests write to the plant."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.cli.terminal import Opened, Terminal
from tests.conftest import KEY


@pytest.fixture(scope="package")
def terminal() -> Iterator[Terminal]:
    with EmbeddedGateway.start(seed=1, api_key=KEY) as gateway:
        yield Terminal(gateway)


@pytest.fixture
def session(terminal: Terminal) -> Iterator[Opened]:
    with terminal.session() as opened:
        yield opened
