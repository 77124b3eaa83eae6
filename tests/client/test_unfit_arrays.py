"""Lists, arrays and tables that a write refuses, and those that it takes."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxgw_notebook.client.values import ValueType, from_wire, sparse_to_wire, to_wire
from mxgw_notebook.errors import ConfigurationError
from tests.client.round_trip import TYPES, refusal


@pytest.mark.parametrize("hole", [None, pd.NA, pd.NaT, np.datetime64("NaT", "ns"), math.nan])
def test_a_column_with_a_hole_is_not_written(hole: Any) -> None:
    for data_type in ("Boolean", "Integer", "Double", "Time", None):
        refusal(pd.Series([1, hole], dtype=object), data_type)


@pytest.mark.parametrize("data_type", TYPES)
def test_a_list_is_not_written_to_one_value_nor_one_value_to_an_array(data_type: str | None) -> None:
    for values in ([1], (0,), np.array([1.0]), range(2), [[1]]):
        refusal(values, ValueType(data_type, is_array=False))
    for value in (1, True, 1.5, datetime(2026, 1, 1, tzinfo=UTC), np.array(1.5)):
        refusal(value, ValueType(data_type, is_array=True))


def test_an_array_takes_its_list_as_text_too() -> None:
    numbers = ValueType("Double", is_array=True)
    assert from_wire(to_wire("[1, 2.5]", numbers)).tolist() == [1.0, 2.5]  # type: ignore[union-attr]
    with pytest.raises(ConfigurationError, match="not a JSON list"):
        to_wire("1, 2.5", numbers)


@pytest.mark.parametrize(
    "table",
    [
        [[1.0, 2.0], [3.0, 4.0]], np.zeros((2, 2)), pd.DataFrame({"a": [1.0, 2.0]}), [np.zeros(2)],
        [pd.Series([1.0])], np.zeros((1, 1, 1)), [np.zeros((2, 2)), np.zeros((2, 3))], [[1.0], [1.0, 2.0]],
    ],
)  # fmt: skip
def test_a_table_is_written_to_what_was_read_as_one_alone(table: Any) -> None:
    for kind in (
        ValueType("Double", True),
        "Double",
        ValueType(None, True),
        ValueType("Double", True, rank=1),
    ):
        refusal(table, kind)
    refusal(str(np.zeros((2, 2)).tolist()), ValueType("Double", True))


@given(st.integers(2, 4))
def test_a_table_that_was_read_is_written_back_as_it_was(rank: int) -> None:
    read = to_wire(np.zeros((2,) * rank))
    assert to_wire(from_wire(read), ValueType.of(read)) == read
    refusal(np.zeros((2,) * (rank + 1)), ValueType.of(read))


@pytest.mark.parametrize(
    ("elements", "length"),
    [
        ({}, 3), ({"a": 1}, 3), ({0: 1}, 0), ({3: 1}, 3), ({-1: 1}, 3), ({0: 1}, 2.5), ({0: 1}, 2**32),
        ([1], 3), ({0: 1}, None),
    ],
)  # fmt: skip
def test_elements_that_are_none_of_an_array_are_refused_in_one_line(elements: Any, length: Any) -> None:
    with pytest.raises(ConfigurationError) as caught:
        sparse_to_wire(elements, length, "Integer")
    assert "\n" not in str(caught.value)
