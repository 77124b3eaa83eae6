"""The embedded gateway as a process of its own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
import psutil
import pytest
from click.testing import CliRunner

from mxgw_notebook._generated import galaxy_repository_pb2 as wire
from mxgw_notebook._generated import mxaccess_gateway_pb2 as gateway_wire
from mxgw_notebook.cli.simulate import simulate
from mxgw_notebook.simulator import START_SETTINGS, flag_of
from mxgw_notebook.simulator.__main__ import main
from mxgw_notebook.simulator.options import LIMITS, GatewayOptions
from mxgw_notebook.simulator.process import EmbeddedGateway, GatewayControlError, GatewayStartError
from mxgw_notebook.simulator.start_settings import MADE
from tests.conformance.plain_client import PlainClient, plain_client

COMMAND = [sys.executable, "-m", "mxgw_notebook.simulator"]
KEY = "mxgw_test_secret"


@contextmanager
def simulator(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, "MXGATEWAY_SIMULATOR_API_KEY": KEY}
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [*COMMAND, *arguments], stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=environment
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def first_line(process: subprocess.Popen[str]) -> dict[str, object]:
    assert process.stdout is not None
    facts: dict[str, object] = json.loads(process.stdout.readline())
    return facts


def trusting(ca_file: str | None) -> grpc.ChannelCredentials:
    assert ca_file is not None
    return grpc.ssl_channel_credentials(Path(ca_file).read_bytes())


async def test_it_serves_in_a_child_until_stopped() -> None:
    with EmbeddedGateway.start(api_key=KEY) as embedded:
        assert embedded.is_running()
        async with plain_client(embedded.endpoint, KEY) as client:
            assert (await client.call("TestConnection", wire.TestConnectionRequest())).ok
    assert not embedded.is_running()
    embedded.stop()


async def test_it_serves_tls_that_its_own_certificate_vouches_for() -> None:
    with EmbeddedGateway.start(api_key=KEY, tls=True) as embedded:
        credentials = trusting(embedded.ca_file)
        async with grpc.aio.secure_channel(embedded.endpoint, credentials) as channel:
            client = PlainClient(channel, f"Bearer {KEY}")
            assert (await client.call("TestConnection", wire.TestConnectionRequest())).ok
    with pytest.raises(FileNotFoundError):
        trusting(embedded.ca_file)


def test_its_repr_does_not_show_the_key() -> None:
    with EmbeddedGateway.start() as embedded:
        assert embedded.api_key.startswith("mxgw_")
        assert embedded.api_key not in repr(embedded)


def test_a_taken_port_is_said_to_be_taken() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(GatewayStartError, match="the port is taken"):
            EmbeddedGateway.start(port=taken.getsockname()[1])


def test_a_malformed_key_is_refused_without_showing_it() -> None:
    with pytest.raises(GatewayStartError, match="mxgw_<key-id>_<secret>") as caught:
        EmbeddedGateway.start(api_key="hunter2")
    assert "hunter2" not in str(caught.value)


def test_it_says_one_line_and_takes_its_key_from_the_environment() -> None:
    with simulator("--die-with-parent") as process:
        facts = first_line(process)
        assert (facts["api_key"], facts["tls"], facts["pid"]) == (KEY, False, process.pid)
        out, errors = process.communicate(timeout=120)
        assert (out, errors, process.returncode) == ("", "", 0)


def test_it_dies_with_a_parent_that_is_killed() -> None:
    script = "from mxgw_notebook.simulator.process import EmbeddedGateway as E; import os; "
    script += "print(E.start().pid, flush=True); os.read(0, 1)"
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        embedded = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    _, alive = psutil.wait_procs([embedded], timeout=120)
    assert not alive


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals to send")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_well(number: signal.Signals) -> None:
    with simulator() as process:
        first_line(process)
        process.send_signal(number)
        assert process.wait(timeout=120) == 0


def test_starting_it_imports_no_grpc() -> None:
    script = "import sys, mxgw_notebook.simulator.process; print('grpc' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


async def test_a_running_child_is_told_to_misbehave_and_to_stop_that() -> None:
    request = wire.TestConnectionRequest()
    with EmbeddedGateway.start(api_key=KEY, faults=["no-database"]) as embedded:
        async with plain_client(embedded.endpoint, KEY) as client:
            assert not (await client.call("TestConnection", request)).ok
            embedded.clear_faults()
            assert (await client.call("TestConnection", request)).ok
            embedded.fault("refuse", code="ABORTED", times=1)
            assert embedded.status()["faults"] == {"refuse": {"code": "ABORTED", "rpc": "*", "times": 1}}
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await client.call("TestConnection", request)
            assert caught.value.code() is grpc.StatusCode.ABORTED
            assert (await client.call("TestConnection", request)).ok


async def test_a_running_child_restarts_on_the_same_port() -> None:
    with EmbeddedGateway.start(api_key=KEY) as embedded:
        embedded.deploy()
        embedded.fault("restart", seconds=0.1)
        assert embedded.is_running()
        async with plain_client(embedded.endpoint, KEY) as client:
            assert (await client.call("TestConnection", wire.TestConnectionRequest())).ok


def test_a_child_says_why_it_does_not_obey() -> None:
    with EmbeddedGateway.start() as embedded:
        with pytest.raises(GatewayControlError, match="There is no fault 'nope'"):
            embedded.fault("nope")
        with pytest.raises(GatewayControlError, match="has no setting"):
            embedded.fault("silent", loudly=1)
    with pytest.raises(GatewayControlError, match="not running"):
        embedded.status()


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"scenario": "doom"}, "invalid choice"),
        ({"galaxy": "nowhere.parquet"}, "nowhere.parquet is not a plant file"),
        ({"objects": 10, "alarms": 1_000}, "cannot stand"),
    ],
)
def test_what_cannot_be_is_said_at_the_start(settings: dict[str, Any], why: str) -> None:
    with pytest.raises(GatewayStartError, match=why):
        EmbeddedGateway.start(**settings)


@pytest.mark.parametrize(
    ("argument", "why"),
    [
        ("--fault=delay:2", "A fault is name:key=value"),
        ("--limit=patience=3", "There is no limit 'patience'"),
        ("--keys=nowhere.json", "nowhere.json is not a file of keys"),
        ("--speed=0", "The speed must be above 0"),
    ],
)
def test_a_wrong_argument_is_one_line(capsys: pytest.CaptureFixture[str], argument: str, why: str) -> None:
    assert main([argument]) == 1
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert said.err.startswith(why)


async def test_a_file_of_keys_narrows(tmp_path: Path) -> None:
    narrow = {"key": "mxgw_narrow_1", "subtrees": ["Production1"], "tag_globs": ["Tank*"], "highest": "Tune"}
    file = tmp_path / "keys.json"
    file.write_text(json.dumps([narrow]))
    with EmbeddedGateway.start(api_key=KEY, keys=str(file)) as embedded:
        async with plain_client(embedded.endpoint, "mxgw_narrow_1") as client:
            seen = {item.tag_name for item in (await client.hierarchy(page_size=5000)).objects}
    assert "Tank001" in seen
    assert not {"Pump001", "Boiler901"} & seen


def test_every_setting_of_a_start_is_an_option_of_the_process_and_the_command() -> None:
    process = subprocess.run([*COMMAND, "--help"], capture_output=True, text=True, check=True).stdout
    command = CliRunner().invoke(simulate, ["--help"]).output
    for name, say in START_SETTINGS.items():
        for told in (process, command):
            assert f"  {flag_of(name)}" in told
            assert say.about in " ".join(told.split())


def test_a_setting_means_the_same_to_whoever_starts_a_gateway_in_its_own_process() -> None:
    plain = [name for name in START_SETTINGS if name not in MADE]
    assert {name: getattr(GatewayOptions(), name) for name in plain} == {
        name: START_SETTINGS[name].usual for name in plain
    }
    assert not {*plain, *MADE} & set(LIMITS)


def test_a_setting_that_there_is_not_is_refused_before_anything_starts() -> None:
    with pytest.raises(TypeError, match="takes no sede"):
        EmbeddedGateway.start(sede=1)  # type: ignore[call-arg]


async def test_all_limits_can_be_set_from_outside() -> None:
    limits = [f"{name}=1" for name in LIMITS if name not in ("message_bytes", "overflow")]
    limits += ["message_bytes=100000", "overflow=disconnect"]
    with EmbeddedGateway.start(api_key=KEY, limits=limits) as embedded:
        async with plain_client(embedded.endpoint, KEY) as client:
            await client.call("OpenSession", gateway_wire.OpenSessionRequest())
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await client.call("OpenSession", gateway_wire.OpenSessionRequest())
            assert caught.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
