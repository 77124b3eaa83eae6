"""How another system's log is laid out: what its columns are called, and what its words mean.

Why: DECISIONS.md, "A foreign log is read completely or not at all".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
import pandas as pd

Names = tuple[str, ...]
# A time of the day, or what of it stands in a column of its own: milliseconds, AM or PM, a zone.
CLOCK = re.compile(
    r"\d{1,2}:\d{2}(:\d{2}([.,:]\d+)?)?(\s*([AaPp]\.?[Mm]\.?|Uhr))?(\s*(Z|UTC|[+-]\d{2}:?\d{2}))?"
)
CLOCK_OF_SECONDS = re.compile(r"\d{1,2}:\d{2}:\d{2}")
FRACTION = re.compile(r"\d{1,3}")
DAY = re.compile(r"\d{1,4}[-/.]\d")
MIDNIGHT = re.compile(r"[T ]0?0:00(:00([.,]0+)?)?$")
FIRST_DAYS = 1901  # Excel's own, and other programs': a time of the day is one of the first days of all


@dataclass(frozen=True, slots=True)
class Layout:
    """One system's log.

    `columns`: for each column of ours what theirs may be called, the likeliest first; several joined by
    " + " are joined by a dot. `marks`: those that tell the layout by themselves. `events`: what a word says
    that happened; None is known, and is about no alarm. `states`: how an alarm stands after the row: whether
    its condition holds (None: as before), and whether it is acknowledged. `in_utc`: time columns without a
    zone that are of UTC; `tenths_of_ms` has the fraction of their second. `tables`: where a database has it.
    `finish` fills what takes more than a name.
    """

    name: str
    columns: Mapping[str, Names]
    marks: Sequence[Names] = ()
    events: Mapping[str, str | None] = field(default_factory=dict)
    states: Mapping[str, tuple[bool | None, bool]] = field(default_factory=dict)
    in_utc: Names = ()
    tenths_of_ms: str = ""
    tables: Names = ()
    finish: Callable[[pd.DataFrame, Theirs], pd.DataFrame] | None = None

    def fits(self, theirs: Theirs) -> bool:
        """Whether a table has the columns that only this layout has."""
        return bool(self.marks) and all(any(name in theirs for name in names) for names in self.marks)


class Theirs:
    """A table of another system by its columns' names, whatever their case and the blanks around them."""

    def __init__(self, table: pd.DataFrame) -> None:
        self.table = table
        self._names = {plain(name): name for name in reversed(list(table.columns))}

    def __contains__(self, name: str) -> bool:
        return all(plain(part) in self._names for part in name.split(" + "))

    def __len__(self) -> int:
        return len(self.table)

    def get(self, *names: str) -> pd.Series[Any] | None:
        """The first of these columns that is there; None for none."""
        for name in names:
            if name in self:
                parts = [self.table[self._names[plain(part)]] for part in name.split(" + ")]
                return parts[0] if len(parts) == 1 else joined(parts)
        return None

    def cells(self, name: str) -> pd.Series[Any]:
        """A column that is there."""
        found = self.get(name)
        assert found is not None
        return found.rename(name)

    def moments(self, name: str) -> pd.Series[Any]:
        """A column of times that is there; where days and times of the day stand apart, both as one text."""
        parts = [self.table[self._names[plain(part)]] for part in name.split(" + ")]
        if len(parts) == 1:
            return parts[0].rename(name)
        return put_together(parts).rename(" and ".join(name.split(" + ")))

    def texts(self, *names: str) -> pd.Series[Any]:
        """The same as texts without blanks around them; empty where there is nothing."""
        found = self.get(*names)
        return pd.Series("", self.table.index, dtype="str") if found is None else texts_of(found)

    def first_filled(self, *names: str) -> pd.Series[Any]:
        """The texts of the first column, in empty cells those of the next, and so on."""
        found = self.texts(names[0])
        for name in names[1:]:
            found = found.where(found != "", self.texts(name))
        return found


def plain(name: Any) -> str:
    """A column's name as it is compared."""
    return str(name).strip().lower().replace(" ", "").replace("_", "")


def joined(parts: Sequence[pd.Series[Any]]) -> pd.Series[Any]:
    """Texts side by side with a dot between them; an empty one has none, nor one that the first ends with."""
    found = texts_of(parts[0])
    for part in parts[1:]:
        more = texts_of(part)
        held = [a.lower().endswith(f".{b.lower()}") for a, b in zip(found, more, strict=True)]
        found = found.where((more == "") | np.array(held, bool), found + "." + more)
    return found


def put_together(parts: Sequence[pd.Series[Any]]) -> pd.Series[Any]:
    """Days, times of the day and what belongs to them as one text a row, as one writes it."""
    cells = [[day_or_clock(value) for value in part.to_numpy(dtype=object)] for part in parts]
    found = [moment_of(row) for row in zip(*cells, strict=True)]
    return pd.Series(found, parts[0].index, dtype="str")


def moment_of(row: Sequence[str]) -> str:
    """One row's parts as one text; nothing for a row that has none."""
    parts = [part for part in row if part]
    for part in parts:
        if CLOCK.search(part) and not CLOCK.fullmatch(part) and not MIDNIGHT.search(part):
            return part  # whole times, beside which the days stand once more
    clocks = [part for part in parts if CLOCK.fullmatch(part)]
    days = [part for part in parts if part not in clocks and DAY.match(part)]
    rest = [part for part in parts if part not in (*clocks[:1], *days[:1])]
    if not clocks:
        return " ".join([*parts, "without a time of the day"]) if parts else ""
    clock = clocks[0]
    if rest and FRACTION.fullmatch(rest[0]) and CLOCK_OF_SECONDS.fullmatch(clock):
        clock = f"{clock},{int(rest.pop(0)):03}"
    return " ".join([*(MIDNIGHT.sub("", day) for day in days[:1]), clock, *rest])


def day_or_clock(value: Any) -> str:
    """One cell of a day, of a time of the day, or of what belongs to it."""
    if isinstance(value, timedelta) and value is not pd.NaT:
        return str(datetime(2000, 1, 1) + value)[11:]
    if isinstance(value, datetime) and value is not pd.NaT:
        return str(value.time()) if value.year < FIRST_DAYS else value.isoformat(sep=" ")
    return str(value) if isinstance(value, date | time) and value is not pd.NaT else text_of(value)


def texts_of(column: pd.Series[Any]) -> pd.Series[Any]:
    """Cells as texts; nothing for what is missing, or NULL as databases print it."""
    return pd.Series([text_of(value) for value in column.to_numpy(dtype=object)], column.index, dtype="str")


def text_of(value: Any) -> str:
    """One cell as text."""
    if value is None or value is pd.NaT or value is pd.NA or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # a number column with a gap in it has made floats of all
    text = str(value).strip()
    return "" if text == "NULL" else text
