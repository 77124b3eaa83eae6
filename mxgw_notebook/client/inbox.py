"""What has come and was not read yet: bounded, for whoever sends must never have to wait."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from mxgw_notebook.client.stream import OpenStream
from mxgw_notebook.errors import GatewayError

T = TypeVar("T")
UNREAD = 10_000
# As it travels: ten thousand long texts or arrays would be gigabytes.
UNREAD_BYTES = 64 << 20


class Unread(Generic[T]):
    """Items in the order in which they were added; the oldest give way to newer ones, and are counted.

    Of more than 10,000, or of 64 MiB. One alone stays, however large: it may be what is waited for.
    """

    def __init__(self) -> None:
        self.dropped = 0
        self._items: deque[tuple[T, int]] = deque()
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._items)

    def add(self, item: T, size: int = 0) -> None:
        """Adds an item of so many bytes."""
        self._items.append((item, size))
        self._bytes += size
        while len(self) > 1 and (len(self) > UNREAD or self._bytes > UNREAD_BYTES):
            self.take()
            self.dropped += 1

    def take(self) -> T:
        """The oldest, which is then read."""
        item, size = self._items.popleft()
        self._bytes -= size
        return item

    def clear(self) -> None:
        """Forgets what there is; it is not counted."""
        self._items.clear()
        self._bytes = self.dropped = 0


class Inbox(OpenStream[T]):
    """Items in the order in which they were added: an async iterator and context manager.

    It keeps at most 10,000 items or 64 MiB. If you do not read in time, the oldest are dropped and counted in
    `dropped`. If you stop waiting for an item (a timeout, for example), none is lost. After `end`, the
    iterator gives the items that it still has, and ends.

    Args:
        leave: Called when the reader closes this.
        dropped: How many items were dropped before.
    """

    def __init__(self, leave: Callable[[Any], None], dropped: int = 0) -> None:
        self.broken = 0
        self._leave = leave
        self._unread: Unread[T] = Unread()
        self._unread.dropped = dropped
        self._changed = asyncio.Event()
        self._ended = False
        self._failure: GatewayError | None = None

    @property
    def dropped(self) -> int:
        """How many items were dropped because they were not read in time."""
        return self._unread.dropped

    def add(self, item: T, size: int = 0) -> None:
        """Adds an item of this size in bytes. Drops the oldest items if there is no room."""
        self._unread.add(item, size)
        self._changed.set()

    def end(self, failure: GatewayError | None = None) -> None:
        """No more items will come; the failure is raised to the reader."""
        self._ended, self._failure = True, failure
        self._changed.set()

    async def __anext__(self) -> T:
        while not self._unread:
            if self._ended:
                failure, self._failure = self._failure, None
                raise failure or StopAsyncIteration
            self._changed.clear()
            await self._changed.wait()
        return self._unread.take()

    async def aclose(self) -> None:
        """Stops reading. A second call does nothing."""
        self._ended = True
        self._changed.set()
        self._leave(self)

    def __del__(self) -> None:
        self._leave(self)
