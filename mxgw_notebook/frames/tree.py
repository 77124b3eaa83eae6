"""The tree of a hierarchy given as ids and parents: rows above rows, generation by generation.

A parent that is not in the hierarchy counts as the root. In a ring of parents one object counts as standing
at the root: a galaxy narrowed by a key, or a broken one, still shows.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Rows = NDArray[np.int64]
ROOT = -1


class Tree:
    """Rows of objects by generation. `above` is each row's parent row, ROOT at the root.

    `generations` are the rows by depth: the first stand at the root.
    """

    def __init__(self, ids: NDArray[Any], parents: NDArray[Any]) -> None:
        self.above = rows_of(ids, parents)
        self.generations = self._grow()

    def depths(self) -> NDArray[np.int32]:
        """How many objects stand above each."""
        found = np.zeros(len(self.above), np.int32)
        for depth, rows in enumerate(self.generations):
            found[rows] = depth
        return found

    def nearest(self, wanted: NDArray[np.bool_]) -> Rows:
        """The nearest wanted row at or above each; ROOT where there is none."""
        # From the root down, a generation at a time: whoever is above has its answer by then, and a plant is
        # a dozen generations deep, however many objects it has.
        found = np.where(wanted, np.arange(len(wanted)), ROOT)
        for rows in self.generations[1:]:
            inherited = rows[~wanted[rows]]
            found[inherited] = found[self.above[inherited]]
        return found

    def _grow(self) -> list[Rows]:
        """The generations; rings of parents are opened until every row has its place."""
        below = Below(self.above)
        grown = below.generations(np.flatnonzero(self.above == ROOT))
        reached = np.zeros(len(self.above), bool)
        for rows in grown:
            reached[rows] = True
        start = 0
        while not reached.all():
            # On from there: rows before it are reached already, and looking at them again for each ring would
            # take the square of their number.
            start += int(np.argmin(reached[start:]))
            opened = on_a_ring(start, self.above)
            # A row on the ring, not any that was missed: those that hang from a ring keep their parent.
            self.above[opened] = ROOT
            for depth, rows in enumerate(Below(self.above).generations(np.array([opened]))):
                reached[rows] = True
                # Appended to the same generation of the others, so that each stays one array.
                grown[depth : depth + 1] = [np.concatenate([*grown[depth : depth + 1], rows])]
        return grown


class Below:
    """The rows below each row, without a list for each."""

    def __init__(self, above: Rows) -> None:
        # Children of one parent lie side by side, in the galaxy's order: a list for each of 50,000 objects
        # would take longer to make than all the rest.
        self._order = np.argsort(above, kind="stable")
        self._ends = np.searchsorted(above[self._order], np.arange(len(above)), side="right")
        self.counts = np.bincount(above[above >= 0], minlength=len(above))

    def of(self, rows: Rows) -> Rows:
        """All children of some rows."""
        counts = self.counts[rows]
        skipped = np.repeat(np.cumsum(counts) - counts, counts)
        starts = np.repeat(self._ends[rows] - counts, counts)
        return np.asarray(self._order[starts + np.arange(counts.sum()) - skipped], np.int64)

    def generations(self, rows: Rows) -> list[Rows]:
        """The rows, their children, the children of these, to the last."""
        found = []
        while len(rows):
            found.append(rows)
            rows = self.of(rows)
        return found


def rows_of(ids: NDArray[Any], wanted: NDArray[Any]) -> Rows:
    """The row of each wanted id, ROOT for one that is not there; of ids met twice the last row."""
    index = pd.Index(ids)
    # A galaxy from elsewhere may name an id twice, for which pandas refuses to look up.
    if index.is_unique:
        return np.asarray(index.get_indexer(wanted), np.int64)
    row_of = {identity: row for row, identity in enumerate(ids.tolist())}
    return np.array([row_of.get(identity, ROOT) for identity in wanted.tolist()], np.int64)


def on_a_ring(row: int, above: Rows) -> int:
    """The first row met twice on the way up from one that never reaches the root."""
    seen: set[int] = set()
    while row not in seen:
        seen.add(row)
        row = int(above[row])
    return row
