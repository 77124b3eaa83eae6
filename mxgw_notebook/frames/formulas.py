"""Texts of a plant in CSV: none is one that a spreadsheet takes for a formula."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from mxgw_notebook.words import plain_cell, safe_cell


def without_formulas(table: pd.DataFrame) -> pd.DataFrame:
    """A copy for CSV: an apostrophe before each text, and each column's name, that would be a formula."""
    return per_text(table, safe_cell)


def with_formulas(table: pd.DataFrame) -> pd.DataFrame:
    """The table that was written so, as it was."""
    return per_text(table, plain_cell)


def per_text(table: pd.DataFrame, change: Callable[[Any], Any]) -> pd.DataFrame:
    """A copy with its texts changed, and the names of its columns."""
    columns = [
        column.astype(object).map(change) if holds_texts(column) else column for _, column in table.items()
    ]
    found = pd.DataFrame(dict(enumerate(columns)), index=table.index)
    found.columns = pd.Index([change(name) for name in table.columns])
    found.attrs = dict(table.attrs)
    return found


def holds_texts(column: pd.Series[Any]) -> bool:
    """Whether a column may have texts in it."""
    return column.dtype == object or isinstance(column.dtype, pd.CategoricalDtype | pd.StringDtype)
