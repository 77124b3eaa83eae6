"""The path of each object of a tree: the names from the root to it, with slashes between them.

Why: DECISIONS.md, "A long path is the beginning of a longer one".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from mxgw_notebook.frames.tree import ROOT, Rows, Tree

# In bytes; a view of another text takes some hundreds.
LONG = 1_000


def paths(tree: Tree, names: Any, long: int = LONG) -> Any:
    """The paths as chunks of Arrow strings; a long one is the beginning of one below it, if any is."""
    sizes = path_sizes(tree, names)
    brief = np.flatnonzero(sizes <= long)
    if len(brief) == len(sizes):
        return pa.chunked_array([joined_paths(tree, names)])
    # Who stands above a short path has a shorter one: those are a tree too.
    upper = Tree(brief, tree.above[brief])
    written = joined_paths(upper, names.take(pa.array(brief))).cast(pa.large_string())
    rows = np.flatnonzero(sizes > long)
    return pa.chunked_array(merged(written, rows, views(tree, names, rows, sizes)), pa.large_string())


def path_sizes(tree: Tree, names: Any) -> NDArray[np.int64]:
    """How many bytes each path has."""
    sizes: NDArray[np.int64] = pc.binary_length(names).to_numpy(zero_copy_only=False).astype(np.int64)
    for rows in tree.generations[1:]:
        sizes[rows] += sizes[tree.above[rows]] + 1
    return sizes


def joined_paths(tree: Tree, names: Any) -> Any:
    """The paths as one array, in which each has its own text."""
    if not tree.generations:
        return names
    place = np.empty(len(tree.above), np.int64)  # within its own generation
    parts = [names.take(pa.array(tree.generations[0]))]
    place[tree.generations[0]] = np.arange(len(tree.generations[0]))
    for rows in tree.generations[1:]:
        leads = parts[-1].take(pa.array(place[tree.above[rows]]))
        parts.append(pc.binary_join_element_wise(leads, names.take(pa.array(rows)), "/"))
        place[rows] = np.arange(len(rows))
    order = np.empty(len(tree.above), np.int64)
    order[np.concatenate(tree.generations)] = np.arange(len(tree.above))
    return pa.concat_arrays(parts).take(pa.array(order))


def views(tree: Tree, names: Any, rows: Rows, sizes: NDArray[np.int64]) -> Iterator[Any]:
    """The paths of some rows, an array each, in as many texts as rows with nothing below them."""
    last = np.arange(len(tree.above))
    for below in reversed(tree.generations[1:]):
        last[tree.above[below]] = last[below]
    words, above = names.to_pylist(), tree.above.tolist()
    text_of = {row: pa.py_buffer(spelt(row, words, above)) for row in set(last[rows].tolist())}
    for row, size in zip(last[rows].tolist(), sizes[rows].tolist(), strict=True):
        bounds = pa.py_buffer(np.array([0, size], np.int64))
        yield pa.Array.from_buffers(pa.large_string(), 1, [None, bounds, text_of[row]])


def spelt(row: int, words: list[str], above: list[int]) -> bytes:
    """The path of one row."""
    line = []
    while row != ROOT:
        line.append(words[row])
        row = above[row]
    return "/".join(reversed(line)).encode()


def merged(rest: Any, rows: Rows, found: Iterator[Any]) -> Iterator[Any]:
    """The arrays found at their rows, and the rest between them in its order."""
    start = 0
    for number, (row, one) in enumerate(zip(rows.tolist(), found, strict=True)):
        if start < row - number:
            yield rest[start : row - number]
            start = row - number
        yield one
    yield rest[start:]
