"""The user's own .proto files, in place of the built-in ones, without editing or reinstalling anything."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contract.renumbered import write_renumbered

pytestmark = [pytest.mark.patient, pytest.mark.xdist_group("protos")]

# What has to hold on any numbering: client and embedded gateway speak, decode and refuse.
CORE = [
    "tests/client/test_session.py",
    "tests/client/test_streams.py",
    "tests/client/test_galaxy.py",
    "tests/client/test_values.py",
    "tests/client/test_arrays.py",
    "tests/client/test_alarms.py",
    "tests/client/test_decoder.py",
    "tests/client/test_replies.py",
    "tests/live/test_hub.py",
    "tests/live/test_reads.py",
    "tests/live/test_writes.py",
    "tests/live/test_new_session.py",
    "tests/live/test_outage.py",
    "tests/simulator/test_commands.py",
]


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of protos in which every number differs."""
    return write_renumbered(tmp_path_factory.mktemp("protos"))


def run(place: str | Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Python on those protos."""
    environment = {**os.environ, "MXGATEWAY_PROTO_PATH": str(place)}
    return subprocess.run(
        [sys.executable, *command], env=environment, capture_output=True, text=True, check=False, timeout=300
    )


def test_the_core_of_the_suite_holds_when_every_number_differs(theirs: Path) -> None:
    done = run(theirs, "-m", "pytest", "-q", "-p", "no:cacheprovider", *CORE)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


def test_the_command_line_names_every_difference(theirs: Path) -> None:
    done = run(theirs, "-m", "mxgw_notebook", "contract", "--json")
    names = {entry["name"]: (entry["builtIn"], entry["inUse"]) for entry in json.loads(done.stdout)}
    assert names["MxEvent.item_handle"] == ("int32 = 4", "int32 = 19")
    assert names["MxEventFamily.MX_EVENT_FAMILY_ON_DATA_CHANGE"] == ("= 1", "= 10")
    assert not any(name.endswith("_UNSPECIFIED") for name in names)
    assert len(names) > 400


def test_without_own_protos_nothing_differs() -> None:
    done = run("", "-m", "mxgw_notebook", "contract", "--json")
    assert json.loads(done.stdout) == []


def test_a_compiled_descriptor_set_serves_as_well(theirs: Path, tmp_path: Path) -> None:
    compiled = tmp_path / "theirs.binpb"
    files = [str(path) for path in theirs.glob("**/*.proto")]
    command = [
        "-m",
        "grpc_tools.protoc",
        f"-I{theirs}",
        "--include_imports",
        f"--descriptor_set_out={compiled}",
    ]
    assert run("", *command, *files).returncode == 0
    done = run(compiled, "-m", "mxgw_notebook", "contract")
    assert done.stdout.rstrip().endswith("names differ."), done.stderr


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "has no .proto files"),
        ("message {", "do not compile"),
        (
            'syntax = "proto3"; package other.v1; message A {}',
            "no service of the package mxaccess_gateway.v1",
        ),
    ],
)
def test_protos_that_cannot_serve_are_one_line(tmp_path: Path, content: str | None, said: str) -> None:
    if content is not None:
        (tmp_path / "broken.proto").write_text(content)
    done = run(tmp_path, "-m", "mxgw_notebook", "contract")
    assert done.returncode == 1
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr


def test_a_folder_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    done = run(tmp_path / "nowhere", "-m", "mxgw_notebook", "contract")
    assert (done.returncode, "cannot be read" in done.stderr) == (1, True), done.stderr


def test_a_name_their_protos_lack_says_so(theirs: Path, tmp_path: Path) -> None:
    older = tmp_path / "older"
    older.mkdir()
    for path in theirs.glob("**/*.proto"):
        text = path.read_text().replace("PingCommand", "EarlierPingCommand")
        (older / path.name).write_text(text)
    asked = "from mxgw_notebook._generated import mxaccess_gateway_pb2 as g; g.PingCommand()"
    done = run(older, "-c", asked)
    assert "MissingNameError: The protos in" in done.stderr
    assert "have no PingCommand" in done.stderr
