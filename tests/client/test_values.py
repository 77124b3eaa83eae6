"""Values on their way to the wire and back: of themselves, and as an attribute's type."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import numpy as np
import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import given
from hypothesis import strategies as st

from mxgw_notebook.client.contract import wire
from mxgw_notebook.client.values import from_wire, moment, nanoseconds, timestamp, to_wire
from mxgw_notebook.errors import ConfigurationError
from tests.client.round_trip import MOMENTS, NANOSECONDS, TEXTS, there_and_back

INT64 = st.integers(-(2**63), 2**63 - 1)


def same(left: Any, right: Any) -> bool:
    """Equal, NaN to NaN too."""
    return bool(left == right or (left != left and right != right))


@given(st.one_of(st.booleans(), INT64, st.floats(), TEXTS, st.binary(max_size=20), st.none()))
def test_a_scalar_comes_back_as_it_went(value: Any) -> None:
    back = there_and_back(value)
    assert type(back) is type(value)
    assert same(back, value)


@given(INT64)
def test_an_integer_travels_in_32_bits_as_long_as_it_fits(value: int) -> None:
    field = to_wire(value).WhichOneof("kind")
    assert field == ("int32_value" if -(2**31) <= value < 2**31 else "int64_value")


@given(st.floats(width=32))
def test_a_float_attribute_takes_what_32_bits_hold(value: float) -> None:
    assert to_wire(value, "Float", allow_nonfinite=True).WhichOneof("kind") == "float_value"
    assert same(there_and_back(value, "Float"), value)


@given(NANOSECONDS)
def test_a_numpy_time_comes_back_to_the_nanosecond(value: int) -> None:
    moment = np.datetime64(value, "ns")
    assert there_and_back(moment) == moment


@given(st.datetimes(datetime(1700, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)))
def test_a_datetime_comes_back_as_a_numpy_time(value: datetime) -> None:
    assert there_and_back(value) == np.datetime64(value.replace(tzinfo=None), "ns")


@given(MOMENTS)
def test_any_datetime_survives_the_wires_timestamp(value: datetime) -> None:
    assert moment(timestamp(value)) == value


def test_a_datetime_of_another_zone_is_the_same_moment() -> None:
    there = datetime(2026, 5, 24, 18, 4, tzinfo=timezone(timedelta(hours=2)))
    assert there_and_back(there) == np.datetime64("2026-05-24T16:04", "ns")


def test_a_datetime_without_a_zone_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="has no time zone"):
        to_wire(datetime(2026, 1, 1))


@pytest.mark.parametrize(
    ("seconds", "nearest"),
    [(-62_135_596_800, -(2**63) + 1), (253_402_300_799, 2**63 - 1)],
    ids=["year 1", "year 9999"],
)
def test_a_value_beyond_64_bits_is_no_time_and_compares_as_the_nearest(seconds: int, nearest: int) -> None:
    stamp = Timestamp(seconds=seconds)
    assert nanoseconds(stamp) == nearest
    value: Any = from_wire(wire.MxValue(timestamp_value=stamp))
    assert np.isnat(value)
    found = moment(stamp)
    assert found is not None
    assert found.year in (1, 9999)


@given(MOMENTS)
def test_a_numpy_time_in_microseconds_reaches_as_far_as_the_wire(value: datetime) -> None:
    written = to_wire(np.datetime64(value.replace(tzinfo=None), "us")).timestamp_value
    assert moment(written) == value


def test_nothing_at_all_is_none() -> None:
    assert from_wire(wire.MxValue()) is None
    assert from_wire(wire.MxValue(is_null=True, int32_value=3)) is None


@pytest.mark.parametrize(
    ("value", "data_type", "field", "expected"),
    [
        (5, "Double", "double_value", 5.0),
        ("5.5", "Double", "double_value", 5.5),
        ("5", "Integer", "int32_value", 5),
        (5.0, "Integer", "int32_value", 5),
        (1, "Boolean", "bool_value", True),
        ("on", "Boolean", "bool_value", True),
        ("False", "Boolean", "bool_value", False),
        (0, "Boolean", "bool_value", False),
        (5, "String", "string_value", "5"),
        (1.5, "Float", "float_value", 1.5),
        (5, "QualifiedEnum", "int32_value", 5),
        (np.float64(2.5), None, "double_value", 2.5),
        (np.int16(7), None, "int32_value", 7),
        (np.bool_(True), None, "bool_value", True),
    ],
)
def test_a_value_travels_as_the_attributes_type(
    value: Any, data_type: str | None, field: str, expected: Any
) -> None:
    message = to_wire(value, data_type)
    assert message.WhichOneof("kind") == field
    assert getattr(message, field) == expected


def test_a_text_is_a_time_where_the_attribute_is_one() -> None:
    assert there_and_back("2026-01-01T06:00:00+00:00", "Time") == np.datetime64("2026-01-01T06:00", "ns")


@pytest.mark.parametrize(
    ("value", "data_type"),
    [
        ("abc", "Double"),
        ("1.5", "Integer"),
        (1.5, "Integer"),
        (2**63, "Integer"),
        (math.nan, "Integer"),
        ("maybe", "Boolean"),
        (1e300, "Float"),
        ("\ud800", "String"),
        (5, "Time"),
        ("yesterday", "Time"),
        (np.datetime64("NaT", "ns"), "Time"),
        (np.datetime64("NaT", "ns"), None),
        ([1.0, None], "Double"),
        ([True, None], "Boolean"),
        (["a", None], "String"),
    ],
)
def test_a_value_that_cannot_be_of_the_type_is_refused_in_one_line(value: Any, data_type: str | None) -> None:
    with pytest.raises(ConfigurationError, match="cannot be written") as caught:
        to_wire(value, data_type)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("value", [object(), {"a": 1}, 1j, [object()], [[1], [2, 3]], [1, None], ["a", 1]])
def test_a_value_that_no_type_takes_is_refused(value: Any) -> None:
    with pytest.raises(ConfigurationError, match="cannot be written"):
        to_wire(value)
