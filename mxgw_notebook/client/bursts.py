"""One streaming call that a thread reads, for who does nothing but follow it: its messages come in bursts.

gRPC's asyncio needs ten times as long for a message as a blocking call does, and wakes the loop for each.

Why: DECISIONS.md, "Alarms are read by a thread, in bursts".
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import deque
from collections.abc import Callable
from functools import partial
from itertools import islice
from typing import Any, TypeVar

import grpc

from mxgw_notebook.client.channel import open_reader_channel
from mxgw_notebook.client.contract import CALLS
from mxgw_notebook.client.failures import mistaken
from mxgw_notebook.client.fast_events import messages
from mxgw_notebook.client.options import ClientOptions
from mxgw_notebook.client.stream import TranslatedStream

T = TypeVar("T")
# After a burst the loop is left alone for so long: what comes meanwhile is read in one go.
GATHER_SECONDS = 0.01
# Of more than so many at once the loop's other work has its turn in between.
A_TURN = 250
# Who does not keep up is not to fill the memory: beyond this the reader waits, and with it the gateway.
MOST_WAITING, MOST_BYTES = 20_000, 64 << 20
JOIN_SECONDS = 5.0


class BurstStream(TranslatedStream[T]):
    """The items of one streaming call, on a thread and a channel of its own; handed on by `hand_to` alone.

    Use it by `async with`: the thread reads until it is closed. Nothing is dropped.

    Args:
        options: The gateway.
        name: The call's name in the contract.
        request: Its message, serialised.
        translate: Makes an item from a message; None leaves the message out.
        hear: Called with the answer's headers, before the first item.
    """

    def __init__(
        self,
        options: ClientOptions,
        name: str,
        request: bytes,
        translate: Callable[[bytes], T | None],
        hear: Callable[[Any], None],
    ) -> None:
        super().__init__(options, name, translate)
        self.wakes = 0  # of the loop
        self._hear = hear
        self._waiting: deque[bytes] = deque()
        self._came_bytes = self._left_bytes = 0  # each grows on one thread alone
        self._ended, self._stopping, self._room = False, False, threading.Event()
        self._loop, self._came, self._is_told = asyncio.get_running_loop(), asyncio.Event(), False
        self._failed: grpc.RpcError | None = None
        self._mistake: Exception | None = None
        self._channel = open_reader_channel(options)
        stream: Any = self._channel.unary_stream(CALLS[name].path)
        self._call = stream(request, metadata=options.metadata)
        self._thread = threading.Thread(target=self._read, name=f"mxgw {name}", daemon=True)

    async def hand_to(self, take: Callable[[T], None]) -> None:
        """Calls `take` with each item until the end. Cancelling it ends the call."""
        self._thread.start()
        try:
            while not self._ended or self._waiting:
                await self._came.wait()
                await self._hand_on(take)
                await asyncio.sleep(GATHER_SECONDS)
        finally:
            await self.aclose()
        # Made here: who is told that there was no connection works on the loop.
        if self._failed is not None:
            raise self._failure(self._failed)
        if self._mistake is not None:
            raise mistaken(self._mistake, self._name, self._options)

    async def _hand_on(self, take: Callable[[T], None]) -> None:
        """All that is there."""
        # Before it is looked at: what comes from here on tells of itself.
        self._came.clear()
        self._is_told = False
        self.wakes += 1
        while self._waiting:
            for _ in range(min(len(self._waiting), A_TURN)):
                data = self._waiting.popleft()
                self._left_bytes += len(data)
                if (item := self._item(data)) is not None:
                    take(item)
            self._room.set()
            await asyncio.sleep(0)

    async def aclose(self) -> None:
        """Ends the call at the gateway too, and the thread. A second call does nothing."""
        self._stopping = True
        self._room.set()
        self._call.cancel()
        if self._thread.ident is None:  # it was never begun
            self._channel.close()
        if not self._thread.is_alive():
            return
        try:
            await asyncio.to_thread(self._thread.join, JOIN_SECONDS)
        except RuntimeError:  # the interpreter is ending: there are no threads to be had any more
            self._thread.join(JOIN_SECONDS)

    # -------------------------------------------------------------- on the thread

    def _read(self) -> None:
        try:
            coming = messages(self._call)
            for first in islice(coming, 1):  # with it come the headers
                self._tell(partial(self._hear, self._call.initial_metadata()))
                self._add(first)
            for data in coming:
                self._add(data)
        except grpc.RpcError as failure:
            if not self._stopping:
                self._failed = failure
        except Exception as mistake:  # without a reason it would look like the gateway's own end
            self._mistake = mistake
        finally:
            self._channel.close()
            self._ended = True
            self._tell(self._came.set)

    def _add(self, data: bytes) -> None:
        """One more waits for the loop, once there is room for it."""
        while not self._has_room() and not self._stopping:
            self._room.clear()
            if not self._has_room():  # made before it was cleared: nobody would set it again
                self._room.wait()
        self._waiting.append(data)
        self._came_bytes += len(data)
        if not self._is_told:  # the loop is told once of all that it has yet to look at
            self._is_told = True
            self._tell(self._came.set)

    def _has_room(self) -> bool:
        return len(self._waiting) < MOST_WAITING and self._came_bytes - self._left_bytes < MOST_BYTES

    def _tell(self, call: Callable[[], object]) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is gone, and with it everybody who cares
            self._loop.call_soon_threadsafe(call)
