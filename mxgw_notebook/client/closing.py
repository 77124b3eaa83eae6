"""Closing that goes on to its end, whatever fails on the way, and never stands in the way of an exception.

Why: DECISIONS.md, "Closing does not delay an exception".
"""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import logging
import sys
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

log = logging.getLogger(__name__)

# How long closing may hold up an exception that is on its way out: a cancelled task has to end at once, and
# a gateway that is there answers in less.
BRIEF_SECONDS = 0.25
# How long closing a client waits for what nobody waited for.
LOOSE_ENDS_SECONDS = 5.0


async def close_each(*steps: Callable[[], Awaitable[object]]) -> None:
    """Takes every step in order, also after one that fails; the first failure is raised at the end.

    Further failures are logged, a line each. A cancellation cuts short the step that it meets; the others
    are taken all the same, briefly, and then it is raised whatever else failed.
    """
    failures: list[BaseException] = []
    hurried = False
    for step in steps:
        try:
            async with asyncio.timeout(BRIEF_SECONDS if hurried else None):
                await step()
        except BaseException as error:  # none is worth a session left open at the gateway
            failures.append(error)
            hurried = hurried or isinstance(error, asyncio.CancelledError)
    # Whoever cancels waits for a cancellation, and would take anything else for a result.
    failures.sort(key=lambda failure: not isinstance(failure, asyncio.CancelledError))
    for further in failures[1:]:
        log.warning("closing: %s: %s", type(further).__name__, further)
    if failures:
        raise failures[0]


def on_its_way() -> BaseException | None:
    """The exception that is being handled where the coroutine that calls this is awaited, in a `finally` say.

    One that is handled further out is none: there a session may be opened and closed as at any other time.
    A cancellation is one wherever it is handled.
    """
    error, frame = sys.exception(), inspect.currentframe()
    if error is None or isinstance(error, asyncio.CancelledError) or error.__traceback__ is None:
        return error
    awaited = frame.f_back.f_back if frame is not None and frame.f_back is not None else None
    return error if error.__traceback__.tb_frame is awaited else None


def note(error: BaseException, what: str, failure: BaseException | None) -> None:
    """Says on an exception that is on its way what else has failed; None is a time that was too short."""
    if failure is None or isinstance(failure, TimeoutError):
        why = f"not done within {BRIEF_SECONDS:g} s"
    else:
        why = f"{type(failure).__name__}: {failure}"
    error.add_note(f"{what}: {why}")


class LooseEnds:
    """What goes on though nobody waits for it any more. Its owner ends it."""

    def __init__(self) -> None:
        self._tasks: dict[asyncio.Future[Any], float] = {}

    async def close(self, what: str, work: Coroutine[Any, Any, object], error: BaseException | None) -> None:
        """Waits for something to be closed, and raises what that fails by.

        With an exception on its way it waits briefly, and a failure is noted on that exception. A
        cancellation meanwhile ends the waiting at once. What was not waited for goes on here.
        """
        closing = asyncio.ensure_future(work)
        try:
            await asyncio.wait({closing}, timeout=None if error is None else BRIEF_SECONDS)
        except asyncio.CancelledError:
            self.keep(closing, BRIEF_SECONDS)
            raise
        if error is None:
            await closing
        elif not closing.done():
            self.keep(closing, 0.0)
            note(error, what, None)
        elif not closing.cancelled() and (failure := closing.exception()) is not None:
            note(error, what, failure)

    def begin(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Begins something that nobody waits for."""
        self.keep(asyncio.ensure_future(work()), BRIEF_SECONDS)

    def keep(self, task: asyncio.Future[Any], seconds: float) -> None:
        """Lets it go on; an owner that is closed in a hurry leaves it so many seconds from now."""
        self._tasks[task] = asyncio.get_running_loop().time() + seconds
        task.add_done_callback(self._forget)

    def _forget(self, task: asyncio.Future[Any]) -> None:
        del self._tasks[task]
        if not task.cancelled() and (failure := task.exception()) is not None:
            log.info("closing: %s: %s", type(failure).__name__, failure)

    async def end(self, *, hurried: bool) -> None:
        """Waits for all of it a while, and ends the rest."""
        try:
            if self._tasks:
                now = asyncio.get_running_loop().time()
                left = max(self._tasks.values()) - now if hurried else LOOSE_ENDS_SECONDS
                await asyncio.wait(set(self._tasks), timeout=max(0.0, left))
        finally:
            for task in list(self._tasks):
                with contextlib.suppress(RuntimeError):  # its loop is closed, and it with that
                    task.cancel()
