"""Stores that are no folders: one without renames that fails when it is told to, and S3 over a real wire."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

import fsspec
from fsspec.implementations.local import LocalFileSystem

from tests.conftest import Eventually

PROTOCOL = "unsteady"


class Unsteady(LocalFileSystem):  # type: ignore[misc]  # fsspec has no types
    """A store that takes whole files and gives them, renames none, and may be away."""

    protocol = PROTOCOL
    is_away: ClassVar[bool] = False
    # Of so many puts every second one fails in the midst.
    failing: ClassVar[int] = 0
    puts: ClassVar[list[str]] = []
    # Called with the number of each change, before and after it: it may look, or raise.
    changing: ClassVar[Callable[[int, bool], None] | None] = None
    changes: ClassVar[int] = 0

    def put_file(self, lpath: str, rpath: str, **settings: Any) -> None:
        """Takes a file, whole."""
        self._look()
        type(self).puts.append(self._strip_protocol(rpath))
        if type(self).failing and len(type(self).puts) % 2:
            type(self).failing -= 1
            raise ConnectionResetError("the store hung up")
        target = Path(self._strip_protocol(rpath))
        target.parent.mkdir(parents=True, exist_ok=True)
        # As a store shows an object: not before it is there.
        shutil.copyfile(lpath, part := Path(lpath).with_name(".going"))
        self._change(lambda: part.replace(target))

    def rm_file(self, path: str) -> None:
        """Removes a file."""
        self._look()
        self._change(lambda: Path(self._strip_protocol(path)).unlink())

    def mv(self, *_: Any, **__: Any) -> None:
        """There is no such thing."""
        raise NotImplementedError

    mv_file = rename = mv

    def info(self, path: str, **settings: Any) -> Any:
        """What is known of a file."""
        self._look()
        return super().info(path, **settings)

    def _change(self, work: Callable[[], object]) -> None:
        number, told = type(self).changes, type(self).changing or (lambda *_: None)
        type(self).changes += 1
        told(number, False)
        work()
        told(number, True)

    def _look(self) -> None:
        if type(self).is_away:
            raise ConnectionRefusedError("the store is away")


fsspec.register_implementation(PROTOCOL, Unsteady, clobber=True)


@contextmanager
def s3_server(eventually: Eventually) -> Iterator[str]:
    """The address of an S3 of this computer, with a bucket `plant`, in a process of its own."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        eventually(lambda: is_there(address))
        make_bucket(address)
        yield address
    finally:
        server.terminate()
        server.wait()


def is_there(address: str) -> bool:
    """Whether the server answers."""
    try:
        with urllib.request.urlopen(f"{address}/moto-api/data.json", timeout=5) as answer:
            return bool(json.load(answer) is not None)
    except OSError:
        return False


def make_bucket(address: str) -> None:
    """An S3 has no folders, and no bucket that nobody has made."""
    request = urllib.request.Request(f"{address}/plant", method="PUT")
    with urllib.request.urlopen(request, timeout=5):
        pass
