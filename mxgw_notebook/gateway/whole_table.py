"""A table that a terminal shows with all its columns."""

from __future__ import annotations

import shutil

import pandas as pd

from mxgw_notebook.words import visible


class WholeTable(pd.DataFrame):
    """A DataFrame whose text has every column, in blocks below each other where they do not fit side by side.

    pandas leaves columns out that do not fit, and here the last ones say what went wrong. Whatever is made of
    it is an ordinary DataFrame.
    """

    def __repr__(self) -> str:
        if len(self) > pd.get_option("display.max_rows"):
            return visible(super().__repr__())
        return visible(self.to_string(line_width=shutil.get_terminal_size().columns))
