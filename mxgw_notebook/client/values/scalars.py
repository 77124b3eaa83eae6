"""One scalar as an attribute's type takes it."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime
from typing import Any

import numpy as np
from google.protobuf.timestamp_pb2 import Timestamp

from mxgw_notebook.client.values.times import timestamp
from mxgw_notebook.errors import ConfigurationError

INT32 = range(-(2**31), 2**31)
INT64 = range(-(2**63), 2**63)
LARGEST_FLOAT = float(np.finfo(np.float32).max)


def scalar_field(value: Any, data_type: str | None) -> tuple[str, Any]:
    """The field a scalar travels in, and its value there."""
    wanted = plain_name(data_type)
    if wanted not in CONVERSIONS:
        wanted = guessed_type(value)
    field, result = CONVERSIONS[wanted][0], converted(value, wanted)
    return ("int64_value" if field == "int32_value" and result not in INT32 else field), result


def plain_name(data_type: str | None) -> str:
    """A data type's name as the keys of CONVERSIONS spell it."""
    return (data_type or "").upper().replace(" ", "")


def converted(value: Any, wanted: str) -> Any:
    """A scalar as a type's field takes it. Raises ConfigurationError where it cannot be of that type."""
    try:
        if value is None:
            raise TypeError
        return CONVERSIONS[wanted][1](value)
    except (TypeError, ValueError, OverflowError):
        hint = f"The attribute is a {wanted.title()}."
        raise ConfigurationError(f"{value!r} cannot be written as {wanted.title()}", hint=hint) from None


def guessed_type(value: Any) -> str:
    """The type of a value whose attribute is not known."""
    if isinstance(value, bool | np.bool_):
        return "BOOLEAN"
    if isinstance(value, int | np.integer):
        return "INTEGER"
    if isinstance(value, float | np.floating):
        return "DOUBLE"
    if isinstance(value, str):
        return "STRING"
    if isinstance(value, datetime | np.datetime64):
        return "TIME"
    raise ConfigurationError(
        f"A {type(value).__name__} cannot be written",
        hint="Give a number, a text, a boolean, a time or a list.",
    )


def as_boolean(value: Any) -> bool:
    """True and false by their words too; any other text is no boolean."""
    if isinstance(value, str):
        words = {"true": True, "on": True, "1": True, "false": False, "off": False, "0": False}
        if value.strip().lower() not in words:
            raise ValueError(value)
        return words[value.strip().lower()]
    return bool(value)


def as_integer(value: Any) -> int:
    """A whole number; 1.5 is refused, not cut."""
    number = int(value)
    if number not in INT64 or (not isinstance(value, str) and number != value):
        raise ValueError(value)
    return number


def as_single(value: Any) -> float:
    """A number that 32 bits can hold; a larger one is refused, it would become infinite."""
    number = float(value)
    if math.isfinite(number) and abs(number) > LARGEST_FLOAT:
        raise ValueError(value)
    return number


def as_text(value: Any) -> str:
    """The value's text, if it can travel as UTF-8."""
    text = str(value)
    text.encode()
    return text


def as_timestamp(value: Any) -> Timestamp:
    """A time, also from its ISO 8601 text."""
    if isinstance(value, str):
        return timestamp(datetime.fromisoformat(value))
    if not isinstance(value, datetime | np.datetime64):
        raise TypeError(value)
    return timestamp(value)


CONVERSIONS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "BOOLEAN": ("bool_value", as_boolean),
    "INTEGER": ("int32_value", as_integer),
    "FLOAT": ("float_value", as_single),
    "DOUBLE": ("double_value", float),
    "STRING": ("string_value", as_text),
    "TIME": ("timestamp_value", as_timestamp),
}
