"""From Python to the wire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import numpy as np

from mxgw_notebook.client.contract import wire
from mxgw_notebook.client.values.scalars import (
    CONVERSIONS,
    INT32,
    converted,
    guessed_type,
    plain_name,
    scalar_field,
)
from mxgw_notebook.errors import ConfigurationError

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
