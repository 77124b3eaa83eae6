"""What the manual shows for a recorder as a service: systemd takes the unit, both command lines record."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest

from docs.site import PAGES
from mxgw_notebook.history import open_recording
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.conftest import KEY, Eventually

UNIT = Path(__file__).parents[2] / "examples" / "mxgw-record.service"
PAGE = (PAGES / "howto" / "record-service.md").read_text(encoding="utf-8")
PROGRAM = "/opt/mxgw/bin/mxgw-py"


def unit() -> ConfigParser:
    read = ConfigParser(interpolation=None, strict=True)
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read_string(UNIT.read_text("utf-8"))
    return read


def of_unit() -> list[str]:
    return shlex.split(unit()["Service"]["ExecStart"])[1:]


def of_page() -> list[str]:
    (line,) = re.findall(r"^\$arguments = '-m mxgw_notebook (.*)'$", PAGE, re.MULTILINE)
    return shlex.split(line.replace("\\", "/"))


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    program, file = tmp_path / "mxgw-py", tmp_path / UNIT.name
    program.write_text("#!/bin/sh\n", "utf-8")
    program.chmod(0o755)
    text = UNIT.read_text("utf-8")
    file.write_text(text.replace(PROGRAM, str(program)), "utf-8")
    verify = ["systemd-analyze", "verify", "--man=no", str(file)]
    done = subprocess.run(verify, capture_output=True, text=True, check=False)
    assert [line for line in done.stderr.splitlines() if UNIT.name in line] == []
    # A word that it does not know is told: the look at its words is one.
    file.write_text(text.replace(PROGRAM, str(program)).replace("RestartSec", "RestartSeconds"), "utf-8")
    done = subprocess.run(verify, capture_output=True, text=True, check=False)
    assert "RestartSeconds" in done.stderr


def test_the_page_and_the_unit_record_the_same() -> None:
    assert [word for word in of_page() if "/" not in word] == [word for word in of_unit() if "/" not in word]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to send")
def test_the_command_of_the_unit_records_and_ends_as_the_unit_expects(
    embedded: EmbeddedGateway, tmp_path: Path, eventually: Eventually
) -> None:
    words = of_unit()
    place = words.index("--to") + 1
    words[place], words[words.index("--least-free") + 1] = str(tmp_path / "recorded"), "0"
    variables = {"MXGATEWAY_ENDPOINT": embedded.endpoint, "MXGATEWAY_API_KEY": KEY}
    with subprocess.Popen(
        [sys.executable, "-m", "mxgw_notebook", *words, "--plaintext"],
        env={**os.environ, **variables},
        stdout=subprocess.DEVNULL,
    ) as process:
        try:
            eventually((tmp_path / "recorded" / "recording.json").exists)
            eventually(lambda: len(open_recording(tmp_path / "recorded").alarms()))
            process.send_signal(signal.SIGTERM)
            assert str(process.wait(30)) == unit()["Service"]["SuccessExitStatus"]
        finally:
            process.kill()
    recording = open_recording(tmp_path / "recorded")
    assert recording.plant == "line1"
    assert recording.tags
    assert all(tag.endswith(".PV") for tag in recording.tags)
