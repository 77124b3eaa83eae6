"""The conformance suite can be pointed at any gateway's address."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from mxgw_notebook.simulator.process import EmbeddedGateway

ROOT = Path(__file__).parents[2]
FILES = ("test_keys.py", "test_galaxy.py", "test_writing.py")


def test_the_suite_speaks_to_the_gateway_that_the_environment_names() -> None:
    with EmbeddedGateway.start(tls=True) as other:
        variables = {"ENDPOINT": other.endpoint, "API_KEY": other.api_key, "CA_FILE": str(other.ca_file)}
        variables |= {"WRITABLE": "FIC101.SP", "WRITABLE_ARRAY": "Recipe_101.Charges"}
        environment = {f"MXGATEWAY_CONFORMANCE_{name}": value for name, value in variables.items()}
        command = [sys.executable, "-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider"]
        done = subprocess.run(
            [*command, *(f"tests/conformance/{name}" for name in FILES)],
            cwd=ROOT,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            check=False,
        )
        sessions = other.status()["events_sent"]
    assert done.returncode == 0, done.stdout
    assert "simulated only: a narrowed key is made" in done.stdout
    assert "set MXGATEWAY_CONFORMANCE_USERS to run this against" in done.stdout
    assert sessions > 0
