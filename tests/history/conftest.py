"""A connected gateway at a plant that runs in real time, and folders to record to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mxgw_notebook.gateway import Gateway, connect
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests import kindness
from tests.conftest import KEY
from tests.gateway.conftest import _disconnected, _no_variables

__all__ = ["_disconnected", "_no_variables"]

SPEED, LEVEL, SETPOINT, RUNNING = "Pump001.Speed", "Tank001.Level", "FIC101.SP", "Pump001.Running"


@pytest.fixture(scope="session")
def brisk() -> Iterator[EmbeddedGateway]:
    """A plant in which a minute passes in a few seconds; shared, so leave it as it was."""
    # Of a recorder that was killed the session stands for a while.
    with kindness.start(seed=1, api_key=KEY, speed=10.0, limits=["sessions=500"]) as running:
        yield running


@pytest.fixture
def gateway(brisk: EmbeddedGateway) -> Gateway:
    return connect(brisk.endpoint, api_key=KEY, plaintext=True, writable="tests")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "recorded"
