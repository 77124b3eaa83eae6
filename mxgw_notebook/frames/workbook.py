"""DataFrames as an Excel workbook in which what a plant says stays text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mxgw_notebook.client import path_given
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames.whole_file import being_written
from mxgw_notebook.words import FORMULA

MOST_ROWS = 1_048_575  # of a sheet, below its header
MOST_CHARACTERS = 32_767
WIDEST = 60
# XML has no room for these, nor UTF-8 for half of a character.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def save_workbook(tables: Mapping[str, pd.DataFrame], path: str | Path) -> Path:
    """Writes one sheet per table; returns the path. A text stays a text, whatever its first character is.

    Times are written without a zone; the column's name has the zone: `start (UTC)`. Lengths of time are
    Excel's own. Missing values are empty cells. Needs the extra `excel`.

    Raises ConfigurationError for another ending than .xlsx, and for a table with more rows than a sheet can
    have. Also if openpyxl is not installed, or the file cannot be written.
    """
    target = Path(path_given(path, "Name one, e.g. report.xlsx."))
    if target.suffix.lower() != ".xlsx":
        raise ConfigurationError(f"{target.name} is no .xlsx", hint="A workbook is written as .xlsx.")
    try:
        from openpyxl import Workbook
    except ImportError:
        message = "Workbooks are written by openpyxl, which is not installed"
        raise ConfigurationError(message, hint='Install it: pip install "mxgw-notebook[excel]".') from None
    book: Any = Workbook()
    book.remove(book.active)
    for name, table in tables.items():
        if len(table) > MOST_ROWS:
            message = f"The table {name} has {len(table):,} rows, and a sheet has room for {MOST_ROWS:,}"
            raise ConfigurationError(message, hint="Save it with to_parquet or to_csv.")
        fill(book.create_sheet(re.sub(r"[\\/?*\[\]:]", " ", name)[:31]), table)
    with being_written(target):
        book.save(target)
    return target


def fill(sheet: Any, table: pd.DataFrame) -> None:
    """One table with its header, which stays in sight."""
    for place, name in enumerate(table.columns, start=1):
        column = table[name]
        zone = getattr(column.dtype, "tz", None)
        write(sheet.cell(1, place), f"{name} ({zone})" if zone is not None else str(name))
        widest = len(str(name)) + 2
        for row, value in enumerate(column.tolist(), start=2):
            written = write(sheet.cell(row, place), value)
            widest = max(widest, min(len(written), WIDEST))
        sheet.column_dimensions[sheet.cell(1, place).column_letter].width = max(widest + 1, 10)
    sheet.freeze_panes = "A2"


def write(cell: Any, value: Any) -> str:
    """One value, and how it is shown at most."""
    plain = plain_value(value)
    cell.value = plain
    if isinstance(plain, str):
        # Told that it is a text: one that begins with "=" has become a formula by being set.
        cell.data_type = "s"
        cell.quotePrefix = plain.startswith(FORMULA)
    if isinstance(plain, timedelta):
        cell.number_format = "[h]:mm:ss"
    elif isinstance(plain, pd.Timestamp):
        cell.number_format = "yyyy-mm-dd hh:mm:ss"
        return "yyyy-mm-dd hh:mm:ss"
    return "" if plain is None else str(plain)


def plain_number(value: float) -> float | str | None:
    """A sheet's numbers are floats: integers beyond them keep their digits as texts, NaN is an empty cell."""
    with suppress(OverflowError):
        if np.isfinite(value) and (isinstance(value, float) or int(float(value)) == value):
            return value
    return None if value != value else str(value)


def plain_value(value: Any) -> Any:
    """A value of a kind that a sheet has."""
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, pd.Timestamp):
        return value.tz_localize(None)
    if isinstance(value, pd.Timedelta):
        return value.to_pytimedelta()
    if isinstance(value, bool | timedelta):
        return value
    if isinstance(value, int | float):
        return plain_number(value)
    return FORBIDDEN.sub("\ufffd", str(value))[:MOST_CHARACTERS]
