"""A table of columns that are ready, without pandas' looking at each.

Why: DECISIONS.md, "A table of readings is made of blocks".
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

# Found once: by its name pandas looks for it each time. Before pandas 3 it is object.
TEXT: Any = pd.Series([], dtype="str").dtype


def text_column(texts: Sequence[str]) -> Any:
    """Texts as an array of pandas' own."""
    if isinstance(TEXT, np.dtype):
        return pd.array(list(texts), dtype=TEXT)
    return TEXT.__from_arrow__(pa.array(texts, pa.large_string()))


def table_of(columns: Mapping[str, Any], kind: type[pd.DataFrame] = pd.DataFrame) -> pd.DataFrame:
    """What `kind(columns, copy=False)` makes of arrays of one length, in a sixth of the time.

    Arrays of objects are left to pandas, which looks for texts in them.
    """
    make = maker_of_blocks()
    plain = [column for column in columns.values() if isinstance(column, np.ndarray)]
    if make is None or any(column.dtype == object for column in plain):
        return kind(columns, copy=False)
    blocks = [
        (column.reshape(1, -1) if isinstance(column, np.ndarray) else column, np.array([place]))
        for place, column in enumerate(columns.values())
    ]
    rows = len(next(iter(columns.values())))
    # A view: who names one table's columns does not mean every table's.
    shown = names(tuple(columns)).view()
    table: pd.DataFrame = make(blocks, index=pd.RangeIndex(rows), columns=shown)
    table.__class__ = kind  # its constructor would take longer than all this
    return table


@cache
def maker_of_blocks() -> Any:
    """What makes a table of arrays as they are; None before pandas 3, which has it."""
    try:
        return importlib.import_module("pandas.api.internals").create_dataframe_from_blocks
    except (ImportError, AttributeError):
        return None


@cache
def names(columns: tuple[str, ...]) -> pd.Index[str]:
    """The names of a table's columns; to make them takes as long as the table."""
    return pd.Index(columns)
