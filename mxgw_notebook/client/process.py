"""The process that something was made in: a fork copies memory, but neither threads nor connections.

Why: DECISIONS.md, "A forked process does not connect again".
"""

from __future__ import annotations

import os
from collections.abc import Coroutine
from typing import Any

from mxgw_notebook.errors import NotConnectedError

HINT = "Connect in a process that is started new, not forked: multiprocessing.get_context('spawn')."


class MakerProcess:
    """The process that made what has this. In a fork of it nothing that waits for a thread ever returns."""

    def __init__(self) -> None:
        self._id = os.getpid()

    @property
    def is_this_one(self) -> bool:
        """Whether it is the process that asks; False in one that was forked from it."""
        return os.getpid() == self._id

    def check(self, work: Coroutine[Any, Any, Any] | None = None) -> None:
        """Raises NotConnectedError in a process that was forked from the maker; `work` is not done then."""
        if not self.is_this_one:
            if work is not None:
                work.close()  # one that is never awaited would be complained of
            # Not "connect again here": gRPC that was used before a fork ends the forked process with a crash.
            raise NotConnectedError("This process was forked from the one that connected", hint=HINT)
