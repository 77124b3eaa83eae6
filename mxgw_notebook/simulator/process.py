"""Runs the embedded gateway as a process of its own that dies with its parent."""

from __future__ import annotations

import atexit
import json
import os
import queue
import secrets
import subprocess
import sys
import threading
from types import TracebackType
from typing import IO, Any

_STOP_TIMEOUT = 5.0  # s until a gateway that does not go is killed


class GatewayStartError(RuntimeError):
    """The embedded gateway could not be started; the text says why."""


class EmbeddedGateway:
    """A running embedded gateway. `endpoint` is host:port, `ca_file` is None without TLS.

    Made by `start`. It stops with `stop`, at the end of a `with` block, at the interpreter's exit, and when
    the parent dies, because it watches the pipe that the parent holds.
    """

    def __init__(self, process: subprocess.Popen[str], facts: dict[str, Any]) -> None:
        self._process = process
        self.endpoint: str = facts["endpoint"]
        self.api_key: str = facts["api_key"]
        self.ca_file: str | None = facts["ca_file"]
        self.tls: bool = facts["tls"]
        self.pid: int = process.pid
        atexit.register(self.stop)

    def __repr__(self) -> str:
        state = "running" if self.is_running() else "stopped"
        return f"EmbeddedGateway({self.endpoint!r}, pid={self.pid}, {state})"

    def __enter__(self) -> EmbeddedGateway:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @classmethod
    def start(
        cls,
        *,
        port: int = 0,
        api_key: str | None = None,
        seed: int = 1,
        tls: bool = False,
        speed: float = 1.0,
        timeout: float = 20.0,
    ) -> EmbeddedGateway:
        """Starts one and waits until it serves, at most `timeout` seconds. Raises GatewayStartError."""
        command = [sys.executable, "-m", "mxgw_notebook.simulator", "--die-with-parent"]
        command += ["--port", str(port), "--seed", str(seed), "--speed", str(speed)]
        command += ["--tls"] if tls else []
        # By environment, not by argument: a list of processes shows arguments to everybody.
        key = api_key or f"mxgw_demo_{secrets.token_hex(16)}"
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "MXGATEWAY_SIMULATOR_API_KEY": key},
            **_own_group(),
        )
        try:
            return cls(process, _first_line(process, timeout))
        except BaseException:
            _end(process)
            raise

    def is_running(self) -> bool:
        """Whether the process lives."""
        return self._process.poll() is None

    def stop(self) -> None:
        """Stops it and waits for its end; again is harmless."""
        atexit.unregister(self.stop)
        _end(self._process)


def _own_group() -> dict[str, Any]:
    """A Ctrl-C in the terminal is the parent's business; it then stops the gateway in its own order."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def _first_line(process: subprocess.Popen[str], timeout: float) -> dict[str, Any]:
    """What the gateway says of itself once it serves; raises GatewayStartError when it does not."""
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()
    out, errors = _pipe(process.stdout), _pipe(process.stderr)
    complaints: list[str] = []
    # Both are read to their end, by who closes them: a full pipe would block the gateway one day.
    reader = threading.Thread(target=lambda: _forward(out, lines), daemon=True)
    drain = threading.Thread(target=lambda: complaints.extend(_tail(errors)), daemon=True)
    reader.start()
    drain.start()
    try:
        line = lines.get(timeout=timeout)
    except queue.Empty:
        raise GatewayStartError(f"The embedded gateway did not start within {timeout:g} s.") from None
    if not line:
        drain.join(timeout=2.0)
        reason = complaints[-1].strip() if complaints else "it gave no reason"
        raise GatewayStartError(f"The embedded gateway could not be started: {reason}")
    facts: dict[str, Any] = json.loads(line)
    return facts


def _pipe(stream: IO[str] | None) -> IO[str]:
    if stream is None:
        raise GatewayStartError("The embedded gateway has no pipe to its parent.")
    return stream


def _tail(stream: IO[str]) -> list[str]:
    kept: list[str] = []
    with stream:
        for line in stream:
            kept = [*kept[-19:], line]
    return kept


def _forward(stream: IO[str], lines: queue.SimpleQueue[str]) -> None:
    """The first line, empty where there is none; the rest is read and forgotten."""
    with stream:
        lines.put(stream.readline())
        for _ in stream:
            pass


def _end(process: subprocess.Popen[str]) -> None:
    """Closes the pipe, which asks it to go, and insists when it does not."""
    if process.stdin is not None and not process.stdin.closed:
        process.stdin.close()
    try:
        process.wait(timeout=_STOP_TIMEOUT)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
