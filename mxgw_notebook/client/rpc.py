"""Calls and streams at the gateway in use, by the names they have in the contract."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar
from weakref import WeakSet

import grpc
import grpc.aio
from google.protobuf.message import DecodeError, Message

from mxgw_notebook.client.arming import Gate
from mxgw_notebook.client.backoff import backoff_seconds
from mxgw_notebook.client.bursts import BurstStream
from mxgw_notebook.client.channel import open_channel
from mxgw_notebook.client.clock import GatewayClock
from mxgw_notebook.client.closing import LooseEnds, close_each
from mxgw_notebook.client.contract import CALLS
from mxgw_notebook.client.failures import translated, unreadable
from mxgw_notebook.client.options import ClientOptions
from mxgw_notebook.client.process import MakerProcess
from mxgw_notebook.client.secret import strike_out
from mxgw_notebook.client.stream import Stream, TranslatedStream, await_ends, task_is_cancelling
from mxgw_notebook.errors import (
    CallTimeoutError,
    GatewayError,
    GatewayUnavailableError,
    NotFoundError,
    SessionClosedError,
)

log = logging.getLogger(__name__)

T = TypeVar("T")
# Doing these twice does no harm, so says the gateway's documentation; anything else is sent once.
SAFE_CALLS = frozenset(
    ("CloseSession", "TestConnection", "GetLastDeployTime", "DiscoverHierarchy", "BrowseChildren")
)
RETRY_FIRST_SECONDS = 0.2
RETRY_LONGEST_SECONDS = 2.0


class Rpc:
    """Every call and stream of one client, on the channel of the endpoint in use."""

    def __init__(self, options: ClientOptions) -> None:
        self.options = options
        # One an endpoint: what is under way at the one before goes on there to its own end.
        self._channels = {options.target: open_channel(options)}
        self._away: set[str] = set()  # those of which the log has it
        self.clock = GatewayClock(options)
        self.gate = Gate(options.plant or options.target)
        if options.read_only:
            self.gate.bar("it is read-only, as its options or mxgw.toml say")
        self.loose_ends = LooseEnds()
        # Where the gateway is a process of ours: what to say once it runs no more.
        self.ending: Callable[[], GatewayError | None] = lambda: None
        self._maker = MakerProcess()
        self._open: WeakSet[TranslatedStream[Any]] = WeakSet()
        self._closed = False

    @property
    def channel(self) -> grpc.aio.Channel:
        """The one to the endpoint in use."""
        return self._channels[self.options.target]

    def move_on(self, target: str) -> bool:
        """The next endpoint is used from now on, if that one still is; whether there is another."""
        if len(self.options.targets) == 1:
            return False
        if target == self.options.target and not self._closed:
            self.options = self.options.turned()
            told = target in self._away
            log.log(
                logging.DEBUG if told else logging.WARNING,
                "%s is away: %s is tried",
                target,
                self.options.target,
            )
            self._away.add(target)
            if self.options.target not in self._channels:
                self._channels[self.options.target] = open_channel(self.options)
        return True

    async def unary(
        self,
        name: str,
        request: Message,
        *,
        timeout: float | None = None,
        about: str = "",
        safe: bool | None = None,
        parse: Callable[[bytes], Any] | None = None,
        at: str = "",
    ) -> Any:
        """The reply's message, or what `parse` makes of its bytes.

        Args:
            name: The call.
            request: Its message.
            timeout: Seconds; the client's own unless told.
            about: What the call is for, where its name says little: errors show it.
            safe: Whether an unavailable gateway is asked again; by default the contract decides.
            parse: Takes the reply as it came; by default it becomes the call's message.
            at: The endpoint that it is for alone, as what concerns a session; any, where none is named.

        Raises:
            NotFoundError: It is for an endpoint that is not in use any more.
            CallError: By the gRPC status; UNKNOWN for a reply that cannot be read.
            SessionClosedError: This client is closed, or the gateway was a process of ours that has ended.
            NotConnectedError: This process was forked from the one that connected.
        """
        again = name in SAFE_CALLS if safe is None else safe
        attempts = 1 + (self.options.retries if again else 0)
        waits = itertools.islice(backoff_seconds(RETRY_FIRST_SECONDS, RETRY_LONGEST_SECONDS), attempts - 1)
        seconds = self.options.timeout if timeout is None else timeout
        others = len(self.options.targets) - 1
        while True:
            target = self.options.target
            self._check_place(at, shown(name, about))
            try:
                reply = await self.send_once(name, request, timeout=seconds, about=about)
            except CallTimeoutError:
                self._note_silence(target)
                raise
            except GatewayUnavailableError as error:
                # What never left may be sent to another, whatever it is.
                if not error.may_be_done and self.move_on(target) and others > 0:
                    others -= 1
                    continue
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

    def _check_place(self, at: str, call: str) -> None:
        """Another gateway's session may have the same id: what is meant for one is not sent to the other."""
        if at and at != self.options.target:
            raise NotFoundError(
                f"the session is at {at}, which is away",
                call=call,
                endpoint=self.options.target,
                code=grpc.StatusCode.NOT_FOUND,
                hint="Open a new one.",
            )

    def _note_silence(self, target: str) -> None:
        """A call had no answer in time; where not even a connection came about, the next endpoint's turn."""
        if self._channels[target].get_state() is not grpc.ChannelConnectivity.READY:
            self.move_on(target)

    async def send_once(self, name: str, request: Message, *, timeout: float, about: str = "") -> bytes:
        """The reply of the endpoint in use, as it came; nothing is tried again."""
        self._check()
        options = self.options  # of now: while it is waited for, another call may have moved on
        method: Any = self.channel.unary_unary(CALLS[name].path)
        try:
            call = method(request.SerializeToString(), timeout=timeout, metadata=options.metadata)
            reply: bytes = await call
            self._away.discard(options.target)
            self.clock.hear(await call.initial_metadata())
        except grpc.aio.AioRpcError as error:
            raise translated(error, shown(name, about), options) from None
        except grpc.aio.UsageError:
            raise SessionClosedError(f"{shown(name, about)} was not sent: the client is closed") from None
        except asyncio.CancelledError:
            # Closing the channel cancels its calls, which is not to cancel whoever waits for them.
            if self._closed and not task_is_cancelling():
                given_up = SessionClosedError(f"{shown(name, about)} was given up: the client was closed")
                given_up.may_be_done = True
                raise given_up from None
            raise
        return strike_out(reply, CALLS[name].reply, options.api_key)

    def stream(
        self,
        name: str,
        request: Message,
        translate: Callable[[Any], T | None],
        *,
        timeout: float | None = None,
        at: str = "",
    ) -> Stream[T]:
        """An open stream; `translate` makes an item of each message, or leaves it out with None.

        One that has to have an end fails after `timeout` seconds; `at` as in `unary`.
        """
        self._check()
        self._check_place(at, name)
        method: Any = self.channel.unary_stream(CALLS[name].path)
        call = method(request.SerializeToString(), timeout=timeout, metadata=self.options.metadata)
        opened = Stream(self.options, name, call, self._reading(name, translate), self.clock.hear)
        self._keep(opened)
        return opened

    def bursts(self, name: str, request: Message, translate: Callable[[Any], T | None]) -> BurstStream[T]:
        """The same of a stream that is read by a thread, to be handed on in bursts."""
        self._check()
        sent = request.SerializeToString()
        opened = BurstStream(self.options, name, sent, self._reading(name, translate), self.clock.hear)
        self._keep(opened)
        return opened

    def _reading(self, name: str, translate: Callable[[Any], T | None]) -> Callable[[bytes], T | None]:
        """Makes an item of a message's bytes, the key struck out of its texts."""
        parse, kind, key = CALLS[name].parse, CALLS[name].reply, self.options.api_key
        return lambda data: translate(parse(strike_out(data, kind, key)))

    def _keep(self, opened: TranslatedStream[Any]) -> None:
        """It ends with this client, and tells of a gateway that is not there."""
        opened.when_unconnected = partial(self.move_on, self.options.target)
        self._open.add(opened)

    async def close(self, *, hurried: bool = False) -> None:
        """Ends every stream, then the channel, after what nobody waited for. Harmless the second time."""
        self._maker.check()
        self.gate.disarm()
        ending = partial(self.loose_ends.end, hurried=hurried)
        channels = [channel.close for channel in self._channels.values()]
        await close_each(ending, self._end_streams, *channels, await_ends)

    async def _end_streams(self) -> None:
        self._closed = True
        await close_each(*(stream.aclose for stream in list(self._open)))

    def _check(self) -> None:
        self._maker.check()
        if self._closed:
            raise SessionClosedError(f"The client of {self.options.target} is closed")
        if (ended := self.ending()) is not None:
            ended.is_final = True
            raise ended


def shown(name: str, about: str) -> str:
    """A call as errors show it."""
    return f"{name} ({about})" if about else name
