"""What tables of a galaxy take in memory, counted by Arrow and not by the clock."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxgw_notebook.frames.columns import lent, lent_texts, repeated, texts
from mxgw_notebook.frames.paths import joined_paths, paths
from mxgw_notebook.frames.tree import Tree

DEEP = 1_000


@pytest.fixture
def counted() -> Iterator[Any]:
    """A pool that counts what a test takes of Arrow's memory."""
    whole = pa.default_memory_pool()
    pool = pa.proxy_memory_pool(whole)
    pa.set_memory_pool(pool)
    yield pool
    pa.set_memory_pool(whole)


@pytest.mark.parametrize("upwards", [False, True])
def test_the_paths_of_a_deep_galaxy_take_as_much_as_the_longest(counted: Any, *, upwards: bool) -> None:
    ids = np.arange(1, DEEP + 1)
    names = pa.array([f"Vessel{number:06}" for number in ids.tolist()], pa.string())
    tree = Tree(ids, ids + 1 if upwards else ids - 1)
    column = texts(paths(tree, names))
    taken = counted.max_memory()
    assert column.iloc[0 if upwards else -1].count("/") == DEEP - 1
    assert taken < joined_paths(tree, names).nbytes / 20


@given(st.lists(st.tuples(st.integers(-1, 12), st.text("aä/", max_size=4)), max_size=13), st.integers(0, 12))
def test_paths_that_share_their_text_are_those_that_have_their_own(
    rows: list[tuple[int, str]], long: int
) -> None:
    tree = Tree(np.arange(len(rows)), np.array([above for above, _ in rows], np.int64))
    names = pa.array([name for _, name in rows], pa.string())
    assert paths(tree, names, long).to_pylist() == joined_paths(tree, names).to_pylist()


@given(st.lists(st.sampled_from(["a", "b", "c/d"]), min_size=1), st.data())
def test_texts_are_lent_as_all_else_is(texts: list[str], data: st.DataObject) -> None:
    places = st.lists(st.integers(0, len(texts) - 1)).map(lambda owner: np.array(owner, np.int32))
    owner = data.draw(places)
    expected = lent(repeated(pa.array(texts)), owner)
    found = lent_texts(pd.Series(texts, dtype="str"), owner)
    assert found.tolist() == expected.tolist()
    assert sorted(found.categories) == sorted(expected.categories)
    assert found.dtype.categories.dtype == expected.dtype.categories.dtype
