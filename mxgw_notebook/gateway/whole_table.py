"""A table that a terminal shows with all its columns.

Why: DECISIONS.md, "Spans are numbers in a table, and words where it is shown".
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import Any

import pandas as pd

from mxgw_notebook.frames import PlantTable
from mxgw_notebook.words import lapse_words, visible

# Columns of ours that hold seconds.
SECONDS = ("age", "interval", "seconds")
UNKNOWN = "\u2013"


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
