"""Values of several kinds in columns of one kind each: numbers, and beside them as text what is none.

Arrow, and with it Parquet, polars and DuckDB, take a column of one kind alone.
Why: DECISIONS.md, "Values of several kinds are two columns".
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mxgw_notebook.client import value_told

MOST_EXACT = 2**53
NUMBERS = {float, np.float64, type(None)}
LEAST, LARGEST = -(2**63), 2**63 - 1
TEXTS_ARE_OBJECTS = pd.Series([], dtype="str").dtype == object
# What a gateway sends of any kind.
VALUES = ("value", "limit")


def apart(columns: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    """Columns of any values as columns of one kind each, a column of texts behind each that needs one."""
    found: dict[str, Any] = {}
    for name, values in columns.items():
        found[name], texts = split(values)
        if texts is not None:
            found[f"{name}_text"] = texts
    return found


def kinds_apart(table: pd.DataFrame, **texts: str) -> pd.DataFrame:
    """The table with each column of objects as one of one kind, and the texts of mixed ones behind it.

    Those of a column are in one named as `texts` says (`value="text"`), else `value_text`.
    """
    columns: dict[str, Any] = {}
    for name, column in table.items():
        if column.dtype != object or (column.empty and is_of_texts(str(name), texts)):
            columns[str(name)] = column.array
            continue
        columns[str(name)], beside = split(column.to_numpy())
        if beside is not None:
            columns[texts.get(str(name), f"{name}_text")] = beside
    found = pd.DataFrame(columns, index=table.index, copy=False)  # nobody else has these columns
    found.attrs = table.attrs
    return found


def is_of_texts(name: str, texts: Mapping[str, str]) -> bool:
    """Whether a column of objects without a row is of texts, as before pandas 3; else it is of numbers."""
    return TEXTS_ARE_OBJECTS and name not in (*VALUES, *texts)


def kinds_joined(table: pd.DataFrame, **texts: str) -> pd.DataFrame:
    """The table as before `kinds_apart`: numbers and texts in one column; lists and times stay texts.

    `texts` names for a column that of its texts (`value="text"`).
    """
    for name, beside in texts.items():
        if name in table and beside in table:
            attrs = table.attrs
            whole = joined(table[name], table[beside])
            table = table.assign(**{name: whole}).drop(columns=beside)
            table.attrs = attrs
    return table


def joined(numbers: pd.Series[Any], texts: pd.Series[Any]) -> pd.Series[Any]:
    """Numbers and what stands as text beside them as one column of objects."""
    values = numbers.astype(object)
    for place in np.flatnonzero(texts.notna().to_numpy()).tolist():
        values.iloc[place] = value_told(values.iloc[place], str(texts.iloc[place]))
    return values


def split(values: Sequence[Any] | NDArray[Any]) -> tuple[Any, Any | None]:
    """A column of one kind, and None; or, of mixed kinds, numbers and texts.

    Of mixed kinds the numbers are float64, a boolean 0 or 1, NaN for anything else; the texts have what is no
    number, True and False, and an integer that a float64 would round, with every digit; missing for the rest.
    """
    # Looked at one by one only where there is more than numbers: of a million rows that is most of the work.
    if set(map(type, values)) <= NUMBERS:
        return np.array(values, np.float64), None  # None becomes NaN
    kinds = {kind_of(value) for value in values if not is_missing(value)}
    if len(kinds) > 1 or kinds == {"integer"}:
        whole = [int(value) for value in values if kind_of(value) == "integer"]
        if kinds == {"integer", "number"} and max(map(abs, whole)) <= MOST_EXACT:
            kinds = {"number"}
        elif len(kinds) > 1 or not LEAST <= min(whole) <= max(whole) <= LARGEST:
            return numbers_of(values), pd.Series([text_of(value) for value in values], dtype="str").array
    return of_one_kind(values, next(iter(kinds), "number")), None


def of_one_kind(values: Sequence[Any] | NDArray[Any], kind: str) -> Any:
    """Values of one kind as a column of that, in which some may be missing."""
    if kind == "number":
        return numbers_of(values)
    if kind in ("boolean", "integer"):
        plain = [None if is_missing(value) else value for value in values]
        whole = None not in plain
        if kind == "boolean":
            return np.array(plain, bool) if whole else pd.array(plain, "boolean")
        return np.array(plain, np.int64) if whole else pd.array(plain, "Int64")
    if kind == "str":
        return pd.Series([None if is_missing(value) else value for value in values], dtype="str").array
    if kind == "Timestamp":
        return pd.DatetimeIndex(list(values)).as_unit("ns").array
    return as_objects(values)


def as_objects(values: Sequence[Any] | NDArray[Any]) -> NDArray[Any]:
    """An array of objects; one by one, for numpy would take an array's elements apart."""
    found = np.empty(len(values), object)
    for place, value in enumerate(values):
        found[place] = value
    return found


def numbers_of(values: Sequence[Any] | NDArray[Any]) -> NDArray[np.float64]:
    """The values as numbers, NaN for what is none."""
    return np.array([number_of(value) for value in values], np.float64)


def is_missing(value: Any) -> bool:
    """Whether there is no value; NaN is none."""
    return value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and value != value)


def kind_of(value: Any) -> str:
    """What Arrow would make of a value."""
    if isinstance(value, bool | np.bool_):
        return "boolean"
    if isinstance(value, int | np.integer):
        return "integer"
    if isinstance(value, float | np.floating):
        return "number"
    if isinstance(value, np.ndarray):
        return f"array of {value.dtype}"
    return type(value).__name__


def number_of(value: Any) -> float:
    """A value as a number; NaN for one that is none."""
    is_number = isinstance(value, bool | int | float | np.bool_ | np.integer | np.floating)
    return float(value) if is_number else np.nan


def text_of(value: Any) -> str | None:
    """A value as text, where it is not a number, or one that a float64 does not hold."""
    if isinstance(value, np.ndarray | list | tuple):
        return json.dumps(np.asarray(value).tolist(), default=str)
    if isinstance(value, bool | np.bool_):
        return str(bool(value))
    if isinstance(value, int | np.integer):
        return str(value) if abs(int(value)) > MOST_EXACT else None
    if is_missing(value) or isinstance(value, float | np.floating):
        return None
    return value.isoformat() if isinstance(value, pd.Timestamp) else str(value)
