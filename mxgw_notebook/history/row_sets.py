"""Some of the rows of samples: those of tags or a time, the newest, what is new among others, each once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from mxgw_notebook.history.rolling import by_tag_and_time, last_of_each, times_of
from mxgw_notebook.history.source import LATEST_NS


def of_tags(table: Any, tags: Sequence[str]) -> Any:
    """The rows of some tags."""
    return table.filter(pc.is_in(table["tag"], pa.array(list(tags), pa.string())))


def between(table: Any, start_ns: int, end_ns: int) -> Any:
    """The rows of a stretch of time; those without a time are in none."""
    times = table["timestamp"].cast(pa.int64())
    return table.filter(pc.and_(pc.greater_equal(times, start_ns), pc.less_equal(times, end_ns)))


def last_of(table: Any) -> Any:
    """The newest row of each tag that has a time; of equal times the last."""
    ordered = by_tag_and_time(table)
    return last_of_each(ordered, times_of(ordered, 0), LATEST_NS)


def new_among(own: Any, begins: Any) -> Any:
    """What tags read as recordings began, where it is no sample; once, though each recording tells it."""
    if not begins.num_rows:
        return begins
    near = own.filter(pc.is_in(own["timestamp"], begins["timestamp"].unique()))
    known = set(keys_in(near))
    kept = []
    for row, key in enumerate(keys_in(begins)):
        if key not in known and key[:3] not in known:
            kept.append(row)
            known.add(key[:3])
    return begins.take(pa.array(kept, pa.int64()))


def keys_in(table: Any) -> list[tuple[Any, ...]]:
    """What makes a row the same as another one, the tag, time and quality first; NaN is equal to itself."""
    names = ("tag", "timestamp", "quality", "value", "integer", "text")
    columns = [table[name].cast(pa.int64()) if name == "timestamp" else table[name] for name in names]
    rows = zip(*(column.to_pylist() for column in columns), strict=True)
    return [comparable(row) for row in rows]


def once_each(tables: Sequence[Any], runs: Sequence[str]) -> Any:
    """The samples of several files, each once: what several recorders had of one event is one sample.

    A recorder that has the same twice has seen it twice.
    """
    whole = pa.concat_tables(tables)
    if len(set(runs)) < 2:
        return whole
    kept: list[int] = []
    seen: dict[tuple[Any, ...], set[str]] = {}
    counted: dict[tuple[Any, ...], int] = {}
    names = whole.column_names
    keys = zip(*(whole[name].to_pylist() for name in names if name not in ("sequence", "flags")), strict=True)
    owners = (run for table, run in zip(tables, runs, strict=True) for _ in range(table.num_rows))
    for row, (key, run) in enumerate(zip(map(comparable, keys), owners, strict=True)):
        # The first, the second ... of the same that a run has is the first, the second of any other.
        number = counted[(key, run)] = counted.get((key, run), 0) + 1
        having = seen.setdefault((key, number), set())
        if not having:
            kept.append(row)
        having.add(run)
    return whole.take(pa.array(kept, pa.int64()))


def comparable(key: tuple[Any, ...]) -> tuple[Any, ...]:
    """A row's values so that NaN is equal to itself."""
    return tuple("NaN" if part != part else part for part in key)
