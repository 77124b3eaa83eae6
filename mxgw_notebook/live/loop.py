"""The one thread on which everything of asyncio and gRPC runs."""

from __future__ import annotations

import asyncio
import atexit
import concurrent.futures
import contextlib
import os
import threading
from collections.abc import Callable, Coroutine
from functools import cache
from typing import Any, Generic, TypeVar

from mxgw_notebook.client import MakerProcess
from mxgw_notebook.errors import GatewayError
from mxgw_notebook.live.ticking import Ticking, log_failure

T = TypeVar("T")
# How long an interrupt waits at most before it is noticed; Python delivers it between slices.
SLICE_SECONDS = 0.1


class LoopThread:
    """A daemon thread with an asyncio loop; a gRPC channel belongs to the loop that made it."""

    def __init__(self) -> None:
        self._maker = MakerProcess()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, name="mxgw loop", daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of a coroutine run on the loop thread. An interrupt cancels it and is raised here."""
        self._maker.check(work)
        if threading.current_thread() is self._thread:
            work.close()
            raise GatewayError(
                "A blocking call was made on the loop thread", hint="Await the client's method there instead."
            )
        call = Interruptible(work)
        try:
            future = asyncio.run_coroutine_threadsafe(call.result(), self._loop)
            while True:
                try:
                    return future.result(SLICE_SECONDS)
                except concurrent.futures.TimeoutError:
                    if future.done():  # just now, or it is the coroutine's own TimeoutError
                        return future.result()
        except BaseException:
            with contextlib.suppress(RuntimeError):  # the loop has ended, and with it all that ran there
                self._loop.call_soon_threadsafe(call.give_up)
            raise

    def start(self, work: Coroutine[Any, Any, Any]) -> None:
        """Runs a coroutine without waiting for it; what it fails by is logged."""
        self._maker.check(work)
        asyncio.run_coroutine_threadsafe(work, self._loop).add_done_callback(log_failure)

    def every(self, seconds: float, call: Callable[[], None]) -> Callable[[], None]:
        """Calls a function again and again on the loop thread until the returned function is called.

        One that fails is logged, and called on at longer intervals.
        """
        self._maker.check()
        ticking = Ticking(self._loop, seconds, call)
        ticking.begin()
        return ticking.stop

    def stop(self) -> None:
        """Ends the loop, its tasks cancelled, and the thread. Harmless the second time, and in a fork."""
        # What a fork has of the loop are the parent's own selector and sockets.
        if self._maker.is_this_one and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(timeout=5)

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_forever()
        finally:
            tasks = asyncio.all_tasks(self._loop)
            for task in tasks:
                task.cancel()
            self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.close()


class Interruptible(Generic[T]):
    """A coroutine that can be given up at any moment, also before it has begun.

    An interrupt may come before whoever starts a coroutine has anything to cancel it by. All of this runs on
    the loop thread.
    """

    def __init__(self, work: Coroutine[Any, Any, T]) -> None:
        self._work = work
        self._task: asyncio.Task[Any] | None = None
        self._given_up = False

    async def result(self) -> T:
        """The coroutine's."""
        if self._given_up:
            self._work.close()
            raise asyncio.CancelledError
        self._task = asyncio.current_task()
        return await self._work

    def give_up(self) -> None:
        """Cancels it. Harmless when it is over."""
        self._given_up = True
        if self._task is not None:
            self._task.cancel()


def loop_thread() -> LoopThread:
    """The process's loop thread, started on first use; a forked process has one of its own."""
    return loop_thread_of(os.getpid())


@cache
def loop_thread_of(process: int) -> LoopThread:
    """The parent's stays here in a fork: let go, it would be closed, and with it the parent's selector."""
    del process
    thread = LoopThread()
    atexit.register(thread.stop)
    return thread
