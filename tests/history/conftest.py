"""A connected gateway at a plant that runs in real time, and folders to record to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mxgw_notebook.gateway import Gateway, connect
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests import kindness
from tests.conftest import KEY, Eventually
from tests.gateway.conftest import _disconnected, _no_variables
from tests.history.places import s3_server

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


@pytest.fixture
def s3(eventually: Eventually, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An S3 of this computer, with a bucket `plant`, is what `s3://` reaches."""
    pytest.importorskip("s3fs", reason="needs mxgw-notebook[test]")
    pytest.importorskip("moto", reason="needs mxgw-notebook[test]")
    with s3_server(eventually) as address:
        for name, value in {
            "AWS_ENDPOINT_URL": address, "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x",
            "AWS_DEFAULT_REGION": "us-east-1",
        }.items():  # fmt: skip
            monkeypatch.setenv(name, value)
        yield
