"""mxgw-py version and simulate, as a person starts them: what they say, and how they end."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
from importlib.metadata import version

import psutil
import pytest

from mxgw_notebook.client import GatewayClient
from tests.conftest import KEY
from tests.printed import printed

MXGW = [sys.executable, "-u", "-m", "mxgw_notebook"]
# A key of the caller's own environment is not meant for these gateways.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("MXGATEWAY_")}


def ran(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """A command that ends by itself."""
    return subprocess.run(
        [*MXGW, *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**ENVIRONMENT, **variables},
    )


def started(*arguments: str, **variables: str) -> tuple[subprocess.Popen[str], str]:
    """A simulate that runs, and what it said until it waited."""
    process = subprocess.Popen(
        [*MXGW, "simulate", "--port", "0", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**ENVIRONMENT, **variables},
    )
    said = ""
    for line in printed(process):
        said += line
        if "Ctrl-C" in line:
            break
    return process, said


def told(pattern: str, said: str) -> str:
    """What the first group of a pattern matches."""
    found = re.search(pattern, said)
    assert found, said
    return found[1]


async def answers(endpoint: str, **settings: object) -> bool:
    """Whether a gateway takes sessions there."""
    async with (
        await GatewayClient.connect(endpoint, **settings) as client,  # type: ignore[arg-type]
        await client.open_session() as session,
    ):
        return await session.ping() == "ping"


def test_version_names_what_the_package_stands_on() -> None:
    plain, document = ran("version"), ran("version", "--json")
    versions = json.loads(document.stdout)
    assert document.stdout.count("\n") == 1
    assert list(versions) == sorted(versions)
    assert versions["mxgw-notebook"] == version("mxgw-notebook")
    assert versions["grpcio"] == version("grpcio")
    assert [line.split() for line in plain.stdout.splitlines()] == [
        [name, versions[name]]
        for name in ("python", "mxgw-notebook", "grpcio", "protobuf", "pandas", "ipywidgets")
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C cannot be sent to one process on Windows")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "terminate"])
def test_simulate_serves_until_it_is_told_to_stop(number: signal.Signals) -> None:
    process, said = started()
    endpoint, key = told(r"Embedded gateway: (\S+)", said), told(r"API key: +(mxgw_\S+)", said)
    child = psutil.Process(int(told(r"process (\d+)", said)))
    assert f"%mxgw connect {endpoint} --plaintext --key-env MXGATEWAY_API_KEY" in said
    assert asyncio.run(answers(endpoint, api_key=key, plaintext=True))
    process.send_signal(number)
    rest, errors = process.communicate(timeout=120)
    assert (process.returncode, rest, errors) == (0, "Stopped.\n", "")
    assert not child.is_running()


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C cannot be sent to one process on Windows")
def test_simulate_serves_tls_and_does_not_repeat_a_key_that_was_given() -> None:
    process, said = started("--tls", "--seed", "7", MXGATEWAY_API_KEY=KEY)
    assert KEY not in said
    assert "seed 7" in said
    endpoint, ca_file = told(r"Embedded gateway: (\S+)", said), told(r"--ca-file (\S+)", said)
    assert asyncio.run(answers(endpoint, api_key=KEY, ca_file=ca_file))
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=120)
    assert (process.returncode, errors) == (0, "")


def test_a_port_that_is_taken_is_one_line_with_the_remedy() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = ran("simulate", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 1
    assert done.stderr.startswith("Error: The embedded gateway could not be started: Cannot listen")
    assert "--port" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_key_that_is_none_is_one_line_without_it() -> None:
    done = ran("simulate", "--port", "0", MXGATEWAY_API_KEY="my-secret")
    assert done.returncode == 1
    assert "mxgw_<key-id>_<secret>" in done.stderr
    assert "my-secret" not in done.stdout + done.stderr
    assert "--port" not in done.stderr


@pytest.mark.parametrize("arguments", [["simulat"], ["simulate", "--prot", "1"], ["simulate", "--port", "x"]])
def test_wrong_usage_ends_with_two(arguments: list[str]) -> None:
    done = ran(*arguments)
    assert done.returncode == 2
    assert "Error: " in done.stderr
    assert "Traceback" not in done.stderr


def test_help_names_the_commands() -> None:
    done = ran("--help")
    assert done.returncode == 0
    assert all(f"  {name} " in done.stdout for name in ("demo", "simulate", "version"))
