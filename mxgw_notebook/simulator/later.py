"""Messages of a later contract: numbers, fields and bodies that the present one does not have."""

from __future__ import annotations

from google.protobuf.message import Message

from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire

LATER = 1_000  # added to the largest number that the contract knows


def event(session_id: str) -> wire.MxEvent:
    """An event of an unknown family with an unknown body."""
    made = wire.MxEvent(session_id=session_id)
    made.family = max(wire.MxEventFamily.values()) + LATER  # type: ignore[assignment]  # proto3 is open
    add_later_field(made)
    return made


def alarm_message() -> wire.AlarmFeedMessage:
    """An alarm message with an unknown payload."""
    made = wire.AlarmFeedMessage()
    add_later_field(made)
    return made


def transition_of(message: wire.AlarmFeedMessage) -> wire.AlarmFeedMessage:
    """The same alarm's transition, of an unknown kind."""
    made = wire.AlarmFeedMessage()
    made.CopyFrom(message)
    kind = max(wire.AlarmTransitionKind.values()) + LATER
    made.transition.transition_kind = kind  # type: ignore[assignment]  # proto3 is open
    return made


def reply_of_code(reply: wire.MxCommandReply) -> wire.MxCommandReply:
    """Whose reply it is, and a protocol code that is none of the contract's."""
    made = wire.MxCommandReply(
        session_id=reply.session_id, correlation_id=reply.correlation_id, kind=reply.kind
    )
    made.protocol_status.code = max(wire.ProtocolStatusCode.values()) + LATER  # type: ignore[assignment]
    return made


def reply_of_kind(reply: wire.MxCommandReply) -> wire.MxCommandReply:
    """The same reply, to a kind of command that the contract does not have."""
    made = wire.MxCommandReply()
    made.CopyFrom(reply)
    made.kind = max(wire.MxCommandKind.values()) + LATER  # type: ignore[assignment]  # proto3 is open
    return made


def add_later_field(part: Message) -> None:
    """A text in a field that the contract does not have, encoded as protobuf encodes any other."""
    if part.DESCRIPTOR.file.package.startswith("google."):
        return
    number = max(part.DESCRIPTOR.fields_by_number, default=0) + LATER
    text = b"of a later contract"
    part.MergeFromString(_varint(number << 3 | 2) + _varint(len(text)) + text)


def _varint(number: int) -> bytes:
    made = bytearray()
    while number > 127:
        made.append(number & 127 | 128)
        number >>= 7
    return bytes([*made, number])
