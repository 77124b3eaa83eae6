"""Values whose kind on the wire is named, from text: what a command line has."""

from __future__ import annotations

from typing import Unpack

from mxgw_notebook.client.contract import wire
from mxgw_notebook.client.values import Allowed, ValueType, to_wire

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


def typed_value(kind: str, text: str, **allowed: Unpack[Allowed]) -> wire.MxValue:
    """The MxValue of a text, as exactly this kind; `int32[]` and the like take a JSON list.

    Raises ConfigurationError where the text is none of that kind, and for infinity, NaN and an empty list
    that nobody asked for.
    """
    name = kind.removesuffix(ARRAY)
    exactly = ValueType(KINDS[name], kind.endswith(ARRAY), f"{name}_value")
    return to_wire(text, exactly, **allowed)
