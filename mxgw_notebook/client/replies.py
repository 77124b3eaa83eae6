"""Command replies: judged in one place, and the results of bulk commands as records."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NewType, TypeVar

from google.protobuf.message import Message

from mxgw_notebook.client.clock import GatewayClock
from mxgw_notebook.client.contract import enum_name, wire
from mxgw_notebook.client.values import Value, from_wire, moment_of, statuses_from_wire
from mxgw_notebook.errors import MxAccessError, ReplyError, Status, TagError

ServerHandle = NewType("ServerHandle", int)
ItemHandle = NewType("ItemHandle", int)
R = TypeVar("R", bound=Message)

HINTS = {
    "SESSION_NOT_FOUND": "The gateway has closed it or was restarted: open a new session.",
    "SESSION_NOT_READY": "The session is starting or faulted: ask get_session_state, or open a new one.",
    "WORKER_UNAVAILABLE": "The session's worker process is gone: open a new session.",
    "TIMEOUT": "The command may still be running: ask get_session_state before repeating it.",
}


@dataclass(frozen=True, slots=True)
class Subscribed:
    """One entry of a bulk command over tags: its item handle, or why it failed."""

    tag: str
    item_handle: ItemHandle
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """One tag's value as read: `quality` the raw OPC code, `time_ns` nanoseconds since 1970 UTC (0: none)."""

    tag: str
    value: Value = None
    quality: int = 0
    time_ns: int = 0
    variant_type: str = ""
    cached: bool = False
    failure: str = ""
    statuses: tuple[Status, ...] = ()

    @property
    def time(self) -> datetime | None:
        """The source's time in UTC, to the microsecond; None where none was sent, or one out of reason."""
        return moment_of(self.time_ns)


@dataclass(frozen=True, slots=True)
class Written:
    """One entry of a bulk write: accepted, or why it failed; `statuses` are of its outcome or refusal."""

    tag: str
    item_handle: ItemHandle
    failure: str = ""
    hresult: int | None = None
    statuses: tuple[Status, ...] = ()

    def after(self, outcome: asyncio.Future[tuple[Status, ...]], seconds: float) -> Written:
        """This entry once its outcome has come, or has not within the time."""
        if self.failure:
            return self
        if not outcome.done():
            return replace(self, failure=f"no outcome within {seconds:g} s: the value may have been written")
        error = outcome.exception()
        if error is not None:
            return replace(self, failure=str(error))
        refused = "; ".join(str(status) for status in outcome.result() if status.failed)
        return replace(self, failure=refused, statuses=outcome.result())


def check(results: Sequence[Subscribed | Reading | Written], *, hint: str | None = None) -> None:
    """Raises TagError, which lists every entry of a bulk reply that failed, if any did."""
    failures = {result.tag: result.failure for result in results if result.failure}
    if failures:
        raise TagError(failures, hint=hint)


def raise_for_command(reply: wire.MxCommandReply, what: str) -> wire.MxCommandReply:
    """The reply, if its protocol status is OK.

    Raises:
        MxAccessError: MXAccess refused the command.
        ReplyError: The gateway could not run it.
    """
    code = enum_name(reply.protocol_status, "code")
    if code in ("OK", "UNSPECIFIED"):
        return reply
    reason = reply.protocol_status.message or reply.diagnostic_message or code
    if code != "MXACCESS_FAILURE":
        raise ReplyError(f"{what}: {reason}", protocol_code=code, reply=reply, hint=HINTS.get(code, ""))
    statuses = statuses_from_wire(reply.statuses)
    hresult = reply.hresult if reply.HasField("hresult") else None
    listed = "; ".join(str(status) for status in statuses if status.failed)
    shown = "" if hresult is None else f" (hresult 0x{hresult & 0xFFFFFFFF:08X})"
    message = f"{what}: {listed or reason}{shown}"
    raise MxAccessError(message, protocol_code=code, reply=reply, hresult=hresult, statuses=statuses)


def raise_for_status(reply: R, what: str) -> R:
    """The reply of a call other than Invoke, if its protocol status is OK. Raises ReplyError."""
    status: Any = reply.protocol_status  # type: ignore[attr-defined]
    code = enum_name(status, "code")
    if code in ("OK", "UNSPECIFIED"):
        return reply
    reason = status.message or getattr(reply, "diagnostic_message", "") or code
    raise ReplyError(f"{what}: {reason}", protocol_code=code, reply=reply, hint=HINTS.get(code, ""))


def subscribed(results: Sequence[wire.SubscribeResult]) -> list[Subscribed]:
    """The entries of a bulk reply, in the order asked."""
    return [
        Subscribed(
            tag=result.tag_address,
            item_handle=ItemHandle(result.item_handle),
            failure="" if result.was_successful else reason(result),
        )
        for result in results
    ]


def reason(result: wire.SubscribeResult | wire.BulkReadResult) -> str:
    """Why an entry failed, without the tag's name, which stands beside it anyway."""
    return result.error_message.removeprefix(f"{result.tag_address}: ") or "refused without a reason"


def written(results: Sequence[wire.BulkWriteResult], tags: Mapping[ItemHandle, str]) -> list[Written]:
    """The entries of a bulk write's reply, in the order asked."""
    return [
        Written(
            tag=tags.get(ItemHandle(result.item_handle), f"item {result.item_handle}"),
            item_handle=ItemHandle(result.item_handle),
            failure="" if result.was_successful else result.error_message or "refused without a reason",
            hresult=result.hresult if result.HasField("hresult") else None,
            statuses=statuses_from_wire(result.statuses),
        )
        for result in results
    ]


def readings(results: Sequence[wire.BulkReadResult], clock: GatewayClock | None = None) -> list[Reading]:
    """The entries of a ReadBulk reply, in the order asked; `clock` judges their times."""
    clock = clock or GatewayClock()
    return [reading(result, clock) for result in results]


def reading(result: wire.BulkReadResult, clock: GatewayClock) -> Reading:
    """One entry of a ReadBulk reply."""
    return Reading(
        tag=result.tag_address,
        value=from_wire(result.value) if result.was_successful else None,
        quality=result.quality,
        time_ns=clock.time_ns(result.source_timestamp),
        variant_type=result.value.variant_type,
        cached=result.was_cached,
        failure="" if result.was_successful else reason(result),
        statuses=statuses_from_wire(result.statuses),
    )
