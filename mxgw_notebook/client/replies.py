"""Command replies: judged in one place, and the results of bulk commands as records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NewType

from mxgw_notebook.client.contract import enum_name, gateway
from mxgw_notebook.client.values import Value, from_wire, nanoseconds, statuses_from_wire
from mxgw_notebook.errors import MxAccessError, ReplyError, Status

ServerHandle = NewType("ServerHandle", int)
ItemHandle = NewType("ItemHandle", int)

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
    cached: bool = False
    failure: str = ""
    statuses: tuple[Status, ...] = ()


def judged(reply: gateway.MxCommandReply, what: str) -> gateway.MxCommandReply:
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


def subscribed(results: Sequence[gateway.SubscribeResult]) -> list[Subscribed]:
    """The entries of a bulk reply, in the order asked."""
    return [
        Subscribed(
            tag=result.tag_address,
            item_handle=ItemHandle(result.item_handle),
            failure="" if result.was_successful else reason(result),
        )
        for result in results
    ]


def reason(result: gateway.SubscribeResult | gateway.BulkReadResult) -> str:
    """Why an entry failed, without the tag's name, which stands beside it anyway."""
    return result.error_message.removeprefix(f"{result.tag_address}: ") or "refused without a reason"


def readings(results: Sequence[gateway.BulkReadResult]) -> list[Reading]:
    """The entries of a ReadBulk reply, in the order asked."""
    return [reading(result) for result in results]


def reading(result: gateway.BulkReadResult) -> Reading:
    """One entry of a ReadBulk reply."""
    return Reading(
        tag=result.tag_address,
        value=from_wire(result.value) if result.was_successful else None,
        quality=result.quality,
        time_ns=nanoseconds(result.source_timestamp),
        cached=result.was_cached,
        failure="" if result.was_successful else reason(result),
        statuses=statuses_from_wire(result.statuses),
    )
