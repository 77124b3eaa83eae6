"""An endless iterator that looks again and again, until it is closed or what it looks at is."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Generic, Self, TypeVar

from mxgw_notebook.client import LooseEnds, on_its_way, seconds_given

T = TypeVar("T")


class Rounds(AsyncIterator[T], Generic[T]):
    """What a look finds, every so many seconds: an async iterator and context manager.

    Looks wait for whoever iterates, and each takes up all that came since the one before. Giving up waiting
    for one, by a timeout say, loses nothing. When what it looks at is closed there is a last look.

    Args:
        every: Seconds between two looks.
        ends: Where leaving goes on, when nobody can wait for it.
    """

    def __init__(self, every: float, ends: LooseEnds) -> None:
        self._every = seconds_given(every, "every")
        self._ends = ends
        self._ending = asyncio.Event()
        self._is_over = False
        self._next = asyncio.get_running_loop().time() + self._every

    async def look(self) -> T:
        """What has come since the last look."""
        raise NotImplementedError

    async def leave(self) -> None:
        """Gives back what was asked for."""

    def end(self) -> None:
        """One last look, at once."""
        self._ending.set()

    async def __anext__(self) -> T:
        if self._is_over:
            raise StopAsyncIteration
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout_at(self._next):
                await self._ending.wait()
        self._is_over = self._ending.is_set()
        found = await self.look()
        # From now on, not from when it should have been: who is late is not to be hurried.
        self._next = asyncio.get_running_loop().time() + self._every
        return found

    async def aclose(self) -> None:
        """Stops looking. A second call does nothing."""
        await self._close(on_its_way())

    async def _close(self, error: BaseException | None) -> None:
        self._is_over = True
        self._ending.set()
        await self._ends.close("What was followed was not given back", self.leave(), error)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._close(error or on_its_way())
