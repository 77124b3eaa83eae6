"""Runs the embedded gateway as a process of its own that dies with its parent."""

from __future__ import annotations

import atexit
import json
import logging
import os
import queue
import secrets
import subprocess
import sys
import threading
from collections import deque
from types import TracebackType
from typing import IO, Any, Unpack

from mxgw_notebook.environment import without_keys
from mxgw_notebook.simulator.start_settings import StartSettings, arguments_of

# A process of Python starts in a second; on a machine that is busy with others it has taken twenty.
START_SECONDS = 60.0
ANSWER_SECONDS = 20.0
_STOP_TIMEOUT = 5.0  # s until a gateway that does not go is killed


class GatewayStartError(RuntimeError):
    """The embedded gateway could not be started; the text says why."""


class GatewayControlError(RuntimeError):
    """The embedded gateway could not do what it was asked; the text says why."""


class EmbeddedGateway:
    """A running embedded gateway. `endpoint` is host:port, `ca_file` is None without TLS.

    Made by `start`. It stops with `stop`, at the end of a `with` block, and at the interpreter's exit. It
    watches a pipe that the parent process holds, and stops when the parent ends. `fault`, `clear_faults`,
    `deploy` and `status` use the same pipe while it runs. You may call them from any thread.
    """

    def __init__(self, process: subprocess.Popen[str], lines: Lines, facts: dict[str, Any]) -> None:
        self._process = process
        self._lines = lines
        self._asking = threading.Lock()
        self._maker = os.getpid()
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
        cls, *, api_key: str | None = None, timeout: float = START_SECONDS, **settings: Unpack[StartSettings]
    ) -> EmbeddedGateway:
        """Starts one and waits until it serves, at most `timeout` seconds. Raises GatewayStartError.

        `scenario` names a story. `objects`, `attributes_per_object`, `rate` (events a second) and `alarms`
        make a large galaxy beside the plant. `galaxy` is a plant file instead of the plant, `values` a file
        with the first values of its tags, `keys` a file of further keys. `faults` are active from the start,
        each `name:key=value,key=value`; `limits` are each `name=value`. `START_SETTINGS` has the defaults.
        """
        command = [sys.executable, "-m", "mxgw_notebook.simulator", "--die-with-parent"]
        command += arguments_of(settings)
        return cls._spawn(command, api_key or f"mxgw_demo_{secrets.token_hex(16)}", timeout)

    @classmethod
    def _spawn(cls, command: list[str], key: str, timeout: float) -> EmbeddedGateway:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # The key by environment, not by argument: a list of processes shows arguments to everybody.
            env={**without_keys(), "MXGATEWAY_SIMULATOR_API_KEY": key},
            **_own_group(),
        )
        try:
            lines = Lines(process)
            return cls(process, lines, lines.first(timeout))
        except BaseException:
            _end(process)
            raise

    def fault(self, name: str, *, timeout: float = ANSWER_SECONDS, **settings: Any) -> None:
        """Switches a fault on; the names and settings are those of `faults.SWITCHES`.

        Waits until it is on; for a break or a restart, until the gateway serves again. This may take
        `timeout` seconds. Raises GatewayControlError.
        """
        self._ask({"fault": name, **settings}, timeout + float(settings.get("seconds", 0.0)))

    def clear_faults(self, *names: str) -> None:
        """Ends these faults, or all of them if none is named. Raises GatewayControlError."""
        self._ask({"clear": names})

    def deploy(self, breaks: str = "", tag: str = "Tank001.Level") -> None:
        """Deploys a change to the galaxy now. Raises GatewayControlError.

        With `breaks` it is an engineer's slip with this tag: `limit` (an alarm's limit is a tenth), `scan`
        (its value stands still), `rename` (the attribute has another name) or `units` (a thousand times as
        much, in units called as before).
        """
        self._ask({"deploy": True, **({"breaks": breaks, "tag": tag} if breaks else {})})

    def replay(self, action: str, **settings: float) -> dict[str, Any]:
        """Moves a tape: play (`speed`), pause, seek (`to`, seconds since 1970), step (`seconds`).

        Raises GatewayControlError.
        """
        return self._ask({"replay": action, **settings})

    def status(self) -> dict[str, Any]:
        """Its status: sessions, events a second, how far the plant is behind its clock, faults."""
        return self._ask({"status": True})

    def _ask(self, request: dict[str, Any], timeout: float = ANSWER_SECONDS) -> dict[str, Any]:
        with self._asking:
            answer = self._lines.ask(json.dumps(request), timeout)
        if "error" in answer:
            raise GatewayControlError(answer["error"])
        status: dict[str, Any] = answer["status"]
        return status

    def is_running(self) -> bool:
        """Whether the process is running."""
        return self._process.poll() is None

    def stop(self) -> None:
        """Stops it and waits for its end. A second call does nothing; nor does a call in a forked process."""
        atexit.unregister(self.stop)
        if os.getpid() != self._maker:
            return
        _end(self._process)


def _own_group() -> dict[str, Any]:
    """A Ctrl-C in the terminal is the parent's business; it then stops the gateway in its own order."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


class Lines:
    """What the gateway says, line by line. Both its pipes are read to their end, by who closes them."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._in = _pipe(process.stdin)
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._complaints: deque[str] = deque(maxlen=20)
        self._serves = False
        out, errors = _pipe(process.stdout), _pipe(process.stderr)
        # A full pipe would block the gateway one day.
        threading.Thread(target=lambda: self._forward(out), daemon=True).start()
        self._drain = threading.Thread(target=lambda: self._keep(errors), daemon=True)
        self._drain.start()

    def _forward(self, stream: IO[str]) -> None:
        with stream:
            for line in stream:
                self._lines.put(line)
        self._lines.put("")

    def _keep(self, stream: IO[str]) -> None:
        with stream:
            for line in stream:
                self._complaints.append(line)
                if self._serves:  # before that, the last line is why it did not start
                    logging.getLogger(__name__).warning("embedded gateway: %s", line.rstrip())

    def first(self, timeout: float) -> dict[str, Any]:
        """What it says of itself once it serves. Raises GatewayStartError when it does not."""
        try:
            line = self._lines.get(timeout=timeout)
        except queue.Empty:
            raise GatewayStartError(f"The embedded gateway did not start within {timeout:g} s.") from None
        if not line:
            self._drain.join(timeout=2.0)
            reason = self._complaints[-1].strip() if self._complaints else "it gave no reason"
            raise GatewayStartError(f"The embedded gateway could not be started: {reason}")
        facts: dict[str, Any] = json.loads(line)
        self._serves = True
        return facts

    def ask(self, request: str, timeout: float) -> dict[str, Any]:
        """One line to it, one line back. Raises GatewayControlError when it does not answer."""
        try:
            self._in.write(request + "\n")
            self._in.flush()
            line = self._lines.get(timeout=timeout)
        except queue.Empty:
            raise GatewayControlError(f"The embedded gateway gave no answer in {timeout:g} s.") from None
        except (OSError, ValueError):
            line = ""
        if not line:
            raise GatewayControlError("The embedded gateway is not running.")
        answer: dict[str, Any] = json.loads(line)
        return answer


def _pipe(stream: IO[str] | None) -> IO[str]:
    if stream is None:
        raise GatewayStartError("The embedded gateway has no pipe to its parent.")
    return stream


def _end(process: subprocess.Popen[str]) -> None:
    """Closes the pipe, which asks it to go, and insists when it does not."""
    if process.stdin is not None and not process.stdin.closed:
        process.stdin.close()
    try:
        process.wait(timeout=_STOP_TIMEOUT)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
