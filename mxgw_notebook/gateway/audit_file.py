"""The audit's file: JSON lines, each with the system when the call returns, and one writer a file."""

from __future__ import annotations

import json
import logging
import math
import os
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

import numpy as np

from mxgw_notebook.errors import ConfigurationError, reason_of
from mxgw_notebook.frames import aware

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

log = logging.getLogger(__name__)

FAR_BYTE = 2**31 - 2
# Of a file that other kernels write to, so many beside it are tried.
MOST_BESIDE = 100


class FileTakenError(ConfigurationError):
    """Another process writes to the file."""


class AuditFile:
    """One file, which connections of this process may share; open while one of them does."""

    def __init__(self, path: Path) -> None:
        self.path, self._users = path, 0
        self._file: IO[bytes] | None = None
        self._lock = threading.Lock()

    def take(self) -> None:
        """A connection writes here from now on. Raises ConfigurationError, FileTakenError for a taken one."""
        with self._lock:
            if self._file is None:
                self._file = opened(self.path)
            self._users += 1

    def leave(self) -> None:
        """A connection has ended; behind the last one other processes may write to the file."""
        with self._lock:
            self._users -= 1
            if not self._users:
                self._close()

    def append(self, line: Mapping[str, Any]) -> None:
        """Adds a line in one write; what keeps it from that, such as a full disk, stops nobody."""
        try:
            text = json.dumps(as_json(line), default=other_json, allow_nan=False).encode() + b"\n"
            with self._lock:
                self._append(text)
        except (OSError, ValueError, ConfigurationError) as error:
            log.error("not written to the audit's file (%s): %s", error, line)

    def _append(self, text: bytes) -> None:
        # Of one that was removed nobody reads the rest: the lines go on in a new one.
        if self._file is not None and not os.fstat(self._file.fileno()).st_nlink:
            self._close()
        file = self._file or opened(self.path)
        try:
            file.write(text)
        finally:
            if self._users:
                self._file = file
            else:  # what a call that outlived its connection had to say
                file.close()

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


def opened(path: Path) -> IO[bytes]:
    """A file for this process alone, at the begin of a line.

    Raises ConfigurationError where it cannot be written, and FileTakenError where another process does.
    """
    try:
        file: IO[bytes] = path.open("a+b", buffering=0)
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be written: {reason_of(error)}") from None
    try:
        lock(file)
    except OSError:
        file.close()
        hint = "Each kernel needs a file of its own."
        raise FileTakenError(f"{path} is written by another process", hint=hint) from None
    mend_end(file)
    return file


def lock(file: IO[bytes]) -> None:
    """Takes a file for this process alone, until it ends, however it does. Raises OSError for a taken one."""
    if sys.platform == "win32":
        file.seek(FAR_BYTE)  # beyond what is written: a lock there keeps nobody from reading
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def mend_end(file: IO[bytes]) -> None:
    """Begins a line: whoever wrote here before may have been killed within one."""
    size = file.seek(0, os.SEEK_END)
    if size:
        file.seek(size - 1)
        if file.read(1) != b"\n":
            file.write(b"\n")


def as_json(value: Any) -> Any:
    """A value as JSON has it; NaN and infinity, which JSON has not, as texts."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, Mapping):
        return {str(name): as_json(one) for name, one in value.items()}
    return [as_json(one) for one in value] if isinstance(value, list | tuple) else value


def other_json(value: Any) -> Any:
    """What JSON has no form for: an array whole, anything else as it is shown."""
    if isinstance(value, np.ndarray) and value.dtype.kind != "M":
        return as_json(value.tolist())
    if isinstance(value, np.ndarray):
        return [str(aware(one)) for one in value]
    return as_json(value.item()) if isinstance(value, np.number | np.bool_) else str(aware(value))


# By their real path: two connections of one process may write to one file, whatever each calls it.
FILES: dict[Path, AuditFile] = {}


def file_taken(path: str | Path) -> AuditFile:
    """The file of a path, for one connection more. Raises as `AuditFile.take`."""
    real = Path(path).resolve()
    found = FILES.setdefault(real, AuditFile(real))
    found.take()
    return found


def file_beside(path: Path) -> AuditFile:
    """The same; where another process writes to it, audit-2.jsonl beside audit.jsonl, or the next free one.

    Why: DECISIONS.md, "Each kernel has its own audit file".
    """
    for number in range(1, MOST_BESIDE + 1):
        try:
            return file_taken(path if number == 1 else path.with_stem(f"{path.stem}-{number}"))
        except FileTakenError as error:
            taken = error
    raise taken
