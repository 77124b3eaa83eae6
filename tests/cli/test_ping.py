"""mxgw-py ping as the probe of a container: an exit code within its time, whatever becomes of the gateway."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import psutil
import pytest

from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.cli.terminal import NOTHING_SET, Terminal
from tests.conftest import KEY

NOBODY = "127.0.0.1:1"
MARGIN_SECONDS = 1.5


def test_a_gateway_that_answers_is_told_with_its_endpoint(terminal: Terminal) -> None:
    answer = terminal.answer("ping")
    assert (answer["answered"], answer["endpoint"]) == (True, terminal.endpoint)
    assert 0 < answer["seconds"] < 10
    assert terminal.shown("ping")[0].split() == ["gateway", terminal.endpoint]


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({"MXGATEWAY_API_KEY": "mxgw_wrong_key"}, 3),
        ({"MXGATEWAY_API_KEY": None}, 3),
        ({"MXGATEWAY_ENDPOINT": NOBODY}, 4),
        ({"MXGATEWAY_ENDPOINT": f"{NOBODY},127.0.0.1:2"}, 4),
        ({"MXGATEWAY_PLAINTEXT": None}, 4),
        ({"MXGATEWAY_ENDPOINT": "a,,b"}, 2),
    ],
)
def test_one_that_does_not_is_an_exit_code(
    terminal: Terminal, variables: dict[str, str | None], code: int
) -> None:
    # A refusal is an answer, and waited for; where nobody answers, a probe ends in its time.
    seconds = "30" if code == 3 else "2"
    assert terminal.error("ping", "--timeout", seconds, **variables)["exitCode"] == code


def test_the_next_endpoint_is_asked_where_the_first_does_not_answer(terminal: Terminal) -> None:
    answer = terminal.answer("ping", "--endpoint", f"{NOBODY},{terminal.endpoint}")
    assert answer["endpoint"] == terminal.endpoint


def test_a_gateway_that_refuses_the_question_is_there(terminal: Terminal) -> None:
    terminal.gateway.fault("refuse", rpc="TestConnection", code="PERMISSION_DENIED")
    try:
        assert terminal.answer("ping")["answered"]
    finally:
        terminal.gateway.clear_faults()


def test_a_line_of_a_batch_has_its_own_time(terminal: Terminal) -> None:
    done = terminal.run("batch", stdin="ping --timeout 5\nping --timeout 5\n")
    answers = [line for line in done.stdout.splitlines() if line.startswith("{")]
    assert [json.loads(line)["answered"] for line in answers] == [True, True]


@pytest.fixture
def frozen(own_embedded: EmbeddedGateway) -> Iterator[str]:
    """A gateway that stands still, as one whose machine is suspended."""
    process = psutil.Process(own_embedded.pid)
    process.suspend()
    yield own_embedded.endpoint
    process.resume()


@pytest.fixture
def deaf() -> Iterator[str]:
    """An address at which connections are not even taken: what is sent there vanishes."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        waiting = [socket.socket() for _ in range(3)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(listening.getsockname())
        host, port = listening.getsockname()
        yield f"{host}:{port}"
        for one in waiting:
            one.close()


@pytest.mark.long
@pytest.mark.parametrize("away", ["frozen", "deaf"])
def test_it_ends_within_its_time_where_nothing_comes_back(away: str, request: pytest.FixtureRequest) -> None:
    _, at_least = asked(NOBODY)
    done, seconds = asked(request.getfixturevalue(away))
    # A busy machine may take longer than that to start and end a process that asks nobody anything.
    assert seconds < max(2.0, at_least) + MARGIN_SECONDS, done.stderr
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr.count("\n") == 1


def asked(endpoint: str) -> tuple[subprocess.CompletedProcess[str], float]:
    """A probe, and how many seconds it took from the start of its process to its end."""
    own = {"MXGATEWAY_ENDPOINT": endpoint, "MXGATEWAY_API_KEY": KEY}
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "mxgw_notebook", "ping", "--timeout", "2", "--plaintext"],
        env={**{name: value for name, value in os.environ.items() if name not in NOTHING_SET}, **own},
        capture_output=True,
        text=True,
        check=False,
    )
    return done, time.monotonic() - begun
