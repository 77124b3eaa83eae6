"""The newcomer's path: its commands, as they stand on the page, in the order of the page."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import venv
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

import pytest

from docs.site import PAGES

PAGE = PAGES / "project" / "newcomer.md"
BLOCK = re.compile(r"^```(bash|ipython|python|toml)\n(.*?)^```", re.MULTILINE | re.DOTALL)
CHECKOUT = PAGES.parents[1]
FIRST_LINE = re.compile(r"^# (\S+)\n")
SECONDS = 300
OLD_SETUPTOOLS = 70  # those after it need no package `wheel`
pytestmark = pytest.mark.long


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """One in which the page's first block has been done; what it installs further stays in there."""
    folder = tmp_path / "mxgw-venv"
    has_pip = find_spec("pip") is not None
    venv.create(folder, with_pip=not has_pip)
    scripts, packages = (
        sysconfig.get_path(kind, "venv", {"base": str(folder)}) for kind in ("scripts", "purelib")
    )
    mine = sysconfig.get_path("purelib")
    Path(packages, "mine.pth").write_text(f"{mine}\n{CHECKOUT}\n", encoding="utf-8")
    for name, module in (("mxgw-py", "mxgw_notebook"), ("ipython", "IPython")):
        script = Path(scripts, name)
        script.write_text(f'#!/bin/sh\nexec python -m {module} "$@"\n', encoding="utf-8")
        script.chmod(0o755)
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    # Where there is a setuptools that makes wheels by itself, the reader's package takes it, and no network.
    builds = has_pip and int(installed_version("setuptools").partition(".")[0]) > OLD_SETUPTOOLS
    own = {
        "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}",
        "PIP_NO_BUILD_ISOLATION": "0" if builds else "1",
        "JUPYTER_PATH": str(Path(sys.prefix, "share", "jupyter")),
        "MXGW_FLIGHTS": "off",
    }
    return {**inherited, **own}


@pytest.mark.skipif(sys.platform == "win32", reason="the page is for a POSIX shell")
def test_the_newcomers_commands_run_in_the_order_of_the_page(
    environment: dict[str, str], tmp_path: Path
) -> None:
    _, *blocks = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    assert [kind for kind, _ in blocks].count("ipython") == 3
    notebook = said = ""
    for kind, text in blocks:
        if kind == "bash":
            finish(["sh", "-e", "-c", text], environment, tmp_path)
        elif kind == "ipython":
            # A notebook's cells follow one another; one that loads the extension begins a kernel.
            notebook = text if text.startswith("%load_ext") else notebook + text
            (tmp_path / "cells.ipy").write_text(notebook, encoding="utf-8")
            said = finish(["ipython", "cells.ipy"], environment, tmp_path)
        else:
            named = FIRST_LINE.match(text)
            assert named, text
            (tmp_path / named.group(1)).write_text(text, encoding="utf-8")
    assert (tmp_path / "alarms.html").is_file()
    assert "%mxgw level Tank001.Level" in said  # its help, behind the line that ran it


def finish(command: list[str], environment: dict[str, str], folder: Path) -> str:
    """What a command printed; it must end well, and no `%mxgw` in it may have failed."""
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Error" not in done.stdout + done.stderr
    return done.stdout


def installed_version(package: str) -> str:
    """The version that is installed here; 0 where there is none."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "0"
