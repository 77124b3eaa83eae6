"""Binds typed methods to the rpcs of a service, by their names, and guards each with the key's scope.

A method may answer with bytes that are serialised already. Faults that concern any call act here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable
from email.utils import formatdate
from typing import Any

import grpc
from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from mxgw_notebook.simulator.clock import Clock
from mxgw_notebook.simulator.disguise import disguised, rewrites
from mxgw_notebook.simulator.faults import Faults
from mxgw_notebook.simulator.keys import Key, KeyRing
from mxgw_notebook.simulator.refusal import RefusedError

Context = grpc.aio.ServicerContext[Any, Any]
Reply = Message | bytes
Unary = Callable[[Any, Key], Awaitable[Reply]]
_COMPRESSIONS = {"gzip": grpc.Compression.Gzip, "deflate": grpc.Compression.Deflate}
NO_MESSAGE = b"\x07"  # begins with a wire type that there is not
Streaming = Callable[[Any, Key], AsyncGenerator[Message, None]]


def require(key: Key, scope: str) -> None:
    """Raises RefusedError when the key lacks a scope."""
    if scope not in key.scopes:
        raise RefusedError(grpc.StatusCode.PERMISSION_DENIED, f"The API key lacks the scope {scope!r}.")


def account(name: str, request: Any) -> str:
    """What the account of calls lists a call as: its rpc, or, of Invoke, the command."""
    return f"Invoke {request.command.WhichOneof('payload')}" if name == "Invoke" else name


class Guard:
    """Admits calls with a known key, counts them and the open streams, and lets faults have their way."""

    def __init__(
        self, keys: KeyRing, open_calls: Counter[str], calls: Counter[str], faults: Faults, clock: Clock
    ) -> None:
        self.open_calls, self.calls = open_calls, calls
        self.faults = faults
        self._keys = keys
        self._clock = clock

    def admit(self, context: Context, scope: str) -> Key:
        """The key of a call. Raises RefusedError without one."""
        metadata = dict(context.invocation_metadata() or ())
        shown = metadata.get("authorization", "")
        key = self._keys.find(shown if isinstance(shown, str) else shown.decode("latin-1"))
        if key is None:
            raise RefusedError(
                grpc.StatusCode.UNAUTHENTICATED, "The API key is missing, malformed or unknown."
            )
        if scope:
            require(key, scope)
        return key

    def _let_refuse(self, name: str) -> None:
        settings = self.faults.find("refuse", name)
        if settings is not None:
            raise RefusedError(grpc.StatusCode[str(settings["code"])], "Refused, as the fault switch says.")

    async def _tell_date(self, context: Context) -> None:
        """The headers, with the plant's clock as the date: as the web server in a real gateway does."""
        skew = self.faults.standing.get("clock-skew", {}).get("seconds", 0.0)
        date = formatdate(self._clock.now() + float(skew), usegmt=True)
        await context.send_initial_metadata((("date", date),))

    def _let_compress(self, context: Context, name: str) -> None:
        settings = self.faults.find("compress", name)
        if settings is not None:
            context.set_compression(_COMPRESSIONS[str(settings["algorithm"])])

    async def _wait(self, fault: str, name: str) -> None:
        seconds = self.faults.seconds(fault, name)
        if seconds > 0.0:
            await self._clock.sleep(seconds)

    def unary(self, method: Unary, scope: str, name: str) -> Callable[[Any, Context], Awaitable[Reply]]:
        """An rpc with one reply."""

        async def call(request: Any, context: Context) -> Reply:
            self.calls[account(name, request)] += 1  # as it came, whether or not it is then admitted
            try:
                self._let_compress(context, name)
                key = self.admit(context, scope)
                self._let_refuse(name)
                reply = await method(request, key)
                await self._wait("delay", name)
                await self._tell_date(context)
                return reply
            except RefusedError as refused:
                # It never returns, which its types do not say.
                await context.abort(refused.code, refused.text)
                raise

        return call

    def streaming(
        self, method: Streaming, scope: str, name: str
    ) -> Callable[[Any, Context], AsyncGenerator[Message, None]]:
        """An rpc with a stream of replies; its generator is closed however the call ends."""

        async def call(request: Any, context: Context) -> AsyncGenerator[Message, None]:
            self.open_calls[name] += 1
            self.calls[account(name, request)] += 1
            try:
                self._let_compress(context, name)
                key = self.admit(context, scope)
                self._let_refuse(name)
                replies = method(request, key)
                try:
                    await self._tell_date(context)
                    async for reply in replies:
                        if self.faults:
                            await self._wait("slow-stream", name)
                        yield reply
                finally:
                    # Not left to the garbage collector: until that came by, a session's one place would stay
                    # taken.
                    await replies.aclose()
            except RefusedError as refused:
                await context.abort(refused.code, refused.text)
            finally:
                self.open_calls[name] -= 1

        return call


def _python_name(rpc: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", rpc).lower()


def _serializer(descriptor: MethodDescriptor, faults: Faults) -> Callable[[Any], bytes]:
    name, made = descriptor.name, GetMessageClass(descriptor.output_type)

    def serialize(reply: Any) -> bytes:
        if faults and faults.find("garbled", name) is not None:
            return NO_MESSAGE
        # The galaxy's pages come as bytes, made once for all: only a fault that rewrites them has them
        # parsed.
        if rewrites(faults):
            message = made.FromString(reply) if isinstance(reply, bytes) else reply
            return disguised(message, faults, name).SerializeToString()
        return reply if isinstance(reply, bytes) else reply.SerializeToString()

    return serialize


def _handler(
    descriptor: MethodDescriptor, target: object, scope: str, guard: Guard
) -> grpc.RpcMethodHandler[Any, Any]:
    method = getattr(target, _python_name(descriptor.name))
    parse = GetMessageClass(descriptor.input_type).FromString
    serialize = _serializer(descriptor, guard.faults)
    if descriptor.server_streaming:
        return grpc.unary_stream_rpc_method_handler(
            guard.streaming(method, scope, descriptor.name),
            request_deserializer=parse,
            response_serializer=serialize,
        )
    return grpc.unary_unary_rpc_method_handler(
        guard.unary(method, scope, descriptor.name), request_deserializer=parse, response_serializer=serialize
    )


def bind(
    descriptor: ServiceDescriptor, target: object, scopes: dict[str, str], guard: Guard
) -> grpc.GenericRpcHandler:
    """All rpcs of a service on a target's methods of the same names; an empty scope is checked later."""
    handlers = {
        name: _handler(method, target, scopes[name], guard)
        for name, method in descriptor.methods_by_name.items()
    }
    return grpc.method_handlers_generic_handler(descriptor.full_name, handlers)
