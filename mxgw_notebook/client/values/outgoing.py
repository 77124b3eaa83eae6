"""From Python to the wire.

Why: DECISIONS.md, "A missing time is not written back".
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Mapping
from typing import Any, TypedDict, Unpack, cast

import numpy as np

from mxgw_notebook.client.contract import wire
from mxgw_notebook.client.values.elements import check_shape, elements_of, json_list
from mxgw_notebook.client.values.incoming import readable
from mxgw_notebook.client.values.scalars import (
    CONVERSIONS,
    converted,
    guessed_type,
    integer_field,
    is_missing_time,
    nonfinite,
    reads_as_number,
    scalar_field,
    shown,
)
from mxgw_notebook.client.values.value_type import FIELD_TYPES, ValueType, type_named
from mxgw_notebook.errors import ConfigurationError

VARIANTS = {
    "bool_value": "VT_BOOL",
    "int32_value": "VT_I4",
    "int64_value": "VT_I8",
    "float_value": "VT_R4",
    "double_value": "VT_R8",
    "string_value": "VT_BSTR",
    "timestamp_value": "VT_DATE",
    "raw_value": "",
}
# By numpy's kind of element, and for its short floats by their size.
ELEMENT_TYPES = {"b": "BOOLEAN", "i": "INTEGER", "u": "INTEGER", "f": "DOUBLE", "U": "STRING", "M": "TIME"}
MOST_ELEMENTS = 2**32 - 1
EMPTY = "allow_empty=True, or --allow-empty"


class Allowed(TypedDict, total=False):
    """What every write refuses unless it is asked for by name.

    `allow_nonfinite` says that infinity and NaN are meant, `allow_empty` that None (sent as null) or an array
    of no elements is.
    """

    allow_nonfinite: bool
    allow_empty: bool


def to_wire(value: Any, data_type: str | ValueType | None = None, **allowed: Unpack[Allowed]) -> wire.MxValue:
    """The MxValue of a Python value; one that is an MxValue already is sent as it is.

    Args:
        value: A bool, int, float, str, bytes, datetime (with time zone), datetime64 (UTC), sequence, array or
            None.
        data_type: The attribute's type where it is known (`Double`, `Integer`, `FLOAT`, or a ValueType), so
            that an int written to a Double travels as a double, and what is no truth value switches nothing.
        **allowed: `allow_nonfinite=True` sends infinity and NaN, `allow_empty=True` None and NaT (as
            null) and an array of no elements; each is refused otherwise.

    Raises:
        ConfigurationError: The value cannot be of that type, or of any type on the wire.
    """
    if isinstance(value, wire.MxValue):
        return value
    kind = type_named(data_type)
    allow_nonfinite, allow_empty = allowed.get("allow_nonfinite", False), allowed.get("allow_empty", False)
    if value is None or is_missing_time(value):
        return null(value, allow_empty)
    if isinstance(value, str) and kind.is_array:
        value = json_list(value)
    elements = elements_of(value)
    if elements is not None and elements.ndim:
        return array_to_wire(elements, kind, allow_nonfinite=allow_nonfinite, allow_empty=allow_empty)
    if kind.is_array:
        raise ConfigurationError(f"{shown(value)} cannot be written to an array", hint="Give a list.")
    # An array without dimensions is one value; this takes it out with its own type.
    scalar = value if elements is None else elements[()]
    return scalar_to_wire(scalar, kind, allow_nonfinite=allow_nonfinite)


def sent_value(value: wire.MxValue) -> Any:
    """What a value on its way is in Python; a sparse array as the elements that it names, by their index.

    None for an MxValue of the caller's own that cannot be read.
    """
    if value.WhichOneof("kind") == "sparse_array_value":
        return {element.index: readable(element.value)[0] for element in value.sparse_array_value.elements}
    return readable(value)[0]


def as_sent(value: Any, data_type: str | ValueType | None = None, **allowed: Unpack[Allowed]) -> Any:
    """What would be sent of a value to an attribute of this type; raises as `to_wire`, and sends nothing."""
    return sent_value(to_wire(value, data_type, **allowed))


def check_taken(value: wire.MxValue, wanted: str = "BOOLEAN", *, allow_nonfinite: bool = False) -> None:
    """Refuses what an attribute would take for another value, whatever it is said to be.

    A Boolean takes 0.4, -1 and NaN for True, also as texts; a Float or Double takes a text or number beyond
    it for infinity, a number takes True for 1. Raises ConfigurationError; what the attribute does not take at
    all is left to the plant to refuse.
    """
    sent = sent_value(value)
    for one in sent.values() if isinstance(sent, dict) else np.ravel(np.asarray(sent, dtype=object)):
        if isinstance(one, int | float | np.number) or (isinstance(one, str) and reads_as_number(one)):
            # What is infinite or NaN already, and no text, somebody has asked for.
            converted(one, wanted, allow_nonfinite=allow_nonfinite or nonfinite(one))


def has_truth(value: wire.MxValue) -> bool:
    """Whether a value on its way is a truth value, or an array of some."""
    sent = sent_value(value)
    elements = sent.values() if isinstance(sent, dict) else np.ravel(np.asarray(sent, dtype=object))
    return any(isinstance(one, bool | np.bool_) for one in elements)


def null(value: Any, allowed: bool) -> wire.MxValue:
    """The value that is none, for None and for a missing time."""
    if not allowed:
        hint = f"Give a value. If you want a null: {EMPTY}."
        what = "None" if value is None else "A missing time (NaT)"
        raise ConfigurationError(f"{what} cannot be written", hint=hint)
    return wire.MxValue(data_type=data_type_number("NO_DATA"), variant_type="VT_EMPTY", is_null=True)


def scalar_to_wire(value: Any, kind: ValueType, *, allow_nonfinite: bool) -> wire.MxValue:
    """One scalar, in the field of its type."""
    field, sent = scalar_field(value, kind, allow_nonfinite=allow_nonfinite)
    number = data_type_number(kind.wire_name or FIELD_TYPES[field])
    return wire.MxValue(data_type=number, variant_type=VARIANTS[field], **{field: sent})


def array_to_wire(
    array: np.ndarray[Any, Any], kind: ValueType, *, allow_nonfinite: bool, allow_empty: bool
) -> wire.MxValue:
    """A whole array: it replaces the attribute's array and its length."""
    if kind.is_array is False:
        hint = "The attribute is one value: give one. An element is Tag[1], a whole array Tag[]."
        raise ConfigurationError(f"A list of {array.size} cannot be written to one value", hint=hint)
    if not array.size and not allow_empty:
        hint = f"The attribute would then have no elements. If you want that: {EMPTY}."
        raise ConfigurationError("A list without elements cannot be written", hint=hint)
    check_shape(array, kind)
    # tolist makes plain integers of datetime64, and of a short float one of more digits, which a text shows.
    whole = array.dtype.kind == "M" or kind.name == "STRING"
    plain = list(array.ravel()) if whole else array.ravel().tolist()
    wanted = kind.name or numpy_type(array.dtype) or common_type(plain)
    if wanted == "ENUM":  # members, by their names or their places
        wanted = "STRING" if common_type(plain) == "STRING" else "INTEGER"
    sent = [converted(element, wanted, allow_nonfinite=allow_nonfinite) for element in plain]
    field = integer_field(sent, kind) if wanted == "INTEGER" else CONVERSIONS[wanted][0]
    return array_message(field, sent, array.shape, kind)


def array_message(field: str, sent: list[Any], shape: Iterable[int], kind: ValueType) -> wire.MxValue:
    """An array of what its field takes."""
    array = wire.MxArray(
        element_data_type=data_type_number(kind.wire_name or FIELD_TYPES[field]),
        variant_type=f"VT_ARRAY|{VARIANTS[field]}",
        dimensions=shape,
    )
    held = getattr(array, f"{field}s")
    held.SetInParent()  # an empty array is an array of its kind, too
    held.values.extend(sent)
    return wire.MxValue(data_type=array.element_data_type, variant_type=array.variant_type, array_value=array)


def sparse_to_wire(
    elements: Mapping[int, Any],
    total_length: int,
    data_type: str | ValueType | None = None,
    **allowed: Unpack[Allowed],
) -> wire.MxValue:
    """An array by some of its elements; the gateway sets all others to the type's default.

    Raises ConfigurationError for a length of 0, an index outside it, elements of different types, None among
    them, and infinity and NaN that nobody asked for.
    """
    given = type_named(data_type)
    if given.is_array is False:
        raise ConfigurationError("Elements cannot be written to an attribute of one value", hint="Give one.")
    values = indexed(elements, total_length)
    if any(value is None for value in values.values()):
        hint = "Leave an element out, and it becomes the type's default."
        raise ConfigurationError("None cannot be written to an element", hint=hint)
    kind = ValueType(
        given.data_type if given.name else common_type(list(values.values())), False, given.field
    )
    sent = {
        index: to_wire(value, kind, allow_nonfinite=allowed.get("allow_nonfinite", False))
        for index, value in sorted(values.items())
    }
    (number,) = {value.data_type for value in sent.values()}
    sparse = wire.MxSparseArray(element_data_type=number, total_length=total_length)
    for index, value in sent.items():
        sparse.elements.add(index=index, value=value)
    return wire.MxValue(data_type=number, sparse_array_value=sparse)


def indexed(elements: Mapping[int, Any], total_length: int) -> dict[int, Any]:
    """The elements by whole indices, all of them inside the length."""
    try:
        # Not `int`, which makes element 1 of 1.9; numpy's integers are taken all the same.
        length = operator.index(total_length)
        values = {operator.index(index): value for index, value in elements.items()}
    except (TypeError, AttributeError):
        hint = "Give {index: value} and total_length, whole numbers."
        raise ConfigurationError("These are not elements of an array", hint=hint) from None
    if not values or not 0 < length <= MOST_ELEMENTS or not all(0 <= index < length for index in values):
        raise ConfigurationError(
            f"Elements {shown(sorted(values))} do not fit an array of {length}",
            hint="Indices count from 0 and stay below total_length.",
        )
    return values


def numpy_type(dtype: np.dtype[Any]) -> str | None:
    """The type that numpy's own arrays tell; None for objects and what the wire has not."""
    short = dtype.kind == "f" and dtype.itemsize <= np.dtype(np.float32).itemsize
    return "FLOAT" if short else ELEMENT_TYPES.get(dtype.kind)


def common_type(elements: list[Any]) -> str:
    """The one type that all elements are; a list of integers and floats is one of doubles."""
    # An empty list tells no type, and has to have one on the wire.
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
    """The loaded contract's number of a data type's name; of bytes, which have none, UNKNOWN."""
    return cast(
        wire.MxDataType, wire.MxDataType.Value(f"MX_DATA_TYPE_{'UNKNOWN' if name == 'RAW' else name}")
    )
