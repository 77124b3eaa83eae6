"""Speaks plain gRPC with the generated stubs; knows nothing of the product's own client."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import grpc

from mxgw_notebook._generated import galaxy_repository_pb2 as galaxy_wire
from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire
from mxgw_notebook._generated.galaxy_repository_pb2_grpc import GalaxyRepositoryStub
from mxgw_notebook._generated.mxaccess_gateway_pb2_grpc import MxAccessGatewayStub

CHANNEL = (("grpc.max_receive_message_length", 16 * 1024 * 1024), ("grpc.max_send_message_length", -1))
DEADLINE = 20.0  # s; no test comes near it unless something hangs


class PlainClient:
    """Both stubs on one channel. `authorization` is sent with every call."""

    def __init__(self, channel: grpc.aio.Channel, authorization: str) -> None:
        self.gateway: Any = MxAccessGatewayStub(channel)  # type: ignore[no-untyped-call]
        self.galaxy: Any = GalaxyRepositoryStub(channel)  # type: ignore[no-untyped-call]
        self.metadata = (("authorization", authorization),) if authorization else ()

    async def call(self, name: str, request: Any) -> Any:
        """A unary rpc of either service."""
        stub = self.gateway if hasattr(self.gateway, name) else self.galaxy
        return await getattr(stub, name)(request, metadata=self.metadata, timeout=DEADLINE)

    def stream(self, name: str, request: Any) -> Any:
        """A streaming rpc of either service; iterate it, and cancel it."""
        stub = self.gateway if hasattr(self.gateway, name) else self.galaxy
        return getattr(stub, name)(request, metadata=self.metadata, timeout=DEADLINE)

    async def open(self, name: str = "test") -> PlainSession:
        """A session with one registration."""
        opened = await self.call("OpenSession", wire.OpenSessionRequest(client_session_name=name))
        session = PlainSession(self, opened.session_id, 0)
        reply = await session.invoke("register", client_name=name)
        return PlainSession(self, opened.session_id, reply.register.server_handle)

    async def hierarchy(self, **fields: Any) -> Any:
        return await self.call("DiscoverHierarchy", galaxy_wire.DiscoverHierarchyRequest(**fields))

    async def children(self, **fields: Any) -> Any:
        return await self.call("BrowseChildren", galaxy_wire.BrowseChildrenRequest(**fields))


@dataclass(frozen=True)
class PlainSession:
    """A session under way."""

    client: PlainClient
    id: str
    server_handle: int

    async def invoke(self, arm: str, **fields: Any) -> wire.MxCommandReply:
        """One command by the name of its payload, its kind following from that."""
        command = wire.MxCommand(kind=f"MX_COMMAND_KIND_{arm.removesuffix('_command').upper()}")
        payload = getattr(command, arm)
        payload.SetInParent()
        if "server_handle" in payload.DESCRIPTOR.fields_by_name:
            fields.setdefault("server_handle", self.server_handle)
        payload.MergeFrom(type(payload)(**fields))
        request = wire.MxCommandRequest(session_id=self.id, client_correlation_id="c-1", command=command)
        reply: wire.MxCommandReply = await self.client.call("Invoke", request)
        return reply

    async def subscribe(self, *tags: str) -> list[int]:
        """Item handles of tags that must all be known."""
        reply = await self.invoke("subscribe_bulk", tag_addresses=tags)
        assert all(result.was_successful for result in reply.subscribe_bulk.results)
        return [result.item_handle for result in reply.subscribe_bulk.results]

    async def read(self, *tags: str) -> list[wire.BulkReadResult]:
        reply = await self.invoke("read_bulk", tag_addresses=tags)
        return list(reply.read_bulk.results)

    async def write(self, item_handle: int, value: wire.MxValue) -> wire.MxCommandReply:
        return await self.invoke("write", item_handle=item_handle, value=value)

    def events(self, after: int = 0) -> Any:
        request = wire.StreamEventsRequest(session_id=self.id, after_worker_sequence=after)
        return self.client.stream("StreamEvents", request)

    async def drain(self) -> list[wire.MxEvent]:
        """What is queued now."""
        reply = await self.invoke("drain_events")
        return list(reply.drain_events.events)

    async def outcome(self) -> wire.MxStatusProxy:
        """The status of the one write that completed since the last drain."""
        family = wire.MX_EVENT_FAMILY_ON_WRITE_COMPLETE
        [event] = [event for event in await self.drain() if event.family == family]
        return event.statuses[0]

    async def close(self) -> wire.CloseSessionReply:
        reply: wire.CloseSessionReply = await self.client.call(
            "CloseSession", wire.CloseSessionRequest(session_id=self.id)
        )
        return reply


@asynccontextmanager
async def plain_client(endpoint: str, api_key: str) -> AsyncIterator[PlainClient]:
    """A client with a key, in clear."""
    async with grpc.aio.insecure_channel(endpoint, CHANNEL) as channel:
        yield PlainClient(channel, f"Bearer {api_key}")
    await let_go()


async def let_go() -> None:
    """Waits for the tasks with which grpc ends calls that were cancelled."""
    calls = {task for task in asyncio.all_tasks() if "Call." in getattr(task.get_coro(), "__qualname__", "")}
    if calls:
        await asyncio.wait(calls, timeout=DEADLINE)


async def first(stream: Any, count: int) -> list[Any]:
    """The first so many messages of a stream."""
    return [await stream.read() for _ in range(count)]


def double(value: float) -> wire.MxValue:
    return wire.MxValue(double_value=value)


def boolean(value: bool) -> wire.MxValue:
    return wire.MxValue(bool_value=value)
