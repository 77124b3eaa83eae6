"""Paths, areas and depths of a hierarchy given as ids and parents.

A parent that is not in the hierarchy counts as the root, and a chain of parents that bites its own tail
ends where it would begin again: a galaxy narrowed by a key, or a broken one, still shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

Names = NDArray[Any]
Ids = NDArray[Any]


def parent_rows(ids: Ids, parents: Ids) -> list[int]:
    """The row of each object's parent, -1 at the root."""
    row_of = {identity: row for row, identity in enumerate(ids.tolist())}
    return [row_of.get(parent, -1) for parent in parents.tolist()]


def ancestry(row: int, above: list[int]) -> Iterator[int]:
    """The rows from an object up to the root, itself first."""
    seen: set[int] = set()
    while row >= 0 and row not in seen:
        seen.add(row)
        yield row
        row = above[row]


def paths(ids: Ids, parents: Ids, names: Names) -> list[str]:
    """The contained names from the root to each object, with slashes between them."""
    above = parent_rows(ids, parents)
    found: dict[int, str] = {}
    for row in range(len(above)):
        for step in reversed(list(unknown(row, above, found))):
            lead = found.get(above[step])
            found[step] = f"{lead}/{names[step]}" if lead is not None else str(names[step])
    return [found[row] for row in range(len(above))]


def depths(ids: Ids, parents: Ids) -> NDArray[np.int32]:
    """How many objects stand above each."""
    above = parent_rows(ids, parents)
    found: dict[int, int] = {}
    for row in range(len(above)):
        for step in reversed(list(unknown(row, above, found))):
            found[step] = found.get(above[step], -1) + 1
    return np.array([found[row] for row in range(len(above))], dtype=np.int32)


def areas(ids: Ids, parents: Ids, names: Names, is_area: NDArray[Any]) -> list[str | None]:
    """The nearest area at or above each object; None where there is none."""
    above = parent_rows(ids, parents)
    found: dict[int, str | None] = {}
    for row in range(len(above)):
        for step in reversed(list(unknown(row, above, found))):
            found[step] = str(names[step]) if is_area[step] else found.get(above[step])
    return [found[row] for row in range(len(above))]


def unknown(row: int, above: list[int], found: dict[int, Any]) -> Iterator[int]:
    """The part of an object's ancestry that is not worked out yet."""
    for step in ancestry(row, above):
        if step in found:
            return
        yield step
