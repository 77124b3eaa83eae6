"""Threads for an event loop's blocking calls, which do not outlive a program that is stopped."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from queue import SimpleQueue
from typing import Any, ParamSpec, TypeVar

T = TypeVar("T")
P = ParamSpec("P")

MOST_THREADS = 32
# What a blocking call that runs when the program is stopped still gets: to write a file, not to wait for
# somebody who does not answer.
FINISHING_SECONDS = 0.25


class Threads(ThreadPoolExecutor):
    """Runs a loop's blocking calls. Once `is_hurried`, shutting down does not wait for those that hang.

    The interpreter waits at its end for every thread of a ThreadPoolExecutor, however long a mail server or a
    name server does not answer. These are daemons instead, and `shutdown` does the waiting.
    """

    def __init__(self) -> None:
        super().__init__(MOST_THREADS)
        self.is_hurried = False
        self._calls: SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = SimpleQueue()
        self._free = threading.Semaphore(0)
        self._made: list[threading.Thread] = []

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Has it called by a thread that is free, or a further one."""
        future: Future[T] = Future()
        self._calls.put((future, partial(fn, *args, **kwargs)))
        if not self._free.acquire(blocking=False) and len(self._made) < MOST_THREADS:
            self._made.append(threading.Thread(target=self._call, name="mxgw blocking call", daemon=True))
            self._made[-1].start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Waits for what runs: to its end, or briefly."""
        for _ in self._made:
            self._calls.put(None)
        deadline = time.monotonic() + FINISHING_SECONDS
        for thread in self._made if wait else ():
            thread.join(max(0.0, deadline - time.monotonic()) if self.is_hurried else None)

    def _call(self) -> None:
        while (entry := self._calls.get()) is not None:
            future, call = entry
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(call())
                except BaseException as error:  # whatever it is, who waits for it is told
                    future.set_exception(error)
            self._free.release()
