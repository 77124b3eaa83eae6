"""A bounded queue toward one reader of a stream."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from typing import Generic, TypeVar

Message = TypeVar("Message")


class Mailbox(Generic[Message]):
    """Keeps the newest `most` messages. What has to go for them is counted and lost."""

    def __init__(self, most: int) -> None:
        self.lost = 0
        self._most = most
        self._messages: deque[Message] = deque()
        self._news = asyncio.Event()
        self._closed = False

    def put(self, message: Message) -> None:
        """Takes a message; where there is no room, the oldest goes."""
        if len(self._messages) >= self._most:
            self.lost += 1
            self._messages.popleft()
        self._messages.append(message)
        self._news.set()

    def close(self) -> None:
        """Ends the reading once what waits has been read."""
        self._closed = True
        self._news.set()

    async def read(self) -> AsyncIterator[Message]:
        """Every message in order, for one reader."""
        while True:
            while self._messages:
                yield self._messages.popleft()
            if self._closed:
                return
            # After the look and before the wait, without an await between them: nothing can come unnoticed.
            self._news.clear()
            await self._news.wait()
