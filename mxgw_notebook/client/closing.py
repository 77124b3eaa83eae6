"""Closing that goes on to its end, whatever fails on the way."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)


async def close_each(*steps: Callable[[], Awaitable[object]]) -> None:
    """Takes every step in order, also after one that fails; the first failure is raised at the end.

    Further failures are logged, a line each. A cancellation cuts short the step that it meets; the others
    are taken all the same, and then it is raised whatever else failed.
    """
    failures: list[BaseException] = []
    for step in steps:
        try:
            await step()
        except BaseException as error:  # none is worth a session left open at the gateway
            failures.append(error)
    # Whoever cancels waits for a cancellation, and would take anything else for a result.
    failures.sort(key=lambda failure: not isinstance(failure, asyncio.CancelledError))
    for further in failures[1:]:
        log.warning("closing: %s: %s", type(further).__name__, further)
    if failures:
        raise failures[0]
