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
from mxgw_notebook.client.refusals import reason_of
from mxgw_notebook.client.values import Value, from_wire, moment_of, statuses_from_wire
from mxgw_notebook.errors import MxAccessError, ReplyError, Status, TagError, hint_of

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
    """Raises TagError, which lists every entry of a bulk reply that failed, if any did.

    What a status says to ask for instead comes before the `hint`.
    """
    failed = [result for result in results if result.failure]
    if failed:
        raise TagError({result.tag: result.failure for result in failed}, hint=asked_instead(failed) or hint)


def asked_instead(results: Sequence[Subscribed | Reading | Written]) -> str | None:
    """What to ask for instead of what failed, where a status says so."""
    return hint_of(status for result in results for status in getattr(result, "statuses", ()))


def raise_for_command(reply: wire.MxCommandReply, what: str) -> wire.MxCommandReply:
    """The reply, if its protocol status is OK.

    Raises:
        MxAccessError: MXAccess refused the command.
        ReplyError: The gateway could not run it.
    """
    code = enum_name(reply.protocol_status, "code")
    if code in ("OK", "UNSPECIFIED"):
        return reply
    words = reply.protocol_status.message or reply.diagnostic_message
    statuses = statuses_from_wire(reply.statuses)
    hresult = reply.hresult if reply.HasField("hresult") else None
    if code != "MXACCESS_FAILURE":
        reason = reason_of(words or code, statuses, hresult=hresult)
        raise ReplyError(f"{what}: {reason}", protocol_code=code, reply=reply, hint=HINTS.get(code, ""))
    failed = [status for status in statuses if status.failed]
    if any(status.text for status in failed):  # they say more than the reply's own words
        words = ""
    reason = reason_of(words, failed or statuses, hresult=hresult)
    raise MxAccessError(
        f"{what}: {reason}", protocol_code=code, reply=reply, hresult=hresult, statuses=statuses
    )


def raise_for_status(reply: R, what: str) -> R:
    """The reply of a call other than Invoke, if its protocol status is OK. Raises ReplyError."""
    status: Any = reply.protocol_status  # type: ignore[attr-defined]
    code = enum_name(status, "code")
    if code in ("OK", "UNSPECIFIED"):
        return reply
    words = status.message or getattr(reply, "diagnostic_message", "") or code
    reason = reason_of(words, hresult=getattr(reply, "hresult", None))
    raise ReplyError(f"{what}: {reason}", protocol_code=code, reply=reply, hint=HINTS.get(code, ""))


def subscribed(results: Sequence[wire.SubscribeResult]) -> list[Subscribed]:
    """The entries of a bulk reply, in the order asked."""
    return [
        Subscribed(
            tag=result.tag_address,
            item_handle=ItemHandle(result.item_handle),
            failure="" if result.was_successful else reason_of(result.error_message, tag=result.tag_address),
        )
        for result in results
    ]


def written(results: Sequence[wire.BulkWriteResult], tags: Mapping[ItemHandle, str]) -> list[Written]:
    """The entries of a bulk write's reply, in the order asked."""
    return [written_entry(result, tags) for result in results]


def written_entry(result: wire.BulkWriteResult, tags: Mapping[ItemHandle, str]) -> Written:
    """One entry of a bulk write's reply."""
    handle, statuses = ItemHandle(result.item_handle), statuses_from_wire(result.statuses)
    tag = tags.get(handle, f"item {handle}")
    hresult = result.hresult if result.HasField("hresult") else None
    failure = ""
    if not result.was_successful:
        failure = reason_of(result.error_message, statuses, tag=tag, hresult=hresult)
    return Written(tag=tag, item_handle=handle, failure=failure, hresult=hresult, statuses=statuses)


def readings(results: Sequence[wire.BulkReadResult], clock: GatewayClock | None = None) -> list[Reading]:
    """The entries of a ReadBulk reply, in the order asked; `clock` judges their times."""
    clock = clock or GatewayClock()
    return [reading(result, clock) for result in results]


def reading(result: wire.BulkReadResult, clock: GatewayClock) -> Reading:
    """One entry of a ReadBulk reply."""
    statuses = statuses_from_wire(result.statuses)
    failure = ""
    if not result.was_successful:
        failure = reason_of(result.error_message, statuses, tag=result.tag_address)
    return Reading(
        tag=result.tag_address,
        value=from_wire(result.value) if result.was_successful else None,
        quality=result.quality,
        time_ns=clock.time_ns(result.source_timestamp),
        variant_type=result.value.variant_type,
        cached=result.was_cached,
        failure=failure,
        statuses=statuses,
    )
