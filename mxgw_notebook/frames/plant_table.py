"""Tables that people keep by pandas' own methods: what a public function of ours returns.

Whatever pandas makes of one is an ordinary DataFrame; `save_table` writes that as well.
"""

from __future__ import annotations

import functools
import inspect
import os
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import pandas as pd

from mxgw_notebook.client import hide
from mxgw_notebook.frames.mixed import kinds_apart
from mxgw_notebook.frames.workbook import save_workbook

C = TypeVar("C", bound=type)
P = ParamSpec("P")


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
    if isinstance(frame, PlantTable):
        return frame
    table = PlantTable(frame)
    table.attrs = frame.attrs
    return table


def gives_table(function: Callable[P, pd.DataFrame]) -> Callable[P, pd.DataFrame]:
    """The same function, its table one that Excel takes."""

    @functools.wraps(function)
    def giving(*arguments: P.args, **settings: P.kwargs) -> pd.DataFrame:
        return plant_table(function(*arguments, **settings))

    return giving


def gives_tables(held: C) -> C:
    """The same class, each table of its own public methods and properties one that Excel takes."""
    return finishing(held, lambda _, table: plant_table(table))


def finishing(held: C, finish: Callable[[Any, pd.DataFrame], pd.DataFrame]) -> C:
    """The same class, each table of its own public methods and properties as `finish(self, table)` has it."""
    for name, member in list(vars(held).items()):
        if name.startswith("_"):
            continue
        if inspect.isfunction(member):
            setattr(held, name, finished(member, finish))
        elif isinstance(member, property) and member.fget is not None:
            getter = finished(member.fget, finish)
            setattr(held, name, property(getter, member.fset, member.fdel, member.__doc__))
    return held


def finished(
    method: Callable[..., Any], finish: Callable[[Any, pd.DataFrame], pd.DataFrame]
) -> Callable[..., Any]:
    """The method, with what `finish` makes of a table that it returns."""

    @functools.wraps(method)
    def call(self: Any, *arguments: Any, **settings: Any) -> Any:
        # A password is no argument of theirs, and may be given as one.
        found = method(self, *arguments, **hide(settings))
        return finish(self, found) if isinstance(found, pd.DataFrame) else found

    return call


def have_plant_tables(record: Any) -> None:
    """Each field of a frozen dataclass that is a table becomes one that Excel takes."""
    for one in fields(record):
        if isinstance(found := getattr(record, one.name), pd.DataFrame):
            object.__setattr__(record, one.name, plant_table(found))
