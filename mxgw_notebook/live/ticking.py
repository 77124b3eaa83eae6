"""A function called again and again on a loop, also after it has failed."""

from __future__ import annotations

import asyncio
import concurrent.futures
import logging
from collections.abc import Callable
from typing import Any

from mxgw_notebook.client import backoff_seconds

log = logging.getLogger(__name__)


class Ticking:
    """Calls a function every so many seconds until `stop`; later and later while it fails.

    Each reason for failing is logged once. `begin` and `stop` may be called from any thread.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, seconds: float, call: Callable[[], None]) -> None:
        self._loop, self._seconds, self._call = loop, seconds, call
        self._stopped = False
        self._reason = ""
        self._waits = backoff_seconds()

    def begin(self) -> None:
        """Calls it for the first time at the loop's next turn."""
        self._loop.call_soon_threadsafe(self._tick)

    def stop(self) -> None:
        """Calls it no more. Harmless the second time."""
        self._stopped = True

    def _tick(self) -> None:
        if self._stopped:
            return
        at = self._loop.time() + self._seconds
        try:
            self._call()
        except Exception as error:  # what is shown must not stand still for good
            at += next(self._waits)
            self._tell(error)
        else:
            if self._reason:
                self._reason, self._waits = "", backoff_seconds()
        finally:  # also when the kernel is interrupted just then
            self._loop.call_at(at, self._tick)

    def _tell(self, error: Exception) -> None:
        reason = f"{type(error).__name__}: {error}"
        if reason != self._reason:
            self._reason = reason
            name = getattr(self._call, "__qualname__", "what is called again and again")
            log.warning("%s: failing: %s", name, reason, exc_info=error)


def log_failure(done: asyncio.Future[Any] | concurrent.futures.Future[Any]) -> None:
    """Logs what a piece of work failed by that nobody waits for."""
    if not done.cancelled() and (error := done.exception()) is not None:
        log.warning("work in the background failed: %s: %s", type(error).__name__, error, exc_info=error)
