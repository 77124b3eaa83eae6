"""What attributes take, asked of the values they have: writing needs no galaxy.

Why: DECISIONS.md, "The tag itself tells which type it takes".
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Sequence
from typing import Unpack

import grpc

from mxgw_notebook.client.contract import wire
from mxgw_notebook.client.replies import ItemHandle, Reading, ServerHandle
from mxgw_notebook.client.sessions.bulk import BulkCommands
from mxgw_notebook.client.sessions.intent import Intent
from mxgw_notebook.client.values import Allowed, ValueType, check_taken, has_truth
from mxgw_notebook.errors import (
    CallError,
    ConfigurationError,
    PermissionDeniedError,
    ReplyError,
    UnknownTypeError,
)

# Asking for a type may take so long.
TYPE_SECONDS = 1.0
# A deploy can give an attribute another type: what was learnt is believed so long, and by no more tags.
KEPT_SECONDS = 60.0
MOST_KEPT = 100_000
# A gateway that will not have this command is asked nothing more; any other failure is the write's own.
NOT_TO_BE_HAD = (grpc.StatusCode.UNIMPLEMENTED, grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN)


# What makes another value of what it is given than that says: True of 0.4, infinity of 1e400, 1 of True.
LENIENT = ("BOOLEAN", "INTEGER", "FLOAT", "DOUBLE", "ELAPSEDTIME")


class KnownTypes:
    """The types of tags as they were learnt, without case, as the galaxy has its names."""

    def __init__(self) -> None:
        self._types: dict[str, tuple[ValueType, float]] = {}

    def get(self, tag: str) -> ValueType | None:
        """What the tag takes; None where it was not learnt of late."""
        known, since = self._types.get(tag.lower(), (None, 0.0))
        return known if time.monotonic() - since < KEPT_SECONDS else None

    def learn(self, tag: str, kind: ValueType) -> None:
        """Keeps a type."""
        if len(self._types) >= MOST_KEPT:
            # All at once: what is still needed is learnt again by one read, and no order of use has to be
            # kept.
            self._types.clear()
        self._types[tag.lower()] = (kind, time.monotonic())

    def forget(self, tag: str) -> None:
        """What was learnt of a tag holds no longer."""
        self._types.pop(tag.lower(), None)

    def clear(self) -> None:
        """Nothing that was learnt holds any longer: something was deployed."""
        self._types.clear()


class TypeCommands(BulkCommands):
    """Finding out what the tags of items take."""

    types: KnownTypes

    async def check_truths(
        self,
        server_handle: ServerHandle,
        values: Sequence[tuple[ItemHandle, wire.MxValue]],
        **allowed: Unpack[Allowed],
    ) -> None:
        """Refuses a number that would switch a Boolean on, and a text that would make a number infinite.

        Every write here does this check. Raises ConfigurationError for the first such value. Items that were
        not added here must be in `tags`.
        """
        try:
            wanted = [(item, Intent(value, None, allowed)) for item, value in values]
        except (TypeError, ValueError):
            raise ConfigurationError(
                "These are not values of items", hint="Give (handle, value) pairs."
            ) from None
        for made in await self._as_wire(server_handle, wanted):
            if isinstance(made, ConfigurationError):
                raise made

    async def _as_wire(
        self, server_handle: ServerHandle, wanted: Sequence[tuple[ItemHandle, Intent]]
    ) -> list[wire.MxValue | ConfigurationError]:
        """Each value as its attribute takes it, or why it does not.

        What is not known is asked for, all of it at once. So is a type that refuses a value, for it may have
        been another before the last deploy.
        """
        made = [self._attempt(*one) for one in wanted]
        doubtful = [index for index, one in enumerate(wanted) if self._is_doubtful(*one, made[index])]
        if doubtful:
            asked = dict.fromkeys(self._reference(wanted[index][0]) for index in doubtful)
            reason = await self._learn(server_handle, asked)
            for index in doubtful:
                made[index] = self._attempt(*wanted[index], reason=reason)
        return made

    def _attempt(
        self, handle: ItemHandle, intent: Intent, *, reason: str = "it has no value that tells"
    ) -> wire.MxValue | ConfigurationError:
        """The value as it travels by what is known now, or why it does not."""
        known = self.types.get(self._reference(handle)) if handle in self.tags else None
        try:
            if not intent.asks:
                made = intent.as_wire()
                # A member of an enumeration may be given by its place, of which True is none.
                wanted = "INTEGER" if known is not None and known.name == "ENUM" else known and known.name
                if wanted in LENIENT and (wanted != "INTEGER" or has_truth(made)):
                    asked = intent.allowed.get("allow_nonfinite", False)
                    check_taken(made, wanted, allow_nonfinite=asked)
                return made
            if handle not in self.tags:
                return self._untyped(handle, intent)
            if known is None:
                return UnknownTypeError(f"The type of {self._tag(handle)} is not known: {reason}")
            return intent.as_wire(known)
        except ConfigurationError as error:
            return error

    def _untyped(self, handle: ItemHandle, intent: Intent) -> wire.MxValue:
        """A value for an item of which nothing is known: sent as it is, where it can switch nothing on."""
        made = intent.as_wire()
        try:
            check_taken(made)
        except ConfigurationError:
            message = f"The type of {self._tag(handle)} is not known: it was not added in this session"
            raise UnknownTypeError(message) from None
        return made

    def _is_doubtful(
        self, handle: ItemHandle, intent: Intent, made: wire.MxValue | ConfigurationError
    ) -> bool:
        """Whether the item is to be asked for its type before it is known whether the value is sent."""
        # Without a tag there is nothing to ask: another client of this session added that item.
        if handle not in self.tags:
            return False
        known = self.types.get(self._reference(handle))
        if isinstance(made, ConfigurationError):
            return intent.asks or known is not None
        return known is None and not is_taken_as_said(made)

    async def _learn(self, server_handle: ServerHandle, tags: Iterable[str]) -> str:
        """Asks the tags for their values, which tell; the answer is why those that are not known are not."""
        asked = list(tags)
        for tag in asked:
            # First: a tag that does not answer now must not keep a type of before the deploy.
            self.types.forget(tag)
        begun = asyncio.get_running_loop().time()
        try:
            readings = await self.read_bulk(server_handle, asked, timeout=TYPE_SECONDS)
            self._learn_from(readings)
            # ReadBulk takes names as they are, and that of an array has brackets.
            bare = [read.tag for read in readings if read.failure and not read.tag.endswith("]")]
            left = begun + TYPE_SECONDS - asyncio.get_running_loop().time()
            if bare and left > 0:
                arrays = [f"{tag}[]" for tag in bare]
                self._learn_from(await self.read_bulk(server_handle, arrays, timeout=left))
        # A key may write and not read. Then the write needs a type from its caller, and is told why.
        except (PermissionDeniedError, ReplyError) as error:
            return error.message
        except CallError as error:
            if error.code not in NOT_TO_BE_HAD:
                raise
            return error.message
        failures = [read.failure for read in readings if read.failure]
        return failures[0] if len(asked) == 1 and failures else "it has no value that tells"

    def _learn_from(self, readings: Iterable[Reading]) -> None:
        for read in readings:
            if read.value_type is not None:
                self.types.learn(read.tag, read.value_type)
                self.types.learn(read.tag.removesuffix("[]"), read.value_type)


def is_taken_as_said(value: wire.MxValue) -> bool:
    """Whether every attribute would take the value for nothing but what it says.

    A Boolean takes 0.4 for true, and a number takes true for 1.
    """
    if has_truth(value):
        return False
    try:
        check_taken(value)
    except ConfigurationError:
        return False
    return True
