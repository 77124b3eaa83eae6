"""The page of every column of every DataFrame: dtypes as they are, meanings from `columns.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pandas as pd

from docs.settings import table
from docs.tables import SAME_COLUMNS, frame_calls, tables

MEANINGS = Path(__file__).with_name("columns.toml")
# Columns that are named after what was asked for.
NAMED_BY_TAG = {
    "Watch.wide": "One column per tag, with the value that it held then; missing in a gap.",
    "Instances.read": "One column per attribute, with its present value.",
    "Recording.wide": "One column per tag, as in `Watch.wide`, missing in a gap.",
    "frame.mxgw.align": "One column per tag, with the value that it held then; missing in a gap.",
    "analysis.left_open": "One column per tag, as in `Watch.wide`, missing in a gap.",
}


@cache
def meanings() -> Mapping[str, Mapping[str, str]]:
    """What a column means: under `any`, and under a call where it means something else there."""
    return tomllib.loads(MEANINGS.read_text(encoding="utf-8"))


def meaning(call: str, column: str) -> str:
    """The meaning of a column; empty where `columns.toml` has none, which a test finds."""
    own = meanings().get(call, {})
    return own.get(column) or meanings()["any"].get(column) or ""


def pages() -> Mapping[str, str]:
    """The page."""
    made = tables()
    parts = [ABOUT]
    for call, frame in made.items():
        parts.append(f"## {call}\n\n{table(('column', 'dtype', 'meaning'), rows(call, frame))}")
    for call, told in frame_calls():
        if same := SAME_COLUMNS.get(call):
            parts.append(f"## {call}\n\nThe columns of `{same}`.\n")
        elif call not in made:
            parts.append(f"## {call}\n\nAs its docstring tells:\n\n````text\n{told}\n````\n")
    return {"reference/columns.md": "\n".join(parts)}


def rows(call: str, frame: pd.DataFrame) -> Iterator[tuple[str, str, str]]:
    """The columns of one DataFrame, a named index first."""
    if frame.index.name:
        yield f"`{frame.index.name}` (index)", dtype(frame.index.dtype), meaning(call, str(frame.index.name))
    if call in NAMED_BY_TAG:
        yield "...", "by the values", NAMED_BY_TAG[call]
        return
    for name, kind in frame.dtypes.items():
        yield f"`{name}`", dtype(kind), meaning(call, str(name))


def dtype(kind: object) -> str:
    """A dtype in a word."""
    return f"`{kind}`"


ABOUT = """# Columns of every DataFrame

All times are `datetime64[ns, UTC]`; a time that is not known is NaT. Severity is 1 to 999, 1 is the most urgent.
Names that repeat are a `category`. Values of one kind make a column of that kind. If there are several kinds, `value` is
`float64`, with booleans as 0 and 1. A column `text` after it has the rest:
texts, True and False, and integers that a `float64` would round. Alarms have `value_text` and `limit_text` for this, events
`before_text` and so on. Arrow, Parquet, polars and DuckDB can therefore take every table of samples, alarms and events. In tables
of writes and plans a value is as Python has it (`object`): `frame.mxgw.save(...)` writes these tables too. A table of samples has a column `replayed` if some samples came late, in a replay after an
outage: it is True for these. `share` is a part, 0 to 1. If the gateway does not send a fact, the cell is missing; it is
never guessed.

Names below are written as Class.method. `mx.connect(...)` returns a `Gateway`,
`gateway.watch(...)` a `Watch`, `gateway.alarms()` an `AlarmReview`, `gateway.when(...)` an `EventWatch`.
"""
