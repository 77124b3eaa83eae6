"""Lines typed into a running `mxgw-py simulate`."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import numpy as np
import pytest

from mxgw_notebook.cli.output import text
from mxgw_notebook.cli.simulate import obey
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.printed import printed

# A key of the caller's own environment is not meant for this gateway.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("MXGATEWAY_")}


@pytest.fixture
def simulate() -> Iterator[subprocess.Popen[str]]:
    pipe = subprocess.PIPE
    command = [sys.executable, "-u", "-m", "mxgw_notebook", "simulate", "--port", "0"]
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=ENVIRONMENT) as process:
        try:
            for line in printed(process):
                if "Ctrl-C" in line:
                    break
            yield process
        finally:
            process.terminate()


def test_a_running_simulate_obeys_what_is_typed(simulate: subprocess.Popen[str]) -> None:
    assert simulate.stdin is not None
    for typed, answered in (
        ("fault delay:seconds=0.1", "Fault: delay"),
        ("status", "sessions 0, "),
        ("clear", "Cleared: all faults"),
        ("fault nope", "There is no fault 'nope'"),
        ("hello", "Known: fault NAME"),
    ):
        simulate.stdin.write(f"{typed}\n")
        simulate.stdin.flush()
        assert next(printed(simulate)).startswith(answered)


def test_a_line_does_what_it_says(own_embedded: EmbeddedGateway) -> None:
    assert obey(own_embedded, "fault refuse:times=3") == "Fault: refuse"
    assert own_embedded.status()["faults"]["refuse"]["times"] == 3
    assert obey(own_embedded, "deploy") == "Deployed."
    assert obey(own_embedded, "deploy scan Tank002.Level") == "Deployed, and broke: scan Tank002.Level"
    assert "There are: limit, scan, rename, units" in obey(own_embedded, "deploy all")
    assert obey(own_embedded, "clear refuse silent") == "Cleared: refuse silent"
    assert own_embedded.status()["faults"] == {}
    assert "key=value" in obey(own_embedded, "fault delay:2")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (float(np.float32(22.278)), "22.278"),
        (float(np.float32(0.439)), "0.439"),
        (0.439, "0.439"),
        (22.5, "22.5"),
        (0.1 + 0.2, "0.3"),
        (123456.789, "123456.789"),
        (100_000_008.0, "100000008"),
        (-0.0, "-0"),
        (1e300, "1e+300"),
        (float("nan"), "nan"),
        (float("-inf"), "-inf"),
    ],
)
def test_a_number_has_the_digits_that_it_was_sent_with(value: float, shown: str) -> None:
    assert text(value) == shown
