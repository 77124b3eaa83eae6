"""One scalar as an attribute's type takes it: by the type's rules, not by Python's leniency.

Why: DECISIONS.md, "A number for a Boolean is compared with the tag, whatever its type".
"""

from __future__ import annotations

import math
import re
import reprlib
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from numbers import Real
from typing import Any, cast

import numpy as np
from google.protobuf.timestamp_pb2 import Timestamp

from mxgw_notebook.client.values.times import time_of_text, timestamp
from mxgw_notebook.client.values.value_type import ValueType
from mxgw_notebook.errors import ConfigurationError

INT32 = range(-(2**31), 2**31)
INT64 = range(-(2**63), 2**63)
# The years 1 to 9999: what the wire's timestamp may hold.
SECONDS = range(-62_135_596_800, 253_402_300_800)
LARGEST_FLOAT = float(np.finfo(np.float32).max)
TRUTH = {"true": True, "on": True, "1": True, "false": False, "off": False, "0": False}
# Python reads 1_000 and digits of every script; the plant's other tools do not.
WHOLE = re.compile(r"[+-]?[0-9]+")
NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?", re.IGNORECASE)
NONFINITE = re.compile(r"[+-]?(inf|infinity|nan)", re.IGNORECASE)
ASK_FOR_IT = "Where it is meant, ask for it: allow_nonfinite=True, or --allow-nonfinite."


def scalar_field(value: Any, kind: ValueType, *, allow_nonfinite: bool = False) -> tuple[str, Any]:
    """The field a scalar travels in, and its value there."""
    wanted = kind.name or guessed_type(value)
    if wanted == "ENUM":  # a member, by its name or its place
        wanted = "STRING" if isinstance(value, str) else "INTEGER"
    result = converted(value, wanted, allow_nonfinite=allow_nonfinite)
    return integer_field([result], kind) if wanted == "INTEGER" else CONVERSIONS[wanted][0], result


def integer_field(numbers: list[int], kind: ValueType) -> str:
    """The field of whole numbers: the attribute's own where it is known, else 32 bits if all of them fit."""
    narrow = all(number in INT32 for number in numbers)
    if kind.field == "int32_value" and not narrow:
        widest = max(numbers, key=abs)
        hint = "It does not fit 32 bits, and the attribute has no more."
        raise ConfigurationError(f"{shown(widest)} cannot be written as Integer", hint=hint)
    if kind.field == "int64_value":
        return kind.field
    return "int32_value" if narrow else "int64_value"


def converted(value: Any, wanted: str, *, allow_nonfinite: bool = False) -> Any:
    """A scalar as a type's field takes it.

    Raises ConfigurationError where it cannot be of that type, and for infinity and NaN that nobody asked for.
    """
    if is_missing_time(value):
        raise refused(value, wanted, 'It is a missing time, such as a plant\'s "never". Give a time.')
    try:
        result = CONVERSIONS[wanted][1](value)
    except (TypeError, ValueError, ArithmeticError):  # the last of what is a Decimal and no number
        raise refused(value, wanted, hint_of(value, wanted)) from None
    if not allow_nonfinite and (nonfinite(result) or nonfinite(value)):
        raise refused(value, wanted, f"It is not a finite number. {ASK_FOR_IT}")
    return result


def hint_of(value: Any, wanted: str) -> str:
    """What a type takes, and what to give where a truth value was given for a number."""
    hint = HINTS.get(wanted, f"The attribute is a {wanted.title()}.")
    if wanted not in ("INTEGER", "FLOAT", "DOUBLE", "ELAPSEDTIME"):
        return hint
    if isinstance(value, bool | np.bool_):
        return f"{hint} Give a number, 1 or 0."
    signs = [told for sign, told in SIGNS.items() if isinstance(value, str) and sign in value]
    return " ".join([hint, *signs])


def refused(value: Any, wanted: str, hint: str) -> ConfigurationError:
    """The error of a value that a type does not take."""
    return ConfigurationError(f"{shown(value)} cannot be written as {wanted.title()}", hint=hint)


def shown(value: Any) -> str:
    """A value in a message, shortened."""
    try:
        return reprlib.repr(value.item() if isinstance(value, np.number | np.bool_) else value)
    except ValueError:  # an integer of more digits than Python writes out
        return f"A {type(value).__name__} of very many digits"


def is_missing_time(value: Any) -> bool:
    """Whether a value is NaT, pandas' or numpy's."""
    return isinstance(value, datetime | np.datetime64) and bool(value != value)  # alone of all times


def nonfinite(value: Any) -> bool:
    """Whether a value is infinite or no number, though of a type of numbers."""
    if isinstance(value, Decimal):
        return not value.is_finite()
    return isinstance(value, float | np.floating) and not math.isfinite(value)


def guessed_type(value: Any) -> str:
    """The type of a value whose attribute is not known."""
    guess = next((name for types, name in GUESSES if isinstance(value, types)), None)
    if guess is not None and not isinstance(value, np.timedelta64):
        return guess
    raise ConfigurationError(
        f"A {type(value).__name__} cannot be written",
        hint="Give a number, a text, a boolean, a time or a list.",
    )


def as_boolean(value: Any) -> bool:
    """True and false, 1 and 0, and their words. 0.4, -1 and NaN are none: they must not start a pump."""
    if isinstance(value, str):
        return TRUTH[value.strip().lower()] if value.strip().lower() in TRUTH else refuse(value)
    return bool(value) if is_number(value) and (value == 0 or value == 1) else refuse(value)


def as_integer(value: Any) -> int:
    """A whole number; 1.5 is refused, not cut, and a truth value is none."""
    if isinstance(value, str):
        number = int(value) if WHOLE.fullmatch(value.strip()) else refuse(value)
    else:
        number = int(value) if counts(value) and value == int(value) else refuse(value)
    return number if number in INT64 else refuse(value)


def as_double(value: Any) -> float:
    """A number that 64 bits can hold. A text of a larger one is refused, it would become infinite."""
    if isinstance(value, str):
        text = value.strip()
        number = float(text) if reads_as_number(text) else refuse(value)
    else:
        number = float(value) if counts(value) else refuse(value)
    meant = math.isfinite(number) or NONFINITE.fullmatch(str(value).strip())
    return number if meant else refuse(value)


def reads_as_number(text: str) -> bool:
    """Whether a text is a number, which the plant may then take it for."""
    return bool(NUMBER.fullmatch(text.strip()) or NONFINITE.fullmatch(text.strip()))


def is_number(value: Any) -> bool:
    """Whether a value is a number or truth value; numpy's durations, which pass for integers, are none."""
    return isinstance(value, np.bool_ | Real | Decimal) and not isinstance(value, np.timedelta64)


def counts(value: Any) -> bool:
    """Whether a value is a number; to Python True is one, to a plant a switch is no setpoint of 1."""
    return is_number(value) and not isinstance(value, bool | np.bool_)


def as_single(value: Any) -> float:
    """A number that 32 bits can hold; a larger one is refused, it would become infinite."""
    number = as_double(value)
    return refuse(value) if math.isfinite(number) and abs(number) > LARGEST_FLOAT else number


def as_seconds(value: Any) -> float:
    """A duration in seconds, also as Python's and numpy's own."""
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, np.timedelta64):
        return refuse(value) if np.isnat(value) else float(value / np.timedelta64(1, "s"))
    return as_double(value)


def as_text(value: Any) -> str:
    """A text that can travel as UTF-8; of a number or truth value, its own."""
    text = str(value) if isinstance(value, str) or is_number(value) else refuse(value)
    text.encode()
    return text


def as_timestamp(value: Any) -> Timestamp:
    """A time, also from its ISO 8601 text."""
    if isinstance(value, str):
        return time_of_text(value)
    if not isinstance(value, datetime | np.datetime64):
        return cast(Timestamp, refuse(value))
    stamp = timestamp(value)
    return stamp if stamp.seconds in SECONDS else cast(Timestamp, refuse(value))


def as_bytes(value: Any) -> bytes:
    """Bytes, and nothing that could be made some."""
    return bytes(value) if isinstance(value, bytes | bytearray | memoryview) else refuse(value)


def refuse(value: Any) -> Any:
    """Ends a conversion."""
    raise ValueError(type(value))


CONVERSIONS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "BOOLEAN": ("bool_value", as_boolean),
    "INTEGER": ("int32_value", as_integer),
    "FLOAT": ("float_value", as_single),
    "DOUBLE": ("double_value", as_double),
    "STRING": ("string_value", as_text),
    "TIME": ("timestamp_value", as_timestamp),
    "ELAPSEDTIME": ("double_value", as_seconds),
    "RAW": ("raw_value", as_bytes),
}
# What is copied from elsewhere into a number, and what a number has in its place.
SIGNS = {
    ",": "Its decimals come after a point, and its thousands are not parted.",
    "\N{MINUS SIGN}": "Its minus is the - of the keyboard.",
    "_": "Its digits are not parted.",
}
HINTS = {
    "INTEGER": "The attribute is an Integer.",
    "BOOLEAN": "The attribute is a Boolean: it takes true or false, 1 or 0, on or off.",
    "TIME": "The attribute is a Time: it takes ISO 8601 with a zone, 2026-01-31T12:00:00Z.",
    "ELAPSEDTIME": "The attribute is an ElapsedTime: it takes seconds.",
    "RAW": "The attribute holds bytes.",
}
GUESSES: list[tuple[Any, str]] = [
    (bool | np.bool_, "BOOLEAN"),
    (int | np.integer, "INTEGER"),
    (float | np.floating, "DOUBLE"),
    (str, "STRING"),
    (datetime | np.datetime64, "TIME"),
    (bytes | bytearray | memoryview, "RAW"),
]
