"""Commands on single items: register, add, advise, buffer, suspend."""

from __future__ import annotations

from mxgw_notebook.client.checking import checks_all_arguments
from mxgw_notebook.client.contract import wire
from mxgw_notebook.client.replies import ItemHandle, ServerHandle
from mxgw_notebook.client.requests import filled
from mxgw_notebook.client.sessions.invoking import Invoking
from mxgw_notebook.client.values import status_from_wire
from mxgw_notebook.errors import Status


@checks_all_arguments
class ItemCommands(Invoking):
    """Everything that is done to one item, a round trip each."""

    async def register(self, client_name: str) -> ServerHandle:
        """Returns a server handle. Every item belongs to one."""
        reply = await self._invoke("register", filled(wire.RegisterCommand, client_name=client_name))
        return ServerHandle(reply.register.server_handle)

    async def unregister(self, server_handle: ServerHandle) -> None:
        """Ends a server handle and its items."""
        await self._invoke("unregister", filled(wire.UnregisterCommand, server_handle=server_handle))
        self.advised.clear()

    async def add_item(self, server_handle: ServerHandle, item: str) -> ItemHandle:
        """Returns the item handle of a tag. Nothing is read until it is advised."""
        command = filled(wire.AddItemCommand, server_handle=server_handle, item_definition=item)
        reply = await self._invoke("add_item", command, about=item)
        return self._remember(reply.add_item.item_handle, item)

    async def add_item2(self, server_handle: ServerHandle, item: str, context: str) -> ItemHandle:
        """Returns the item handle of a tag that is relative to a context, e.g. an object's name."""
        command = filled(
            wire.AddItem2Command, server_handle=server_handle, item_definition=item, item_context=context
        )
        reply = await self._invoke("add_item2", command, about=item)
        return self._remember(reply.add_item2.item_handle, item, context)

    async def add_buffered_item(
        self, server_handle: ServerHandle, item: str, context: str = ""
    ) -> ItemHandle:
        """Returns the handle of an item whose changes come in batches; see set_buffered_update_interval."""
        command = filled(
            wire.AddBufferedItemCommand,
            server_handle=server_handle,
            item_definition=item,
            item_context=context,
        )
        reply = await self._invoke("add_buffered_item", command, about=item)
        return self._remember(reply.add_buffered_item.item_handle, item, context)

    async def set_buffered_update_interval(self, server_handle: ServerHandle, milliseconds: int) -> None:
        """Sets how often buffered items send their batch. MXAccess rounds up to the next 100 ms."""
        command = filled(
            wire.SetBufferedUpdateIntervalCommand,
            server_handle=server_handle,
            update_interval_ms=milliseconds,
        )
        await self._invoke("set_buffered_update_interval", command)

    async def remove_item(self, server_handle: ServerHandle, item_handle: ItemHandle) -> None:
        """Removes an item."""
        command = filled(wire.RemoveItemCommand, server_handle=server_handle, item_handle=item_handle)
        await self._invoke("remove_item", command, about=self._tag(item_handle))
        self._forget_items([item_handle])

    async def advise(self, server_handle: ServerHandle, item_handle: ItemHandle) -> None:
        """Asks for the item's events. They are read from now on, and kept for `stream_events`.

        If the session was opened elsewhere, read its events there, or open `stream_events` before this call.
        A session whose events nobody reads is closed by the gateway.
        """
        self._read_events()
        command = filled(wire.AdviseCommand, server_handle=server_handle, item_handle=item_handle)
        await self._invoke("advise", command, about=self._tag(item_handle))
        self.advised.add(item_handle)

    async def advise_supervisory(self, server_handle: ServerHandle, item_handle: ItemHandle) -> None:
        """As `advise`, but as a supervisory client: writes then need no user."""
        self._read_events()
        command = filled(wire.AdviseSupervisoryCommand, server_handle=server_handle, item_handle=item_handle)
        await self._invoke("advise_supervisory", command, about=self._tag(item_handle))
        self.advised.add(item_handle)

    async def un_advise(self, server_handle: ServerHandle, item_handle: ItemHandle) -> None:
        """Ends the item's events; the item stays."""
        command = filled(wire.UnAdviseCommand, server_handle=server_handle, item_handle=item_handle)
        await self._invoke("un_advise", command, about=self._tag(item_handle))
        self.advised.discard(item_handle)

    async def suspend(self, server_handle: ServerHandle, item_handle: ItemHandle) -> Status:
        """Stops the item's events. The status is usually PENDING; OPERATION_COMPLETE follows as an event."""
        command = filled(wire.SuspendCommand, server_handle=server_handle, item_handle=item_handle)
        reply = await self._invoke("suspend", command, about=self._tag(item_handle))
        return status_from_wire(reply.suspend.status)

    async def activate(self, server_handle: ServerHandle, item_handle: ItemHandle) -> Status:
        """Lets a suspended item's events come again. Returns the same as `suspend`."""
        command = filled(wire.ActivateCommand, server_handle=server_handle, item_handle=item_handle)
        reply = await self._invoke("activate", command, about=self._tag(item_handle))
        return status_from_wire(reply.activate.status)
