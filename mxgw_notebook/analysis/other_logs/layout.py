"""How another system's log is laid out: what its columns are called, and what its words mean.

Why: DECISIONS.md, "A foreign log is read completely or not at all".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

Names = tuple[str, ...]


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
