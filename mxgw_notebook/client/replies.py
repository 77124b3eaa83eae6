"""Command replies: judged in one place, and the results of bulk commands as records."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal, NewType, TypeVar

from google.protobuf.message import Message

from mxgw_notebook.client.clock import GatewayClock
from mxgw_notebook.client.contract import enum_name, is_unnamed, wire
from mxgw_notebook.client.contract_names import BulkEntry, also
from mxgw_notebook.client.failures import OTHER_CONTRACT
from mxgw_notebook.client.refusals import reason_of
from mxgw_notebook.client.values import (
    BAD,
    UNREADABLE,
    Value,
    ValueType,
    moment_of,
    readable,
    statuses_from_wire,
)
from mxgw_notebook.errors import (
    GatewayError,
    MxAccessError,
    ReplyError,
    Status,
    TagError,
    WriteError,
    WriteOutcomeUnknownError,
)
from mxgw_notebook.statuses import hint_of

ServerHandle = NewType("ServerHandle", int)
ItemHandle = NewType("ItemHandle", int)
R = TypeVar("R", bound=Message)
# What became of a write: taken in, done, refused by us, the gateway or the plant, or nobody knows.
WriteOutcome = Literal["accepted", "completed", "refused", "unknown"]
# Protocol codes that say that nothing was done; after any other that is no success it may have been.
REFUSALS = frozenset(("INVALID_REQUEST", "SESSION_NOT_FOUND", "SESSION_NOT_READY", "MXACCESS_FAILURE"))

HINTS = {
    "SESSION_NOT_FOUND": "The gateway has closed it or was restarted: open a new session.",
    "SESSION_NOT_READY": "The session is starting or faulted: ask with {ask the session}, or open a new one.",
    "WORKER_UNAVAILABLE": "The session's worker process is gone: open a new session.",
    "TIMEOUT": "The command may still be running: ask with {ask the session} before repeating it.",
}


@dataclass(frozen=True, slots=True)
class Subscribed(BulkEntry):
    """One entry of a bulk command over tags: its item handle, or why it failed."""

    tag: str
    item_handle: ItemHandle
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Reading(BulkEntry):
    """One tag's value as read: `quality` the raw OPC code, `time_ns` nanoseconds since 1970 UTC (0: none).

    `value_type` is the attribute's type, if the value shows it. `item_handle` is 0 for a tag that was added
    only for this read.
    """

    tag: str
    value: Value = None
    quality: int = 0
    time_ns: int = 0
    variant_type: str = ""
    cached: bool = False
    failure: str = ""
    statuses: tuple[Status, ...] = ()
    value_type: ValueType | None = None
    item_handle: ItemHandle = ItemHandle(0)

    was_cached = also("cached")
    source_timestamp = also("time")

    @property
    def time(self) -> datetime | None:
        """The source's time in UTC, to the microsecond; None if none was sent, or an impossible one."""
        return moment_of(self.time_ns)


@dataclass(frozen=True, slots=True)
class Written(BulkEntry):
    """The result of one write of many, and the reason if it failed.

    `outcome` is `accepted` (the gateway has it, the plant has not answered yet), `completed`, `refused`
    (certainly not written) or `unknown` (it may have been written). `value` is the value that was sent, None
    if nothing was sent. `statuses` belong to the outcome or refusal. `error` is what a single write would
    have raised.
    """

    tag: str
    item_handle: ItemHandle
    failure: str = ""
    hresult: int | None = None
    statuses: tuple[Status, ...] = ()
    outcome: WriteOutcome = "accepted"
    value: Value = field(default=None, compare=False)
    error: GatewayError | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.failure and self.outcome == "accepted":
            object.__setattr__(self, "outcome", "refused")

    def failed(self, error: GatewayError) -> Written:
        """This entry as failed with a reason: refused, or unknown if the value may have been written."""
        outcome: WriteOutcome = "unknown" if error.may_be_done else "refused"
        return replace(self, failure=str(error), outcome=outcome, error=error)

    def after(self, outcome: asyncio.Future[tuple[Status, ...]], seconds: float) -> Written:
        """This entry after its outcome has come, or after the time for it has ended."""
        if self.outcome != "accepted":
            return self
        if not outcome.done() or outcome.cancelled():
            return self.failed(no_outcome(self.tag, seconds, self.value))
        if outcome.exception() is not None:
            message = f"The outcome of the write to {self.tag} is not known: {outcome.exception()}"
            return self.failed(WriteOutcomeUnknownError(message, tag=self.tag, value=self.value))
        done = replace(self, statuses=outcome.result(), outcome="completed")
        if (untold := untold_outcome(self.tag, done.statuses, self.value)) is not None:
            return done.failed(untold)
        if not any(status.failed for status in done.statuses):
            return done
        error = WriteError(self.tag, done.statuses, value=self.value)
        refused = "; ".join(str(status) for status in done.statuses if status.failed)
        return replace(done, failure=refused, outcome="refused", error=error)


def no_outcome(tag: str, seconds: float, value: Value = None) -> WriteOutcomeUnknownError:
    """The error of a write whose time was over before the plant had answered."""
    message = f"No outcome of the write to {tag} came within {seconds:g} s"
    return WriteOutcomeUnknownError(message, tag=tag, value=value)


def untold_outcome(
    tag: str, statuses: Sequence[Status], value: Value = None
) -> WriteOutcomeUnknownError | None:
    """The error of a write whose outcome came and does not say whether it was done; None where it does."""
    if any(status.failed for status in statuses) or not any(status.is_unknown for status in statuses):
        return None
    said = "; ".join(f"{status.category}: {status}" for status in statuses if status.is_unknown)
    message = f"The outcome of the write to {tag} is of a category that says nothing, {said}"
    return WriteOutcomeUnknownError(message, tag=tag, value=value)


def not_sent(what: str, seconds: float) -> GatewayError:
    """The error of a write whose time was over before it was sent: it certainly was not done."""
    hint = "Nothing was written: the gateway is slow to answer. A longer timeout can be given."
    return GatewayError(f"The write to {what} was not sent within {seconds:g} s", hint=hint)


def check(results: Sequence[Subscribed | Reading | Written], *, hint: str | None = None) -> None:
    """Raises TagError, which lists every entry of a bulk reply that failed, if any did.

    What a status says to ask for instead comes before the `hint`.
    """
    failed = [result for result in results if result.failure]
    if failed:
        raise TagError({result.tag: result.failure for result in failed}, hint=asked_instead(failed) or hint)


def asked_instead(results: Sequence[Subscribed | Reading | Written]) -> str | None:
    """What to ask for instead of what failed, where a status or the lack of a value says so."""
    hint = hint_of(status for result in results for status in getattr(result, "statuses", ()))
    if hint is None and any(result.failure.startswith(UNREADABLE) for result in results):
        return "Compare the gateway's own .proto files, if you have them: mxgw-py contract."
    return hint


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
        raise reply_error(what, reason, code, reply)
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
    raise reply_error(what, reason_of(words, hresult=getattr(reply, "hresult", None)), code, reply)


def reply_error(what: str, reason: str, code: str, reply: Message) -> ReplyError:
    """The error of a reply whose protocol status says no, or has a code that this version does not know."""
    hint = HINTS.get(code, "")
    if is_unnamed(code):
        told = f": {reason}" if reason != code else ""
        reason = f"answered with a protocol status that this version does not know, {code}{told}"
        hint = OTHER_CONTRACT
    error = ReplyError(f"{what}: {reason}", protocol_code=code, reply=reply, hint=hint)
    error.may_be_done = code not in REFUSALS
    return error


def check_kind(request: wire.MxCommandRequest, reply: wire.MxCommandReply, what: str) -> None:
    """Raises ReplyError where a reply says that it answers another command; one that says nothing passes."""
    if reply.kind in (request.command.kind, wire.MX_COMMAND_KIND_UNSPECIFIED):
        return
    kind = enum_name(reply, "kind")
    named = f"one that this version does not know, {kind}" if is_unnamed(kind) else kind.lower()
    error = ReplyError(
        f"{what}: the reply is that of another command, {named}",
        protocol_code="PROTOCOL_VIOLATION",
        reply=reply,
        hint=f"Nothing of it was used. {OTHER_CONTRACT}",
    )
    error.may_be_done = True
    raise error


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
    value, quality, failure = value_read(result)
    return Reading(
        tag=result.tag_address,
        value=value,
        quality=quality,
        time_ns=clock.time_ns(result.source_timestamp),
        variant_type=result.value.variant_type,
        cached=result.was_cached,
        item_handle=ItemHandle(result.item_handle),
        failure=failure,
        statuses=statuses_from_wire(result.statuses),
        value_type=ValueType.of(result.value) if result.was_successful else None,
    )


def value_read(result: wire.BulkReadResult) -> tuple[Value, int, str]:
    """The value of an entry of a ReadBulk reply, its quality, and why it failed; empty where it did not."""
    value, failure = readable(result.value)
    if not result.was_successful:
        why = reason_of(result.error_message, statuses_from_wire(result.statuses), tag=result.tag_address)
        return None, result.quality, why
    # Without its value an entry has failed, whatever its quality says.
    return value, BAD if failure else result.quality, failure
