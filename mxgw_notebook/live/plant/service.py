"""Running a program until it is told to stop, so that it leaves nothing open behind it."""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import gc
import signal
from collections.abc import Coroutine, Iterator
from typing import Any, TypeVar

from mxgw_notebook.client import Threads

T = TypeVar("T")


def run_until_stopped(work: Coroutine[Any, Any, T]) -> T | None:
    """Runs a program's coroutine to its end; returns None if SIGTERM or Ctrl-C ended it before.

    Both cancel it: every `async with` and `finally` runs, and a plant is closed within two seconds, whatever
    its gateway does. Blocking calls (`asyncio.to_thread`, the look-up of a name) that are then still running
    get a quarter of a second, and end with the process. Call it on the main thread.
    """
    # As an interpreter ends it looks for garbage again and again, among all that was ever imported: half a
    # second, and two on a busy machine, of which whoever stops a service knows nothing.
    atexit.register(gc.freeze)
    with asyncio.Runner() as runner:
        loop, threads = runner.get_loop(), Threads()
        loop.set_default_executor(threads)
        task = loop.create_task(work)
        with cancelled_by_signals(task, threads):
            runner.run(wait_until_over(task))
    return None if task.cancelled() else task.result()


async def wait_until_over(task: asyncio.Task[Any]) -> None:
    """Returns once it is over, however it ended."""
    await asyncio.wait({task})


@contextlib.contextmanager
def cancelled_by_signals(task: asyncio.Task[Any], threads: Threads) -> Iterator[None]:
    """SIGTERM and Ctrl-C cancel the task; in a background job of a shell, too, which ignores the latter."""
    loop = task.get_loop()

    def stop(*_: object) -> None:
        threads.is_hurried = True
        loop.call_soon_threadsafe(task.cancel)

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
