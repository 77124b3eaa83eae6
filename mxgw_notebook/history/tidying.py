"""Keeps a recording's folder within its bounds: old hours go, small files of one hour become one."""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from mxgw_notebook.history.folder import (
    HOUR_NS,
    PARQUET,
    Segment,
    hour_in,
    plant_folder,
    put_table,
    put_whole,
)
from mxgw_notebook.history.journal import SUFFIX
from mxgw_notebook.history.rolling import SETTINGS, by_tag_and_time

MEGABYTE: Final = 1 << 20
# An hour of so many files is made one; before it is over more may come.
MOST_FILES = 8
SETTLED_HOURS = 2
REPLACED = ".replaced"
TIMED = ("samples", "heads")


@dataclass(frozen=True, slots=True)
class Keep:
    """How long recorded values are kept, and how much; None means for ever, and everything."""

    hours: float | None = None
    megabytes: float | None = None


def tidy(root: Path, plant: str, keep: Keep, now_ns: int) -> None:
    """Removes what is too old or too much, the oldest first, and joins small files of hours that are over."""
    finish_joining(root, plant)
    if keep.hours is not None:
        oldest = now_ns - int(keep.hours * HOUR_NS)
        for hour, folder in hours_below(root, plant):
            if hour + HOUR_NS <= oldest:
                shutil.rmtree(folder, ignore_errors=True)
    if keep.megabytes is not None:
        make_small(root, plant, int(keep.megabytes * MEGABYTE))
    for hour, folder in hours_below(root, plant, ("samples",)):
        if hour + SETTLED_HOURS * HOUR_NS < now_ns and len(list(folder.glob(f"*{PARQUET}"))) >= MOST_FILES:
            join_files(root, plant, folder)


def hours_below(root: Path, plant: str, tables: Sequence[str] = TIMED) -> list[tuple[int, Path]]:
    """The folders of hours, the oldest first."""
    found = [
        (hour_in(f"{folder.as_posix()}/"), folder)
        for table in tables
        for folder in (root / table / plant_folder(plant)).glob("date=*/hour=*")
    ]
    return sorted(found)


def make_small(root: Path, plant: str, most: int) -> None:
    """Removes the oldest hours until no more than so many bytes are there."""
    sized = [(hour, folder, size_of(folder)) for hour, folder in hours_below(root, plant)]
    total = sum(size for _, _, size in sized) + size_of(root / "journal" / plant_folder(plant))
    for _, folder, size in sized:
        if total <= most:
            return
        shutil.rmtree(folder, ignore_errors=True)
        total -= size


def size_of(folder: Path) -> int:
    """The bytes of a folder's files."""
    sizes = []
    for path in folder.glob("*") if folder.is_dir() else ():
        try:
            sizes.append(path.stat().st_size)
        except OSError:  # gone by now
            continue
    return sum(sizes)


def join_files(root: Path, plant: str, folder: Path) -> None:
    """Makes one file of those of an hour, each sample once though several recorders had it.

    What it takes the place of stands in a note beside it, and is removed before that note is: a reader, and
    whoever finishes this after a crash, knows by it which files count.
    """
    standing = {Segment.of(path.name) for path in (root / "journal" / plant_folder(plant)).glob(f"*{SUFFIX}")}
    parts = sorted(path for path in folder.glob(f"*{PARQUET}") if Segment.of(path.name) not in standing)
    if len(parts) < 2:
        return
    tables = [pq.read_table(path, partitioning=None) for path in parts]
    whole = once_each(tables, [Segment.of(path.name).run for path in parts])
    # A name of its own each time: a note then never speaks of an older file of the same name.
    target = folder / f"{Segment(f'joined-{secrets.token_hex(6)}', 0)}{PARQUET}"
    note = folder / f".{target.name}{REPLACED}"
    put_whole(note, json.dumps([path.name for path in parts]).encode())
    put_table(target, by_tag_and_time(whole), **SETTINGS)
    remove_replaced(note)


def finish_joining(root: Path, plant: str) -> None:
    """Ends what a joining that was killed has left."""
    for note in (root / "samples" / plant_folder(plant)).glob(f"date=*/hour=*/.*{REPLACED}"):
        remove_replaced(note)


def remove_replaced(note: Path) -> None:
    """Removes the files that a joined one stands for, where that one is there, and the note."""
    target = note.with_name(note.name[1:].removesuffix(REPLACED))
    if target.exists():
        for name in json.loads(note.read_text("utf-8")):
            (note.parent / name).unlink(missing_ok=True)
    note.unlink(missing_ok=True)


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
