"""One streaming call as an async iterator that always ends at the gateway too.

Why: DECISIONS.md, "A cancelled wait does not end a stream".
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

import grpc.aio

from mxgw_notebook.client.closing import BRIEF_SECONDS
from mxgw_notebook.client.failures import translated
from mxgw_notebook.client.options import ClientOptions
from mxgw_notebook.errors import CallError, GatewayUnavailableError

log = logging.getLogger(__name__)

T = TypeVar("T")
# A call that was cancelled has ended in a millisecond or two, whatever the gateway does.
END_SECONDS = 0.05


class Opened:
    """What is open until it is closed: a context manager."""

    async def aclose(self) -> None:
        """Ends it. A second call does nothing."""
        raise NotImplementedError

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()


class OpenStream(Opened, AsyncIterator[T], Generic[T]):
    """Items that come one by one until it is closed: an async iterator and a context manager.

    `broken` counts items that could not be read.
    """

    broken: int


class TranslatedStream(Opened, Generic[T]):
    """The items that the messages of one streaming call make.

    A message that cannot be read is left out and counted in `broken`. If `when_broken` is set, it gets the
    reason, and can end the stream by raising. A message of a kind that this version does not know is left out
    and counted in `unknown`, and `when_unknown` is called. `when_unconnected` is called if the call failed
    because no connection was made.
    """

    def __init__(self, options: ClientOptions, name: str, translate: Callable[[bytes], T | None]) -> None:
        self.broken = self.unknown = 0
        self.when_unknown: Callable[[], None] | None = None
        self.when_broken: Callable[[Exception], None] | None = None
        self.when_unconnected: Callable[[], object] | None = None
        self._options, self._name, self._translate = options, name, translate

    def _failure(self, error: grpc.RpcError) -> CallError:
        made = translated(error, self._name, self._options)
        if isinstance(made, GatewayUnavailableError) and not made.may_be_done and self.when_unconnected:
            self.when_unconnected()
        return made

    def _item(self, data: bytes) -> T | None:
        """What a message is; None where it is left out."""
        try:
            item = self._translate(data)
        except Exception as error:  # whatever is wrong with one message, the others follow
            self._note_broken(error)
            return None
        if item is None:
            self.unknown += 1
            if self.when_unknown is not None:
                self.when_unknown()
        return item

    def _note_broken(self, error: Exception) -> None:
        self.broken += 1
        if self.when_broken is not None:
            self.when_broken(error)
        elif self.broken == 1:
            log.warning("%s: a message could not be read, and is left out: %r", self._name, error)


class Stream(TranslatedStream[T], OpenStream[T]):
    """The items of one streaming call, in order; it ends when the gateway ends it.

    An async iterator and a context manager. The call ends with `aclose()`, with the end of the `async with`,
    and when the last reference is dropped. It therefore also ends with a `break` out of `async for ... in
    client.stream_alarms()`, or when that task is cancelled. If you cancel the waiting for one item, as
    `wait_for(anext(stream), 1.0)` does, no item is lost: the next call has it. Raises CallError when the call
    fails.

    Args:
        options: The gateway, for errors.
        name: The call's name in the contract.
        call: The open call; its messages are bytes.
        translate: Makes an item from a message; None leaves the message out.
        hear: Called with the answer's headers, before the first item.
    """

    def __init__(
        self,
        options: ClientOptions,
        name: str,
        call: Any,
        translate: Callable[[bytes], T | None],
        hear: Callable[[Any], None] | None = None,
    ) -> None:
        super().__init__(options, name, translate)
        self._hear, self._call = hear, call
        self._reading: asyncio.Task[Any] | None = None  # a message that somebody has begun to wait for

    async def __anext__(self) -> T:
        while True:
            reading = self._reading = self._reading or self._begin()
            try:
                # gRPC ends a call whose read is cancelled: who gives up waiting must not meet it.
                data = await asyncio.shield(reading)
            except asyncio.CancelledError:
                # Of a call that `aclose` ended, which is an end like any other; or of the task that waits.
                is_end = reading.cancelled() and not task_is_cancelling()
                # Whoever keeps the exception keeps this frame, and would so keep the call open.
                del self
                if is_end:
                    raise StopAsyncIteration from None
                raise
            except grpc.aio.AioRpcError as error:
                self._reading = None
                raise self._failure(error) from None
            self._reading = None
            if data is grpc.aio.EOF:
                raise StopAsyncIteration
            item = self._item(data)
            if item is not None:
                return item

    async def hand_to(self, take: Callable[[T], None]) -> None:
        """Calls `take` with each item until the end. Cancelling it ends the call.

        It costs a third of iterating, for a caller that does nothing but read.
        """
        try:
            while (data := await message_of(self._call, self._take_hear())) is not grpc.aio.EOF:
                if (item := self._item(data)) is not None:
                    take(item)
        except grpc.aio.AioRpcError as error:
            raise self._failure(error) from None
        except asyncio.CancelledError:
            if task_is_cancelling():
                raise
        finally:
            await self.aclose()

    def _begin(self) -> asyncio.Task[Any]:
        """Waits for one message in a task of its own, which holds the call and not this stream."""
        reading = asyncio.ensure_future(message_of(self._call, self._take_hear()))
        reading.add_done_callback(look_at)
        return reading

    def _take_hear(self) -> Callable[[Any], None] | None:
        # Once: the headers come before the first message and do not change.
        hear, self._hear = self._hear, None
        return hear

    async def aclose(self) -> None:
        """Ends the call at the gateway too. A second call does nothing."""
        self._call.cancel()
        if self._reading is not None:
            await asyncio.wait({self._reading}, timeout=BRIEF_SECONDS)

    # A `break` out of `async for` closes nothing: without this the gateway would go on sending, and a
    # session's one place for a subscriber would stay taken.
    def __del__(self) -> None:
        self._call.cancel()


async def message_of(call: Any, hear: Callable[[Any], None] | None) -> Any:
    """The call's next message, or EOF; `hear` takes the answer's headers."""
    data = await call.read()
    if hear is not None:
        hear(await call.initial_metadata())
    return data


async def await_ends() -> None:
    """Waits a moment for the ends that gRPC has still to hear of calls that were cancelled.

    A loop that is closed before, as `asyncio.run` closes its own, gets that news all the same, and prints a
    traceback about it. gRPC gives nothing else to wait for; other calls that go on here only use up the time.
    """
    ends = [task for task in asyncio.all_tasks() if is_end(task)]
    if ends:
        await asyncio.wait(ends, timeout=END_SECONDS)


def is_end(task: asyncio.Task[Any]) -> bool:
    """Whether a task is gRPC's own, which waits for the end of a call."""
    return getattr(task.get_coro(), "__qualname__", "").endswith("._handle_status_once_received")


def look_at(reading: asyncio.Task[Any]) -> None:
    """Nobody may be left to hear how a read ended; then nobody is to be told that nobody did."""
    if not reading.cancelled():
        reading.exception()


def task_is_cancelling() -> bool:
    """Whether somebody has cancelled the task that runs now."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def whole(message: T) -> T:
    """The message itself, as the item it makes."""
    return message
