"""What the manual says for Windows, as far as another machine can run it: the package's own commands."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from docs.site import PAGES
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.conftest import KEY

PAGE = (PAGES / "howto" / "windows.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^python -m mxgw_notebook (?!demo)(.*)$", PAGE, re.MULTILINE)


@pytest.fixture(scope="module")
def plant() -> Iterator[EmbeddedGateway]:
    """A gateway with TLS, the one that the page calls plant.example:5001."""
    with EmbeddedGateway.start(seed=1, api_key=KEY, tls=True) as gateway:
        yield gateway


def test_the_page_has_commands() -> None:
    assert len(COMMANDS) == 4


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_of_the_page_runs(line: str, plant: EmbeddedGateway, tmp_path: Path) -> None:
    command, _, file = line.partition(" > ")
    variables = {
        "MXGATEWAY_API_KEY": KEY,
        "MXGATEWAY_ENDPOINT": f"localhost:{plant.endpoint.rpartition(':')[2]}",
        "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH": str(plant.ca_file),
    }
    done = subprocess.run(
        [sys.executable, "-m", "mxgw_notebook", *shlex.split(command.replace("10s", "2s"))],
        cwd=tmp_path,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(done.stdout.splitlines()) >= (2 if file else 1)
