"""JupyterLab as a child process."""

from __future__ import annotations

import contextlib
import http.client
import importlib.util
import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from mxgw_notebook.errors import ConfigurationError, GatewayError

HOST = "127.0.0.1"
START_SECONDS = 60.0
STOP_SECONDS = 10.0
ATTEMPTS = 3
# JupyterLab would otherwise ask at the first start whether it may fetch news.
QUIET = {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}


@dataclass(frozen=True, slots=True)
class Lab:
    """A JupyterLab that answers. `url` opens the notebook and carries the server's token."""

    url: str
    pid: int
    process: subprocess.Popen[bytes]

    @property
    def ended(self) -> str:
        """What to say of it when it has ended by itself; empty while it runs."""
        return "" if self.process.poll() is None else f"JupyterLab, process {self.pid}, has ended by itself"


@contextlib.contextmanager
def running_lab(notebook: Path, *, port: int, environment: Mapping[str, str]) -> Iterator[Lab]:
    """JupyterLab on the notebook's folder for as long as the block lasts.

    Raises:
        ConfigurationError: JupyterLab is not installed.
        GatewayError: It did not start.
    """
    if importlib.util.find_spec("jupyterlab") is None:
        raise ConfigurationError(
            "JupyterLab is not installed", hint='Install it: python -m pip install "mxgw-notebook[lab]".'
        )
    token = secrets.token_hex(16)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        settings = {**environment, **write_settings(Path(scratch), token)}
        process, chosen = start_answering(notebook.parent, port, settings, token, Path(scratch))
        try:
            url = f"http://{HOST}:{chosen}/lab/tree/{notebook.name}?token={token}"
            yield Lab(url, process.pid, process)
        finally:
            stop(process)


def start_answering(
    folder: Path,
    port: int,
    environment: Mapping[str, str],
    token: str,
    scratch: Path,
    attempts: int = ATTEMPTS,
) -> tuple[subprocess.Popen[bytes], int]:
    """Starts JupyterLab; returns once it answers, with its port.

    Where no port is asked for, another process may take the free one that was found before JupyterLab does:
    then another is looked for.
    """
    chosen = port or free_port()
    process = start(folder, chosen, environment, scratch)
    try:
        wait_until_it_answers(process, chosen, token, scratch)
    except BaseException as error:
        was_taken = isinstance(error, GatewayError) and process.poll() is not None and not port
        stop(process)
        if not was_taken or attempts == 1:
            raise
        return start_answering(folder, port, environment, token, scratch, attempts - 1)
    return process, chosen


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        # Free for a moment alone: where another takes it, JupyterLab says so, for it may not choose one
        # itself.
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def write_settings(scratch: Path, token: str) -> dict[str, str]:
    """What JupyterLab is told through its environment: a token on its command line would show in ps."""
    config = scratch / "labconfig"
    config.mkdir()
    (config / "page_config.json").write_text(json.dumps(QUIET))
    path = os.pathsep.join(filter(None, (str(scratch), os.environ.get("JUPYTER_CONFIG_PATH", ""))))
    return {"JUPYTER_TOKEN": token, "JUPYTER_CONFIG_PATH": path}


def start(folder: Path, port: int, environment: Mapping[str, str], scratch: Path) -> subprocess.Popen[bytes]:
    """Starts JupyterLab in a group of its own, so that Ctrl-C reaches us first; it ends with its pipe."""
    command = [
        sys.executable,
        "-m",
        "mxgw_notebook.cli.demo.lab_child",
        "--no-browser",
        f"--ServerApp.ip={HOST}",
    ]
    command += [
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        f"--ServerApp.root_dir={folder.resolve()}",
    ]
    command += ["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate", "--LabApp.news_url=None"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        # A container's only user; without it JupyterLab refuses to start.
        command.append("--allow-root")
    with (scratch / "jupyterlab.log").open("wb") as log:
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            env={**os.environ, **environment},
            start_new_session=os.name != "nt",
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )


def wait_until_it_answers(process: subprocess.Popen[bytes], port: int, token: str, scratch: Path) -> None:
    """Returns once the server answers with its token."""
    request = urllib.request.Request(
        f"http://{HOST}:{port}/api/status", headers={"Authorization": f"token {token}"}
    )
    # A site's proxy must not stand between us and this machine.
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        # What is no HTTP at all comes from another process that has taken the port.
        with contextlib.suppress(OSError, http.client.HTTPException), direct.open(request, timeout=2):
            return
        time.sleep(0.2)
    lines = (scratch / "jupyterlab.log").read_text(errors="replace").splitlines()
    raise GatewayError(f"JupyterLab did not start: {lines[-1] if lines else 'it said nothing'}")


def stop(process: subprocess.Popen[bytes]) -> None:
    """Asks JupyterLab to end, its kernels with it, and insists when it does not."""
    with process:  # its pipe is closed at the end
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
