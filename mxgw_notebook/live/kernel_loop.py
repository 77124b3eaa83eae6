"""The kernel's own loop, for a client that was opened with a top-level `await`.

A gRPC channel belongs to the loop that made it, so a blocking call on such a client has to re-enter the loop
that is running already. That is what nest-asyncio2 is for; nothing else here uses it.

Why: DECISIONS.md, "nest-asyncio2 instead of nest-asyncio".
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from mxgw_notebook.client import MakerProcess
from mxgw_notebook.live.ticking import Ticking, log_failure

T = TypeVar("T")


class KernelLoop:
    """Runs coroutines on a loop that is already running on this thread. Made on that loop's thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._maker = MakerProcess()
        self._tasks: set[asyncio.Task[Any]] = set()
        import nest_asyncio2  # a notebook's alone: services have no use for it

        nest_asyncio2.apply(loop)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """The coroutine's result. An interrupt cancels it and is raised here."""
        self._maker.check(work)
        task = self._loop.create_task(work)
        try:
            return self._loop.run_until_complete(task)
        except KeyboardInterrupt:
            task.cancel()
            raise

    def start(self, work: Coroutine[Any, Any, Any]) -> None:
        """Runs a coroutine without waiting for it; what it fails by is logged."""
        self._maker.check(work)

        def begin() -> None:
            task = self._loop.create_task(work)
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            task.add_done_callback(log_failure)

        self._loop.call_soon_threadsafe(begin)

    def every(self, seconds: float, call: Callable[[], None]) -> Callable[[], None]:
        """Calls a function again and again on the loop until the returned function is called.

        One that fails is logged, and called on at longer intervals. The loop is the kernel's: while a cell
        computes, nothing is called.
        """
        self._maker.check()
        ticking = Ticking(self._loop, seconds, call)
        ticking.begin()
        return ticking.stop
