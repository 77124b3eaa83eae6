"""Values whose kind on the wire is named, from text: what a command line has."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from mxgw_notebook.client.contract import wire
from mxgw_notebook.client.values import INT32, VARIANTS, converted, data_type_number
from mxgw_notebook.errors import ConfigurationError

# The kinds, by the names their fields have in MxValue, and the data type that reads their texts.
KINDS = {
    "bool": "BOOLEAN",
    "int32": "INTEGER",
    "int64": "INTEGER",
    "float": "FLOAT",
    "double": "DOUBLE",
    "string": "STRING",
    "timestamp": "TIME",
}
ARRAY = "[]"


def typed_value(kind: str, text: str) -> wire.MxValue:
    """The MxValue of a text, as exactly this kind; `int32[]` and the like take a JSON list.

    Raises ConfigurationError where the text is none of that kind.
    """
    if kind.endswith(ARRAY):
        return typed_array(kind.removesuffix(ARRAY), elements(text))
    type_name, variant = VARIANTS[f"{kind}_value"]
    field: dict[str, Any] = {f"{kind}_value": typed(kind, text)}
    return wire.MxValue(data_type=data_type_number(type_name), variant_type=variant, **field)


def typed_array(kind: str, values: Sequence[Any]) -> wire.MxValue:
    """A one-dimensional array of this kind."""
    type_name, variant = VARIANTS[f"{kind}_value"]
    array = wire.MxArray(
        element_data_type=data_type_number(type_name),
        variant_type=f"VT_ARRAY|{variant}",
        dimensions=[len(values)],
    )
    held = getattr(array, f"{kind}_values")
    held.SetInParent()  # an empty array is an array of its kind, too
    held.values.extend(typed(kind, value) for value in values)
    return wire.MxValue(data_type=array.element_data_type, variant_type=array.variant_type, array_value=array)


def typed(kind: str, value: Any) -> Any:
    """One scalar as the kind's field takes it."""
    result = converted(value, KINDS[kind])
    if kind == "int32" and result not in INT32:
        raise ConfigurationError(f"{value} does not fit 32 bits", hint="The kind int64 is wider.")
    return result


def elements(text: str) -> list[Any]:
    """The elements of a JSON list."""
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, list):
        raise ConfigurationError(
            f"{text!r} is no JSON list", hint='An array is written [1, 2] or ["a", "b"].'
        )
    return found
