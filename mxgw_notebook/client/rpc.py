"""Calls and streams on one channel, by the names they have in the contract."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar
from weakref import WeakSet

import grpc.aio
from google.protobuf.message import DecodeError, Message

from mxgw_notebook.client.arming import Gate
from mxgw_notebook.client.backoff import backoff_seconds
from mxgw_notebook.client.clock import GatewayClock
from mxgw_notebook.client.closing import LooseEnds, close_each
from mxgw_notebook.client.contract import CALLS
from mxgw_notebook.client.failures import translated, unreadable
from mxgw_notebook.client.options import ClientOptions
from mxgw_notebook.client.process import MakerProcess
from mxgw_notebook.client.secret import strike_out
from mxgw_notebook.client.stream import Stream, await_ends, task_is_cancelling
from mxgw_notebook.errors import GatewayUnavailableError, SessionClosedError

T = TypeVar("T")
# Doing these twice does no harm, so says the gateway's documentation; anything else is sent once.
SAFE_CALLS = frozenset(
    ("CloseSession", "TestConnection", "GetLastDeployTime", "DiscoverHierarchy", "BrowseChildren")
)
RETRY_FIRST_SECONDS = 0.2
RETRY_LONGEST_SECONDS = 2.0


class Rpc:
    """Every call and stream of one channel."""

    def __init__(self, channel: grpc.aio.Channel, options: ClientOptions) -> None:
        self.options = options
        self.channel = channel
        self.clock = GatewayClock(options)
        self.gate = Gate(options.target)
        self.loose_ends = LooseEnds()
        self._maker = MakerProcess()
        self._open: WeakSet[Stream[Any]] = WeakSet()
        self._closed = False

    async def unary(
        self,
        name: str,
        request: Message,
        *,
        timeout: float | None = None,
        about: str = "",
        safe: bool | None = None,
        parse: Callable[[bytes], Any] | None = None,
    ) -> Any:
        """The reply's message, or what `parse` makes of its bytes.

        Args:
            name: The call.
            request: Its message.
            timeout: Seconds; the client's own unless told.
            about: What the call is for, where its name says little: errors show it.
            safe: Whether an unavailable gateway is asked again; by default the contract decides.
            parse: Takes the reply as it came; by default it becomes the call's message.

        Raises:
            CallError: By the gRPC status; UNKNOWN for a reply that cannot be read.
            SessionClosedError: This client is closed.
            NotConnectedError: This process was forked from the one that connected.
        """
        again = name in SAFE_CALLS if safe is None else safe
        attempts = 1 + (self.options.retries if again else 0)
        waits = itertools.islice(backoff_seconds(RETRY_FIRST_SECONDS, RETRY_LONGEST_SECONDS), attempts - 1)
        seconds = self.options.timeout if timeout is None else timeout
        while True:
            try:
                reply = await self._send_once(name, request, seconds, about)
            except GatewayUnavailableError:
                wait = next(waits, None)
                if wait is None:
                    raise
                await asyncio.sleep(wait)
            else:
                break
        try:
            return (parse or CALLS[name].parse)(reply)
        except DecodeError as error:
            raise unreadable(error, shown(name, about), self.options) from None

    async def _send_once(self, name: str, request: Message, timeout: float, about: str) -> bytes:
        self._check()
        method: Any = self.channel.unary_unary(CALLS[name].path)
        try:
            call = method(request.SerializeToString(), timeout=timeout, metadata=self.options.metadata)
            reply: bytes = await call
            self.clock.hear(await call.initial_metadata())
        except grpc.aio.AioRpcError as error:
            raise translated(error, shown(name, about), self.options) from None
        except grpc.aio.UsageError:
            raise SessionClosedError(f"{shown(name, about)} was not sent: the client is closed") from None
        except asyncio.CancelledError:
            # Closing the channel cancels its calls, which is not to cancel whoever waits for them.
            if self._closed and not task_is_cancelling():
                given_up = SessionClosedError(f"{shown(name, about)} was given up: the client was closed")
                given_up.may_be_done = True
                raise given_up from None
            raise
        return strike_out(reply, CALLS[name].reply, self.options.api_key)

    def stream(
        self,
        name: str,
        request: Message,
        translate: Callable[[Any], T | None],
        *,
        timeout: float | None = None,
    ) -> Stream[T]:
        """An open stream; `translate` makes an item of each message, or leaves it out with None.

        One that has to have an end fails after `timeout` seconds.
        """
        self._check()
        parse, kind = CALLS[name].parse, CALLS[name].reply
        method: Any = self.channel.unary_stream(CALLS[name].path)
        call = method(request.SerializeToString(), timeout=timeout, metadata=self.options.metadata)
        opened = Stream(
            self.options,
            name,
            call,
            lambda data: translate(parse(strike_out(data, kind, self.options.api_key))),
            self.clock.hear,
        )
        self._open.add(opened)
        return opened

    async def close(self, *, hurried: bool = False) -> None:
        """Ends every stream, then the channel, after what nobody waited for. Harmless the second time."""
        self._maker.check()
        self.gate.disarm()
        ending = partial(self.loose_ends.end, hurried=hurried)
        await close_each(ending, self._end_streams, self.channel.close, await_ends)

    async def _end_streams(self) -> None:
        self._closed = True
        await close_each(*(stream.aclose for stream in list(self._open)))

    def _check(self) -> None:
        self._maker.check()
        if self._closed:
            raise SessionClosedError(f"The client of {self.options.target} is closed")


def shown(name: str, about: str) -> str:
    """A call as errors show it."""
    return f"{name} ({about})" if about else name
