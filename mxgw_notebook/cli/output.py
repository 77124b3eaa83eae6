"""Answers on standard output: a line of JSON for a program, or a table for a person."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import click
import numpy as np

from mxgw_notebook.cli.redaction import Redaction
from mxgw_notebook.client import json_form
from mxgw_notebook.errors import Status
from mxgw_notebook.words import exact, visible

NO_TIME = "no time"
Row = Mapping[str, Any]


class Output:
    """Shows what a command got. An answer is one of the contract's messages, or a dict.

    JSON has sorted keys and one line an answer, whether a command gives one or many.
    """

    def __init__(self, *, as_json: bool, keys: Iterable[str]) -> None:
        self.as_json, self._redaction = as_json, Redaction(keys)
        self._widths: list[int] = []

    def show_facts(self, answer: Any, facts: Row) -> None:
        """One answer, for a person a line a fact."""
        if self.as_json:
            self._show_json(answer)
            return
        width = max(map(len, facts), default=0)
        for name, value in facts.items():
            self.show_line(f"{name:<{width}}  {text(value)}")

    def show_text(self, answer: Any, words: str) -> None:
        """One answer that is a text of some lines."""
        if self.as_json:
            self._show_json(answer)
            return
        for line in words.splitlines():
            self.show_line(line)

    def show_table(self, answer: Any, rows: Sequence[Row]) -> None:
        """One answer of many entries, for a person a table with a row an entry."""
        if self.as_json:
            self._show_json(answer)
            return
        cells = [[text(value) for value in row.values()] for row in rows]
        widths = [
            max(map(len, column)) for column in zip(*[list(row) for row in rows[:1]], *cells, strict=True)
        ]
        for line in [*(list(row) for row in rows[:1]), *cells]:
            self.show_line(aligned(line, widths))

    def show_item(self, answer: Any, row: Row, least: Mapping[str, int] | None = None) -> None:
        """One of many answers as they come, for a person a row. The first sets the widths, if not `least`."""
        self.show_rows(answer, [row], least)

    def show_rows(self, answer: Any, rows: Sequence[Row], least: Mapping[str, int] | None = None) -> None:
        """The same of an answer that is several rows for a person."""
        if self.as_json:
            self._show_json(answer)
            return
        for row in rows:
            cells = [text(value) for value in row.values()]
            # Rows are shown as they come: later ones, wider or not, cannot move what is printed already.
            if not self._widths:
                self._widths = [
                    max(len(name), len(cell), (least or {}).get(name, 0))
                    for name, cell in zip(row, cells, strict=True)
                ]
                self.show_line(aligned(list(row), self._widths))
            self.show_line(aligned(cells, self._widths))

    def _show_json(self, answer: Any) -> None:
        plain = answer if isinstance(answer, dict) else json_form(answer)
        # Keys are struck out where answers are printed, here and in `show_line`, not where they are made: a
        # gateway may send back whatever it was sent.
        click.echo(json.dumps(self._redaction.data(plain), sort_keys=True))

    def show_line(self, line: str) -> None:
        """A line as it is, without a key and what would command a terminal."""
        click.echo(visible(self._redaction.text(line)))


def aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    """One row of a table."""
    return "  ".join(f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True)).rstrip()


def text(value: Any) -> str:
    """A value as a person reads it, on one line."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return exact(value)
    if isinstance(value, np.datetime64):
        return NO_TIME if np.isnat(value) else f"{value.astype('datetime64[ms]')}Z"
    if isinstance(value, np.ndarray):
        return str(value.tolist())
    if isinstance(value, tuple | list):
        return "; ".join(text(one) for one in value)
    if isinstance(value, Status):
        return str(value)
    return " ".join(str(value).split())


def moment(nanoseconds: int) -> str:
    """A time in UTC to the millisecond; empty where none was sent, or one out of reason."""
    return f"{np.datetime64(nanoseconds, 'ns').astype('datetime64[ms]')}Z" if nanoseconds else ""
