"""A connection that wakes nobody for a moment: gRPC's own threads would, for every packet that comes.

A socket's low-water mark tells the system from how many bytes on it is ready to be read. It is raised for a
rest and taken down after it. gRPC does not tell which socket is whose. So a reader's channel has a time of
its own after which the system gives a connection up, and by that its socket is found.

Why: DECISIONS.md, "A reader rests where events are few".
"""

from __future__ import annotations

import itertools
import os
import platform
import re
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

# More than a rest's events of few, less than would be missed at the gateway: these wake everybody at once.
HELD_BYTES = 16 << 10
# Before it, data that wait already are not told of when the mark is taken down.
TELLING_LINUX = (4, 18)
OPEN_FILES = Path("/proc/self/fd")
_numbers = itertools.count(1)


def next_mark() -> int:
    """Milliseconds to add to the time after which a channel's connections are given up; each another."""
    return next(_numbers) % 1000


@cache
def can_hold() -> bool:
    """Whether this system tells of data that wait when a low-water mark is taken down."""
    version = re.match(r"(\d+)\.(\d+)", platform.release())
    if sys.platform != "linux" or version is None:
        return False
    return (int(version[1]), int(version[2])) >= TELLING_LINUX


class HeldConnection:
    """The one connection of a channel whose connections are given up after so many milliseconds."""

    def __init__(self, marked_ms: int) -> None:
        self._marked_ms = marked_ms
        self._file: int | None = None

    @contextmanager
    def held(self) -> Iterator[None]:
        """It wakes nobody meanwhile, but for an end or for much at once; as ever where it is not found."""
        if not can_hold():
            yield
            return
        if self._file is None:
            self._file = next((file for file in open_files() if self._set(file, 1)), -1)
        self._set(self._file, HELD_BYTES)
        try:
            yield
        finally:
            self._set(self._file, 1)

    def _set(self, file: int, least: int) -> bool:
        """Sets the mark of an open file if it is our connection; a closed one's number is given again."""
        if sys.platform != "linux" or file < 0:
            return False
        with suppress(OSError), borrowed(file) as found:
            # Anything else that is open refuses the question.
            if found.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == self._marked_ms:
                found.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, least)
                return True
        return False


@contextmanager
def borrowed(file: int) -> Iterator[socket.socket]:
    """An open file as a socket, which stays gRPC's to close. Raises OSError for what is none."""
    found = socket.socket(fileno=file)
    try:
        yield found
    finally:
        found.detach()


def open_files() -> list[int]:
    """The numbers of this process's open files."""
    with suppress(OSError):
        return [int(name) for name in os.listdir(OPEN_FILES)]
    return []
