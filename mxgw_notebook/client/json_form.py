"""The contract's messages as plain data, in protobuf's own JSON form."""

from __future__ import annotations

from typing import Any

from google.protobuf.json_format import Error, MessageToDict
from google.protobuf.message import Message

from mxgw_notebook.errors import GatewayError


def json_form(message: Message) -> dict[str, Any]:
    """Any message as dicts, lists and scalars that `json.dumps` takes, with the contract's JSON names.

    Every field that cannot be absent is there, also at its default, so a script finds the same fields every
    time. As protobuf has it, 64-bit integers are strings, NaN and infinity are the strings "NaN" and
    "Infinity", times are ISO 8601 in UTC, and an enum value that is not known is its number.

    Raises:
        GatewayError: A time lies outside the years 1 to 9999, which this form cannot say.
    """
    try:
        return MessageToDict(message, always_print_fields_with_no_presence=True)
    except (Error, ValueError) as error:
        raise GatewayError(f"The {type(message).__name__} has no JSON form: {error}") from None
