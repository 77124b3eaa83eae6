"""Connecting: to what, with which key, and what is left when it is over."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
import time
from typing import Any

import psutil
import pytest

import mxgw_notebook
from mxgw_notebook.errors import (
    AuthenticationError,
    ConfigurationError,
    GatewayError,
    GatewayUnavailableError,
    NotConnectedError,
    SessionClosedError,
)
from mxgw_notebook.gateway import Gateway, connect, current, disconnect
from mxgw_notebook.gateway.connection import DEMO_ENDPOINT_VARIABLE, DEMO_KEY_VARIABLE
from mxgw_notebook.profiles import KEY_VARIABLE
from mxgw_notebook.simulator.process import EmbeddedGateway
from mxgw_notebook.simulator.server import ServedGateway
from tests.conftest import KEY
from tests.until import until


def embedded_processes() -> set[int]:
    """The embedded gateways that this process has started."""
    found = set()
    for child in psutil.Process().children(recursive=True):
        try:
            command = child.cmdline()
        except psutil.Error:
            continue
        if "mxgw_notebook.simulator" in command:
            found.add(child.pid)
    return found


def test_demo_starts_a_plant_and_disconnecting_stops_it() -> None:
    before = embedded_processes()
    gateway = connect("demo", seed=3)
    (started,) = embedded_processes() - before
    assert gateway.simulated
    assert gateway is current() is mxgw_notebook.current()
    assert gateway.object_count() > 100
    disconnect()
    assert not psutil.pid_exists(started)
    disconnect()
    with pytest.raises(NotConnectedError, match="Connect first"):
        current()


def test_connecting_again_closes_what_was_current(embedded: EmbeddedGateway) -> None:
    before = embedded_processes()
    first = connect("demo")
    second = connect(embedded.endpoint, api_key=KEY, plaintext=True)
    assert embedded_processes() == before
    assert current() is second
    assert repr(first).endswith("closed>")
    with pytest.raises(SessionClosedError, match="Connect again"):
        first.read("Pump001.Speed")


def test_an_endpoint_and_a_key_connect(gateway: Gateway, embedded: EmbeddedGateway) -> None:
    assert gateway.endpoint == embedded.endpoint
    assert not gateway.simulated
    assert KEY not in f"{gateway!r}{gateway.options!r}{gateway.__dict__}"


def test_endpoint_and_key_are_taken_from_the_environment(
    embedded: EmbeddedGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MXGATEWAY_ENDPOINT", embedded.endpoint)
    monkeypatch.setenv("MXGATEWAY_API_KEY", KEY)
    assert connect(plaintext=True).endpoint == embedded.endpoint


def test_demo_joins_the_plant_that_the_demo_command_runs(
    embedded: EmbeddedGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = embedded_processes()
    monkeypatch.setenv(DEMO_ENDPOINT_VARIABLE, embedded.endpoint)
    monkeypatch.setenv(DEMO_KEY_VARIABLE, KEY)
    gateway = connect("demo")
    assert gateway.endpoint == embedded.endpoint
    assert gateway.simulated
    disconnect()
    assert embedded_processes() == before
    assert embedded.is_running()


def test_without_an_endpoint_nothing_is_guessed() -> None:
    with pytest.raises(ConfigurationError, match="MXGATEWAY_ENDPOINT"):
        connect()


def test_a_wrong_key_is_told_when_connecting(embedded: EmbeddedGateway) -> None:
    with pytest.raises(AuthenticationError) as caught:
        connect(embedded.endpoint, api_key="mxgw_test_wrong", plaintext=True)
    assert "mxgw_test_wrong" not in str(caught.value)
    with pytest.raises(NotConnectedError):
        current()


def test_a_gateway_that_cannot_be_reached_leaves_the_current_one(gateway: Gateway) -> None:
    with pytest.raises(GatewayUnavailableError):
        connect("127.0.0.1:1", api_key=KEY, plaintext=True)
    assert current() is gateway
    assert gateway.object_count()


@pytest.mark.parametrize("code", ["PERMISSION_DENIED", "UNIMPLEMENTED", "INTERNAL", "RESOURCE_EXHAUSTED"])
def test_what_only_diagnoses_may_be_refused(own_embedded: EmbeddedGateway, code: str) -> None:
    own_embedded.fault("refuse", rpc="TestConnection+GetLastDeployTime", code=code)
    gateway = connect(own_embedded.endpoint, api_key=KEY, plaintext=True)
    facts = gateway.status()["value"]
    assert facts["galaxy database"].startswith("not known: ")
    assert facts["last deploy"].endswith(" UTC")  # the feed of deploys begins with it
    known = gateway.objects()
    own_embedded.deploy()
    assert len(gateway.objects()) != len(known)


def test_a_server_that_knows_no_call_of_a_gateway_is_none(own_embedded: EmbeddedGateway) -> None:
    own_embedded.fault("refuse", code="UNIMPLEMENTED")
    with pytest.raises(GatewayError, match="no MXAccess Gateway at all"):
        connect(own_embedded.endpoint, api_key=KEY, plaintext=True)


def test_a_slow_gateway_does_not_hold_up_its_status(own_embedded: EmbeddedGateway) -> None:
    gateway = connect(own_embedded.endpoint, api_key=KEY, plaintext=True)
    own_embedded.fault("delay", rpc="TestConnection+GetLastDeployTime", seconds=60.0, timeout=20.0)
    facts = gateway.status()["value"]
    assert facts["galaxy database"] == facts["last deploy"] == "not known: no answer within 1.5 s"


def test_a_frozen_gateway_holds_up_its_status_for_two_seconds_at_most(own_embedded: EmbeddedGateway) -> None:
    gateway = connect(own_embedded.endpoint, api_key=KEY, plaintext=True)
    psutil.Process(own_embedded.pid).suspend()
    begun = time.monotonic()
    facts = gateway.status()["value"]
    took = time.monotonic() - begun
    psutil.Process(own_embedded.pid).resume()
    assert facts["galaxy database"] == "not known: no answer within 1.5 s"
    assert took < 2.0


@pytest.mark.parametrize(
    ("endpoint", "settings", "named"),
    [
        ("demo", {"plaintext": True}, "plaintext"),
        ("demo", {"ca_file": "x"}, "ca_file"),
        ("localhost:1", {"seed": 1}, "seed"),
        ("localhost:1", {"plain_text": True}, "plain_text"),
    ],
)
def test_a_setting_of_the_other_kind_of_gateway_is_told(
    endpoint: str, settings: dict[str, Any], named: str
) -> None:
    with pytest.raises(ConfigurationError, match=f"takes no {named}"):
        connect(endpoint, **settings)


def test_a_demo_that_cannot_start_is_one_line() -> None:
    with pytest.raises(GatewayError) as caught:
        connect("demo", api_key="nonsense")
    assert "form mxgw_<key-id>_<secret>" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_closing_twice_is_harmless(gateway: Gateway) -> None:
    gateway.watch("Pump001.Speed")
    gateway.close()
    gateway.close()
    with pytest.raises(SessionClosedError):
        gateway.status()


async def test_nothing_is_left_at_the_gateway_or_here(served: ServedGateway) -> None:
    def work() -> None:
        gateway = connect(served.endpoint, api_key=KEY, plaintext=True)
        gateway.watch("Pump001.Speed", "Tank001.Level")
        gateway.alarms()
        gateway.read("Tank001.Level")
        disconnect()

    await asyncio.to_thread(work)
    await asyncio.to_thread(work)
    assert served.sessions.ready() == []
    await until(lambda: not sum(served.open_calls.values()))
    ours = [thread.name for thread in threading.enumerate() if thread.name.startswith("mxgw")]
    assert ours == ["mxgw loop"]  # the one that every later connection uses again


def test_a_program_that_ends_without_disconnecting_ends_without_a_word(embedded: EmbeddedGateway) -> None:
    program = (
        f"import mxgw_notebook as mx\ngateway = mx.connect({embedded.endpoint!r}, plaintext=True)\n"
        "watch, alarms, deploys = gateway.watch('Tank001.Level'), gateway.alarms(), gateway.deploys()\n"
    )
    environment = {**os.environ, KEY_VARIABLE: KEY}
    ended = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
