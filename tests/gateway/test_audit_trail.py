"""The audit: every deed with who, where, why and what came of it, in a file that outlives the process."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from mxgw_notebook.errors import (
    ConfigurationError,
    GatewayError,
    NotArmedError,
    PlanError,
    SessionClosedError,
)
from mxgw_notebook.gateway import Gateway, connect
from mxgw_notebook.gateway.audit_file import AuditFile, opened
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.conftest import KEY

SETPOINT = "FIC101.SP"


@pytest.fixture
def plant(own_embedded: EmbeddedGateway) -> Gateway:
    return connect(own_embedded.endpoint, api_key=KEY, plaintext=True)


def lines_of(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_every_deed_is_on_record_with_its_reason_and_outcome(
    plant: Gateway, own_embedded: EmbeddedGateway, tmp_path: Path
) -> None:
    file = tmp_path / "audit.jsonl"
    plant.audit_trail(file)
    with pytest.raises(NotArmedError):
        plant.write(SETPOINT, 41)
    with plant.armed("trial 7"):
        plant.write(SETPOINT, "41")
        own_embedded.fault("lose-reply", command="write", code="INTERNAL", times=1)
        with pytest.raises(GatewayError):
            plant.write(SETPOINT, 42)
        with pytest.raises(PlanError):
            plant.plan({SETPOINT: 9999}).apply(yes=True)
        plan = plant.plan({SETPOINT: 46}, override={SETPOINT: "commissioning"})
        plan.apply(yes=True)
        with pytest.raises(GatewayError):
            plant.acknowledge("Galaxy!Nowhere.Nope.Hi", comment="seen", operator="asmith")
    trail = plant.audit_trail()
    told = list(zip(trail["deed"], trail["outcome"], strict=True))
    assert told == [
        ("write", "refused"),
        ("arm", "done"),
        ("write", "done"),
        ("write", "unknown"),
        ("plan", "refused"),
        ("plan", "done"),
        ("write", "done"),
        ("acknowledge", "refused"),
        ("disarm", "done"),
    ]
    assert trail["why"].tolist()[2:8] == ["trial 7"] * 6
    assert "9999 is above FIC101.PV.Hi 45" in trail["told"][4]
    assert "commissioning (though 46 is above FIC101.PV.Hi 45)" in trail["value"][5]
    assert trail["value"].tolist()[:3:2] == [41, 41.0], "what was wanted, and what was sent"
    assert trail["operator"][7] == "asmith"
    assert set(trail["plant"]) == {plant.endpoint}
    assert set(trail["key"]) == {"test"}
    assert KEY not in trail.to_csv()
    lines = lines_of(file)
    assert KEY not in file.read_text(encoding="utf-8")
    assert [line["outcome"] for line in lines if line["what"] == SETPOINT and line["deed"] == "write"] == [
        "refused",
        *("under way", "done"),
        *("under way", "unknown"),
        *("under way", "done"),
    ]


CHILD = """
import os, sys
import mxgw_notebook as mx
endpoint, key, file = sys.argv[1:]
gateway = mx.connect(endpoint, api_key=key, plaintext=True, writable="killed")
gateway.audit_trail(file)
for value in range(20, 40):
    gateway.write("FIC101.SP", float(value))
    print(value, flush=True)
"""


def test_the_file_outlives_a_kill_and_goes_on(own_embedded: EmbeddedGateway, tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    command = [sys.executable, "-c", CHILD, own_embedded.endpoint, KEY, str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        for _ in range(3):
            child.stdout.readline()
        gateway = connect(own_embedded.endpoint, api_key=KEY, plaintext=True, writable="after")
        with pytest.raises(ConfigurationError, match="written by another process"):
            gateway.audit_trail(file)
        psutil.Process(child.pid).kill()
        written = [20, 21, 22, *(int(line) for line in child.stdout)]
    done = [line["value"] for line in lines_of(file) if line["outcome"] == "done"]
    assert done[: len(written)] == [float(value) for value in written]
    with file.open("a", encoding="utf-8") as torn:
        torn.write('{"torn": ')
    gateway.audit_trail(file)
    gateway.write(SETPOINT, 30)
    last, *_ = reversed(file.read_text(encoding="utf-8").splitlines())
    assert json.loads(last)["outcome"] == "done"


def test_a_file_that_cannot_be_written_is_told_at_once(plant: Gateway, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be written"):
        plant.audit_trail(tmp_path / "nowhere" / "audit.jsonl")


def test_two_connections_of_one_process_share_a_file(
    plant: Gateway, own_embedded: EmbeddedGateway, tmp_path: Path
) -> None:
    file = tmp_path / "audit.jsonl"
    plant.audit_trail(file)
    other = connect(own_embedded.endpoint, api_key=KEY, plaintext=True)
    (tmp_path / "beside").mkdir()
    other.audit_trail(tmp_path / "beside" / ".." / "audit.jsonl")
    other.arm("a test")
    assert [line["deed"] for line in lines_of(file)] == ["arm"]


def test_whoever_arms_as_it_connects_is_on_record_and_so_is_the_end(own_embedded: EmbeddedGateway) -> None:
    gateway = connect(own_embedded.endpoint, api_key=KEY, plaintext=True, writable="trial 7")
    gateway.close()
    trail = gateway.audit_trail()
    assert list(zip(trail["deed"], trail["why"], strict=True)) == [("arm", "trial 7"), ("disarm", "trial 7")]


def test_a_connection_that_ends_gives_its_file_back(plant: Gateway, tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    plant.audit_trail(file)
    plant.arm("a test")
    plan = plant.plan({SETPOINT: 31})
    plant.close()
    opened(file).close()  # as another kernel would
    with pytest.raises(NotArmedError):
        plan.apply(yes=True)
    assert [line["deed"] for line in lines_of(file)] == ["arm", "disarm", "write"]
    opened(file).close()
    with pytest.raises(SessionClosedError):
        plant.audit_trail(file)


def test_a_kernel_that_is_not_the_first_at_a_plant_has_a_file_beside(
    own_embedded: EmbeddedGateway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = f'endpoint = "{own_embedded.endpoint}"\nplaintext = true\naudit = "audit.jsonl"'
    (tmp_path / "mxgw.toml").write_text(f"[plants.plant-a]\n{told}\n")
    monkeypatch.chdir(tmp_path)
    with opened(tmp_path / "audit.jsonl"):  # as another kernel has it
        connect("plant-a", api_key=KEY, writable="trial 7").close()
    assert [line["deed"] for line in lines_of(tmp_path / "audit-2.jsonl")] == ["arm", "disarm"]
    connect("plant-a", api_key=KEY, writable="trial 8").close()
    assert [line["why"] for line in lines_of(tmp_path / "audit.jsonl")] == ["trial 8"] * 2


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be removed there")
def test_a_file_that_was_removed_is_made_again(plant: Gateway, tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    plant.audit_trail(file)
    plant.arm("before")
    file.unlink()
    plant.arm("after")
    assert [line["why"] for line in lines_of(file)] == ["after"]


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (float("nan"), "nan"),
        ([1.5, float("-inf")], [1.5, "-inf"]),
        (np.float32("inf"), "inf"),
        (np.arange(2000), list(range(2000))),
        (np.array(["2026-01-02"], "datetime64[ns]"), ["2026-01-02 00:00:00+00:00"]),
        (np.int32(7), 7),
    ],
)
def test_a_line_is_json_whatever_was_written(tmp_path: Path, value: Any, told: Any) -> None:
    file = AuditFile(tmp_path / "audit.jsonl")
    file.append({"value": value})

    def refuse(word: str) -> None:
        raise AssertionError(word)

    assert json.loads(file.path.read_text(), parse_constant=refuse) == {"value": told}
