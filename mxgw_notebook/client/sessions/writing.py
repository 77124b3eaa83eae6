"""Writes: sent, and on request waited for until the plant has answered."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Unpack

from mxgw_notebook.client.contract import wire
from mxgw_notebook.client.replies import ItemHandle, ServerHandle, Written
from mxgw_notebook.client.sessions.bulk_writing import BulkWriteCommands, Moment, WriteEntry
from mxgw_notebook.client.sessions.feed import EventFeed
from mxgw_notebook.client.sessions.items import ItemCommands
from mxgw_notebook.client.sessions.outcomes import PendingWrites
from mxgw_notebook.client.values import Allowed, sparse_to_wire, to_wire
from mxgw_notebook.errors import Status, WriteError

CONFIRM_SECONDS = 10.0


class WriteCommands(ItemCommands, BulkWriteCommands):
    """Writing values. Without `confirm`, returning means accepted, not done.

    Infinity, NaN, None and an array of no elements are refused unless `allow_nonfinite=True` or
    `allow_empty=True` asks for them.

    With `confirm=True` the item is advised if it was not, and the statuses of its OnWriteComplete are
    returned; a refusal is a WriteError. The outcome is taken from the session's one event stream, without
    taking anything from whoever else reads it, or from whom the events were left to (`hand_over_events`).
    """

    outcomes: PendingWrites
    _feed: EventFeed

    async def write(
        self,
        server_handle: ServerHandle,
        item_handle: ItemHandle,
        value: Any,
        *,
        data_type: str | None = None,
        user_id: int = 0,
        confirm: bool = False,
        timeout: float = CONFIRM_SECONDS,
        **allowed: Unpack[Allowed],
    ) -> tuple[Status, ...]:
        """Writes a value. `data_type` is the attribute's where it is known, see `values.to_wire`."""
        command = wire.WriteCommand(
            server_handle=server_handle,
            item_handle=item_handle,
            value=to_wire(value, data_type, **allowed),
            user_id=user_id,
        )
        return await self._write("write", command, confirm=confirm, timeout=timeout)

    async def write2(
        self,
        server_handle: ServerHandle,
        item_handle: ItemHandle,
        value: Any,
        timestamp: Moment,
        *,
        data_type: str | None = None,
        user_id: int = 0,
        confirm: bool = False,
        timeout: float = CONFIRM_SECONDS,
        **allowed: Unpack[Allowed],
    ) -> tuple[Status, ...]:
        """Writes a value with its time, which needs a time zone."""
        command = wire.Write2Command(
            server_handle=server_handle,
            item_handle=item_handle,
            value=to_wire(value, data_type, **allowed),
            timestamp_value=to_wire(timestamp, "Time"),
            user_id=user_id,
        )
        return await self._write("write2", command, confirm=confirm, timeout=timeout)

    async def write_secured(
        self,
        server_handle: ServerHandle,
        item_handle: ItemHandle,
        value: Any,
        *,
        current_user_id: int,
        verifier_user_id: int,
        data_type: str | None = None,
        confirm: bool = False,
        timeout: float = CONFIRM_SECONDS,
        **allowed: Unpack[Allowed],
    ) -> tuple[Status, ...]:
        """Writes to a SecuredWrite (the same id twice) or VerifiedWrite (a second person's id) attribute."""
        command = wire.WriteSecuredCommand(
            server_handle=server_handle,
            item_handle=item_handle,
            current_user_id=current_user_id,
            verifier_user_id=verifier_user_id,
            value=to_wire(value, data_type, **allowed),
        )
        return await self._write("write_secured", command, confirm=confirm, timeout=timeout)

    async def write_secured2(
        self,
        server_handle: ServerHandle,
        item_handle: ItemHandle,
        value: Any,
        timestamp: Moment,
        *,
        current_user_id: int,
        verifier_user_id: int,
        data_type: str | None = None,
        confirm: bool = False,
        timeout: float = CONFIRM_SECONDS,
        **allowed: Unpack[Allowed],
    ) -> tuple[Status, ...]:
        """As write_secured, with the value's time."""
        command = wire.WriteSecured2Command(
            server_handle=server_handle,
            item_handle=item_handle,
            current_user_id=current_user_id,
            verifier_user_id=verifier_user_id,
            value=to_wire(value, data_type, **allowed),
            timestamp_value=to_wire(timestamp, "Time"),
        )
        return await self._write("write_secured2", command, confirm=confirm, timeout=timeout)

    async def write_array_elements(
        self,
        server_handle: ServerHandle,
        item_handle: ItemHandle,
        elements: Mapping[int, Any],
        *,
        total_length: int,
        data_type: str | None = None,
        user_id: int = 0,
        confirm: bool = False,
        timeout: float = CONFIRM_SECONDS,
        **allowed: Unpack[Allowed],
    ) -> tuple[Status, ...]:
        """Writes an array of `total_length` by naming some elements, from 0.

        Every element that is not named becomes the type's default (0, false, "", 1970): it is not kept.
        """
        command = wire.WriteCommand(
            server_handle=server_handle,
            item_handle=item_handle,
            value=sparse_to_wire(elements, total_length, data_type, **allowed),
            user_id=user_id,
        )
        return await self._write("write", command, confirm=confirm, timeout=timeout)

    # -------------------------------------------------------------- many at once

    async def write_tags(
        self,
        server_handle: ServerHandle,
        values: Mapping[str, Any],
        *,
        timeout: float = CONFIRM_SECONDS,
        **allowed: Unpack[Allowed],
    ) -> dict[str, Written]:
        """Writes many tags and waits for every outcome: advises all, writes all, then collects.

        One result a tag, in the order given. A tag that fails has its reason in `failure`; nothing is raised
        for it. What was not advised before is not advised afterwards.
        """
        self._feed.keep()
        added = await self.subscribe_bulk(server_handle, list(values))
        good = {result.tag: result.item_handle for result in added if not result.failure}
        results = {r.tag: Written(r.tag, r.item_handle, r.failure) for r in added}
        outcomes = {tag: self.outcomes.expect(handle) for tag, handle in good.items()}
        try:
            entries = [WriteEntry(handle, values[tag], **allowed) for tag, handle in good.items()]
            for result in await self.write_bulk(server_handle, entries):
                results[result.tag] = result
            await asyncio.wait(
                [outcomes[tag] for tag in good if not results[tag].failure] or [completed()], timeout=timeout
            )
            for tag in good:
                results[tag] = results[tag].after(outcomes[tag], timeout)
        finally:
            for tag, handle in good.items():
                self.outcomes.forget(handle, outcomes[tag])
            await self.unsubscribe_bulk(server_handle, list(good.values()))
        return results

    # -------------------------------------------------------------- beneath

    async def _write(self, field: str, command: Any, *, confirm: bool, timeout: float) -> tuple[Status, ...]:
        item_handle = ItemHandle(command.item_handle)
        tag = self._tag(item_handle)
        if not confirm:
            await self._invoke(field, command, about=tag)
            return ()
        self._feed.keep()
        if item_handle not in self.advised:
            await self.advise(ServerHandle(command.server_handle), item_handle)
        statuses = await self.outcomes.outcome_of(
            item_handle, tag, timeout, lambda: self._invoke(field, command, about=tag)
        )
        if any(status.failed for status in statuses):
            raise WriteError(tag, statuses)
        return statuses


def completed() -> asyncio.Future[None]:
    """A future that is done."""
    done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    done.set_result(None)
    return done
