"""Writes of many values in one command: a result each, and a bad one fails alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from mxgw_notebook.client.contract import wire
from mxgw_notebook.client.replies import ItemHandle, ServerHandle, Written, written
from mxgw_notebook.client.sessions.bulk import BulkCommands
from mxgw_notebook.client.sessions.invoking import parts
from mxgw_notebook.client.values import to_wire

Moment = datetime | np.datetime64


@dataclass(frozen=True, slots=True)
class WriteEntry:
    """One entry of a bulk write; fields that its command does not have are left out.

    `allow_nonfinite` sends infinity and NaN, `allow_empty` None and an array of no elements.
    `current_user_id` and `verifier_user_id` come from `authenticate_user`, for SecuredWrite the same twice.
    """

    item_handle: ItemHandle
    value: Any
    data_type: str | None = None
    timestamp: Moment | None = None
    user_id: int = 0
    current_user_id: int = 0
    verifier_user_id: int = 0
    allow_nonfinite: bool = False
    allow_empty: bool = False


class BulkWriteCommands(BulkCommands):
    """Writing many values. Returning means accepted, not done."""

    async def write_bulk(self, server_handle: ServerHandle, entries: Sequence[WriteEntry]) -> list[Written]:
        """Writes many values: one result an entry, in order."""
        return await self._write_bulk("write_bulk", wire.WriteBulkCommand, server_handle, entries)

    async def write2_bulk(self, server_handle: ServerHandle, entries: Sequence[WriteEntry]) -> list[Written]:
        """Writes many values with their times."""
        return await self._write_bulk("write2_bulk", wire.Write2BulkCommand, server_handle, entries)

    async def write_secured_bulk(
        self, server_handle: ServerHandle, entries: Sequence[WriteEntry]
    ) -> list[Written]:
        """Writes many signed values."""
        command = wire.WriteSecuredBulkCommand
        return await self._write_bulk("write_secured_bulk", command, server_handle, entries)

    async def write_secured2_bulk(
        self, server_handle: ServerHandle, entries: Sequence[WriteEntry]
    ) -> list[Written]:
        """Writes many signed values with their times."""
        command = wire.WriteSecured2BulkCommand
        return await self._write_bulk("write_secured2_bulk", command, server_handle, entries)

    async def _write_bulk(
        self,
        field: str,
        command: Callable[..., Any],
        server_handle: ServerHandle,
        entries: Sequence[WriteEntry],
    ) -> list[Written]:
        results: list[Written] = []
        messages = [entry_message(command, entry) for entry in entries]
        for part in parts(messages, lambda some: command(server_handle=server_handle, entries=some)):
            reply = await self._invoke(field, part)
            results += written(getattr(reply, field).results, self.tags)
        return results


def entry_message(command: Callable[..., Any], entry: WriteEntry) -> Any:
    """The entry as the bulk command's own message, with the fields which that has."""
    kind: Any = command
    descriptor = kind.DESCRIPTOR.fields_by_name["entries"].message_type
    fields: dict[str, Any] = {
        "item_handle": entry.item_handle,
        "value": to_wire(
            entry.value,
            entry.data_type,
            allow_nonfinite=entry.allow_nonfinite,
            allow_empty=entry.allow_empty,
        ),
        "user_id": entry.user_id,
        "current_user_id": entry.current_user_id,
        "verifier_user_id": entry.verifier_user_id,
        "timestamp_value": None if entry.timestamp is None else to_wire(entry.timestamp, "Time"),
    }
    message: Any = getattr(wire, descriptor.name)
    return message(**{name: value for name, value in fields.items() if name in descriptor.fields_by_name})
