"""A session: one MXAccess worker at the gateway, and the commands it takes."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from types import TracebackType
from typing import Any, Self

from mxgw_notebook.client.contract import enum_name, gateway
from mxgw_notebook.client.events import Event, event_from_wire
from mxgw_notebook.client.replies import (
    ItemHandle,
    Reading,
    ServerHandle,
    Subscribed,
    judged,
    readings,
    subscribed,
)
from mxgw_notebook.client.rpc import Rpc
from mxgw_notebook.client.values import to_wire
from mxgw_notebook.errors import NotFoundError, SessionClosedError

# What the gateway adds to a read's own timeout before the call itself gives up.
READ_MARGIN_SECONDS = 10.0


class Session:
    """A session's commands, each one round trip. Made by `GatewayClient.open_session`.

    Every method raises CallError for a gRPC failure, MxAccessError when MXAccess refuses, ReplyError when the
    gateway cannot run the command, and SessionClosedError after `close()`.
    """

    def __init__(self, rpc: Rpc, session_id: str) -> None:
        self.session_id = session_id
        self._rpc = rpc
        self._closed = False

    def __repr__(self) -> str:
        return f"<Session {self.session_id} at {self._rpc.options.target}{' closed' if self._closed else ''}>"

    # -------------------------------------------------------------- items

    async def register(self, client_name: str) -> ServerHandle:
        """The server handle that every item belongs to."""
        reply = await self._invoke(register=gateway.RegisterCommand(client_name=client_name))
        return ServerHandle(reply.register.server_handle)

    async def add_item(self, server_handle: ServerHandle, item: str) -> ItemHandle:
        """The item handle of a tag. Nothing is read until it is advised."""
        command = gateway.AddItemCommand(server_handle=server_handle, item_definition=item)
        reply = await self._invoke(about=item, add_item=command)
        return ItemHandle(reply.add_item.item_handle)

    async def remove_item(self, server_handle: ServerHandle, item_handle: ItemHandle) -> None:
        """Forgets an item."""
        await self._invoke(
            remove_item=gateway.RemoveItemCommand(server_handle=server_handle, item_handle=item_handle)
        )

    async def advise(self, server_handle: ServerHandle, item_handle: ItemHandle) -> None:
        """Asks for the item's events. Open the event stream first: unread events fill the worker's queue."""
        await self._invoke(advise=gateway.AdviseCommand(server_handle=server_handle, item_handle=item_handle))

    async def unadvise(self, server_handle: ServerHandle, item_handle: ItemHandle) -> None:
        """Ends the item's events; the item stays."""
        await self._invoke(
            un_advise=gateway.UnAdviseCommand(server_handle=server_handle, item_handle=item_handle)
        )

    async def subscribe_bulk(self, server_handle: ServerHandle, tags: Sequence[str]) -> list[Subscribed]:
        """Adds and advises many tags in one round trip; one entry a tag, in order.

        A bad tag fails its own entry only. Each good tag's present value is its first event.
        """
        command = gateway.SubscribeBulkCommand(server_handle=server_handle, tag_addresses=tags)
        reply = await self._invoke(subscribe_bulk=command)
        return subscribed(reply.subscribe_bulk.results)

    async def unsubscribe_bulk(
        self, server_handle: ServerHandle, item_handles: Sequence[ItemHandle]
    ) -> list[Subscribed]:
        """Unadvises and removes many items in one round trip; one entry an item, in order."""
        command = gateway.UnsubscribeBulkCommand(server_handle=server_handle, item_handles=item_handles)
        reply = await self._invoke(unsubscribe_bulk=command)
        return subscribed(reply.unsubscribe_bulk.results)

    # -------------------------------------------------------------- values

    async def read_bulk(
        self, server_handle: ServerHandle, tags: Sequence[str], *, timeout: float = 5.0
    ) -> list[Reading]:
        """The present value of each tag, one entry a tag, in order; a bad tag fails its own entry only.

        A tag advised in this session answers at once from its last value; any other is added, advised, waited
        for up to `timeout` seconds and removed again.
        """
        command = gateway.ReadBulkCommand(
            server_handle=server_handle, tag_addresses=tags, timeout_ms=int(timeout * 1000)
        )
        reply = await self._invoke(read_bulk=command, timeout=timeout + READ_MARGIN_SECONDS)
        return readings(reply.read_bulk.results)

    async def write(
        self,
        server_handle: ServerHandle,
        item_handle: ItemHandle,
        value: Any,
        *,
        data_type: str | None = None,
        user_id: int = 0,
    ) -> None:
        """Sends a value to an advised item.

        Returning means that the gateway took the write, not that the plant did: the outcome is the item's
        ON_WRITE_COMPLETE event. `data_type` is the attribute's where it is known, see `values.to_wire`.
        """
        command = gateway.WriteCommand(
            server_handle=server_handle,
            item_handle=item_handle,
            value=to_wire(value, data_type),
            user_id=user_id,
        )
        await self._invoke(write=command)

    # -------------------------------------------------------------- the session itself

    async def ping(self, message: str = "ping") -> str:
        """The message, come back from the session's worker."""
        reply = await self._invoke(ping=gateway.PingCommand(message=message))
        return str(reply.diagnostic_message)

    async def get_session_state(self) -> str:
        """The session's state without prefix: CREATING ... READY, CLOSING, CLOSED, FAULTED."""
        reply = await self._invoke(get_session_state=gateway.GetSessionStateCommand())
        return enum_name(reply.session_state, "state")

    async def stream_events(self, *, after_worker_sequence: int = 0) -> AsyncGenerator[Event, None]:
        """The session's events in order, from now, or after a sequence seen before.

        A session has one event stream at a time. Ends when the gateway ends it; leaving the loop early needs
        `aclose()` (contextlib.aclosing).
        """
        async with self.stream_events_raw(after_worker_sequence=after_worker_sequence) as stream:
            async for message in stream:
                yield event_from_wire(message)

    def stream_events_raw(self, *, after_worker_sequence: int = 0) -> Any:
        """The session's events as the contract's messages: an async iterator and context manager."""
        self._check()
        request = gateway.StreamEventsRequest(
            session_id=self.session_id, after_worker_sequence=after_worker_sequence
        )
        return self._rpc.stream("StreamEvents", request)

    async def close(self) -> None:
        """Ends the session at the gateway. Harmless the second time, and when it is already gone there."""
        if self._closed:
            return
        self._closed = True
        try:
            await self._rpc.unary("CloseSession", gateway.CloseSessionRequest(session_id=self.session_id))
        except NotFoundError:
            return

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    # -------------------------------------------------------------- beneath

    async def _invoke(
        self, *, timeout: float | None = None, about: str = "", **payload: Any
    ) -> gateway.MxCommandReply:
        """Runs one command; the payload field's name is also the kind's. `about` stands in its errors."""
        self._check()
        ((field, _),) = payload.items()
        kind = f"MX_COMMAND_KIND_{field.upper()}"
        command = gateway.MxCommand(kind=kind, **payload)
        request = gateway.MxCommandRequest(session_id=self.session_id, command=command)
        reply = await self._rpc.unary("Invoke", request, timeout=timeout)
        return judged(reply, f"{field} {about}".rstrip())

    def _check(self) -> None:
        if self._closed:
            raise SessionClosedError(f"Session {self.session_id} is closed")
