"""A table that a terminal shows with all its columns.

Why: DECISIONS.md, "Spans are numbers in a table, and words where it is shown".
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from mxgw_notebook.analysis import save_workbook
from mxgw_notebook.frames import kinds_apart
from mxgw_notebook.words import lapse_words, visible

# Columns of ours that hold seconds.
SECONDS = ("age", "interval", "seconds")
UNKNOWN = "\u2013"


class PlantTable(pd.DataFrame):
    """A DataFrame with times that Excel takes: `to_excel(path)` names their zone instead of refusing them.

    Whatever is made of it is an ordinary DataFrame; `gateway.save` writes that as well.
    """

    def to_parquet(self, path: Any = None, *args: Any, **settings: Any) -> Any:
        """As pandas writes it, of mixed kinds the numbers as `value` and the others as `text` beside it."""
        return kinds_apart(self, value="text").to_parquet(path, *args, **settings)

    def to_excel(self, excel_writer: Any, *args: Any, **settings: Any) -> None:  # type: ignore[misc]
        """Writes a workbook, a named index as columns; with settings of pandas' own it is pandas' method.

        Times are written without their zone, which the columns' names have: `timestamp (UTC)`.
        """
        named = self.reset_index() if any(name is not None for name in self.index.names) else self
        plain = pd.DataFrame(named)
        if args or settings or not isinstance(excel_writer, str | os.PathLike):
            zoned = {name: f"{name} ({plain[name].dt.tz})" for name in plain.select_dtypes("datetimetz")}
            for name in zoned:
                plain[name] = plain[name].dt.tz_localize(None)
            settings = {"index": False, **settings} if named is not self else settings
            plain.rename(columns=zoned).to_excel(excel_writer, *args, **settings)
        else:
            save_workbook({"values": plain}, Path(excel_writer))


def plant_table(frame: pd.DataFrame) -> PlantTable:
    """The same table, which Excel takes."""
    table = PlantTable(frame)
    table.attrs = frame.attrs
    return table


class WholeTable(PlantTable):
    """A DataFrame whose text has every column, in blocks below each other where they do not fit side by side.

    pandas leaves columns out that do not fit, and here the last ones say what went wrong. Whatever is made of
    it is an ordinary DataFrame.
    """

    def __repr__(self) -> str:
        spans, width = span_words(self), shutil.get_terminal_size().columns
        most, least = pd.get_option("display.max_rows"), pd.get_option("display.min_rows")
        if most is None or len(self) <= most:
            return visible(self.to_string(line_width=width, formatters=spans))
        if not spans:
            return visible(super().__repr__())
        return visible(
            self.to_string(max_rows=least, show_dimensions=True, line_width=width, formatters=spans)
        )

    def _repr_html_(self) -> str | None:
        shown: str | None = super()._repr_html_()  # type: ignore[misc]
        spans = span_words(self)
        if not spans or shown is None:  # pandas was told to show text
            return shown
        most, least = pd.get_option("display.max_rows"), pd.get_option("display.min_rows")
        rows = least if most is not None and len(self) > most else most
        columns = pd.get_option("display.max_columns")
        return self.to_html(
            max_rows=rows, max_cols=columns, show_dimensions=True, notebook=True, formatters=spans
        )


def span_words(frame: pd.DataFrame) -> dict[Any, Callable[[Any], str]]:
    """What says the lengths of time in a table as people do, by column: of timedeltas, and of our seconds."""
    seconds = [name for name in SECONDS if name in frame and pd.api.types.is_float_dtype(frame[name].dtype)]
    return dict.fromkeys([*frame.select_dtypes("timedelta"), *seconds], said)


def said(span: Any) -> str:
    """A length of time in words; a dash for one that is not known."""
    if pd.isna(span):
        return UNKNOWN
    seconds = span.total_seconds() if isinstance(span, pd.Timedelta) else float(span)
    return f"-{lapse_words(-seconds)}" if seconds < 0 else lapse_words(seconds)
