"""Many buffered items at once: they are added one by one, for the contract has no bulk command that does."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from mxgw_notebook.client.checking import checks_all_arguments
from mxgw_notebook.client.replies import ItemHandle, ServerHandle, Subscribed
from mxgw_notebook.client.sessions.bulk import BulkCommands
from mxgw_notebook.client.sessions.items import ItemCommands
from mxgw_notebook.errors import MxAccessError, PermissionDeniedError

# A gateway takes 128 pending commands a session, and others have some under way.
ADDED_AT_ONCE = 32


@checks_all_arguments
class BufferedCommands(ItemCommands, BulkCommands):
    """Tags whose changes come in batches."""

    async def subscribe_buffered(self, server_handle: ServerHandle, tags: Sequence[str]) -> list[Subscribed]:
        """Adds tags as buffered items and advises them; one entry per tag, in order.

        The changes then come in ON_BUFFERED_DATA_CHANGE events, the present value first. Their interval is
        that of `set_buffered_update_interval`, one for all buffered items of the server handle.
        """
        added: list[Subscribed] = []
        for start in range(0, len(tags), ADDED_AT_ONCE):
            part = tags[start : start + ADDED_AT_ONCE]
            added += await asyncio.gather(*(self._add_buffered(server_handle, tag) for tag in part))
        handles = [entry.item_handle for entry in added if not entry.failure]
        advised = iter(await self.advise_item_bulk(server_handle, handles) if handles else [])
        return [
            entry if entry.failure else Subscribed(entry.tag, entry.item_handle, next(advised).failure)
            for entry in added
        ]

    async def _add_buffered(self, server_handle: ServerHandle, tag: str) -> Subscribed:
        """One tag's item, or why there is none."""
        try:
            return Subscribed(tag, await self.add_buffered_item(server_handle, tag))
        except (MxAccessError, PermissionDeniedError) as error:
            return Subscribed(tag, ItemHandle(0), error.reason.removeprefix(f"add_buffered_item {tag}: "))
