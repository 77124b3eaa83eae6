"""Rewrites messages on their way out: the faults that change what is said, not whether it is said.

It knows no message by name: enumerations, statuses and times are found through the descriptors.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire
from mxgw_notebook.simulator.faults import Faults, Settings

_REWRITING = ("unknown-enums", "unknown-fields", "unknown-arms", "status", "protocol-status", "clock-skew")
CATEGORIES = {
    name.removeprefix("MX_STATUS_CATEGORY_").lower(): number for name, number in wire.MxStatusCategory.items()
}
PROTOCOL_CODES = {
    name.removeprefix("PROTOCOL_STATUS_CODE_"): number for name, number in wire.ProtocolStatusCode.items()
}
_LATER = 1_000  # added to the largest number that the contract knows
_KEPT = ("ProtocolStatusCode", "MxCommandKind")  # without these a reply says nothing at all
_STATUS = wire.MxStatusProxy.DESCRIPTOR.full_name
_TIME = "google.protobuf.Timestamp"
_SHIFTED = wire.DESCRIPTOR.package  # the galaxy's times are the database's


def check(name: str, settings: Settings) -> None:
    """Raises ValueError for a code or a category that the contract does not have."""
    if name == "protocol-status" and settings["code"] not in PROTOCOL_CODES:
        raise ValueError(f"A code of the fault {name!r} is one of {', '.join(PROTOCOL_CODES)}.")
    if name == "status" and settings["category"] not in ("kept", "unset", *CATEGORIES):
        raise ValueError(f"A category of the fault {name!r} is kept, unset, {', '.join(CATEGORIES)}.")


def rewrites(faults: Faults) -> bool:
    """Whether any message may have to be rewritten."""
    return bool(faults.standing) and any(name in faults.standing for name in _REWRITING)


def disguised(message: Message, faults: Faults, rpc: str) -> Message:
    """The message, or a rewritten copy of it."""
    standing = {name: settings for name in _REWRITING if (settings := faults.find(name, rpc)) is not None}
    if not standing:
        return message
    copy = type(message)()
    copy.CopyFrom(message)
    for part in list(_parts(copy)):
        if "unknown-enums" in standing:
            _set_unknown_enums(part)
        if "status" in standing and part.DESCRIPTOR.full_name == _STATUS:
            _set_status(part, standing["status"])
        if "clock-skew" in standing and part.DESCRIPTOR.full_name == _TIME and _is_shifted(copy):
            _shift(part, float(standing["clock-skew"]["seconds"]))
    if "unknown-arms" in standing:
        _clear_arms(copy)
    if "protocol-status" in standing:
        _set_protocol(copy, str(standing["protocol-status"]["code"]))
    if "unknown-fields" in standing or "unknown-arms" in standing:
        for part in list(_parts(copy)):
            _add_field(part)
    return copy


def _parts(message: Message) -> Iterator[Message]:
    """A message and all messages within it."""
    yield message
    for field, value in message.ListFields():
        if field.type == FieldDescriptor.TYPE_MESSAGE:
            for part in (value,) if isinstance(value, Message) else value:
                yield from _parts(part)


def _is_shifted(message: Message) -> bool:
    return bool(message.DESCRIPTOR.file.package == _SHIFTED)


def _set_unknown_enums(part: Message) -> None:
    for field, value in part.ListFields():
        kind = field.enum_type
        if kind is not None and isinstance(value, int) and kind.name not in _KEPT:
            setattr(part, field.name, max(kind.values_by_number) + _LATER)


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


def _shift(part: Any, seconds: float) -> None:
    part.FromNanoseconds(part.ToNanoseconds() + round(seconds * 1e9))


def _clear_arms(message: Message) -> None:
    for one in message.DESCRIPTOR.oneofs:
        arm = message.WhichOneof(one.name)
        if arm is not None and len(one.fields) > 1:
            message.ClearField(arm)


def _add_field(part: Message) -> None:
    """A string in a field that the contract does not have, encoded as protobuf encodes any other."""
    if part.DESCRIPTOR.file.package.startswith("google."):
        return
    number = max(part.DESCRIPTOR.fields_by_number, default=0) + _LATER
    text = b"of a later contract"
    part.MergeFromString(_varint(number << 3 | 2) + _varint(len(text)) + text)


def _varint(number: int) -> bytes:
    made = bytearray()
    while number > 127:
        made.append(number & 127 | 128)
        number >>= 7
    return bytes([*made, number])
