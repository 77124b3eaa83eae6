"""The documented command for a container installs enough for services, and what needs more says so."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

import pytest

from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.cli.terminal import NOTHING_SET
from tests.conftest import KEY

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/pages/howto/container.md"
SECONDS = 300
TAGS = ["Tank001.Level", "Pump001.Speed"]
PROGRAM = """
import sys
from mxgw_notebook import Plant, run_until_stopped

async def main():
    endpoint, key, reader, *tags = sys.argv[1:]
    async with await Plant.connect(endpoint, api_key=key, plaintext=True, reader=reader) as plant:
        seen = set()
        async for update in plant.follow(tags, every=0.1):
            seen |= {sample.tag for sample in update.samples}
            if seen == set(tags):
                break
        plant.gate.arm("tests")
        (written,) = (await plant.write({"FIC101.SP": 42.0})).values()
        values = await plant.read(tags)
        async for alarms in plant.alarms():
            break
        print(written.outcome, len(values), alarms.listed, plant.status().is_live)

run_until_stopped(main())
print([name for name in ("pandas", "IPython", "cryptography", "traitlets") if name in sys.modules])
"""


def documented() -> list[str]:
    """The words of the command that the page has."""
    page = PAGE.read_text(encoding="utf-8")
    command = re.search(r"^python -m pip install --no-deps .*", page, re.MULTILINE)
    assert command is not None
    return shlex.split(command[0])


def test_the_command_names_the_ranges_that_the_package_asks_for() -> None:
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    *_, own, grpc, _, protobuf, numpy, arrow, ptars, click = documented()
    assert own == "mxgw-notebook"
    assert {grpc, protobuf, numpy, arrow, ptars, click} <= set(asked)


class Slim:
    """An environment in which the documented command was run, with this checkout for the package."""

    def __init__(self, folder: Path) -> None:
        venv.create(folder, with_pip=False, symlinks=os.name != "nt")
        self.bin = folder / ("Scripts" if os.name == "nt" else "bin")
        words = [str(ROOT) if word == "mxgw-notebook" else word for word in documented()]
        pip = [sys.executable, "-m", "pip", "--python", str(self.bin / "python"), *words[3:], "--quiet"]
        done = subprocess.run(pip, capture_output=True, text=True, timeout=SECONDS, check=False)
        if done.returncode and "CI" not in os.environ:
            pytest.skip(f"pip cannot install here: {done.stderr.strip().splitlines()[-1:]}")
        assert done.returncode == 0, done.stderr

    def run(self, name: str, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """A program of the environment, away from the checkout."""
        left_out = {*NOTHING_SET, "PYTHONPATH"}
        inherited = {known: value for known, value in os.environ.items() if known not in left_out}
        return subprocess.run(
            [str(self.bin / name), *arguments],
            cwd=self.bin,
            env={**inherited, **variables},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


@pytest.fixture(scope="module")
def slim(tmp_path_factory: pytest.TempPathFactory) -> Slim:
    return Slim(tmp_path_factory.mktemp("slim"))


@pytest.fixture
def at(embedded: EmbeddedGateway) -> dict[str, str]:
    return {"MXGATEWAY_ENDPOINT": embedded.endpoint, "MXGATEWAY_API_KEY": KEY, "MXGATEWAY_PLAINTEXT": "1"}


@pytest.mark.patient
@pytest.mark.xdist_group("slim")
@pytest.mark.parametrize("reader", ["thread", "process"])
def test_a_service_runs_where_only_these_are_installed(
    slim: Slim, own_embedded: EmbeddedGateway, reader: str
) -> None:
    done = slim.run("python", "-W", "error", "-c", PROGRAM, own_embedded.endpoint, KEY, reader, *TAGS)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == ["completed 2 True True", "[]"]


@pytest.mark.patient
@pytest.mark.xdist_group("slim")
def test_the_command_line_runs_there(slim: Slim, at: dict[str, str]) -> None:
    versions = json.loads(slim.run("mxgw-py", "version", "--json").stdout)
    assert versions["grpcio"]
    assert versions["pandas"] is None
    assert "pandas          not installed" in slim.run("mxgw-py", "version").stdout.splitlines()
    assert slim.run("mxgw-py", "ping", "--timeout", "10", **at).returncode == 0
    smoke = json.loads(slim.run("mxgw-py", "smoke", "--item", TAGS[0], "--json", **at).stdout)
    assert smoke["closed"]
    opened = json.loads(slim.run("mxgw-py", "open-session", "--json", **at).stdout)["sessionId"]
    assert slim.run("mxgw-py", "register", "--session-id", opened, **at).returncode == 0
    read = ["read-bulk", "--session-id", opened, "--server-handle", "1", "--items", ",".join(TAGS)]
    assert slim.run("mxgw-py", *read, **at).returncode == 0
    assert slim.run("mxgw-py", "close-session", "--session-id", opened, **at).returncode == 0
    for command in (["galaxy-discover", "--tag-name-glob", "Tank*"], ["query-active-alarms"], ["contract"]):
        done = slim.run("mxgw-py", *command, **at)
        assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.patient
@pytest.mark.xdist_group("slim")
def test_a_simulated_plant_runs_there(slim: Slim) -> None:
    code = (
        "from mxgw_notebook.simulator import EmbeddedGateway\n"
        "with EmbeddedGateway.start() as gateway: print(gateway.status()['sessions'])\n"
        "try: EmbeddedGateway.start(tls=True)\n"
        "except RuntimeError as error: print(error)"
    )
    plain, encrypted = slim.run("python", "-c", code).stdout.splitlines()
    assert plain == "0"
    assert encrypted.endswith("Install it: python -m pip install cryptography.")


@pytest.mark.patient
@pytest.mark.xdist_group("slim")
def test_what_needs_more_says_so_in_one_line(slim: Slim, at: dict[str, str]) -> None:
    listed = slim.run("mxgw-py", "--help")
    assert listed.returncode == 0
    assert "mxgw-py record needs pandas, which is not installed." in listed.stdout
    asked = [("record", "--to", "x", "--items", TAGS[0]), ("plan", "FIC101.SP=42"), ("plan", "--help")]
    for arguments in asked[:2]:
        done = slim.run("mxgw-py", *arguments, **at)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith(f"Error: mxgw-py {arguments[0]} needs pandas, which is not installed.")
        assert done.stderr.count("\n") == 1
    assert slim.run("mxgw-py", *asked[2]).returncode == 0
    told = slim.run("mxgw-py", "record", "--json").stderr
    assert json.loads(told)["error"]["type"] == "MissingPackageError"
    code = "import mxgw_notebook\ntry: mxgw_notebook.connect\nexcept ImportError as error: print(error)"
    assert slim.run("python", "-c", code).stdout == (
        "mxgw_notebook.connect needs pandas, which is not installed."
        " Install all that a notebook needs: python -m pip install mxgw-notebook.\n"
    )


@pytest.mark.long
@pytest.mark.parametrize("part", ["analysis", "frames", "gateway", "widgets", "magics", "history"])
def test_a_part_that_needs_more_says_so_where_it_is_imported(slim: Slim, part: str) -> None:
    code = (
        f"try: from mxgw_notebook.{part} import Anything\n"
        "except ImportError as error: print(type(error).__name__, error)"
    )
    told = slim.run("python", "-c", code).stdout
    assert told.startswith(f"MissingPackageError mxgw_notebook.{part} needs ")
    assert told.endswith(" Install all that a notebook needs: python -m pip install mxgw-notebook.\n")
