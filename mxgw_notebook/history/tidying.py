"""Keeps a recording's folder within its bounds: old hours go, small files of one hour become one.

Only one at a time may do it, though several computers record there. On one computer a lock tells, and ends
with its process. Others see it or not, as the file system likes. So whoever has the lock also needs the
newest term: a file that only one computer can create. A term ends when it is given back, when its process is
gone from its own computer, or when it was not renewed for ten minutes.

Why: DECISIONS.md, "A lock tells of one computer only".
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames import put_whole
from mxgw_notebook.history.computer import FORSAKEN_SECONDS, computer_mark, is_forsaken
from mxgw_notebook.history.folder import (
    DAY,
    HOUR_NS,
    PARQUET,
    Hold,
    Segment,
    day_begin,
    hours_in,
    plant_folder,
    put_table,
)
from mxgw_notebook.history.journal import SUFFIX
from mxgw_notebook.history.rolling import SETTINGS, by_tag_and_time, roll_left
from mxgw_notebook.history.room import MEGABYTE
from mxgw_notebook.history.row_sets import once_each

T = TypeVar("T")
# An hour of so many files is made one; before it is over more may come.
MOST_FILES = 8
SETTLED_HOURS = 2
# A day that is sorted in memory; of a day with more each hour is read soon enough.
MOST_ROWS = 2_000_000
# A day goes as one when it is too old, or too much is there.
LONG_HOURS, LEAST_DAYS = 72.0, 10
REPLACED = ".replaced"
TIMED = ("samples", "heads")
TIDYING: Final = ".tidying"
FREE: Final = "free"


@dataclass(frozen=True, slots=True)
class Keep:
    """How long recorded values are kept, and how much; None means for ever, and everything.

    Raises ConfigurationError for what would keep nothing.
    """

    hours: float | None = None
    megabytes: float | None = None

    def __post_init__(self) -> None:
        for name, value in (("keep_hours", self.hours), ("keep_megabytes", self.megabytes)):
            if value is not None and value <= 0:
                raise ConfigurationError(f"{name} is above 0, not {value:g}", hint="None keeps everything.")


class Lease:
    """The right to tidy a folder. Raises OSError where somebody else has it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        (folder / TIDYING).touch()
        self._hold = Hold(folder / TIDYING)
        try:
            self._term = self._next_term()
        except BaseException:
            self._hold.release()
            raise

    def renew(self) -> None:
        """Says that the work goes on; raises OSError where another computer took it for ended."""
        if self._terms()[-1:] != [self._term]:
            raise OSError("another computer tidies this folder by now")
        os.utime(self._term)

    def release(self) -> None:
        """Gives it back."""
        try:
            if self._term.exists():
                self._term.write_text(FREE)
        finally:
            self._hold.release()

    def _terms(self) -> list[Path]:
        return sorted(self._folder.glob(f"{TIDYING}.*"), key=lambda path: int(path.suffix[1:]))

    def _next_term(self) -> Path:
        """The term after the last one, which has ended."""
        known = self._terms()
        if known:
            owner = known[-1].read_text()
            # One of this computer whose process lives has the lock, where there are locks.
            ended = (FREE, computer_mark(self._folder)) if self._hold.is_sure else (FREE,)
            if owner not in ended and not is_forsaken(known[-1]):
                raise OSError("another computer tidies this folder")
        number = int(known[-1].suffix[1:]) + 1 if known else 1
        term = self._folder / f"{TIDYING}.{number}"
        with term.open("x") as file:  # of two computers that do it at once one fails
            file.write(computer_mark(self._folder))
        for path in known:
            path.unlink(missing_ok=True)
        return term


def tidy(root: Path, plant: str, keep: Keep, now_ns: int) -> None:
    """Removes what is too old or too much, the oldest first, and joins small files of hours that are over.

    Does nothing while another recorder of the folder does it: joined by two, a file would count twice.
    """
    try:
        lease = Lease(root / "journal" / plant_folder(plant))
    except OSError:  # somebody else's
        return
    try:
        tidy_held(root, plant, keep, now_ns, lease)
    finally:
        lease.release()


def tidy_held(root: Path, plant: str, keep: Keep, now_ns: int, lease: Lease) -> None:
    """The same for whoever alone does it."""
    finish_joining(root, plant)
    roll_left(root, plant, by_others=True)
    remove_halves(root, plant)
    sized = [((hour, folder), size_of(folder)) for hour, folder in hours_below(root, plant)]
    journals = size_of(root / "journal" / plant_folder(plant))
    for _, folder in without_room(sized, keep, now_ns, journals):
        shutil.rmtree(folder, ignore_errors=True)
    for hour, folder in hours_below(root, plant, ("samples",)):
        if hour + SETTLED_HOURS * HOUR_NS < now_ns and len(list(folder.glob(f"*{PARQUET}"))) >= MOST_FILES:
            lease.renew()
            join_hour(root, plant, folder)
    for day in sorted((root / "samples" / plant_folder(plant)).glob("date=*")):
        settled = day_begin(day.name) + (23 + SETTLED_HOURS) * HOUR_NS
        size = sum(size_of(folder) for folder in day.glob("hour=*"))
        if settled < now_ns and is_for_long(keep, size):
            lease.renew()
            join_day(root, plant, day)


def hours_below(root: Path, plant: str, tables: Sequence[str] = TIMED) -> list[tuple[int, Path]]:
    """The folders of hours, the oldest first; that of a whole day by its last one."""
    found = [
        (hours_in(f"{folder.as_posix()}/")[-1], folder)
        for table in tables
        for folder in (root / table / plant_folder(plant)).glob("date=*/hour=*")
    ]
    return sorted(found)


def without_room(
    sized: Sequence[tuple[tuple[int, T], int]], keep: Keep, now_ns: int, others: int = 0
) -> list[tuple[int, T]]:
    """Of hours with sizes, the oldest first, those that are too old or too much; `others` stay anyhow.

    Why: DECISIONS.md, "How old a recording is, its own newest hour tells".
    """
    newest = min(now_ns, sized[-1][0][0] + HOUR_NS) if sized else now_ns
    oldest = -1 if keep.hours is None else newest - int(keep.hours * HOUR_NS)
    gone = [one for one, _ in sized if one[0] + HOUR_NS <= oldest]
    if keep.megabytes is None:
        return gone
    left = [(one, size) for one, size in sized if one[0] + HOUR_NS > oldest]
    total = sum(size for _, size in left) + others
    for one, size in left:
        if total <= keep.megabytes * MEGABYTE:
            break
        gone.append(one)
        total -= size
    return gone


def size_of(folder: Path) -> int:
    """The bytes of a folder's files."""
    sizes = []
    for path in folder.glob("*") if folder.is_dir() else ():
        try:
            sizes.append(path.stat().st_size)
        except OSError:  # gone by now
            continue
    return sum(sizes)


def is_for_long(keep: Keep, size: int) -> bool:
    """Whether a day of so many bytes is kept so long, and is so small a part of it, that it may go as one."""
    may_wait = keep.hours is None or keep.hours >= LONG_HOURS
    return may_wait and (keep.megabytes is None or LEAST_DAYS * size <= keep.megabytes * MEGABYTE)


def join_hour(root: Path, plant: str, folder: Path) -> None:
    """Makes one file of those of an hour, each sample once though several recorders had it."""
    parts = complete_files(root, plant, folder)
    if len(parts) > 1:
        put_joined(folder, parts, joined_hour(parts))


def join_day(root: Path, plant: str, day: Path) -> None:
    """Makes one file of the hours of a day that are small: a tag's day is then found by one look.

    Once only: what comes still later stays in the files of its hours.
    """
    hours = [
        complete_files(root, plant, folder) for folder in sorted(day.glob("hour=*")) if folder.name != DAY
    ]
    parts = [path for hour in hours for path in hour]
    rows = sum(pq.read_metadata(path).num_rows for path in parts)
    if len(parts) < MOST_FILES or rows > MOST_ROWS or list((day / DAY).glob(f"*{PARQUET}")):
        return
    (day / DAY).mkdir(exist_ok=True)
    put_joined(day / DAY, parts, pa.concat_tables([joined_hour(hour) for hour in hours if hour]))


def complete_files(root: Path, plant: str, folder: Path) -> list[Path]:
    """The Parquet files of an hour that count; those of journals that stand there do not."""
    standing = {Segment.of(path.name) for path in (root / "journal" / plant_folder(plant)).glob(f"*{SUFFIX}")}
    return sorted(path for path in folder.glob(f"*{PARQUET}") if Segment.of(path.name) not in standing)


def joined_hour(parts: Sequence[Path]) -> Any:
    """The samples of an hour's files."""
    tables = [pq.read_table(path, partitioning=None) for path in parts]
    return once_each(tables, [Segment.of(path.name).run for path in parts])


def put_joined(folder: Path, parts: Sequence[Path], whole: Any) -> None:
    """Writes what takes the place of some files, and removes these.

    What it takes the place of stands in a note beside it, and is removed before that note is: a reader, and
    whoever finishes this after a crash, knows by it which files count.
    """
    # A name of its own each time: a note then never speaks of an older file of the same name.
    target = folder / f"{Segment(f'joined-{secrets.token_hex(6)}', 0)}{PARQUET}"
    note = folder / f".{target.name}{REPLACED}"
    put_whole(note, json.dumps([f"{path.parent.name}/{path.name}" for path in parts]).encode())
    put_table(target, by_tag_and_time(whole), **SETTINGS)
    remove_replaced(note)


def finish_joining(root: Path, plant: str) -> None:
    """Ends what a joining that was killed has left."""
    for note in (root / "samples" / plant_folder(plant)).glob(f"date=*/hour=*/.*{REPLACED}"):
        remove_replaced(note)


def remove_halves(root: Path, plant: str) -> None:
    """Removes what killed writers have left of files that they had not finished."""
    oldest = time.time() - FORSAKEN_SECONDS
    for path in root.glob(f"*/{plant_folder(plant)}/**/.*{PARQUET}.*"):
        if not path.name.endswith(REPLACED) and path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)


def remove_replaced(note: Path) -> None:
    """Removes the files that a joined one stands for, where that one is there, and the note."""
    target = note.with_name(note.name[1:].removesuffix(REPLACED))
    if target.exists():
        for name in json.loads(note.read_text("utf-8")):
            (note.parent.parent / name if "/" in name else note.parent / name).unlink(missing_ok=True)
    note.unlink(missing_ok=True)
