"""mxgw-py as processes: Ctrl-C, being terminated, a pipe that closes, a batch that is talked to."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest

from tests.cli.terminal import NOTHING_SET, Opened, Terminal
from tests.conftest import KEY, Eventually

MXGW = [sys.executable, "-u", "-m", "mxgw_notebook"]
STOPPED = pytest.mark.skipif(
    sys.platform == "win32", reason="Ctrl-C cannot be sent to one process on Windows"
)


def started(terminal: Terminal, *arguments: str) -> subprocess.Popen[str]:
    """A command that runs."""
    own = {"MXGATEWAY_ENDPOINT": terminal.endpoint, "MXGATEWAY_API_KEY": KEY, "MXGATEWAY_PLAINTEXT": "1"}
    return subprocess.Popen(
        [*MXGW, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**{name: value for name, value in os.environ.items() if name not in NOTHING_SET}, **own},
    )


def line_of(process: subprocess.Popen[str]) -> str:
    """The next line that a command prints."""
    assert process.stdout is not None
    return process.stdout.readline()


@STOPPED
def test_ctrl_c_ends_a_stream_here_and_at_the_gateway(terminal: Terminal, eventually: Eventually) -> None:
    with terminal.session() as session:
        terminal.answer("subscribe-bulk", *session.options, "--item", "Tank001.Level")
        streaming = started(terminal, "stream-events", "--session-id", session.id, "--json")
        assert json.loads(line_of(streaming))["family"] == "MX_EVENT_FAMILY_ON_DATA_CHANGE"
        streaming.send_signal(signal.SIGINT)
        _, errors = streaming.communicate(timeout=30)
        assert (streaming.returncode, errors.strip()) == (130, "")
        again = ("stream-events", "--session-id", session.id, "--max-events", "1")
        # The gateway refuses a second reader, so this one sees that the first has left.
        eventually(lambda: terminal.run(*again).exit_code == 0)


@STOPPED
def test_a_smoke_that_is_terminated_closes_its_session(terminal: Terminal, eventually: Eventually) -> None:
    before = terminal.gateway.status()["sessions"]
    smoking = started(terminal, "smoke", "--item", "Tank001.Capacity", "--max-events", "9", "--wait", "60")
    eventually(lambda: terminal.gateway.status()["sessions"] > before)
    smoking.send_signal(signal.SIGTERM)
    out, errors = smoking.communicate(timeout=30)
    assert (smoking.returncode, out, errors.strip()) == (130, "", "")
    eventually(lambda: terminal.gateway.status()["sessions"] == before)


def test_a_reader_that_leaves_ends_the_command(terminal: Terminal, session: Opened) -> None:
    terminal.answer("subscribe-bulk", *session.options, "--item", "Tank001.Level")
    streaming = started(terminal, "stream-events", "--session-id", session.id, "--json")
    assert streaming.stdout is not None
    line_of(streaming)
    streaming.stdout.close()
    streaming.stdout = None
    _, errors = streaming.communicate(timeout=30)
    assert streaming.returncode == 1
    assert "Traceback" not in errors


def test_a_batch_answers_before_the_next_line_is_written(terminal: Terminal, session: Opened) -> None:
    batch = started(terminal, "batch")
    assert batch.stdin is not None
    for message in ("one", "two"):
        batch.stdin.write(f"ping --session-id {session.id} --message {message}\n")
        batch.stdin.flush()
        assert json.loads(line_of(batch))["diagnosticMessage"] == message
        assert line_of(batch) == "--- exit 0\n"
    _, errors = batch.communicate(timeout=30)
    assert (batch.returncode, errors) == (0, "")
