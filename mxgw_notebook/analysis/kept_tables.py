"""Tables as files that people open elsewhere and read back here as they were.

By the file's ending: `.parquet`, `.csv` (also `.csv.gz`) or `.xlsx`. In CSV and workbooks a second row below
the names says what each column is: a tag's engineering units, `(UTC)` for times, `(text)`, `(number)`,
`(integer)`, `(yes/no)` or `(seconds)`. A text that a spreadsheet would take for a formula has an apostrophe
in front, which `read_table` takes away again. Workbooks keep times to the millisecond.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mxgw_notebook.client import checks_arguments, path_given
from mxgw_notebook.errors import ConfigurationError, reason_of
from mxgw_notebook.frames import (
    being_written,
    gives_table,
    kinds_apart,
    save_workbook,
    with_formulas,
    without_formulas,
)

ENDINGS = ".parquet, .csv, .csv.gz or .xlsx"
TEXT, NUMBER, INTEGER, TRUTH, SECONDS = "(text)", "(number)", "(integer)", "(yes/no)", "(seconds)"
TIME = re.compile(r"\((?P<zone>[A-Za-z]+(?:/[\w+-]+)*)\)")
HINT = f"Name a file that ends in {ENDINGS}."


@checks_arguments
def save_table(table: pd.DataFrame, path: str | Path, *, by: str | None = None) -> Path:
    """Writes a table by the path's ending; returns the path. This module describes the file's contents.

    Columns of mixed kinds become numbers and, beside them, texts. A named index becomes a column.

    Args:
        table: Any DataFrame; `attrs["units"]` gives the units by column.
        path: The file.
        by: A column: a workbook gets one sheet for each of its values.

    Raises:
        ConfigurationError: Another ending, no such column, or the file cannot be written.
    """
    target = Path(path_given(path, HINT))
    plain = portable(table)
    if by is not None and (target.suffix != ".xlsx" or by not in plain):
        reason = f"The table has no column {by}" if by not in plain else "Only a workbook has sheets"
        raise ConfigurationError(reason, hint='For example by="tag", into a file that ends in .xlsx.')
    if target.suffix == ".xlsx":
        sheets = {"values": plain} if by is None else groups(plain, by)
        return save_workbook({name: with_kinds(sheet) for name, sheet in sheets.items()}, target)
    if not target.name.endswith((".parquet", ".csv", ".csv.gz")):
        raise ConfigurationError(f"{target.name} ends in none of {ENDINGS}", hint="Choose one of these.")
    with being_written(target):
        if target.suffix == ".parquet":
            plain.to_parquet(target, index=False)
        else:
            without_formulas(with_kinds(plain)).to_csv(target, index=False, encoding="utf-8-sig")
    return target


@checks_arguments
@gives_table
def read_table(path: str | Path) -> pd.DataFrame:
    """Reads a table that `save_table` wrote, with the same column types; of a workbook all sheets together.

    Raises ConfigurationError if the file cannot be read.
    """
    source = Path(path_given(path, HINT))
    try:
        if source.suffix == ".parquet":
            return pd.read_parquet(source)
        if source.suffix == ".xlsx":
            sheets = pd.read_excel(source, sheet_name=None, dtype=object, keep_default_na=False)
            return pd.concat(map(restored, sheets.values()), ignore_index=True)
        texts = pd.read_csv(source, dtype="str", keep_default_na=False, encoding="utf-8-sig")
        return restored(with_formulas(texts))
    except (OSError, ValueError, ImportError) as error:
        reason = reason_of(error)
        raise ConfigurationError(f"{source} cannot be read: {reason}", hint=HINT) from None


@checks_arguments
@gives_table
def portable(table: pd.DataFrame) -> pd.DataFrame:
    """The table with columns of one kind each, and its named index as columns."""
    named = table.reset_index() if any(name is not None for name in table.index.names) else table
    named = named.set_axis([str(name) for name in named.columns], axis=1).reset_index(drop=True)
    found = kinds_apart(named, **({} if "text" in named else {"value": "text"}))
    found.attrs = {"units": dict(table.attrs.get("units", {}))}
    return found


def groups(table: pd.DataFrame, by: str) -> dict[str, pd.DataFrame]:
    """The rows of each value of a column, in the order in which they come."""
    return {str(name): rows for name, rows in table.groupby(by, sort=False, observed=True)}


def with_kinds(table: pd.DataFrame) -> pd.DataFrame:
    """The table with what each column is in a row below the names."""
    units = table.attrs.get("units", {})
    kinds = [units.get(name) or kind_of(table[name]) for name in table.columns]
    cells = table.astype(object).where(table.notna(), None)
    for name, kind in zip(table.columns, kinds, strict=True):
        if isinstance(table[name].dtype, pd.DatetimeTZDtype):
            cells[name] = [None if pd.isna(time) else time.tz_localize(None) for time in table[name]]
        elif kind == SECONDS:
            cells[name] = [None if pd.isna(length) else length.total_seconds() for length in table[name]]
    head = pd.DataFrame([kinds], columns=table.columns, dtype=object)
    return pd.concat([head, cells], ignore_index=True).astype(object)


def kind_of(column: pd.Series[Any]) -> str:
    """What a column is, as the second row says it."""
    dtype = column.dtype
    if isinstance(dtype, pd.DatetimeTZDtype):
        return f"({dtype.tz})"
    if pd.api.types.is_timedelta64_dtype(dtype):
        return SECONDS
    if pd.api.types.is_bool_dtype(dtype):
        return TRUTH
    if pd.api.types.is_integer_dtype(dtype):
        return INTEGER
    return NUMBER if pd.api.types.is_float_dtype(dtype) else TEXT


def restored(cells: pd.DataFrame) -> pd.DataFrame:
    """The table of what stands in a file: each column of the kind that its second row says."""
    kinds, rows = cells.iloc[0], cells.iloc[1:].reset_index(drop=True)
    units = {str(name): str(kind) for name, kind in kinds.items() if not str(kind).startswith("(")}
    found = pd.DataFrame({name: column_of(rows[name], str(kinds[name])) for name in cells.columns})
    found.attrs = {"units": units}
    return found


def times_of(filled: pd.Series[Any], zone: str | None) -> pd.Series[Any]:
    """Times of a zone, to the nanosecond; a workbook has some as times already."""
    written = any(isinstance(cell, str) for cell in filled)
    times = pd.to_datetime(filled, format="ISO8601" if written else None)
    return times.dt.tz_localize(zone).dt.as_unit("ns")


def column_of(cells: pd.Series[Any], kind: str) -> Any:
    """One column of its kind."""
    filled = cells.where(cells != "", None)
    if kind == TEXT:
        return cells.astype("str")
    if kind == TRUTH:
        truths = filled.map(lambda cell: None if cell is None else str(cell) == "True")
        return truths.astype("boolean" if truths.isna().any() else "bool")
    if kind == INTEGER:
        whole = [None if cell is None else int(cell) for cell in filled]
        return pd.array(whole, "Int64") if None in whole else np.array(whole, np.int64)
    if kind == SECONDS:
        return pd.to_timedelta(pd.to_numeric(filled), unit="s")
    if (zone := TIME.fullmatch(kind)) and kind != NUMBER:
        return times_of(filled, zone["zone"])
    return filled.astype(object).map(lambda cell: np.nan if cell is None else float(cell)).astype(np.float64)
