"""mxgw-py as processes: Ctrl-C, being terminated, a pipe that closes, a batch that is talked to."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psutil
import pytest

from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.cli.terminal import NOTHING_SET, Opened, Terminal
from tests.conftest import KEY, Eventually
from tests.printed import printed

MXGW = [sys.executable, "-u", "-m", "mxgw_notebook"]
STOPPED = pytest.mark.skipif(
    sys.platform == "win32", reason="Ctrl-C cannot be sent to one process on Windows"
)


@contextmanager
def started(terminal: Terminal, *arguments: str, way: Sequence[str] = ()) -> Iterator[subprocess.Popen[str]]:
    """A command that runs; killed with the block if it still does."""
    own = {"MXGATEWAY_ENDPOINT": terminal.endpoint, "MXGATEWAY_API_KEY": KEY, "MXGATEWAY_PLAINTEXT": "1"}
    process = subprocess.Popen(
        [*way, *MXGW, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**{name: value for name, value in os.environ.items() if name not in NOTHING_SET}, **own},
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def line_of(process: subprocess.Popen[str]) -> str:
    """The next line that a command prints."""
    return next(printed(process), "")


@STOPPED
def test_ctrl_c_ends_a_stream_here_and_at_the_gateway(terminal: Terminal, eventually: Eventually) -> None:
    with terminal.session() as session:
        terminal.answer("subscribe-bulk", *session.options, "--item", "Tank001.Level")
        with started(terminal, "stream-events", "--session-id", session.id, "--json") as streaming:
            assert json.loads(line_of(streaming))["family"] == "MX_EVENT_FAMILY_ON_DATA_CHANGE"
            streaming.send_signal(signal.SIGINT)
            _, errors = streaming.communicate(timeout=120)
        assert (streaming.returncode, errors.strip()) == (130, "")
        eventually(lambda: not terminal.gateway.status()["streams"].get("StreamEvents"))


@STOPPED
def test_a_smoke_that_is_terminated_closes_its_session(terminal: Terminal, eventually: Eventually) -> None:
    before = terminal.gateway.status()["sessions"]
    waiting = ("--max-events", "9", "--wait", "60")
    with started(terminal, "smoke", "--item", "Tank001.Capacity", *waiting) as smoking:
        eventually(lambda: terminal.gateway.status()["streams"].get("StreamEvents"))
        smoking.send_signal(signal.SIGTERM)
        out, errors = smoking.communicate(timeout=120)
    assert (smoking.returncode, out, errors.strip()) == (130, "", "")
    eventually(lambda: terminal.gateway.status()["sessions"] == before)


@STOPPED
@pytest.mark.parametrize("ending", ["SIGTERM", "SIGINT"])
def test_a_stream_that_a_script_has_in_its_background_can_be_ended(
    terminal: Terminal, session: Opened, ending: str
) -> None:
    terminal.answer("subscribe-bulk", *session.options, "--item", "Tank001.Level")
    ignoring = ("sh", "-c", 'trap \'\' INT; exec "$0" "$@"')  # as a script's shell does for `&`
    with started(terminal, "stream-events", "--session-id", session.id, "--json", way=ignoring) as streaming:
        line_of(streaming)
        streaming.send_signal(getattr(signal, ending))
        _, errors = streaming.communicate(timeout=120)
    assert (streaming.returncode, errors.strip()) == (130, "")


@STOPPED
def test_ctrl_c_ends_a_smoke_of_a_frozen_gateway_within_two_seconds(own_embedded: EmbeddedGateway) -> None:
    terminal, frozen = Terminal(own_embedded), psutil.Process(own_embedded.pid)
    with started(
        terminal, "smoke", "--item", "Tank001.Capacity", "--max-events", "9", "--wait", "60"
    ) as smoking:
        while not own_embedded.status()["streams"].get("StreamEvents"):
            pass
        frozen.suspend()
        smoking.send_signal(signal.SIGINT)
        begun = time.monotonic()
        _, errors = smoking.communicate(timeout=120)
        took = time.monotonic() - begun
        frozen.resume()
    assert (smoking.returncode, errors.strip()) == (130, "")
    assert took < 2.0


@STOPPED
@pytest.mark.parametrize("command", [("alarms",), ("find", "Tank*"), ("galaxy-watch",)])
def test_a_command_at_a_gateway_that_says_nothing_is_ended_within_two_seconds(
    terminal: Terminal, command: tuple[str, ...]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        endpoint = f"127.0.0.1:{silent.getsockname()[1]}"
        with started(terminal, *command, "--endpoint", endpoint) as waiting:
            call, _ = silent.accept()
            waiting.send_signal(signal.SIGTERM)
            begun = time.monotonic()
            _, errors = waiting.communicate(timeout=120)
            took = time.monotonic() - begun
            call.close()
    # A process that ends itself by the signal is 130 for a shell, too.
    assert waiting.returncode in (130, -signal.SIGINT)
    assert errors.strip() == ""
    assert took < 2.0


def test_simulate_ends_when_its_gateway_has_died(terminal: Terminal) -> None:
    with started(terminal, "simulate", "--port", "0") as simulating:
        said = ""
        while "Ctrl-C" not in said:
            said += line_of(simulating)
        (gateway,) = psutil.Process(simulating.pid).children()
        gateway.kill()
        _, errors = simulating.communicate(timeout=120)
    assert simulating.returncode == 1
    assert errors.startswith(f"Error: The embedded gateway, process {gateway.pid}, has ended by itself")
    assert errors.count("\n") == 1


def test_a_reader_that_leaves_ends_the_command(terminal: Terminal, session: Opened) -> None:
    terminal.answer("subscribe-bulk", *session.options, "--item", "Tank001.Level")
    with started(terminal, "stream-events", "--session-id", session.id, "--json") as streaming:
        assert streaming.stdout is not None
        line_of(streaming)
        streaming.stdout.close()
        streaming.stdout = None
        _, errors = streaming.communicate(timeout=120)
    assert streaming.returncode == 1
    assert "Traceback" not in errors


def test_a_batch_answers_before_the_next_line_is_written(terminal: Terminal, session: Opened) -> None:
    with started(terminal, "batch") as batch:
        assert batch.stdin is not None
        for message in ("one", "two"):
            batch.stdin.write(f"ping --session-id {session.id} --message {message}\n")
            batch.stdin.flush()
            assert json.loads(line_of(batch))["diagnosticMessage"] == message
            assert line_of(batch) == "--- exit 0\n"
        _, errors = batch.communicate(timeout=120)
    assert (batch.returncode, errors) == (0, "")
