"""Where things stand in a recording's folder, and which files of it count.

```
recording.json                                     which version of this layout it has
journal/plant=P/RUN.N.arrow                        what a recorder appends to, or left when killed
samples/plant=P/date=D/hour=H/RUN.N.parquet        the same once it is complete: sorted by tag and time
samples/plant=P/date=D/hour=__HIVE_DEFAULT_PARTITION__/joined-X.0.parquet   small hours of a day as one file
heads/plant=P/date=D/hour=H/RUN.N.parquet          what each tag read as the hour began
heads/plant=P/date=D/hour=H/RUN.N.present.parquet  what it read already as its recording began
runs/plant=P/RUN.parquet, gaps/...                 who listened to which tags when; what is missing
alarms/plant=P/date=D/RUN.N.parquet, writes/...    the other tables
galaxy/plant=P/NANOSECONDS.parquet                 the galaxy as of that deploy
```

A run is one recorder's life, and writes under its own name alone; N counts its segments. While a segment's
journal stands there, it counts, and what Parquet there is of it does not: removing the journal is what makes
the Parquet files valid. So nothing is there twice, whenever a process is killed.

Why: DECISIONS.md, "No Delta Lake for several writers".
"""

from __future__ import annotations

import errno
import json
import os
import sys
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO, Final
from urllib.parse import quote, unquote

import pyarrow as pa
import pyarrow.fs
import pyarrow.parquet as pq

from mxgw_notebook.errors import ConfigurationError, reason_of
from mxgw_notebook.frames import put_whole, whole_file
from mxgw_notebook.history.computer import is_forsaken, is_ours
from mxgw_notebook.history.journal import SUFFIX

HOUR_NS: Final = 3_600_000_000_000
FIRST_DAY: Final = date(1970, 1, 1).toordinal()
MARK, FORMAT = "recording.json", "recording 1"
PRESENT = ".present"
PARQUET: Final = ".parquet"
# What a file system says that has no locks, or whose server does not answer for them; Lustre says ENOSYS.
NO_LOCKS: Final = (
    errno.ENOLCK, errno.EOPNOTSUPP, getattr(errno, "ENOTSUP", errno.EOPNOTSUPP), errno.ENOSYS, errno.EINVAL,
)  # fmt: skip
# What Hive, and so Spark and Arrow, take for a file of no hour.
DAY: Final = "hour=__HIVE_DEFAULT_PARTITION__"


@dataclass(frozen=True, slots=True, order=True)
class Segment:
    """A part of a run, by which its files are named."""

    run: str
    number: int

    def __str__(self) -> str:
        return f"{self.run}.{self.number:06d}"

    @classmethod
    def of(cls, name: str) -> Segment:
        """The segment that a file's name begins with."""
        run, number, *_ = name.split(".")
        return cls(run, int(number))


def plant_folder(plant: str) -> str:
    """The folder's name of a plant."""
    return f"plant={quote(plant, safe='')}"


def plant_of(name: str) -> str:
    """The plant that a folder is named by."""
    return unquote(name.removeprefix("plant="))


def hour_of(time_ns: int) -> int:
    """The beginning of the hour that a time lies in."""
    return time_ns // HOUR_NS * HOUR_NS


def hour_folder(hour_ns: int) -> str:
    """The folder of an hour below that of its plant."""
    moment = datetime.fromtimestamp(hour_ns // 1_000_000_000, UTC)
    return f"date={moment:%Y-%m-%d}/hour={moment:%H}"


def hours_in(path: str) -> range:
    """The hours that a file's path tells: its own, or all of its day."""
    day, hour = path.split("/")[-3:-1]
    begin = day_begin(day)
    if hour == DAY:
        return range(begin, begin + 24 * HOUR_NS, HOUR_NS)
    own = begin + int(hour.removeprefix("hour=")) * HOUR_NS
    return range(own, own + HOUR_NS, HOUR_NS)


@lru_cache(maxsize=10_000)
def day_begin(folder: str) -> int:
    """When the day of a folder begins."""
    return (date.fromisoformat(folder.removeprefix("date=")).toordinal() - FIRST_DAY) * 24 * HOUR_NS


def galaxy_file(root: Path, plant: str, deployed_ns: int) -> Path:
    """Where the galaxy of a deploy stands; its folder is made, but not the recording's own.

    Raises OSError where that is gone: it may be a disk that comes back.
    """
    path = root / "galaxy" / plant_folder(plant) / f"{deployed_ns}{PARQUET}"
    root.stat()
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def prepare(root: Path, plant: str) -> None:
    """Makes a folder one for recordings of a plant: whoever opens it at once finds the plant named.

    Raises:
        ConfigurationError: It cannot be written, or holds a recording of another version.
    """
    mark = root / MARK
    try:
        (root / "journal" / plant_folder(plant)).mkdir(parents=True, exist_ok=True)
        if not mark.exists():
            put_whole(mark, json.dumps({"format": FORMAT}).encode())
        told = json.loads(mark.read_text("utf-8"))
    except (OSError, ValueError) as error:
        reason = reason_of(error)
        raise ConfigurationError(f"{root} cannot be recorded to: {reason}", hint="Name another.") from None
    check_format(told, root)


def check_format(told: Any, where: object) -> None:
    """Raises ConfigurationError for a folder of a version that this one does not know."""
    found = told.get("format") if isinstance(told, dict) else None
    if found != FORMAT:
        hint = "A newer mxgw_notebook may have written it."
        raise ConfigurationError(f"{where} holds {found!r}, not {FORMAT!r}", hint=hint)


def put_table(path: Path, table: Any, **settings: Any) -> None:
    """Writes a table as Parquet, whole or not at all, and onto the disk itself."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(path) as part, part.open("wb") as file:
        pq.write_table(table, file, compression="zstd", **settings)
        file.flush()
        os.fsync(file.fileno())


class Hold:
    """A lock on a file, which ends with the process that has it, however that ends.

    `is_sure` is false where the file system has no locks: then others may hold it too. Raises BlockingIOError
    where somebody else has it, OSError where the file cannot be opened.

    Why: DECISIONS.md, "Where there are no locks, silence tells".
    """

    def __init__(self, path: Path) -> None:
        self._file: BinaryIO = path.open("rb+")
        try:
            self.is_sure = lock(self._file)
        except OSError:
            self._file.close()
            raise

    def release(self) -> None:
        """Lets go. Harmless the second time."""
        self._file.close()


if sys.platform == "win32":  # pragma: no cover
    import msvcrt

    def take(file: BinaryIO) -> None:
        """Takes the file for this process; raises OSError where another has it, or nobody can."""
        # Far behind its end: what is locked there nobody can read.
        file.seek(1 << 40)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        file.seek(0)
else:
    import fcntl

    def take(file: BinaryIO) -> None:
        """Takes the file for this process; raises OSError where another has it, or nobody can."""
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)


def lock(file: BinaryIO) -> bool:
    """Takes the file for this process; False where nobody can.

    Raises BlockingIOError where another has it.
    """
    try:
        take(file)
    except PermissionError as error:  # so Windows calls it, and some servers do
        raise BlockingIOError(error.errno, error.strerror) from None
    except OSError as error:
        if error.errno in NO_LOCKS:
            return False
        raise
    return True


def left_behind(
    root: Path, plant: str, *, by_others: bool = False, ended: Collection[Path] = ()
) -> Iterator[tuple[Path, Hold]]:
    """The journals of a plant whose recorder is no more, each held for the caller.

    Those of this computer, of which locks tell; or all others, of which silence does. `ended` are some that
    the caller knows to be complete, where no lock can tell it.
    """
    for path in sorted((root / "journal" / plant_folder(plant)).glob(f"*{SUFFIX}")):
        is_own = is_ours(Segment.of(path.name).run, root)
        if not (is_forsaken(path) if by_others else is_own or path in ended):
            continue
        try:
            hold = Hold(path)
        except OSError:  # somebody's, or gone by now
            continue
        is_told = (hold.is_sure and is_own) or path in ended
        # Whoever held it before may have made Parquet of it and removed it, between the opening and the lock.
        if is_told != by_others and path.exists():
            yield path, hold
        else:
            hold.release()


def listed(filesystem: Any, folder: str) -> list[str]:
    """The files below a folder, none where there is no such folder; hidden ones are left out."""
    selector = pa.fs.FileSelector(folder, recursive=True, allow_not_found=True)
    found = filesystem.get_file_info(selector)
    return sorted(
        info.path for info in found if info.type == pa.fs.FileType.File and not info.base_name.startswith(".")
    )


def counting(files: Iterable[str], journals: Iterable[Segment]) -> list[str]:
    """The Parquet files that count: those of no segment whose journal stands there."""
    standing = set(journals)
    if not standing:
        return list(files)
    return [path for path in files if Segment.of(path.rpartition("/")[2]) not in standing]
