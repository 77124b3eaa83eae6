"""The elements of what is given for an array: a list, an array, a column of a table, or a list as text."""

from __future__ import annotations

import json
import math
import reprlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from mxgw_notebook.client.values.value_type import ValueType
from mxgw_notebook.errors import ConfigurationError

ONE_LIST = "Give one list of all elements, or one column of a table."


def elements_of(value: Any) -> np.ndarray[Any, Any] | None:
    """A list, an array or a column of a table as an array; None for a scalar.

    As objects, where it is none yet: numpy would cut the zeros off the ends of texts, and make texts of
    mixed lists. Raises ConfigurationError for lists that make no array.
    """
    if isinstance(value, np.ndarray):
        return value
    if isinstance(value, np.generic | str | bytes | bytearray | memoryview):
        return None
    try:
        if hasattr(value, "__array__"):
            return with_zone(np.asarray(value), value)
        return np.array(value, dtype=object) if isinstance(value, Sequence) else None
    except ValueError:  # arrays of different shapes in one list
        raise ConfigurationError("Lists in a list cannot be written", hint=ONE_LIST) from None


def with_zone(array: np.ndarray[Any, Any], column: Any) -> np.ndarray[Any, Any]:
    """A column's times as numpy's, which are UTC. Refuses those of a column that has no zone and could.

    As one of its times would be by itself: numpy's alone have none to give, and what is read is one of them.
    """
    dtype = getattr(column, "dtype", None)
    zone = getattr(dtype, "tz", None) or getattr(dtype, "time_zone", None)
    zone = zone or getattr(getattr(dtype, "pyarrow_dtype", None), "tz", None)
    if array.dtype.kind == "M" and array.ndim and zone is None:
        hint = 'Give them one, e.g. column.dt.tz_localize("Europe/Berlin").'
        raise ConfigurationError("A column of times without a time zone cannot be written", hint=hint)
    return array


def check_shape(array: np.ndarray[Any, Any], kind: ValueType) -> None:
    """Refuses a table for an attribute that was not read with as many dimensions.

    Of an attribute of which nothing at all is known, its caller knows better.
    """
    if array.ndim > 1 and array.ndim != kind.rank and kind != ValueType():
        shape = reprlib.repr(array.shape)
        raise ConfigurationError(f"Values of shape {shape} cannot be written to an array", hint=ONE_LIST)


def json_list(text: str) -> list[Any]:
    """The elements of a JSON list. A number beyond a double, and NaN, stay the texts that they are."""
    try:
        found = json.loads(text, parse_float=number, parse_constant=str)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, list):
        raise ConfigurationError(
            f"{reprlib.repr(text)} is not a JSON list", hint='An array is written [1, 2] or ["a", "b"].'
        )
    return found


def number(text: str) -> float | str:
    """The number, or its text where it would become infinite."""
    value = float(text)
    return value if math.isfinite(value) else text
