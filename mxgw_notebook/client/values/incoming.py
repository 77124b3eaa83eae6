"""From the wire to Python."""

from __future__ import annotations

import logging
import math
from typing import Any

import numpy as np
from google.protobuf.message import Message

from mxgw_notebook.client.contract import wire
from mxgw_notebook.client.values.times import value_ns

log = logging.getLogger(__name__)

# An OPC quality: there is no value to be had.
BAD = 0
UNREADABLE = "its value cannot be read"
Value = bool | int | float | str | bytes | np.datetime64 | np.ndarray[Any, Any] | None

# What a message of 16 MiB could hold; a sparse array may claim any length.
LONGEST_SPARSE = 16 * 1024 * 1024
ARRAY_DTYPES = {
    "bool_values": np.dtype(bool),
    "int32_values": np.dtype(np.int32),
    "int64_values": np.dtype(np.int64),
    "float_values": np.dtype(np.float32),
    "double_values": np.dtype(np.float64),
    "string_values": np.dtype(object),
    "raw_values": np.dtype(object),
}


class UnknownValueError(ValueError):
    """A value is there, in a field that this version of the contract does not have."""

    def __init__(self) -> None:
        super().__init__("it is of a kind that this version does not know")


def from_wire(value: wire.MxValue) -> Value:
    """The Python value of an MxValue. Raises UnknownValueError for one of a kind of a later contract."""
    if value.is_null:
        return None
    kind = value.WhichOneof("kind")
    if kind is None:
        refuse_unknown(value)
        return None
    if kind == "timestamp_value":
        return np.datetime64(value_ns(value.timestamp_value), "ns")
    if kind == "array_value":
        return array_from_wire(value.array_value)
    if kind == "sparse_array_value":
        return sparse_from_wire(value.sparse_array_value)
    plain: Value = getattr(value, kind)
    return plain


def readable(value: wire.MxValue) -> tuple[Value, str]:
    """A value and no words, or None and why it cannot be read: what it belongs to stands all the same."""
    try:
        return from_wire(value), ""
    except Exception as error:
        log.debug("a value could not be read: %r", error)
        return None, f"{UNREADABLE}: {error}"


def refuse_unknown(message: Message) -> None:
    """Raises UnknownValueError where a field of a later contract holds the value; none holds none."""
    known = type(message)()
    known.CopyFrom(message)
    known.DiscardUnknownFields()
    if known.ByteSize() != message.ByteSize():
        raise UnknownValueError


def array_from_wire(array: wire.MxArray) -> np.ndarray[Any, Any]:
    """The array in the dimensions the wire names; one dimension where numpy has none such of its length."""
    field = array.WhichOneof("values")
    if field is None:
        refuse_unknown(array)
        return np.empty(0, dtype=object)
    elements = getattr(array, field).values
    if field == "timestamp_values":
        stamps = np.fromiter((value_ns(stamp) for stamp in elements), np.int64, len(elements))
        flat: np.ndarray[Any, Any] = stamps.view("datetime64[ns]")
    else:
        flat = np.array(list(elements), dtype=ARRAY_DTYPES[field])
    return laid_out(flat, tuple(array.dimensions))


def laid_out(flat: np.ndarray[Any, Any], shape: tuple[int, ...]) -> np.ndarray[Any, Any]:
    """The elements in their dimensions; as they are where these are not the array's."""
    try:
        return flat.reshape(shape) if shape and math.prod(shape) == flat.size else flat
    except ValueError:  # more dimensions than numpy has, or one beyond what memory can be numbered with
        return flat


def sparse_from_wire(array: wire.MxSparseArray) -> np.ndarray[Any, Any]:
    """A sparse array as objects, None where it names nothing; a length beyond reason is cut."""
    named = 1 + max((element.index for element in array.elements), default=-1)
    length = array.total_length if array.total_length <= LONGEST_SPARSE else min(named, LONGEST_SPARSE)
    dense = np.full(length, None, dtype=object)
    for element in array.elements:
        if element.index < length:
            dense[element.index] = from_wire(element.value)
    return dense
