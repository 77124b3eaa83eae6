"""Writes: sent, and on request waited for until the plant has answered."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from functools import partial
from typing import Any, Unpack

from mxgw_notebook.client.checking import checks_all_arguments
from mxgw_notebook.client.contract import wire
from mxgw_notebook.client.failures import judge_write
from mxgw_notebook.client.replies import (
    ItemHandle,
    ServerHandle,
    WriteOutcome,
    Written,
    no_outcome,
    not_sent,
    untold_outcome,
)
from mxgw_notebook.client.requests import filled
from mxgw_notebook.client.sessions.bulk_writing import BulkWriteCommands, Moment
from mxgw_notebook.client.sessions.intent import Intent
from mxgw_notebook.client.sessions.items import ItemCommands
from mxgw_notebook.client.sessions.outcomes import PendingWrites
from mxgw_notebook.client.values import Allowed, Value, ValueType, sent_value, to_wire
from mxgw_notebook.errors import ConfigurationError, Status, WriteError

CONFIRM_SECONDS = 10.0
# The gateway's own time for a write ends after the caller's, which is the one to be told of.
LATER_SECONDS = 1.0


@checks_all_arguments
class WriteCommands(ItemCommands, BulkWriteCommands):
    """Writing values. Without `confirm`, returning means accepted, not done.

    With `confirm=True` the item is advised if it was not, and the statuses of its OnWriteComplete are
    returned; a refusal is a WriteError. The outcome is taken from the session's one event stream, without
    taking anything from whoever else reads it, or from whom the events were left to (`hand_over_events`).

    **What is sent.** Without a `data_type` an item that this session has added is asked for its value, once a
    minute, and that tells its type: what does not fit, 0.4 for a Boolean or a list for one value, is refused
    and not sent. Where the value does not tell, UnknownTypeError asks for a `data_type`. With one, or with an
    MxValue, the value is sent as that; only a number other than 0 and 1, or a text of one, is first compared
    with what the item holds, as far as that can be asked, for it would switch a Boolean on, and 1e400 make a
    Double infinite. Of the handle of an item that this
    session has not added nothing is known: such a number needs a `data_type` there, and all else travels as
    what it is in Python. Infinity, NaN, None and an array of no elements are refused unless
    `allow_nonfinite=True` or `allow_empty=True` asks for them.

    **How long.** `timeout` bounds the whole: finding out the type, advising, sending, the reply and the
    outcome. After a failure that leaves open whether the plant has the value, WriteOutcomeUnknownError says
    so; every other error says that it was not written.
    """

    outcomes: PendingWrites

    async def write(
        self,
        server_handle: ServerHandle,
        item_handle: ItemHandle,
        value: Any,
        *,
        data_type: str | ValueType | None = None,
        user_id: int = 0,
        confirm: bool = False,
        timeout: float = CONFIRM_SECONDS,
        **allowed: Unpack[Allowed],
    ) -> tuple[Status, ...]:
        """Writes a value. Without `confirm` it returns when the gateway has accepted the write.

        Args:
            server_handle: From `register`.
            item_handle: From `add_item`.
            value: A value that fits the attribute; with `data_type` also a text of one.
            data_type: The attribute's type, such as `Double`. Without it the type is read from the item.
            user_id: Who writes, from `authenticate_user`; 0 for nobody.
            confirm: Waits for the plant's answer. The item is advised if it was not.
            timeout: Seconds for all of it: reading the type, the reply, and the plant's answer.
            **allowed: `allow_nonfinite=True` sends infinity and NaN; `allow_empty=True` sends None or an
                empty array.

        Returns:
            The plant's statuses with `confirm`, else nothing.

        Raises:
            ConfigurationError: The value does not fit the attribute.
            UnknownTypeError: The item's value does not tell its type: give `data_type`.
            WriteError: The plant refused it (with `confirm`).
            WriteOutcomeUnknownError: It may have been written.
        """
        command = filled(
            wire.WriteCommand,
            server_handle=server_handle,
            item_handle=item_handle,
            user_id=user_id,
        )
        intent = Intent(value, data_type, allowed)
        return (await self._write("write", command, intent, confirm=confirm, timeout=timeout)).statuses

    async def write2(
        self,
        server_handle: ServerHandle,
        item_handle: ItemHandle,
        value: Any,
        timestamp: Moment,
        *,
        data_type: str | ValueType | None = None,
        user_id: int = 0,
        confirm: bool = False,
        timeout: float = CONFIRM_SECONDS,
        **allowed: Unpack[Allowed],
    ) -> tuple[Status, ...]:
        """Writes a value with its time, which must have a time zone. Else as `write`."""
        command = filled(
            wire.Write2Command,
            server_handle=server_handle,
            item_handle=item_handle,
            timestamp_value=to_wire(timestamp, "Time"),
            user_id=user_id,
        )
        intent = Intent(value, data_type, allowed)
        return (await self._write("write2", command, intent, confirm=confirm, timeout=timeout)).statuses

    async def write_secured(
        self,
        server_handle: ServerHandle,
        item_handle: ItemHandle,
        value: Any,
        *,
        current_user_id: int,
        verifier_user_id: int,
        data_type: str | ValueType | None = None,
        confirm: bool = False,
        timeout: float = CONFIRM_SECONDS,
        **allowed: Unpack[Allowed],
    ) -> tuple[Status, ...]:
        """Writes to a SecuredWrite attribute (the same id twice) or a VerifiedWrite one (verifier's id).

        The ids are from `authenticate_user`. Else as `write`.
        """
        command = filled(
            wire.WriteSecuredCommand,
            server_handle=server_handle,
            item_handle=item_handle,
            current_user_id=current_user_id,
            verifier_user_id=verifier_user_id,
        )
        intent = Intent(value, data_type, allowed)
        return (
            await self._write("write_secured", command, intent, confirm=confirm, timeout=timeout)
        ).statuses

    async def write_secured2(
        self,
        server_handle: ServerHandle,
        item_handle: ItemHandle,
        value: Any,
        timestamp: Moment,
        *,
        current_user_id: int,
        verifier_user_id: int,
        data_type: str | ValueType | None = None,
        confirm: bool = False,
        timeout: float = CONFIRM_SECONDS,
        **allowed: Unpack[Allowed],
    ) -> tuple[Status, ...]:
        """As `write_secured`, with the value's time, which must have a time zone."""
        command = filled(
            wire.WriteSecured2Command,
            server_handle=server_handle,
            item_handle=item_handle,
            current_user_id=current_user_id,
            verifier_user_id=verifier_user_id,
            timestamp_value=to_wire(timestamp, "Time"),
        )
        intent = Intent(value, data_type, allowed)
        return (
            await self._write("write_secured2", command, intent, confirm=confirm, timeout=timeout)
        ).statuses

    async def write_array_elements(
        self,
        server_handle: ServerHandle,
        item_handle: ItemHandle,
        elements: Mapping[int, Any],
        *,
        total_length: int,
        data_type: str | ValueType | None = None,
        user_id: int = 0,
        confirm: bool = False,
        timeout: float = CONFIRM_SECONDS,
        **allowed: Unpack[Allowed],
    ) -> tuple[Status, ...]:
        """Writes some elements (counted from 0) of an array of `total_length`.

        Every other element becomes the type's default (0, false, "", 1970): its old value is lost. Else as
        `write`.
        """
        command = filled(
            wire.WriteCommand,
            server_handle=server_handle,
            item_handle=item_handle,
            user_id=user_id,
        )
        intent = Intent(elements, data_type, allowed, total_length)
        return (await self._write("write", command, intent, confirm=confirm, timeout=timeout)).statuses

    def write_confirmed(
        self,
        server_handle: ServerHandle,
        item_handle: ItemHandle,
        value: Any,
        *,
        data_type: str | ValueType | None = None,
        timeout: float = CONFIRM_SECONDS,
        begun: float | None = None,
        **allowed: Unpack[Allowed],
    ) -> Coroutine[Any, Any, Written]:
        """As `write` with `confirm=True`; the result also has the value that was sent.

        `timeout` is in seconds, and starts at `begun` (the loop's time). Default: now.
        """
        command = filled(wire.WriteCommand, server_handle=server_handle, item_handle=item_handle)
        intent = Intent(value, data_type, allowed)
        return self._write("write", command, intent, confirm=True, timeout=timeout, begun=begun)

    # -------------------------------------------------------------- beneath

    async def _write(
        self,
        field: str,
        command: Any,
        intent: Intent,
        *,
        confirm: bool,
        timeout: float,
        begun: float | None = None,
    ) -> Written:
        item_handle = ItemHandle(command.item_handle)
        tag = self._tag(item_handle)
        deadline = (asyncio.get_running_loop().time() if begun is None else begun) + timeout
        try:
            async with asyncio.timeout_at(deadline):
                # Two blocks with one deadline, for a timeout means two things: up to here nothing has left,
                # and it is certain that nothing was written; from the next block on nobody knows.
                await self._prepare(command, intent, confirm=confirm)
        except TimeoutError:
            raise not_sent(tag, timeout) from None
        # As it leaves, not as it was given: whoever has to find out what the plant has compares with this.
        value = sent_value(command.value)
        try:
            async with asyncio.timeout_at(deadline):
                statuses = await self._send(field, command, tag, value, confirm=confirm, timeout=timeout)
        except TimeoutError:
            raise no_outcome(tag, timeout, value) from None
        if any(status.failed for status in statuses):
            # What was refused may be the type: a deploy can have changed it, and the next write asks anew.
            self.types.forget(self._reference(item_handle))
            raise WriteError(tag, statuses, value=value)
        if (untold := untold_outcome(tag, statuses, value)) is not None:
            raise untold
        outcome: WriteOutcome = "completed" if confirm else "accepted"
        return Written(tag, item_handle, statuses=statuses, outcome=outcome, value=value)

    async def _prepare(self, command: Any, intent: Intent, *, confirm: bool) -> None:
        """Finds the value's form, and advises the item where its outcome is to be waited for."""
        server_handle, item_handle = ServerHandle(command.server_handle), ItemHandle(command.item_handle)
        (made,) = await self._as_wire(server_handle, [(item_handle, intent)])
        if isinstance(made, ConfigurationError):
            raise made
        command.value.CopyFrom(made)
        if confirm:
            # Before the item is advised: its outcome is an event, and one that comes with no stream open is
            # lost.
            self._feed.keep()
            if item_handle not in self.advised:
                await self.advise(server_handle, item_handle)

    async def _send(
        self, field: str, command: Any, tag: str, value: Value, *, confirm: bool, timeout: float
    ) -> tuple[Status, ...]:
        """Sends the write; from here on a failure may leave open whether it was done."""
        with judge_write(tag, value):
            send = partial(self._invoke, field, command, about=tag, timeout=timeout + LATER_SECONDS)
            if not confirm:
                await send()
                return ()
            return await self.outcomes.outcome_of(ItemHandle(command.item_handle), send)
