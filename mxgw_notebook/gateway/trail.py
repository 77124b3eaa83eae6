"""The record of what was done to the plant from here: one trail for each kind of deed."""

from __future__ import annotations

import csv
import logging
import sys
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar, get_type_hints

import numpy as np
import pandas as pd

from mxgw_notebook.client import path_given
from mxgw_notebook.errors import ConfigurationError, reason_of
from mxgw_notebook.frames import aware, utc
from mxgw_notebook.words import safe_cell

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

log = logging.getLogger(__name__)

TIME = "_ns"
MOST_BYTES = 128 << 20
DTYPES: dict[Any, str] = {str: "str", bool: "bool", int: "int64", float: "float64"}
# What may be unknown; all others are kept as they are.
MAYBE = bool | None

E = TypeVar("E", bound="DataclassInstance")


class Trail(Generic[E]):
    """The newest entries of one kind, in the order in which they were added; safe on any thread.

    The oldest give way to more than so many, and where texts and arrays take more than 128 MiB. The kind is a
    dataclass, and its fields are the columns of `frame()`. A field `time_ns` is a column `time` (UTC), and so
    with every other that ends in `_ns`: epoch nanoseconds, 0 for a time that is not known.
    """

    def __init__(self, kind: type[E], kept: int) -> None:
        self.dropped = self.added = 0
        self._kind, self._kept = kind, kept
        self._entries: deque[tuple[E, int]] = deque()
        self._bytes = 0
        self._file: Path | None = None
        # Deeds end on the loop thread, and people ask on theirs.
        self._lock = threading.Lock()

    def add(self, entry: E) -> None:
        """Adds an entry, to the file as well where there is one. The oldest give way to it when full."""
        size = sum(size_of(getattr(entry, field.name)) for field in fields(entry))
        with self._lock:
            self._entries.append((entry, size))
            self._bytes += size
            self.added += 1
            while len(self._entries) > self._kept or (self._bytes > MOST_BYTES and len(self._entries) > 1):
                self._bytes -= self._entries.popleft()[1]
                self.dropped += 1
            if self._file is not None:
                self._append(self._file, entry)

    def news(self, added: int) -> tuple[int, list[E]]:
        """How many were added by now, and those kept of the ones after the first `added`."""
        with self._lock:
            count = min(self.added - added, len(self._entries))
            newest = list(self._entries)[len(self._entries) - count :]
            return self.added, [entry for entry, _ in newest]

    def frame(self) -> pd.DataFrame:
        """One row an entry; `attrs["dropped"]` counts those no longer kept. Empty it has the same dtypes."""
        with self._lock:
            entries, dropped = [entry for entry, _ in self._entries], self.dropped
        hints = get_type_hints(self._kind)
        frame = pd.DataFrame(
            {
                column_name(field.name): column(
                    field.name, [getattr(entry, field.name) for entry in entries], hints[field.name]
                )
                for field in fields(self._kind)
            }
        )
        frame.attrs = {"dropped": dropped}
        return frame

    def write_to(self, path: str | Path) -> None:
        """Appends further entries to a CSV file from now on.

        Raises:
            ConfigurationError: The file cannot be written.
        """
        target = Path(path_given(path, "Name one, e.g. audit.csv."))
        try:
            with target.open("a", encoding="utf-8"):
                pass
        except OSError as error:
            raise ConfigurationError(f"{path} cannot be written: {reason_of(error)}") from None
        with self._lock:
            self._file = target

    def _append(self, file: Path, entry: E) -> None:
        """Adds a line, and before the first one the columns' names. A full disk stops nobody's work."""
        try:
            with file.open("a", encoding="utf-8", newline="", errors="backslashreplace") as out:
                writer = csv.writer(out)
                if out.tell() == 0:
                    writer.writerow(column_name(field.name) for field in fields(self._kind))
                writer.writerow(cells(entry))
        except OSError as error:
            # The log has the entry then: a record is not to be lost.
            log.error("not written to %s (%s): %s", file, error, entry)


def size_of(value: Any) -> int:
    """The bytes that a field takes, of a list without its elements."""
    return int(value.nbytes) if isinstance(value, np.ndarray) else sys.getsizeof(value, 0)


def column_name(field: str) -> str:
    """`time` of `time_ns`; every other name as it is."""
    return field.removesuffix(TIME)


def column(field: str, values: Sequence[Any], hint: object) -> pd.DatetimeIndex | pd.Series:
    """A field of all entries as a column of the dtype that its annotation asks for."""
    if field.endswith(TIME):
        return utc(values)
    if hint is str:
        # An entry tells of what was refused as well, for half of a character in it for instance, which no
        # column holds: one such must not take the whole record away.
        values = [value.encode(errors="backslashreplace").decode() for value in values]
    dtype = "boolean" if hint == MAYBE else DTYPES.get(hint, "object") if isinstance(hint, type) else "object"
    return pd.Series([aware(value) for value in values] if dtype == "object" else values, dtype=dtype)


def cells(entry: DataclassInstance) -> Iterator[object]:
    """An entry's fields for a line of CSV, times as ISO 8601."""
    for field in fields(entry):
        value = getattr(entry, field.name)
        yield timestamp(value) if field.name.endswith(TIME) else safe_cell(aware(value))


def timestamp(nanoseconds: int) -> str:
    """ISO 8601 in UTC; empty for a time that is not known."""
    return pd.Timestamp(nanoseconds, tz="UTC").isoformat() if nanoseconds else ""
