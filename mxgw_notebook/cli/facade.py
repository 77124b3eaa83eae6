"""The gateway as notebooks have it, for commands about tables; with pandas it is imported when one runs."""

from __future__ import annotations

import asyncio
import contextlib
import math
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from mxgw_notebook.cli.command import CommandCall
from mxgw_notebook.errors import ConfigurationError

if TYPE_CHECKING:
    import pandas as pd

    from mxgw_notebook.gateway import Gateway

LOOK_UP = "mxgw-py find shows what there is."
MANY = 100
HURRIED_SECONDS = 0.75
GLOB_SIGNS = "*?"


@asynccontextmanager
async def facade(call: CommandCall, writable: str | None = None) -> AsyncIterator[Gateway]:
    """The gateway that the options name, until the block ends. Its calls block: run them in a thread."""
    from mxgw_notebook.gateway import connect, disconnect

    settings: dict[str, Any] = {
        field.name: getattr(call.options, field.name) for field in fields(call.options)
    }
    endpoint = settings.pop("endpoint")
    # By its name, so that what is done is on record as mxgw.toml says; who only reads needs no file for it.
    if writable is not None and call.options.plant:
        endpoint = call.options.plant
    try:
        yield await asyncio.to_thread(connect, endpoint, writable=writable, **settings)
    finally:
        # Whoever stops a command does not wait for a gateway that does not answer.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(None if sys.exception() is None else HURRIED_SECONDS):
                await asyncio.to_thread(disconnect)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Tags as they are asked for: names, globs, and an attribute of all objects of a template."""

    tags: tuple[str, ...]
    template: str | None = None
    attribute: str | None = None
    area: str | None = None

    @property
    def globs(self) -> list[str]:
        """Those of the tags that stand for many."""
        return [tag for tag in self.tags if any(sign in tag for sign in GLOB_SIGNS)]

    async def names(self, call: CommandCall) -> list[str]:
        """The tags that are meant now; how many, on standard error, where they are many.

        Raises UsageError where nothing is named, and ConfigurationError for what means no tag.
        """
        if not self.tags and not (self.template and self.attribute):
            raise click.UsageError("Name a tag, e.g. Tank001.Level, or --template and --attribute.")
        if not self.globs and not self.template:
            return list(dict.fromkeys(self.tags))
        async with facade(call) as gateway:
            found = await asyncio.to_thread(self._found, gateway)
        if len(found) > MANY:
            click.echo(f"{len(found):,} tags", err=True)
        return found

    def _found(self, gateway: Gateway) -> list[str]:
        names: list[str] = []
        for tag in self.tags:
            many = tag in self.globs
            matches = gateway.find(tag, area=self.area)["tag"].tolist() if many else [tag]
            if not matches:
                raise ConfigurationError(f"No tag matches {tag}", hint=LOOK_UP)
            names += matches
        if self.template and self.attribute:
            objects = gateway.instances(self.template, area=self.area)
            names += objects.tags(*self.attribute.split(","))
        return list(dict.fromkeys(names))


def parted(tags: Sequence[str]) -> tuple[str, ...]:
    """The tags of words, of which commas part several: a plant's names have none."""
    return tuple(tag.strip() for word in tags for tag in word.split(",") if tag.strip())


def show_frame(
    call: CommandCall, name: str, table: pd.DataFrame, columns: Sequence[str], none: str = ""
) -> None:
    """The table: all of it for a program, some columns for a person, and `none` where it has no row."""
    if none and table.empty and not call.output.as_json:
        click.echo(none, err=True)
    rows = table.to_dict("records")
    shown = [{column: row[column] for column in columns if column in row} for row in rows]
    answer = {name: [{str(column): plain(value) for column, value in row.items()} for row in rows]}
    call.output.show_table(answer, [{column: cell(value) for column, value in row.items()} for row in shown])


def plain(value: Any) -> Any:
    """A table's cell as JSON has it: with every digit, and null where there is nothing.

    Infinity, which JSON has not, is a text as in protobuf's own JSON.
    """
    import pandas as pd

    if isinstance(value, list | tuple | np.ndarray):
        return [plain(one) for one in value]
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, pd.Timestamp | pd.Timedelta):
        return value.isoformat().replace("+00:00", "Z")
    found = value.item() if isinstance(value, np.number | np.bool_) else value
    if isinstance(found, float) and not math.isfinite(found):
        return None if math.isnan(found) else f"{'-' if found < 0 else ''}Infinity"
    return found if isinstance(found, bool | int | float | str) else str(found)


def cell(value: Any) -> Any:
    """The same as `output.text` takes it: for a person."""
    import pandas as pd

    return value.to_datetime64() if isinstance(value, pd.Timestamp) else plain(value)
