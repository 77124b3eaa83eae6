"""Values of several kinds in columns of one kind each: numbers, and beside them as text what is none."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

MOST_EXACT = 2**53


def split(values: Sequence[Any]) -> tuple[Any, Any | None]:
    """A column as it is, and None; or, of mixed kinds, numbers and texts.

    Arrow, and with it Parquet, polars and DuckDB, take a column of one kind alone. Of mixed ones the numbers
    are float64, a boolean 0 or 1, NaN for anything else; the texts have what is no number, True and False,
    and an integer that a float64 would round, with every digit; missing for the rest.
    """
    kinds = {kind_of(value) for value in values if value is not None}
    large = any(isinstance(value, int) and abs(value) > MOST_EXACT for value in values)
    if len(kinds) <= 1 or (kinds == {"integer", "number"} and not large):
        return values, None
    numbers = np.array([number_of(value) for value in values], np.float64)
    texts = pd.Series([text_of(value) for value in values], dtype="str")
    return numbers, texts


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
    """A value as text, where it is no number, or one that a float64 does not hold."""
    if isinstance(value, np.ndarray):
        return json.dumps(value.tolist(), default=str)
    if isinstance(value, bool | np.bool_):
        return str(bool(value))
    if isinstance(value, int | np.integer):
        return str(value) if abs(int(value)) > MOST_EXACT else None
    if value is None or isinstance(value, float | np.floating):
        return None
    return value.isoformat() if isinstance(value, pd.Timestamp) else str(value)
