"""The audit: whatever was done to a plant from here, or was to be, in memory and in a file of JSON lines.

A deed has a line before it is sent, for a process may be killed meanwhile, and one with what came of it.
"""

from __future__ import annotations

import itertools
import json
import logging
import os
import platform
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import IO, Any

import pandas as pd

from mxgw_notebook.client import ClientOptions, Gate, path_given
from mxgw_notebook.errors import ConfigurationError, GatewayError
from mxgw_notebook.frames import aware
from mxgw_notebook.gateway.operator_name import operator_name
from mxgw_notebook.gateway.trail import Trail, timestamp

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

log = logging.getLogger(__name__)

DEEDS_KEPT = 100_000
UNDER_WAY, DONE, REFUSED, UNKNOWN = "under way", "done", "refused", "unknown"
# Where a notebook's server says which notebook a kernel belongs to.
NOTEBOOK_VARIABLE = "JPY_SESSION_NAME"
FAR_BYTE = 2**31 - 2
NUMBERS = itertools.count(1)


@dataclass(slots=True)
class Deed:
    """One line of the audit; `number` is the same in the line of its begin and in that of its outcome."""

    time_ns: int
    deed: str
    plant: str
    what: str
    value: Any = None
    why: str = ""
    outcome: str = UNDER_WAY
    told: str = ""
    operator: str = ""
    key: str = ""
    host: str = ""
    process: int = 0
    notebook: str = ""
    number: int = field(default_factory=lambda: next(NUMBERS))


class AuditFile:
    """A file of JSON lines with one writer: another process that would write to it is told so.

    Raises:
        ConfigurationError: It cannot be written, or somebody else writes to it.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._file: IO[bytes] = path.open("a+b", buffering=0)
        except OSError as error:
            raise ConfigurationError(f"{path} cannot be written: {error.strerror}") from None
        try:
            lock(self._file)
        except OSError:
            self._file.close()
            hint = "Each kernel needs a file of its own."
            raise ConfigurationError(f"{path} is written by another process", hint=hint) from None
        self._mend_end()

    def _mend_end(self) -> None:
        """Begins a line: whoever wrote here before may have been killed within one."""
        size = self._file.seek(0, os.SEEK_END)
        if size:
            self._file.seek(size - 1)
            if self._file.read(1) != b"\n":
                self._file.write(b"\n")

    def append(self, deed: Deed) -> None:
        """Adds a line, in one write that the system has when this returns; a full disk stops nobody."""
        told = {**asdict(deed), "time": timestamp(deed.time_ns), "written": timestamp(time.time_ns())}
        del told["time_ns"]
        try:
            self._file.write(json.dumps(told, default=lambda value: str(aware(value))).encode() + b"\n")
        except (OSError, ValueError) as error:
            log.error("not written to the audit's file (%s): %s", error, told)


def lock(file: IO[bytes]) -> None:
    """Takes a file for this process alone, until it ends, however it does. Raises OSError for a taken one."""
    if sys.platform == "win32":
        file.seek(FAR_BYTE)  # beyond what is written: a lock there keeps nobody from reading
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


# By their real path: two connections of one process may write to one file.
FILES: dict[Path, AuditFile] = {}


class Audit:
    """The audit of one connection; safe on any thread."""

    def __init__(self, options: ClientOptions, gate: Gate) -> None:
        self._gate = gate
        self._trail = Trail(Deed, DEEDS_KEPT)
        self._file: AuditFile | None = None
        self._lock = threading.Lock()
        self._where: dict[str, Any] = {
            "plant": gate.plant,
            "key": options.key_id,
            "host": platform.node(),
            "process": os.getpid(),
            "notebook": os.environ.get(NOTEBOOK_VARIABLE, ""),
        }

    def begin(self, deed: str, what: str, value: Any = None, **more: str) -> Deed:
        """Something begins: it is on record before it is sent."""
        return self._add(self._made(deed, what, value, **more))

    def end(self, entry: Deed, outcome: str, told: str = "", value: Any = None) -> None:
        """What came of it."""
        entry.outcome, entry.told = outcome, told
        entry.value = entry.value if value is None else value
        self._write(entry)

    def note(self, deed: str, what: str, outcome: str = DONE, told: str = "", **more: Any) -> None:
        """Something that is over as it begins: one line."""
        self._add(replace(self._made(deed, what, **more), outcome=outcome, told=told))

    @contextmanager
    def doing(self, deed: str, what: str, value: Any = None, **more: str) -> Iterator[Deed]:
        """Around something that is on record however it ends; the caller may say more in the entry."""
        entry = self.begin(deed, what, value, **more)
        try:
            yield entry
        except BaseException as error:
            certain = isinstance(error, GatewayError) and not error.may_be_done
            self.end(entry, REFUSED if certain else UNKNOWN, str(error) or type(error).__name__)
            raise
        self.end(entry, entry.outcome if entry.outcome != UNDER_WAY else DONE, entry.told)

    def refuse(self, deed: str, names: Iterable[str], error: GatewayError) -> None:
        """What was asked for, and not sent."""
        for name in names:
            self.note(deed, name, REFUSED, str(error))

    def write_to(self, path: str | Path) -> None:
        """Appends every further line to a file of JSON lines.

        Raises:
            ConfigurationError: It cannot be written, or another process writes to it.
        """
        target = Path(path_given(path, "Name one, e.g. audit.jsonl.")).absolute()
        with self._lock:
            if target not in FILES:
                FILES[target] = AuditFile(target)
            self._file = FILES[target]

    def frame(self) -> pd.DataFrame:
        """One row a deed, in the order in which they began."""
        return self._trail.frame()

    def _made(self, deed: str, what: str, value: Any = None, **more: str) -> Deed:
        arming = self._gate.arming
        said = {"operator": operator_name(), "why": arming.reason if arming else "", **more}
        return Deed(time_ns=time.time_ns(), deed=deed, what=what, value=value, **{**self._where, **said})

    def _add(self, entry: Deed) -> Deed:
        self._trail.add(entry)
        self._write(entry)
        return entry

    def _write(self, entry: Deed) -> None:
        with self._lock:
            if self._file is not None:
                self._file.append(entry)
