"""Messages as JSON, for programs that know no protobuf.

Why: DECISIONS.md, "The command line's JSON is protobuf's own".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from google.protobuf.duration_pb2 import Duration
from google.protobuf.json_format import Error, MessageToDict
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from mxgw_notebook.errors import GatewayError

Step = str | int
Odd = tuple[tuple[Step, ...], dict[str, Any]]


def json_form(message: Message) -> dict[str, Any]:
    """Any message as dicts, lists and scalars that `json.dumps` takes, with the contract's JSON names.

    Every field that cannot be absent is there, also at its default, so a script finds the same fields every
    time. As protobuf has it, 64-bit integers are strings, NaN and infinity are the strings "NaN" and
    "Infinity", times are ISO 8601 in UTC, and an enum value that is not known is its number. A time that ISO
    8601 cannot say, outside the years 1 to 9999, is `{"seconds": "...", "nanos": ...}` as it was sent.

    Raises:
        GatewayError: Something else of the message has no form in JSON.
    """
    try:
        return MessageToDict(message, always_print_fields_with_no_presence=True)
    except (Error, ValueError):
        return with_raw_times(message)


def with_raw_times(message: Message) -> dict[str, Any]:
    """The same of a message some of whose times ISO 8601 cannot say."""
    sayable = type(message)()
    sayable.CopyFrom(message)
    odd = list(raw_times(sayable, ()))
    try:
        form = MessageToDict(sayable, always_print_fields_with_no_presence=True)
    except (Error, ValueError) as error:
        raise GatewayError(f"The {type(message).__name__} has no JSON form: {error}") from None
    for path, raw in odd:
        place: Any = form
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = raw
    return form


def raw_times(message: Message, path: tuple[Step, ...]) -> Iterator[Odd]:
    """The times that cannot be said, as sent and with their place in the form; each is set to 1970."""
    for field, value in message.ListFields():
        if field.message_type is None:
            continue
        for step, part in ((None, value),) if isinstance(value, Message) else enumerate(value):
            place = (*path, field.json_name) if step is None else (*path, field.json_name, step)
            if not isinstance(part, Timestamp | Duration):
                yield from raw_times(part, place)
            elif not is_sayable(part):
                yield place, {"seconds": str(part.seconds), "nanos": part.nanos}
                part.Clear()


def is_sayable(time: Timestamp | Duration) -> bool:
    """Whether protobuf has words for it."""
    try:
        time.ToJsonString()
    except (Error, ValueError):
        return False
    return True
