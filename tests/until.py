"""Waiting, in a coroutine, for what the other side of a socket brings about."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

DEADLINE_SECONDS = 60.0  # only what fails takes it
# What is waited for is often another process, which needs the core more than the one that looks.
LOOK_SECONDS = 0.002


async def until(condition: Callable[[], object], seconds: float = DEADLINE_SECONDS) -> None:
    """Returns once the condition holds; fails after a deadline."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110  # no event tells what happens beyond the socket
            await asyncio.sleep(LOOK_SECONDS)
