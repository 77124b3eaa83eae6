"""The flight recorder: a kernel's values for the one that comes after it."""

from __future__ import annotations

import subprocess
import sys
from itertools import islice
from pathlib import Path

import pandas as pd
import psutil
import pytest

import mxgw_notebook
from mxgw_notebook.client import ClientOptions
from mxgw_notebook.gateway import Gateway, connect, disconnect, flights
from mxgw_notebook.gateway.connection import connect_gateway
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.conftest import KEY, Eventually
from tests.printed import printed

SPEED, LEVEL = "Pump001.Speed", "Tank001.Level"
PROGRAM = """
import sys, time
from tests.gateway.test_flights import as_demo
watch = as_demo(sys.argv[1]).watch("Pump001.Speed")
while True:
    print(watch.frame()["timestamp"].iloc[-1], flush=True)
    time.sleep(0.05)
"""


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MXGW_FLIGHTS", str(tmp_path / "flights"))
    return tmp_path / "flights"


def as_demo(endpoint: str) -> Gateway:
    """A gateway that is taken for the demo's."""
    return connect_gateway(ClientOptions(endpoint=endpoint, api_key=KEY, plaintext=True), simulated=True)


def test_after_a_kernel_has_died_a_watch_has_its_past_again_with_the_gap_marked(
    embedded: EmbeddedGateway, eventually: Eventually
) -> None:
    command = [sys.executable, "-c", PROGRAM, embedded.endpoint]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as kernel:
        shown = list(islice(printed(kernel), 60))
        until = pd.Timestamp(shown[-1])
        eventually(lambda: len(flights()) and flights()["end"].iloc[0] >= until)
        psutil.Process(kernel.pid).kill()
    gateway = as_demo(embedded.endpoint)
    # Two processes know the gateway's clock to some tenths of a second, on a busy machine.
    later = flights()["end"].iloc[0] + pd.Timedelta("1s")
    eventually(lambda: gateway.read(SPEED)["timestamp"].iloc[0] > later)
    try:
        watch = gateway.watch(SPEED)
        found = watch.frame(start="-1h")
        before = found[found["origin"] != "memory"]
        assert len(before) >= len(set(shown)) - 2
        assert not found.duplicated(["tag", "timestamp"]).any()
        assert [gap["cause"] for gap in found.attrs["gaps"]] == ["not recorded"], found.attrs["gaps"]
        (kept,) = flights().to_dict("records")
        assert (kept["plant"], kept["tags"] > 0) == ("demo", True)
    finally:
        gateway.close()


def test_nothing_of_a_plant_is_written_before_it_is_switched_on_and_then_also_by_the_next(
    embedded: EmbeddedGateway, place: Path, eventually: Eventually
) -> None:
    gateway = connect(embedded.endpoint, api_key=KEY, plaintext=True)
    watch = gateway.watch(SPEED)
    assert gateway.flight_status == "off"
    assert not place.exists()
    gateway.flight(on=True)
    seen = len(watch.frame())
    eventually(lambda: len(flights()) == 1 and flights()["tags"][0] and len(watch.frame()) > seen + 3)
    disconnect()
    gateway = connect(embedded.endpoint, api_key=KEY, plaintext=True)
    watch = gateway.watch(SPEED, LEVEL)
    assert gateway.flight_status.startswith(("live", "connecting", "idle"))
    assert set(watch.frame(start="-1h")["origin"]) > {"memory"}
    gateway.flight(on=False)
    assert gateway.flight_status == "off"
    disconnect()


def test_two_kernels_of_the_demo_keep_apart(embedded: EmbeddedGateway, place: Path) -> None:
    first, second = as_demo(embedded.endpoint), as_demo(embedded.endpoint)
    try:
        first.watch(SPEED)
        second.watch(LEVEL)
        assert sorted(path.parent.name for path in place.glob("*/*/recording.json")) == ["1", "2"]
        assert set(second.watch(LEVEL).frame(start="-1h")["tag"]) == {LEVEL}
    finally:
        first.close()
        second.close()


def test_where_flights_are_not_to_be_kept_they_are_not(
    embedded: EmbeddedGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MXGW_FLIGHTS", "off")
    gateway = as_demo(embedded.endpoint)
    try:
        gateway.watch(SPEED)
        assert gateway.flight_status == "off"
        assert mxgw_notebook.flights().empty
        with pytest.raises(mxgw_notebook.ConfigurationError, match="MXGW_FLIGHTS says"):
            gateway.flight()
    finally:
        gateway.close()
