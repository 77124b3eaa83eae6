"""Every line that a document shows, pasted into a new notebook: no error, no warning."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mxgw_notebook.magics.commands import COMMANDS, overview
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.conftest import KEY
from tests.kernel.kernel import Kernel
from tests.printed import printed

# The machine is set up in a cell, with the key, and a kernel keeps what is typed.
pytestmark = [pytest.mark.kernel, pytest.mark.keeps_keys("types it into a cell")]

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)
BLOCKS = BLOCK.findall((ROOT / "README.md").read_text(encoding="utf-8"))
PROGRAM = re.compile(r"^(asyncio\.run|run_until_stopped)\(", re.MULTILINE)
NOTEBOOK = [block for block in BLOCKS if not PROGRAM.search(block)]
SCRIPTS = [block for block in BLOCKS if "asyncio.run(" in block]
SERVICES = [block for block in BLOCKS if "run_until_stopped(" in block]


@pytest.fixture
def plant() -> Iterator[EmbeddedGateway]:
    """A gateway in clear, the one that documents call localhost:5000."""
    with EmbeddedGateway.start(seed=1, api_key=KEY) as gateway:
        yield gateway


@pytest.fixture
def secured() -> Iterator[EmbeddedGateway]:
    """A gateway with TLS, the one that documents call plant.example:5001."""
    with EmbeddedGateway.start(seed=1, api_key=KEY, tls=True) as gateway:
        yield gateway


@pytest.fixture
def pasted(kernel: Kernel, plant: EmbeddedGateway, secured: EmbeddedGateway, tmp_path: Path) -> Pasted:
    """A new notebook on a machine that is set up as the documents ask."""
    assert secured.ca_file
    variables = {
        "MXGATEWAY_API_KEY": KEY,
        "PLANT_KEY": KEY,
        "MXGW_FLIGHTS": str(tmp_path / "flights"),
        "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH": str(secured.ca_file),
    }
    kernel.run(f"import os\nos.environ.update({variables!r})")
    port = secured.endpoint.rpartition(":")[2]
    put_in = {
        "plant.example:5001": f"localhost:{port}",
        "gateway.pem": str(secured.ca_file).replace("\\", "/"),
        "localhost:5000": plant.endpoint,
    }
    return Pasted(kernel, put_in)


class Pasted:
    """Runs lines of a document; this machine's addresses take the place of the documents'."""

    def __init__(self, kernel: Kernel, put_in: dict[str, str]) -> None:
        self._kernel, self._put_in = kernel, put_in

    def run(self, code: str) -> None:
        """Runs it as a cell. Fails for an error, a warning, or whatever else stands on standard error."""
        for shown, own in self._put_in.items():
            code = code.replace(shown, own)
        wrong = [output for output in self._kernel.run(code) if is_wrong(output)]
        assert wrong == [], code


REPLAYED = "recording:"


def is_wrong(output: dict[str, Any]) -> bool:
    """Whether a cell's output is an error or a warning."""
    return output["type"] == "error" or output.get("name") == "stderr"


@pytest.mark.parametrize("at_once", [False, True], ids=["line by line", "block by block"])
def test_the_readme_is_pasted(pasted: Pasted, at_once: bool) -> None:
    for block in NOTEBOOK:
        for code in [block] if at_once else [line for line in block.splitlines() if line.strip()]:
            pasted.run(code)


@pytest.mark.parametrize("script", SCRIPTS)
def test_the_readmes_programs_run(script: str, plant: EmbeddedGateway) -> None:
    code = script.replace("localhost:5000", plant.endpoint).replace("mxgw_...", KEY)
    program = [sys.executable, "-W", "error", "-c", code]
    ran = subprocess.run(program, capture_output=True, text=True, timeout=120, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "Pump001.Speed" in ran.stdout


@pytest.mark.parametrize("service", SERVICES)
def test_the_readmes_services_run_until_they_are_told_to_stop(service: str, secured: EmbeddedGateway) -> None:
    code = service.replace("plant.example:5001", f"localhost:{secured.endpoint.rpartition(':')[2]}")
    variables = {"MXGATEWAY_API_KEY": KEY, "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH": str(secured.ca_file)}
    program = [sys.executable, "-u", "-W", "error", "-c", code]
    with subprocess.Popen(
        program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, **variables}
    ) as running:
        try:
            assert next(printed(running)).split()[0] in ("Tank001.Level", "Pump001.Speed")
            running.terminate()
            _, errors = running.communicate(timeout=120)
        finally:
            running.kill()
    assert (running.returncode, errors) == (0, "")


def test_the_examples_of_help_are_pasted(pasted: Pasted) -> None:
    pasted.run("%load_ext mxgw_notebook")
    for command in COMMANDS.values():
        if command.name == "disconnect":
            continue
        pasted.run(f"%mxgw help {command.name}")
        for example in examples(command.example):
            if REPLAYED not in example:
                pasted.run(example)
        if command.name == "arm":  # its last example leaves some tags armed alone
            pasted.run("%mxgw arm --reason examples")
    pasted.run("%mxgw disconnect")
    # What was recorded meanwhile is there only now.
    for example in examples(COMMANDS["connect"].example):
        if REPLAYED in example:
            pasted.run(example)
    pasted.run("%mxgw disconnect")


def examples(text: str) -> list[str]:
    """The lines of an example; one whose body is code stays whole."""
    lines = [line.removeprefix("  ") for line in text.splitlines()]
    return ["\n".join(lines)] if lines[0].startswith("%%") else lines


def test_the_overview_names_commands_that_can_be_pasted(pasted: Pasted) -> None:
    pasted.run("%load_ext mxgw_notebook")
    for name in re.findall(r"^  (\w+) ", overview(), re.MULTILINE):
        pasted.run(f"%mxgw help {name} # more")
