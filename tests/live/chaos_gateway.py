"""A small gateway that can be killed, slowed and made to fault, and that knows all it ever sent."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable
from typing import Any

import grpc
import grpc.aio

from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire

SERVICE = wire.DESCRIPTOR.services_by_name["MxAccessGateway"]
ACCEPTED = wire.ProtocolStatus(code=wire.PROTOCOL_STATUS_CODE_OK)
TICK_SECONDS = 0.01
QUEUE, RING = 10_000, 1_024


class ChaosSession:
    """A session: numbered events, a queue toward its one subscriber, a ring to replay from."""

    def __init__(self, number: int) -> None:
        self.id = f"session-{number}"
        self.tags: dict[str, int] = {}
        self.faulted = self.subscribed = False
        self.mute = False  # connected, but nothing comes
        self.has_worker = True
        self.sequence = 0
        self.waiting: deque[wire.MxEvent] = deque()
        self.ring: deque[wire.MxEvent] = deque(maxlen=RING)
        self.news = asyncio.Event()

    def push(self, event: wire.MxEvent) -> None:
        if len(self.waiting) >= QUEUE:
            self.fault()
        if not self.faulted and not self.mute and self.has_worker:
            self.sequence += 1
            event.worker_sequence = self.sequence
            self.waiting.append(event)
            self.news.set()

    def fault(self) -> None:
        self.faulted = True
        self.news.set()

    async def events(self, after: int) -> AsyncIterator[bytes]:
        """What comes after a sequence, with the replay gap first where some of it is gone."""
        replayed = [event for event in self.ring if event.worker_sequence > after] if after else []
        queued = self.waiting[0].worker_sequence if self.waiting else self.sequence + 1
        oldest = replayed[0].worker_sequence if replayed else queued
        if after and oldest > after + 1:
            gap = wire.ReplayGap(requested_after_sequence=after, oldest_available_sequence=oldest)
            yield wire.MxEvent(replay_gap=gap).SerializeToString()
        for event in replayed:
            yield event.SerializeToString()
        while not self.faulted:
            while self.waiting and not self.faulted:
                event = self.waiting.popleft()
                self.ring.append(event)
                yield event.SerializeToString()
            self.news.clear()
            if not self.waiting and not self.faulted:
                await self.news.wait()


class ChaosGateway:
    """The gateway. `sent` lists every change of the plant: its value, which no other has, and its time.

    An event takes `weight` bytes and a few more: heavy ones fill connections sooner.
    """

    def __init__(self, tags: list[str], rate: int, *, weight: int = 0) -> None:
        self._ballast = "x" * weight
        self.tags, self.rate = tags, rate
        self.sent: list[tuple[int, int]] = []
        self.latest: dict[str, tuple[int, int]] = {}
        self.unknown: set[str] = set()  # not deployed yet
        self.refused: set[str] = set()  # commands that it does not know
        self.sessions: dict[str, ChaosSession] = {}
        self.port = 0
        self.asked: Counter[str] = Counter()  # commands, by name
        self._tick = asyncio.Event()
        self._numbers, self._values = itertools.count(1), itertools.count(1)
        self._server: grpc.aio.Server | None = None

    @property
    def living(self) -> list[ChaosSession]:
        return [session for session in self.sessions.values() if not session.faulted]

    async def start(self) -> None:
        """Serves, at the port of before."""
        self._server = grpc.aio.server(options=[("grpc.so_reuseport", 0)])
        self._server.add_generic_rpc_handlers((Calls(self),))
        self.port = self._server.add_insecure_port(f"127.0.0.1:{self.port}")
        await self._server.start()

    async def kill(self) -> None:
        """Ends at once; no session survives it."""
        self.sessions.clear()
        if self._server is not None:
            await self._server.stop(None)

    async def run_plant(self) -> None:
        """Changes values at the rate, until cancelled."""
        due = time.monotonic()
        for number in itertools.count():
            self.change(int(self.rate * TICK_SECONDS))
            due += TICK_SECONDS
            self._tick.set()
            self._tick = asyncio.Event()
            await asyncio.sleep(max(0.0, due - time.monotonic()) if number else 0)

    async def until(self, condition: Callable[[], object], seconds: float) -> None:
        """Returns once it holds. Looks once a tick: a thread that reads needs the interpreter, too."""
        async with asyncio.timeout(seconds):
            while not condition():
                await self._tick.wait()

    def change(self, count: int) -> None:
        """So many changes now, each tag in turn."""
        for _ in range(count):
            self._change(self.tags[next(self._values) % len(self.tags)])

    def _change(self, tag: str) -> None:
        self.latest[tag] = change = (len(self.sent) + 1, time.time_ns())
        self.sent.append(change)
        for session in self.living:
            if tag in session.tags:
                session.push(self._data_change(session.tags[tag], *change))

    # -------------------------------------------------------------- calls

    def open(self) -> ChaosSession:
        session = ChaosSession(next(self._numbers))
        self.sessions[session.id] = session
        return session

    def subscribe(self, session: ChaosSession, tags: list[str]) -> wire.BulkSubscribeReply:
        reply = wire.BulkSubscribeReply()
        for tag in tags:
            if tag in self.unknown:
                reply.results.add(tag_address=tag, error_message="invalid reference")
                continue
            handle = session.tags.setdefault(tag, len(session.tags) + 1)
            reply.results.add(tag_address=tag, item_handle=handle, was_successful=True)
            if tag in self.latest:
                session.push(self._data_change(handle, *self.latest[tag]))
        return reply

    def _data_change(self, handle: int, value: int, time_ns: int) -> wire.MxEvent:
        event = wire.MxEvent(family=wire.MX_EVENT_FAMILY_ON_DATA_CHANGE, item_handle=handle, quality=192)
        event.session_id = self._ballast
        event.value.double_value = value
        event.source_timestamp.FromNanoseconds(time_ns)
        event.gateway_receive_timestamp.FromNanoseconds(time_ns)
        event.on_data_change.SetInParent()
        return event


class Calls(grpc.GenericRpcHandler):
    """The gateway's calls, as far as a hub makes them."""

    def __init__(self, gateway: ChaosGateway) -> None:
        self._gateway = gateway

    def service(self, details: grpc.HandlerCallDetails) -> Any:
        name = str(details.method).rpartition("/")[2]
        if name == "StreamEvents":
            return grpc.unary_stream_rpc_method_handler(self._stream)
        calls = {"OpenSession": self._open, "CloseSession": self._close, "Invoke": self._invoke}
        return grpc.unary_unary_rpc_method_handler(calls[name])

    async def _open(self, request: bytes, context: Any) -> bytes:
        session = self._gateway.open()
        return wire.OpenSessionReply(session_id=session.id, protocol_status=ACCEPTED).SerializeToString()

    async def _close(self, request: bytes, context: Any) -> bytes:
        session = await self._session(wire.CloseSessionRequest.FromString(request).session_id, context)
        session.fault()
        return wire.CloseSessionReply(protocol_status=ACCEPTED).SerializeToString()

    async def _invoke(self, request: bytes, context: Any) -> bytes:
        asked = wire.MxCommandRequest.FromString(request)
        payload = asked.command.WhichOneof("payload") or ""
        self._gateway.asked[payload] += 1
        if payload in self._gateway.refused:
            await context.abort(grpc.StatusCode.UNIMPLEMENTED, "no such command")
        session = await self._session(asked.session_id, context)
        reply = wire.MxCommandReply(kind=asked.command.kind, protocol_status=ACCEPTED)
        if session.faulted:
            reply.protocol_status.code = wire.PROTOCOL_STATUS_CODE_SESSION_NOT_READY
        elif not session.has_worker:
            reply.protocol_status.code = wire.PROTOCOL_STATUS_CODE_WORKER_UNAVAILABLE
        elif asked.command.HasField("register"):
            reply.register.server_handle = 1
        elif asked.command.HasField("subscribe_bulk"):
            tags = list(asked.command.subscribe_bulk.tag_addresses)
            reply.subscribe_bulk.CopyFrom(self._gateway.subscribe(session, tags))
        elif asked.command.HasField("read_bulk"):
            for tag in asked.command.read_bulk.tag_addresses:
                value, at = self._gateway.latest.get(tag, (0, 0))
                result = reply.read_bulk.results.add(tag_address=tag, was_successful=True)
                result.value.double_value = value
                result.source_timestamp.FromNanoseconds(at)
        return reply.SerializeToString()

    async def _stream(self, request: bytes, context: Any) -> AsyncIterator[bytes]:
        asked = wire.StreamEventsRequest.FromString(request)
        session = await self._session(asked.session_id, context)
        if session.subscribed:
            await context.abort(grpc.StatusCode.FAILED_PRECONDITION, "there is a subscriber")
        session.subscribed = True
        try:
            async with contextlib.aclosing(session.events(asked.after_worker_sequence)) as events:  # type: ignore[type-var]
                async for event in events:
                    yield event
            await context.abort(grpc.StatusCode.FAILED_PRECONDITION, "the session faulted")
        finally:
            session.subscribed = False

    async def _session(self, session_id: str, context: Any) -> ChaosSession:
        session = self._gateway.sessions.get(session_id)
        if session is None:
            await context.abort(grpc.StatusCode.NOT_FOUND, "no such session")
            raise AssertionError("abort raises")
        return session
