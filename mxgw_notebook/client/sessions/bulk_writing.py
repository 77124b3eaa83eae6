"""Writes of many values in one command: a result each, and a bad one fails alone.

Why: DECISIONS.md, "Unknown is an outcome of a write".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any

import numpy as np

from mxgw_notebook.client.checking import checks_all_arguments
from mxgw_notebook.client.contract import wire
from mxgw_notebook.client.failures import being_read, judge_write
from mxgw_notebook.client.replies import ItemHandle, ServerHandle, Written, written
from mxgw_notebook.client.requests import filled
from mxgw_notebook.client.sessions.attribute_types import TypeCommands
from mxgw_notebook.client.sessions.intent import Intent
from mxgw_notebook.client.sessions.invoking import parts
from mxgw_notebook.client.values import Allowed, ValueType, sent_value, to_wire
from mxgw_notebook.errors import (
    ConfigurationError,
    GatewayError,
    OutcomeUnknownError,
    WriteOutcomeUnknownError,
)

Moment = datetime | np.datetime64


@dataclass(frozen=True, slots=True)
class WriteEntry:
    """One entry of a bulk write. Fields that its command does not have are ignored.

    Without a `data_type` the item's type is read first, as `Session.write` does. `allow_nonfinite` sends
    infinity and NaN; `allow_empty` sends None and an array without elements. `current_user_id` and
    `verifier_user_id` come from `authenticate_user`; for SecuredWrite, give the same id twice.
    """

    item_handle: ItemHandle
    value: Any
    data_type: str | ValueType | None = None
    timestamp: Moment | None = None
    user_id: int = 0
    current_user_id: int = 0
    verifier_user_id: int = 0
    allow_nonfinite: bool = False
    allow_empty: bool = False


class BulkWrite:
    """The entries of one bulk write, each with what became of it so far: at first none was sent."""

    def __init__(self, results: Sequence[Written]) -> None:
        # Whatever breaks off before an entry's turn leaves it with what is certain of it.
        unsent = GatewayError("It was not sent")
        self.results = [result.failed(unsent) for result in results]
        self.messages: dict[int, Any] = {}  # of those that can be sent, by their place
        self.failure: GatewayError | None = None  # of the command that ended it

    def refuse(self, place: int, error: GatewayError) -> None:
        """An entry is not sent."""
        self.results[place] = self.results[place].failed(error)
        self.messages.pop(place, None)

    def note_sent(self, places: Sequence[int]) -> None:
        """Entries are on their way: from now on they may be written."""
        for place in places:
            result, value = self.results[place], sent_value(self.messages[place].value)
            message = f"No answer to the write to {result.tag} has come"
            error = WriteOutcomeUnknownError(message, tag=result.tag, value=value)
            self.results[place] = replace(result, value=value).failed(error)

    def answer(self, places: Sequence[int], answers: Sequence[Written]) -> None:
        """What the gateway says of entries; an answer that is not of these entries says nothing."""
        # Answers have no other key than their place: one too few would give every entry behind it the answer
        # of another tag.
        asked = [self.results[place].item_handle for place in places]
        if [answer.item_handle for answer in answers] != asked:
            self.fail(places, OutcomeUnknownError("The reply is not one of the entries that were sent"))
            return
        for place, answer in zip(places, answers, strict=True):
            known = self.results[place]
            self.results[place] = replace(answer, tag=known.tag, value=known.value)

    def fail(self, places: Sequence[int], failure: GatewayError) -> None:
        """The command that carried entries has failed."""
        self.failure = failure
        for place in places:
            result = self.results[place]
            try:
                with judge_write(result.tag, result.value):
                    raise failure
            except GatewayError as error:
                self.results[place] = result.failed(error)


@checks_all_arguments
class BulkWriteCommands(TypeCommands):
    """Writing many values: one result an entry, in order. Returning means accepted, not done.

    A value that does not fit its attribute is not sent, and its entry says why; so with what the gateway
    refuses. Raises where the gateway took none of it: WriteOutcomeUnknownError when it may have all the same.
    Long lists are sent in parts; after one that fails nothing more is sent, and the entries tell.
    """

    async def write_bulk(self, server_handle: ServerHandle, entries: Sequence[WriteEntry]) -> list[Written]:
        """Writes many values: one result per entry, in order."""
        return await self._write_bulk("write_bulk", server_handle, entries)

    async def write2_bulk(self, server_handle: ServerHandle, entries: Sequence[WriteEntry]) -> list[Written]:
        """Writes many values with their times."""
        return await self._write_bulk("write2_bulk", server_handle, entries)

    async def write_secured_bulk(
        self, server_handle: ServerHandle, entries: Sequence[WriteEntry]
    ) -> list[Written]:
        """Writes many signed values."""
        return await self._write_bulk("write_secured_bulk", server_handle, entries)

    async def write_secured2_bulk(
        self, server_handle: ServerHandle, entries: Sequence[WriteEntry]
    ) -> list[Written]:
        """Writes many signed values with their times."""
        return await self._write_bulk("write_secured2_bulk", server_handle, entries)

    async def _write_bulk(
        self, field: str, server_handle: ServerHandle, entries: Sequence[WriteEntry]
    ) -> list[Written]:
        writing = await self._prepare_bulk(field, server_handle, entries)
        await self._send_bulk(field, server_handle, writing)
        if writing.failure is not None and not any(one.outcome == "accepted" for one in writing.results):
            with judge_write(f"{len(entries)} items"):
                raise writing.failure
        return writing.results

    async def _prepare_bulk(
        self, field: str, server_handle: ServerHandle, entries: Sequence[WriteEntry]
    ) -> BulkWrite:
        """The entries as their attributes take them."""
        handles = [entry.item_handle for entry in entries]
        wanted = [(entry.item_handle, intent_of(entry)) for entry in entries]
        made = await self._as_wire(server_handle, wanted)
        writing = BulkWrite([Written(self._tag(handle), handle) for handle in handles])
        for place, (entry, value) in enumerate(zip(entries, made, strict=True)):
            try:
                if isinstance(value, ConfigurationError):
                    raise value
                writing.messages[place] = entry_message(field, entry, value)
            except ConfigurationError as error:
                writing.refuse(place, error)
        return writing

    async def _send_bulk(
        self, field: str, server_handle: ServerHandle, writing: BulkWrite, *, timeout: float | None = None
    ) -> None:
        """Sends what can be sent, part by part, to the first that fails; each entry then has its result."""
        if not writing.messages:
            return
        command = command_of(field)

        def build(some: Sequence[Any]) -> Any:
            return filled(command, server_handle=server_handle, entries=some)

        waiting = iter(list(writing.messages))
        for part in parts(list(writing.messages.values()), build):
            sent: Any = part
            places = list(islice(waiting, len(sent.entries)))
            # Before the call, not after it: where that is cancelled or times out, these may have been
            # written.
            writing.note_sent(places)
            try:
                reply = await self._invoke(field, part, timeout=timeout)
                with being_read(f"Invoke ({field})", self._rpc.options):
                    answers = written(getattr(reply, field).results, self.tags)
            except GatewayError as error:
                # The parts behind it stay as they began: not sent, for certain.
                writing.fail(places, error)
                break
            writing.answer(places, answers)


def intent_of(entry: WriteEntry) -> Intent:
    """An entry's value, and what is known of how it is meant."""
    allowed = Allowed(allow_nonfinite=entry.allow_nonfinite, allow_empty=entry.allow_empty)
    return Intent(entry.value, entry.data_type, allowed)


def command_of(field: str) -> Any:
    """The command's message class, by its field in the contract."""
    described: Any = wire.MxCommand.DESCRIPTOR.fields_by_name[field].message_type
    return getattr(wire, described.name)


def entry_message(field: str, entry: WriteEntry, value: wire.MxValue) -> Any:
    """The entry as the bulk command's own message, with the fields which that has."""
    descriptor = command_of(field).DESCRIPTOR.fields_by_name["entries"].message_type
    fields: dict[str, Any] = {
        "item_handle": entry.item_handle,
        "value": value,
        "user_id": entry.user_id,
        "current_user_id": entry.current_user_id,
        "verifier_user_id": entry.verifier_user_id,
        "timestamp_value": None if entry.timestamp is None else to_wire(entry.timestamp, "Time"),
    }
    message: Any = getattr(wire, descriptor.name)
    return message(**{name: value for name, value in fields.items() if name in descriptor.fields_by_name})
