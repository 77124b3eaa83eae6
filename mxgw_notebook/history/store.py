"""A store that is no folder of this computer: what fsspec knows by a URL, to which files are put whole.

Of the small files of a day that stand there each recorder joins its own. A note is put first, then the joined
file; then the parts are removed, then the note. Readers believe the parts until the joined file is there, and
from then on the note. Of an attempt that failed nobody can know whether the store took it after all: so the
next one has the same parts and the same name.

Why: DECISIONS.md, "A store gets whole files, and never a journal".
Why: DECISIONS.md, "A recorder joins in a store what it has put there itself".
"""

from __future__ import annotations

import io
import json
import os
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from mxgw_notebook.client import path_given
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames import put_whole
from mxgw_notebook.history.files import beside
from mxgw_notebook.history.folder import (
    DAY,
    HOUR_NS,
    MARK,
    PARQUET,
    Segment,
    check_format,
    day_begin,
    hours_in,
    plant_folder,
    put_table,
)
from mxgw_notebook.history.rolling import SETTINGS, by_tag_and_time
from mxgw_notebook.history.row_sets import once_each
from mxgw_notebook.history.sql import needed
from mxgw_notebook.history.tidying import (
    MOST_FILES,
    MOST_ROWS,
    REPLACED,
    SETTLED_HOURS,
    TIMED,
    Keep,
    is_for_long,
    without_room,
)

FOLDERS: Final = ("file", "local")
HINT: Final = "Name a folder, e.g. recordings, or a URL that fsspec knows, e.g. s3://bucket/recordings."
# A listing that is kept would hide what others have put there meanwhile.
FRESH: Final[Mapping[str, Any]] = {"use_listings_cache": False, "skip_instance_cache": True}
SECRET: Final = re.compile(r"//[^/@]*@")

WAITS: Final = ".joining"
# All parts of a day are in memory at once, and what they become.
MOST_BYTES: Final = 64 << 20
RECENT_DAYS: Final = 8


class Store:
    """A place for whole files. Every method may raise whatever the store raises, or OSError.

    Raises:
        ConfigurationError: fsspec, or the package for this kind of URL, is not installed.
    """

    def __init__(self, url: str) -> None:
        self.name = SECRET.sub("//", url)
        core = needed("fsspec.core", "fsspec", f"To record to {self.name}")
        try:
            self._files, root = core.url_to_fs(url, **FRESH)
        except (ImportError, ValueError) as error:
            raise ConfigurationError(f"{self.name} cannot be recorded to: {error}", hint=HINT) from None
        self._root = str(root).rstrip("/")
        self._is_marked = False

    def begin(self, mark: Path) -> None:
        """Makes it one for recordings, from the mark of a folder; raises ConfigurationError for another."""
        if self._is_marked:
            return
        if self._files.exists(f"{self._root}/{MARK}"):
            check_format(json.loads(self._files.cat_file(f"{self._root}/{MARK}")), self.name)
        else:
            self.put(mark, MARK)
        self._is_marked = True

    def put(self, path: Path, name: str) -> None:
        """Puts a file there: whole, in place of one of the same name, or not at all."""
        target = f"{self._root}/{name}"
        if not self._files.async_impl:  # those that have no folders are asynchronous, all of them
            self._files.makedirs(target.rpartition("/")[0], exist_ok=True)
        # What is no object store keeps it under another name until all of it is there.
        with self._files.transaction:
            self._files.put_file(str(path), target)
        size, found = path.stat().st_size, self._files.info(target)["size"]
        if found != size:
            raise OSError(f"{name} has {found} bytes there instead of {size}")

    def get(self, name: str) -> bytes:
        """All of a file."""
        found: bytes = self._files.cat_file(f"{self._root}/{name}")
        return found

    def sizes(self, folder: str) -> dict[str, int]:
        """The names of all files below a folder, and their bytes."""
        found = self._files.find(f"{self._root}/{folder}", detail=True)
        # Some stores begin a path otherwise than they were asked.
        names = {path: f"{folder}/{path.rpartition(f'{folder}/')[2]}" for path in found}
        return {names[path]: info["size"] for path, info in found.items()}

    def remove(self, names: Sequence[str]) -> None:
        """Removes files; those that are gone already do not matter."""
        for name in names:
            with suppress(FileNotFoundError):
                self._files.rm_file(f"{self._root}/{name}")

    def tidy(self, plant: str, keep: Keep, now_ns: int) -> None:
        """Removes the hours that are too old or too much, the oldest first."""
        if keep.hours is None and keep.megabytes is None:
            return
        files: dict[tuple[int, str], dict[str, int]] = {}
        for table in TIMED:
            for name, size in self.sizes(f"{table}/{plant_folder(plant)}").items():
                folder = (hours_in(name)[-1], name.rpartition("/")[0])
                files.setdefault(folder, {})[name] = size
        sized = [(folder, sum(files[folder].values())) for folder in sorted(files)]
        for folder in without_room(sized, keep, now_ns):
            self.remove(list(files[folder]))


def place_given(folder: object, hint: str) -> str:
    """A folder or a URL as a person names it; shells put a slash behind. Raises ConfigurationError."""
    named = folder.rstrip(f"/{os.sep}") if isinstance(folder, str) else ""
    return path_given(folder if named.endswith(":") else named or folder, hint)


def is_url(folder: object) -> bool:
    """Whether a place is named by a URL that is none of a folder here."""
    scheme, is_one, _ = str(folder).partition("://")
    return bool(is_one) and scheme not in FOLDERS


def folder_named(folder: object) -> Path:
    """The folder that a path or a URL of this computer (`file://`) names."""
    if "://" not in str(folder):
        return Path(str(folder))
    return Path(needed("fsspec.core", "fsspec", f"To record to {folder}").url_to_fs(str(folder))[1])


def folder_of(url: str) -> str:
    """A name for what waits for a store; it tells nobody the URL, which may have a password in it."""
    last = re.sub(r"[^A-Za-z0-9]+", "-", SECRET.sub("", url).rstrip("/").rpartition("/")[2])[:40]
    return f"{last or 'store'}-{sha256(url.encode()).hexdigest()[:16]}"


class StoreDays:
    """The days of a plant in a store. Every method may raise whatever the store raises.

    Args:
        store: The store.
        plant: Whose values.
        runs: Those whose files are the caller's own, and nobody else's.
        place: A folder of this computer, for what is made.
    """

    def __init__(self, store: Store, plant: str, runs: Collection[str], place: Path) -> None:
        self._store, self._runs, self._place = store, runs, place
        self._table = f"samples/{plant_folder(plant)}"
        self._files = store.sizes(self._table)

    def join(self, keep: Keep, now_ns: int) -> set[str]:
        """Joins what is over and small; answers which of the runs have files of hours yet."""
        for day, parts in self._finish().items():
            self._join_day(day, parts)
        for day, found in groupby(list(self._own(now_ns)), day_of):
            parts = list(found)
            is_small = sum(self._files[part] for part in parts) <= MOST_BYTES
            size = sum(bytes_there for name, bytes_there in self._files.items() if day_of(name) == day)
            if is_over(day, now_ns) and is_small and len(parts) >= MOST_FILES and is_for_long(keep, size):
                self._join_day(day, parts)
        return {run_in(name) for name in self._own(now_ns)}

    def _own(self, now_ns: int) -> Iterator[str]:
        """The own files of hours of the last days, by day and hour; what is older was left as it is."""
        for name in sorted(self._files):
            folder, _, own = name.rpartition("/")
            is_hours = own.endswith(PARQUET) and not own.startswith(".") and not folder.endswith(DAY)
            is_new = day_begin(day_of(name).rpartition("/")[2]) > now_ns - RECENT_DAYS * 24 * HOUR_NS
            if is_hours and is_new and run_in(name) in self._runs:
                yield name

    def _finish(self) -> dict[str, list[str]]:
        """Ends what was joined whole; answers by day the parts of own attempts that were not."""
        pending: dict[str, list[str]] = {}
        for note in [name for name in self._files if name.endswith(REPLACED)]:
            folder, _, hidden = note.rpartition("/")
            parts = [beside(folder, part) for part in json.loads(self._store.get(note))]
            if f"{folder}/{hidden[1:].removesuffix(REPLACED)}" in self._files:
                self._remove([*parts, note])
            elif {run_in(part) for part in parts} <= set(self._runs):
                if set(parts) <= set(self._files):
                    pending[day_of(note)] = parts
                else:  # too old by now, and removed
                    self._remove([note])
        return pending

    def _join_day(self, day: str, parts: Sequence[str]) -> None:
        """Puts one file in place of some; of a day with too many rows nothing is joined."""
        tables = [pq.read_table(io.BytesIO(self._store.get(part)), partitioning=None) for part in parts]
        if sum(table.num_rows for table in tables) > MOST_ROWS:
            return
        # Of the same parts it is the same file, however often it is tried.
        told = json.dumps([part.removeprefix(f"{day}/") for part in parts]).encode()
        name = f"{Segment(f'joined-{sha256(told).hexdigest()[:12]}', 0)}{PARQUET}"
        note = f"{day}/{DAY}/.{name}{REPLACED}"
        waiting = self._place / WAITS
        try:
            put_whole(waiting, told)
            self._store.put(waiting, note)
            put_table(waiting, by_tag_and_time(joined(parts, tables)), **SETTINGS)
            self._store.put(waiting, f"{day}/{DAY}/{name}")
        finally:
            waiting.unlink(missing_ok=True)
        self._remove([*parts, note])

    def _remove(self, names: Sequence[str]) -> None:
        """Removes files, one after the other."""
        self._store.remove(names)
        for name in names:
            self._files.pop(name, None)


def is_over(day: str, now_ns: int) -> bool:
    """Whether nothing more is awaited of a day."""
    return day_begin(day.rpartition("/")[2]) + (23 + SETTLED_HOURS) * HOUR_NS < now_ns


def day_of(name: str) -> str:
    """The folder of the day that a file stands in."""
    return name.rpartition("/")[0].rpartition("/")[0]


def joined(parts: Sequence[str], tables: Sequence[Any]) -> Any:
    """The samples of some files, of each hour each once."""
    by_hour: dict[str, list[int]] = {}
    for place, part in enumerate(parts):
        by_hour.setdefault(part.rpartition("/")[0], []).append(place)
    return pa.concat_tables(
        once_each([tables[place] for place in places], [run_in(parts[place]) for place in places])
        for places in by_hour.values()
    )


def run_in(name: str) -> str:
    """The run that wrote a file."""
    return Segment.of(name.rpartition("/")[2]).run


def settled_days(now_ns: int) -> int:
    """How many days are over so long that nothing of them is awaited any more."""
    return (now_ns - (SETTLED_HOURS - 1) * HOUR_NS) // (24 * HOUR_NS)
