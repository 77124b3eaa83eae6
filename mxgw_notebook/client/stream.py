"""One streaming call as an async iterator that always ends at the gateway too."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

import grpc.aio

from mxgw_notebook.client.failures import translated
from mxgw_notebook.client.options import ClientOptions

log = logging.getLogger(__name__)

T = TypeVar("T")


class Stream(AsyncIterator[T], Generic[T]):
    """The items of one streaming call, in order; ends with the gateway's end.

    An async iterator and a context manager. `aclose()`, the end of the `async with`, cancelling the task and
    dropping the last reference (a `break` out of `async for ... in client.stream_alarms()`) all end the call.
    Raises CallError when the call fails.

    Args:
        options: The gateway, for errors.
        name: The call's name in the contract.
        call: The open call; its messages are bytes.
        translate: What an item is made of; None leaves a message out.
        hear: Takes the answer's headers, before the first item.

    A message that cannot be read is left out and counted in `broken`. `when_broken`, where it is set, hears
    why, and ends the stream by raising. One of a kind that this version does not know is left out as well,
    and counted in `unknown`; `when_unknown` is called for it.
    """

    def __init__(
        self,
        options: ClientOptions,
        name: str,
        call: Any,
        translate: Callable[[bytes], T | None],
        hear: Callable[[Any], None] | None = None,
    ) -> None:
        self.broken = self.unknown = 0
        self.when_unknown: Callable[[], None] | None = None
        self.when_broken: Callable[[Exception], None] | None = None
        self._hear = hear
        self._options, self._name, self._call, self._translate = options, name, call, translate

    async def __anext__(self) -> T:
        while True:
            data = await self._read()
            try:
                item = self._translate(data)
            except Exception as error:  # whatever is wrong with one message, the others follow
                self._note_broken(error)
                continue
            if item is not None:
                return item
            self.unknown += 1
            if self.when_unknown is not None:
                self.when_unknown()

    def _note_broken(self, error: Exception) -> None:
        self.broken += 1
        if self.when_broken is not None:
            self.when_broken(error)
        elif self.broken == 1:
            log.warning("%s: a message could not be read, and is left out: %r", self._name, error)

    async def _read(self) -> bytes:
        try:
            data: Any = await self._call.read()
            if self._hear is not None:
                # Once: the headers come before the first message and do not change.
                hear, self._hear = self._hear, None
                hear(await self._call.initial_metadata())
        except grpc.aio.AioRpcError as error:
            raise translated(error, self._name, self._options) from None
        except asyncio.CancelledError:
            # gRPC raises CancelledError for a call that `aclose` ended, and asyncio for a task that somebody
            # gave up. The first is an end like any other; swallowing the second would leave a task that
            # cannot be stopped.
            ours = self._call.cancelled() and not task_is_cancelling()
            await self.aclose()
            if ours:
                raise StopAsyncIteration from None
            raise
        if data is grpc.aio.EOF:
            raise StopAsyncIteration
        payload: bytes = data
        return payload

    async def aclose(self) -> None:
        """Ends the call at the gateway too. Harmless the second time."""
        self._call.cancel()

    # A `break` out of `async for` closes nothing: without this the gateway would go on sending, and a
    # session's one place for a subscriber would stay taken.
    def __del__(self) -> None:
        self._call.cancel()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()


def task_is_cancelling() -> bool:
    """Whether somebody has cancelled the task that runs now."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def whole(message: T) -> T:
    """The message itself, as the item it makes."""
    return message
