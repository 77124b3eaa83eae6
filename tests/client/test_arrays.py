"""Arrays on their way to the wire and back: elements, dimensions, sparse ones."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from mxgw_notebook.client.contract import enum_name, wire
from mxgw_notebook.client.values import from_wire, nanoseconds, timestamp, to_wire
from tests.client.round_trip import MOMENTS, NANOSECONDS, TEXTS, there_and_back

INT32 = st.integers(-(2**31), 2**31 - 1)
SHAPES = arrays.array_shapes(min_dims=1, max_dims=2, min_side=0, max_side=5)


@given(
    st.one_of(
        arrays.arrays(np.bool_, SHAPES),
        arrays.arrays(np.int32, SHAPES),
        arrays.arrays(np.int64, SHAPES),
        arrays.arrays(np.float64, SHAPES),
        arrays.arrays("datetime64[ns]", SHAPES, elements=NANOSECONDS.map(lambda n: np.datetime64(n, "ns"))),
    )
)
def test_an_array_comes_back_with_its_values_and_dimensions(array: np.ndarray[Any, Any]) -> None:
    back = there_and_back(array)
    assert isinstance(back, np.ndarray)
    assert back.shape == array.shape
    assert back.dtype.kind == array.dtype.kind
    np.testing.assert_array_equal(back, array)


@given(st.lists(TEXTS, max_size=6))
def test_a_list_of_texts_comes_back_whole(texts: list[str]) -> None:
    back = there_and_back(texts, "String")
    assert isinstance(back, np.ndarray)
    assert back.tolist() == texts


@given(st.lists(st.one_of(INT32, st.floats(allow_nan=False)), min_size=1, max_size=6))
def test_a_list_of_numbers_comes_back_as_numbers(numbers: list[float]) -> None:
    back = there_and_back(numbers)
    assert isinstance(back, np.ndarray)
    assert back.tolist() == [float(number) if back.dtype.kind == "f" else number for number in numbers]


@given(st.lists(MOMENTS.filter(lambda m: 1700 < m.year < 2200), min_size=1, max_size=4))
def test_a_list_of_datetimes_is_an_array_of_times(moments: list[datetime]) -> None:
    back = there_and_back(moments)
    assert isinstance(back, np.ndarray)
    assert back.dtype == np.dtype("datetime64[ns]")
    assert back.tolist() == [nanoseconds(timestamp(moment)) for moment in moments]


@pytest.mark.parametrize(
    ("values", "data_type", "expected"),
    [([1, 2], "Double", [1.0, 2.0]), (["1", "2"], "Integer", [1, 2]), ([1, 0], "Boolean", [True, False])],
)
def test_an_arrays_elements_travel_as_the_attributes_type(
    values: list[Any], data_type: str, expected: list[Any]
) -> None:
    message = to_wire(values, data_type)
    assert enum_name(message, "data_type") == data_type.upper()
    back = from_wire(message)
    assert isinstance(back, np.ndarray)
    assert back.tolist() == expected


def test_an_array_with_one_large_integer_travels_in_64_bits() -> None:
    assert to_wire([1, 2**40]).array_value.WhichOneof("values") == "int64_values"
    assert to_wire([1, 2]).array_value.WhichOneof("values") == "int32_values"


def test_raw_elements_stay_bytes() -> None:
    value = wire.MxValue()
    value.array_value.raw_values.values.extend([b"\0\1", b""])
    back = from_wire(value)
    assert isinstance(back, np.ndarray)
    assert back.tolist() == [b"\0\1", b""]


def test_an_array_of_a_kind_we_do_not_know_is_empty() -> None:
    back = from_wire(wire.MxValue(array_value=wire.MxArray(dimensions=[3])))
    assert isinstance(back, np.ndarray)
    assert back.shape == (0,)


def test_dimensions_that_do_not_fit_leave_the_array_flat() -> None:
    value = to_wire([1, 2, 3])
    value.array_value.dimensions[:] = [2, 2]
    back = from_wire(value)
    assert isinstance(back, np.ndarray)
    assert back.tolist() == [1, 2, 3]


def test_what_a_sparse_array_does_not_name_is_none() -> None:
    sparse = wire.MxSparseArray(total_length=4)
    sparse.elements.add(index=2).value.CopyFrom(to_wire(7))
    sparse.elements.add(index=9).value.CopyFrom(to_wire(8))
    back = from_wire(wire.MxValue(sparse_array_value=sparse))
    assert isinstance(back, np.ndarray)
    assert back.tolist() == [None, None, 7, None]
