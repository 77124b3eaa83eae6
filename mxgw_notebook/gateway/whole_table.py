"""A table that a terminal shows with all its columns."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pandas as pd

from mxgw_notebook.analysis import save_workbook
from mxgw_notebook.frames import kinds_apart
from mxgw_notebook.words import visible


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


class WholeTable(PlantTable):
    """A DataFrame whose text has every column, in blocks below each other where they do not fit side by side.

    pandas leaves columns out that do not fit, and here the last ones say what went wrong. Whatever is made of
    it is an ordinary DataFrame.
    """

    def __repr__(self) -> str:
        if len(self) > pd.get_option("display.max_rows"):
            return visible(super().__repr__())
        return visible(self.to_string(line_width=shutil.get_terminal_size().columns))
