"""Values between the wire and Python; the only place that does it.

| on the wire                      | in Python                                             |
|----------------------------------|-------------------------------------------------------|
| bool, int32/int64, float/double, string | `bool`, `int`, `float`, `str`                  |
| timestamp                        | `numpy.datetime64[ns]`, UTC                           |
| array                            | `numpy.ndarray` of the wire's dimensions              |
| raw                              | `bytes`                                               |
| null or nothing                  | `None`                                                |
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import numpy as np
from google.protobuf.timestamp_pb2 import Timestamp

from mxgw_notebook.client.contract import enum_name, wire
from mxgw_notebook.errors import ConfigurationError, Status

Value = bool | int | float | str | bytes | np.datetime64 | np.ndarray[Any, Any] | None

NANOSECONDS = 1_000_000_000
INT32 = range(-(2**31), 2**31)
INT64 = range(-(2**63), 2**63)
# What datetime64[ns] can hold: 1677 to 2262; the number below stands for no time at all.
EARLIEST, LATEST = INT64[1], INT64[-1]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# What a message of 16 MiB could hold; a sparse array may claim any length.
LONGEST_SPARSE = 16 * 1024 * 1024
LARGEST_FLOAT = float(np.finfo(np.float32).max)
ARRAY_DTYPES = {
    "bool_values": np.dtype(bool),
    "int32_values": np.dtype(np.int32),
    "int64_values": np.dtype(np.int64),
    "float_values": np.dtype(np.float32),
    "double_values": np.dtype(np.float64),
    "string_values": np.dtype(object),
    "raw_values": np.dtype(object),
}
VARIANTS = {
    "bool_value": ("BOOLEAN", "VT_BOOL"),
    "int32_value": ("INTEGER", "VT_I4"),
    "int64_value": ("INTEGER", "VT_I8"),
    "float_value": ("FLOAT", "VT_R4"),
    "double_value": ("DOUBLE", "VT_R8"),
    "string_value": ("STRING", "VT_BSTR"),
    "timestamp_value": ("TIME", "VT_DATE"),
}
ELEMENT_TYPES = {"b": "BOOLEAN", "i": "INTEGER", "u": "INTEGER", "f": "DOUBLE", "U": "STRING", "M": "TIME"}


# ------------------------------------------------------------------ time


def nanoseconds(stamp: Timestamp) -> int:
    """Nanoseconds since 1970 UTC; 0 for a timestamp that was not sent.

    A time that 64 bits do not reach (COM's year 1, a FILETIME's 9999) is the nearest that they do.
    """
    return max(EARLIEST, min(LATEST, int(stamp.seconds) * NANOSECONDS + int(stamp.nanos)))


def timestamp(moment: datetime | np.datetime64) -> Timestamp:
    """The wire's timestamp. A datetime without a time zone is refused: nobody could say which it is."""
    if isinstance(moment, datetime):
        if moment.tzinfo is None:
            raise ConfigurationError(f"{moment} has no time zone", hint="Give one, e.g. tzinfo=timezone.utc.")
        since = moment - EPOCH
        return Timestamp(seconds=since.days * 86_400 + since.seconds, nanos=since.microseconds * 1000)
    if np.isnat(moment):
        raise ValueError("not a time")
    if moment.dtype == np.dtype("datetime64[ns]"):
        seconds, nanos = divmod(int(moment.astype(np.int64)), NANOSECONDS)
        return Timestamp(seconds=seconds, nanos=nanos)
    # A coarser unit reaches further than nanoseconds do, so only what is left of a second becomes some.
    whole = moment.astype("datetime64[s]")
    rest = (moment - whole).astype("timedelta64[ns]")
    return Timestamp(seconds=int(whole.astype(np.int64)), nanos=int(rest.astype(np.int64)))


def moment_of(time_ns: int) -> datetime | None:
    """Nanoseconds since 1970 UTC as a datetime in UTC, to the microsecond; None for 0, a time not sent."""
    return EPOCH + timedelta(microseconds=time_ns // 1000) if time_ns else None


def moment(stamp: Timestamp) -> datetime:
    """The wire's timestamp as a datetime in UTC, to the microsecond."""
    return EPOCH + timedelta(seconds=int(stamp.seconds), microseconds=int(stamp.nanos) // 1000)


# ------------------------------------------------------------------ wire -> Python


def from_wire(value: wire.MxValue) -> Value:
    """The Python value of an MxValue."""
    kind = value.WhichOneof("kind")
    if value.is_null or kind is None:
        return None
    if kind == "timestamp_value":
        return np.datetime64(nanoseconds(value.timestamp_value), "ns")
    if kind == "array_value":
        return array_from_wire(value.array_value)
    if kind == "sparse_array_value":
        return sparse_from_wire(value.sparse_array_value)
    plain: Value = getattr(value, kind)
    return plain


def array_from_wire(array: wire.MxArray) -> np.ndarray[Any, Any]:
    """The array in the dimensions the wire names; one dimension where they do not fit its length."""
    field = array.WhichOneof("values")
    if field is None:
        return np.empty(0, dtype=object)
    elements = getattr(array, field).values
    if field == "timestamp_values":
        stamps = np.fromiter((nanoseconds(stamp) for stamp in elements), np.int64, len(elements))
        flat: np.ndarray[Any, Any] = stamps.view("datetime64[ns]")
    else:
        flat = np.array(list(elements), dtype=ARRAY_DTYPES[field])
    shape = tuple(array.dimensions)
    return flat.reshape(shape) if shape and math.prod(shape) == flat.size else flat


def sparse_from_wire(array: wire.MxSparseArray) -> np.ndarray[Any, Any]:
    """A sparse array as objects, None where it names nothing; a length beyond reason is cut."""
    named = 1 + max((element.index for element in array.elements), default=-1)
    length = array.total_length if array.total_length <= LONGEST_SPARSE else min(named, LONGEST_SPARSE)
    dense = np.full(length, None, dtype=object)
    for element in array.elements:
        if element.index < length:
            dense[element.index] = from_wire(element.value)
    return dense


# ------------------------------------------------------------------ Python -> wire


def to_wire(value: Any, data_type: str | None = None) -> wire.MxValue:
    """The MxValue of a Python value.

    Args:
        value: A bool, int, float, str, bytes, datetime (with time zone), datetime64, sequence, array or None.
        data_type: The attribute's type where it is known (`Double`, `Integer`, `FLOAT` ...), so that an
            int written to a Double travels as a double.

    Raises:
        ConfigurationError: The value cannot be of that type, or of any type on the wire.
    """
    if value is None:
        return wire.MxValue(data_type=data_type_number("NO_DATA"), variant_type="VT_EMPTY", is_null=True)
    if isinstance(value, bytes):
        return wire.MxValue(raw_value=value, data_type=data_type_number("UNKNOWN"))
    if isinstance(value, list | tuple | np.ndarray):
        return array_to_wire(value, data_type)
    field, converted = scalar_field(value, data_type)
    type_name, variant = VARIANTS[field]
    return wire.MxValue(data_type=data_type_number(type_name), variant_type=variant, **{field: converted})


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


def array_to_wire(values: Sequence[Any] | np.ndarray[Any, Any], data_type: str | None) -> wire.MxValue:
    """A whole array: it replaces the attribute's array and its length."""
    # As objects: numpy would cut the zeros off the ends of texts, and make texts of mixed lists.
    array = values if isinstance(values, np.ndarray) else np.array(values, dtype=object)
    # tolist makes plain integers of datetime64.
    plain = list(array.ravel()) if array.dtype.kind == "M" else array.ravel().tolist()
    wanted = element_type(array.dtype.kind, plain, data_type)
    elements = [converted(element, wanted) for element in plain]
    field = CONVERSIONS[wanted][0]
    if field == "int32_value" and not all(element in INT32 for element in elements):
        field = "int64_value"
    type_name, variant = VARIANTS[field]
    mx_array = wire.MxArray(
        element_data_type=data_type_number(type_name),
        variant_type=f"VT_ARRAY|{variant}",
        dimensions=array.shape,
    )
    held = getattr(mx_array, f"{field}s")
    held.SetInParent()  # an empty array is an array of its kind, too
    held.values.extend(elements)
    return wire.MxValue(
        data_type=mx_array.element_data_type, variant_type=mx_array.variant_type, array_value=mx_array
    )


def sparse_to_wire(elements: Mapping[int, Any], total_length: int, data_type: str | None) -> wire.MxValue:
    """An array by some of its elements; the gateway sets all others to the type's default.

    Raises ConfigurationError for a length of 0, an index outside it, or elements of different types.
    """
    if total_length <= 0 or any(index not in range(total_length) for index in elements):
        raise ConfigurationError(
            f"Elements {sorted(elements)} do not fit an array of {total_length}",
            hint="Indices count from 0 and stay below total_length.",
        )
    values = {index: to_wire(value, data_type) for index, value in elements.items()}
    kinds = {value.data_type for value in values.values()}
    if len(kinds) != 1:
        raise ConfigurationError("The elements are not all of one type", hint="Give data_type.")
    sparse = wire.MxSparseArray(element_data_type=kinds.pop(), total_length=total_length)
    for index, value in sorted(values.items()):
        sparse.elements.add(index=index, value=value)
    return wire.MxValue(data_type=sparse.element_data_type, sparse_array_value=sparse)


def element_type(kind: str, elements: list[Any], data_type: str | None) -> str:
    """The type of an array's elements: the attribute's, numpy's, or the one that all of them are."""
    wanted = plain_name(data_type)
    if wanted in CONVERSIONS:
        return wanted
    if kind in ELEMENT_TYPES:
        return ELEMENT_TYPES[kind]
    met = {guessed_type(element) for element in elements} or {"DOUBLE"}
    if met == {"INTEGER", "DOUBLE"}:
        return "DOUBLE"
    if len(met) > 1:
        raise ConfigurationError(
            "A list of different kinds of values cannot be written",
            hint="Make all of them numbers, texts, booleans or times.",
        )
    return met.pop()


def data_type_number(name: str) -> wire.MxDataType:
    """The loaded contract's number of a data type's name."""
    return cast(wire.MxDataType, wire.MxDataType.Value(f"MX_DATA_TYPE_{name}"))


# ------------------------------------------------------------------ statuses


def status_from_wire(status: wire.MxStatusProxy) -> Status:
    """One MXAccess status with its enums named."""
    return Status(
        category=enum_name(status, "category"),
        detail=status.detail,
        detected_by=enum_name(status, "detected_by"),
        text=status.diagnostic_text,
        success=status.success,
        raw_category=status.raw_category,
        raw_detected_by=status.raw_detected_by,
    )


def statuses_from_wire(statuses: Sequence[wire.MxStatusProxy]) -> tuple[Status, ...]:
    """Every status of a reply, entry or event, in order."""
    return tuple(status_from_wire(status) for status in statuses)
