"""Recorders in processes of their own, each until it is killed."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from mxgw_notebook.gateway import connect
from tests.conftest import KEY
from tests.history import places  # noqa: F401  it makes a store known here, too

# Most of a start is imports: where there are forks they are made once, by a process that does nothing else.
METHOD = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
STARTING: Any = multiprocessing.get_context(METHOD)
STARTING.set_forkserver_preload([__name__])


class KilledRecorder:
    """Records tags from its making on, until `kill`.

    `told` samples stand on the disk for certain, and all that came until `until_ns`.
    """

    def __init__(self, endpoint: str, folder: Path | str, tags: Sequence[str], **environment: str) -> None:
        self.told = self.until_ns = 0
        self._telling, far = STARTING.Pipe(duplex=False)
        self._process = STARTING.Process(
            target=record, args=(endpoint, str(folder), tags, far, {**os.environ, **environment}), daemon=True
        )
        self._process.start()
        far.close()

    def wait(self, count: int, seconds: float) -> None:
        """Until it has told so many, and so long after that."""
        while self.told < count:
            self.told, self.until_ns = self._telling.recv()
        self._process.join(seconds)

    def kill(self) -> int:
        """Ends it where it stands, and answers what it had told until then."""
        self._process.kill()
        self._process.join()
        try:
            while True:
                self.told, self.until_ns = self._telling.recv()
        except (EOFError, OSError):  # the last word may be half of one
            self._telling.close()
        return self.told


def record(
    endpoint: str, folder: str, tags: Sequence[str], telling: Connection, environment: Mapping[str, str]
) -> None:
    """Records, and tells how many samples stand on the disk for certain, again and again."""
    os.environ.clear()  # the process of which this one is a fork has that of the first test
    os.environ.update(environment)
    recorder = connect(endpoint, api_key=KEY, plaintext=True).watch(tags).record(
        folder, plant="plant", least_free=0
    )  # fmt: skip
    pause, told = threading.Event(), -1
    while True:
        if recorder.acknowledged != told:
            told = recorder.acknowledged
            telling.send((told, recorder.until_ns))
        pause.wait(0.005)
