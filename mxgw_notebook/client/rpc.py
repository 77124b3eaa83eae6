"""Calls and streams on one channel; the only place where a gRPC status becomes an error."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Any, Self

import grpc
import grpc.aio
from google.protobuf.message import Message

from mxgw_notebook import errors
from mxgw_notebook.client.contract import CALLS
from mxgw_notebook.client.options import ClientOptions

CODES: dict[grpc.StatusCode, type[errors.CallError]] = {
    grpc.StatusCode.UNAUTHENTICATED: errors.AuthenticationError,
    grpc.StatusCode.PERMISSION_DENIED: errors.PermissionDeniedError,
    grpc.StatusCode.UNAVAILABLE: errors.GatewayUnavailableError,
    grpc.StatusCode.DEADLINE_EXCEEDED: errors.CallTimeoutError,
    grpc.StatusCode.NOT_FOUND: errors.NotFoundError,
    grpc.StatusCode.INVALID_ARGUMENT: errors.InvalidRequestError,
    grpc.StatusCode.OUT_OF_RANGE: errors.InvalidRequestError,
    grpc.StatusCode.FAILED_PRECONDITION: errors.PreconditionError,
    grpc.StatusCode.ABORTED: errors.PreconditionError,
    grpc.StatusCode.RESOURCE_EXHAUSTED: errors.LimitExceededError,
}
WRONG_NAME = "The certificate is for another name: connect by that one, or give server_name_override."
CORE_PREFIX = re.compile(r"^failed to connect to all addresses; last error: \w+: (ip\S+: )?")
NOT_A_GATEWAY = "This does not look like an MXAccess Gateway: check the port."
UNKNOWN_HOST = "The host name is not known here: check its spelling."
# gRPC core says in prose alone why a connection failed; each is met with what helps.
CONNECTION_HINTS = {
    "CERTIFICATE_VERIFY_FAILED": "The certificate is not trusted here: give its PEM file as ca_file.",
    "Hostname Verification": WRONG_NAME,
    "Peer name": WRONG_NAME,
    "WRONG_VERSION_NUMBER": "The port speaks no TLS: ask for plaintext if that is meant.",
    "ssl": "The TLS handshake failed: the port may speak plaintext, which has to be asked for.",
    "SETTINGS": NOT_A_GATEWAY,
    "Socket closed": NOT_A_GATEWAY,
    "Trying to connect an http1.x server": NOT_A_GATEWAY,
    "Connection refused": "Nothing listens there: check host and port, and that the gateway runs.",
    "DNS resolution failed": UNKNOWN_HOST,
    "address lookup failed": UNKNOWN_HOST,
}


def hint_for(call: str, code: grpc.StatusCode, details: str) -> str | None:
    """What to try, where the details say more than the code does; None keeps the error's own hint."""
    if code is grpc.StatusCode.UNIMPLEMENTED:
        return "The gateway does not know this call: it is older or newer, or no MXAccess Gateway at all."
    if code is grpc.StatusCode.NOT_FOUND and call == "AcknowledgeAlarm":
        return "It may be over already; query_active_alarms lists the references that can be acknowledged."
    if code is not grpc.StatusCode.UNAVAILABLE:
        return None
    return next((hint for mark, hint in CONNECTION_HINTS.items() if mark.lower() in details.lower()), None)


def translated(error: grpc.RpcError, call: str, options: ClientOptions) -> errors.CallError:
    """The error of ours for a failed call. The key cannot stand in it, whatever the gateway answered."""
    code: grpc.StatusCode = error.code()
    details = " ".join((error.details() or "no details").split()).rstrip(".")
    details = CORE_PREFIX.sub("", details)
    if options.api_key:
        details = details.replace(options.api_key, "<api-key>")
    kind = CODES.get(code, errors.CallError)
    return kind(details, call=call, endpoint=options.target, code=code, hint=hint_for(call, code, details))


class Rpc:
    """Every call and stream of one channel, by the name it has in the contract."""

    def __init__(self, channel: grpc.aio.Channel, options: ClientOptions) -> None:
        self.options = options
        self.channel = channel
        self._open: set[Stream] = set()
        self._closed = False

    async def unary(self, name: str, request: Message, *, timeout: float | None = None) -> Any:
        """The reply's message. Raises CallError."""
        return CALLS[name].parse(await self.unary_bytes(name, request, timeout=timeout))

    async def unary_bytes(self, name: str, request: Message, *, timeout: float | None = None) -> bytes:
        """The reply as it came. Raises CallError."""
        self._check()
        method: Any = self.channel.unary_unary(CALLS[name].path)
        try:
            reply: bytes = await method(
                request.SerializeToString(),
                timeout=timeout or self.options.timeout,
                metadata=self.options.metadata,
            )
        except grpc.aio.AioRpcError as error:
            raise translated(error, name, self.options) from None
        except grpc.aio.UsageError:
            raise errors.SessionClosedError(f"{name} was not sent: the client is closed") from None
        except asyncio.CancelledError:
            # Closing the channel cancels its calls, which is not to cancel whoever waits for them.
            if self._closed and not _current_task_cancelling():
                raise errors.SessionClosedError(f"{name} was given up: the client was closed") from None
            raise
        return reply

    def stream(self, name: str, request: Message) -> Stream:
        """An open stream of messages; close it, or use it as a context manager."""
        self._check()
        call: Any = self.channel.unary_stream(CALLS[name].path)
        stream = Stream(self, name, call(request.SerializeToString(), metadata=self.options.metadata))
        self._open.add(stream)
        return stream

    def released(self, stream: Stream) -> None:
        """Forgets a stream that has ended."""
        self._open.discard(stream)

    async def close(self) -> None:
        """Ends every stream, then the channel. Harmless the second time."""
        self._closed = True
        for stream in list(self._open):
            await stream.aclose()
        await self.channel.close()

    def _check(self) -> None:
        if self._closed:
            raise errors.SessionClosedError(f"The client of {self.options.target} is closed")


class Stream(AsyncIterator[Any]):
    """The messages of one streaming call, in order; ends with the gateway's end.

    Leaving the loop by `break` keeps the call open until `aclose()`: use `async with`.
    """

    def __init__(self, rpc: Rpc, name: str, call: Any) -> None:
        self._rpc, self._name, self._call = rpc, name, call

    async def __anext__(self) -> Any:
        try:
            data = await self._call.read()
        except grpc.aio.AioRpcError as error:
            await self.aclose()
            raise translated(error, self._name, self._rpc.options) from None
        except asyncio.CancelledError:
            ours = self._call.cancelled() and not _current_task_cancelling()
            await self.aclose()
            if ours:
                raise StopAsyncIteration from None
            raise
        if data is grpc.aio.EOF:
            await self.aclose()
            raise StopAsyncIteration
        return CALLS[self._name].parse(data)

    async def aclose(self) -> None:
        """Ends the call at the gateway too. Harmless the second time."""
        self._call.cancel()
        self._rpc.released(self)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()


def _current_task_cancelling() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
