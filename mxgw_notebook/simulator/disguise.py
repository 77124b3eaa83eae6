"""Rewrites messages on their way out: the faults that change what is said, not whether it is said.

It knows no message by name: enumerations, statuses and times are found through the descriptors.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire
from mxgw_notebook.simulator.faults import BEYOND, ODD_TIMES, Faults, Settings, matches
from mxgw_notebook.simulator.later import LATER, add_later_field

_WORDS = ("diagnostic_text", "diagnostic_message", "error_message", "raw_diagnostic", "raw_status")
_REWRITING = (
    "unknown-fields", "unknown-arms", "wordless", "status", "protocol-status", "clock-skew", "bursts",
)  # fmt: skip
# These have their turns by field, not by message: each field of a message is the n-th at some time.
_BY_FIELD = ("odd-times", "unknown-enums", "unknown-values")
CATEGORIES = {
    name.removeprefix("MX_STATUS_CATEGORY_").lower(): number for name, number in wire.MxStatusCategory.items()
}
PROTOCOL_CODES = {
    name.removeprefix("PROTOCOL_STATUS_CODE_"): number for name, number in wire.ProtocolStatusCode.items()
}
_KEPT = ("ProtocolStatusCode", "MxCommandKind")  # without these a reply says nothing at all
_VALUES = (wire.MxValue.DESCRIPTOR.full_name, wire.MxArray.DESCRIPTOR.full_name)
_STATUS = wire.MxStatusProxy.DESCRIPTOR.full_name
_PROTOCOL = wire.ProtocolStatus.DESCRIPTOR.full_name
_GATEWAY = wire.DESCRIPTOR.package  # the galaxy's times are the database's
_HOUR = 3_600
# Seconds since the epoch; what is not here is an hour ahead.
_SECONDS = {
    "year-1": -62_135_596_800, "1601": -11_644_473_600, "1899": -2_209_161_600, "9999": 253_402_300_799,
    BEYOND: 2**62,
}  # fmt: skip
_SOURCE = "source_timestamp+timestamps"


def check(name: str, settings: Settings) -> None:
    """Raises ValueError for a code or a category that the contract does not have."""
    if name == "protocol-status" and settings["code"] not in PROTOCOL_CODES:
        raise ValueError(f"A code of the fault {name!r} is one of {', '.join(PROTOCOL_CODES)}.")
    if name == "status" and settings["category"] not in ("kept", "unset", *CATEGORIES):
        raise ValueError(f"A category of the fault {name!r} is kept, unset, {', '.join(CATEGORIES)}.")


def rewrites(faults: Faults) -> bool:
    """Whether any message may have to be rewritten."""
    return bool(faults.standing) and any(name in faults.standing for name in (*_REWRITING, *_BY_FIELD))


def disguised(message: Message, faults: Faults, rpc: str) -> Message:
    """The message, or a rewritten copy of it."""
    standing = {name: settings for name in _REWRITING if (settings := faults.find(name, rpc)) is not None}
    if not standing and not any(name in faults.standing for name in _BY_FIELD):
        return message
    # Never the message itself: the same event waits in the ring, to be replayed as it was.
    copy = type(message)()
    copy.CopyFrom(message)
    _set_times(copy, standing)
    if "odd-times" in faults.standing:
        spoil_times(copy, faults, rpc)
    for part in list(_parts(copy)):
        if "unknown-enums" in faults.standing:
            _set_unknown_enums(part, faults, rpc)
        if "status" in standing and part.DESCRIPTOR.full_name == _STATUS:
            _set_status(part, standing["status"])
        if "wordless" in standing:
            _clear_words(part)
        if part.DESCRIPTOR.full_name in _VALUES and faults.find("unknown-values", rpc) is not None:
            _clear_arms(part)
            add_later_field(part)
    if "unknown-arms" in standing:
        _clear_arms(copy)
    if "protocol-status" in standing:
        _set_protocol(copy, str(standing["protocol-status"]["code"]))
    if "unknown-fields" in standing or "unknown-arms" in standing:
        for part in list(_parts(copy)):
            add_later_field(part)
    return copy


def _set_times(message: Message, standing: dict[str, Settings]) -> None:
    if "clock-skew" in standing:
        shift_times(message, float(standing["clock-skew"]["seconds"]))
    if "bursts" in standing:
        floor_times(message, float(standing["bursts"]["same"]))


def _parts(message: Message) -> Iterator[Message]:
    """A message and all messages within it."""
    yield message
    for field, value in message.ListFields():
        if field.type == FieldDescriptor.TYPE_MESSAGE:
            for part in (value,) if isinstance(value, Message) else value:
                yield from _parts(part)


def _set_unknown_enums(part: Message, faults: Faults, rpc: str) -> None:
    globs = faults.standing["unknown-enums"]["enums"]
    for field, value in part.ListFields():
        kind = field.enum_type
        if kind is None or kind.name in _KEPT or not matches(kind.name, globs):
            continue
        if isinstance(value, int) and faults.find("unknown-enums", rpc) is not None:
            setattr(part, field.name, max(kind.values_by_number) + LATER)


def _clear_words(part: Message) -> None:
    """A Ping's own words come back all the same: they are its answer."""
    is_answer = getattr(part, "kind", None) == wire.MX_COMMAND_KIND_PING
    for name in _WORDS:
        if name in part.DESCRIPTOR.fields_by_name and not (is_answer and name == "diagnostic_message"):
            part.ClearField(name)
    if part.DESCRIPTOR.full_name == _PROTOCOL:
        part.ClearField("message")


def _set_status(part: Any, settings: Settings) -> None:
    part.success = settings["success"]
    if settings["detail"] != -1:
        part.detail = settings["detail"]
    if settings["category"] == "unset":
        part.ClearField("category")
    elif settings["category"] != "kept":
        part.category = CATEGORIES[str(settings["category"])]


def _set_protocol(message: Any, code: str) -> None:
    """Nothing but whose reply it is, and how it went."""
    if "protocol_status" in message.DESCRIPTOR.fields_by_name:
        for field, _ in message.ListFields():
            if field.name not in ("session_id", "correlation_id", "kind"):
                message.ClearField(field.name)
        message.protocol_status.code = PROTOCOL_CODES[code]
        message.protocol_status.message = "As the fault switch says."


def _clear_arms(message: Message) -> None:
    for one in message.DESCRIPTOR.oneofs:
        arm = message.WhichOneof(one.name)
        if arm is not None and len(one.fields) > 1:
            message.ClearField(arm)


def shift_times(message: Message, seconds: float) -> None:
    """The gateway's clock is ahead by so many seconds; the galaxy's times stay as they are."""
    if message.DESCRIPTOR.file.package == _GATEWAY:
        for _, time in _times(message):
            _move(time, round(seconds * 1e9))


def floor_times(message: Message, seconds: float) -> None:
    """Values of one such span have one source time."""
    span = round(seconds * 1e9)
    for name, time in _times(message):
        if span and matches(name, _SOURCE):
            _move(time, -(time.ToNanoseconds() % span))


def spoil_times(message: Message, faults: Faults, rpc: str) -> None:
    """Where it is their turn, times are odd ones."""
    fields = faults.standing["odd-times"]["fields"]
    for name, time in _times(message):
        settings = faults.find("odd-times", rpc) if matches(name, fields) else None
        if settings is not None:
            _set(time, str(settings["time"]), faults.happened["odd-times"])


def _set(time: Timestamp, wanted: str, turn: int) -> None:
    odd = ODD_TIMES[turn % len(ODD_TIMES)] if wanted == "any" else wanted
    if odd in _SECONDS:
        time.seconds, time.nanos = _SECONDS[odd], 0
    else:
        time.seconds += _HOUR


def _times(message: Message, name: str = "") -> Iterator[tuple[str, Timestamp]]:
    """Every time in a message, with its field's name; that of the array for one in an array of times."""
    if isinstance(message, Timestamp):
        yield name, message
        return
    for field, value in message.ListFields():
        if field.message_type is None:
            continue
        inner = name if field.name == "values" else field.name
        for part in (value,) if isinstance(value, Message) else value:
            yield from _times(part, inner)


def _move(time: Timestamp, nanoseconds: int) -> None:
    time.FromNanoseconds(time.ToNanoseconds() + nanoseconds)
