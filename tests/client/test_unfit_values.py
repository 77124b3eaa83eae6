"""What does not fit an attribute goes nowhere: one line says so, and what to give or to ask for."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxgw_notebook.client.contract import wire
from mxgw_notebook.client.typed import typed_value
from mxgw_notebook.client.values import ValueType, from_wire, sparse_to_wire, to_wire
from mxgw_notebook.client.values.outgoing import data_type_number
from mxgw_notebook.errors import ConfigurationError
from tests.client.round_trip import TYPES, refusal, sent, there_and_back

NO_TRUTH = [
    math.nan, 0.4, -1, 2, -1.0, 1e-300, math.inf, "0.4", "-1", "yes, please", "", " ", b"1", None, pd.NA,
    Decimal("NaN"), Decimal("sNaN"), Decimal("0.5"), Fraction(1, 2), np.float16("nan"), np.int8(-1), 1j,
    np.ma.masked, np.bytes_(b"1"), np.str_("2"), np.timedelta64(1, "s"),
]  # fmt: skip
NONFINITE = [
    math.nan, math.inf, -math.inf, 1e400, np.float32("nan"), np.float64("inf"), np.float16("inf"),
    np.longdouble("nan"),
]  # fmt: skip
BEYOND = ["1e400", "-1e400", "9" * 400, 10**400, Decimal("1e400"), Fraction(10**400)]
NO_NUMBER = [
    "1_000", "١٢", "\uff11\uff12", "0x10", "1e", "e5", ".", "1,5", "", b"5", bytearray(b"5"), None, 1j,
    [5], {"a": 5},
    np.timedelta64(5, "s"), timedelta(5), datetime(2026, 1, 1, tzinfo=UTC), object, pd.NA, pd.NaT,
]  # fmt: skip


# ------------------------------------------------------------------ truth


@pytest.mark.parametrize("value", NO_TRUTH)
def test_what_is_no_truth_value_switches_nothing(value: Any) -> None:
    refusal(value, "Boolean")
    refusal([True, value], "Boolean")
    refusal(value, "Boolean", allow_nonfinite=True)
    with pytest.raises(ConfigurationError, match="cannot be written"):
        sparse_to_wire({1: value}, 3, "Boolean")


@pytest.mark.parametrize("text", ["[0.4]", "[-1]", "[NaN]", "[2, 1]", '["perhaps"]', "[null]"])
def test_a_list_on_the_command_line_switches_nothing_either(text: str) -> None:
    with pytest.raises(ConfigurationError, match="cannot be written"):
        typed_value("bool[]", text, allow_nonfinite=True)


@pytest.mark.parametrize(
    ("value", "truth"),
    [
        (True, True), (False, False), (1, True), (0, False), (1.0, True), (-0.0, False), (np.int8(1), True),
        (np.bool_(True), True), (np.float32(0), False), ("true", True), (" Off ", False), ("ON", True),
        ("1", True), (Decimal(1), True), (np.array(1), True),
    ],
)  # fmt: skip
def test_truth_values_are_true_and_false_one_and_zero_and_their_words(value: Any, truth: bool) -> None:
    assert there_and_back(value, "Boolean") is truth


@pytest.mark.parametrize("value", [True, False, np.bool_(True)])
@pytest.mark.parametrize("data_type", ["Integer", "Float", "Double", "ElapsedTime", "QualifiedEnum"])
def test_a_truth_value_is_no_number(value: Any, data_type: str) -> None:
    assert "1 or 0" in refusal(value, data_type)
    for several in ([1, value], [value], np.array([value]), pd.Series([value]), pd.Series([1, value])):
        refusal(several, data_type)
    with pytest.raises(ConfigurationError, match="cannot be written"):
        sparse_to_wire({1: value}, 3, data_type)
    refusal(f"[{str(bool(value)).lower()}]", ValueType(data_type, is_array=True))


def test_a_list_of_numbers_and_truth_values_is_of_no_type() -> None:
    refusal([1, True], None)
    refusal([True, 2.5], None)


@given(st.floats() | st.integers())
def test_of_all_numbers_zero_and_one_alone_are_truth_values(value: float) -> None:
    if value in (0, 1):
        assert to_wire(value, "Boolean").bool_value is bool(value)
    else:
        refusal(value, "Boolean")


# ------------------------------------------------------------------ infinity, NaN and nothing


@pytest.mark.parametrize("value", NONFINITE)
@pytest.mark.parametrize("data_type", ["Float", "Double", "ElapsedTime", "String", None])
def test_infinity_and_nan_are_sent_where_they_are_asked_for_alone(value: Any, data_type: str | None) -> None:
    assert "allow_nonfinite" in refusal(value, data_type)
    assert "allow_nonfinite" in refusal([1.0, value], data_type)
    back = there_and_back(value, data_type)
    assert str(back) == str(value) if data_type == "String" else math.isnan(value) or back == value


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("-Infinity")])
@pytest.mark.parametrize("data_type", ["Float", "Double", "ElapsedTime", "String"])
def test_neither_does_a_decimal_hide_what_is_not_finite(value: Decimal, data_type: str) -> None:
    assert "allow_nonfinite" in refusal(value, data_type)
    assert "allow_nonfinite" in refusal([Decimal(1), value], data_type)
    refusal(value, "Integer", allow_nonfinite=True)
    refusal(Decimal("sNaN"), data_type)


@pytest.mark.parametrize("text", ["inf", "-inf", "Infinity", " nan ", "NaN"])
def test_words_for_what_is_not_finite_are_refused_as_well(text: str) -> None:
    assert "allow_nonfinite" in refusal(text, "Double")
    assert not math.isfinite(to_wire(text, "Double", allow_nonfinite=True).double_value)
    assert to_wire(text, "String").string_value == text


@pytest.mark.parametrize("value", BEYOND)
@pytest.mark.parametrize("data_type", ["Integer", "Float", "Double", "ElapsedTime"])
def test_a_number_beyond_the_type_is_refused_and_never_infinite(value: Any, data_type: str) -> None:
    refusal(value, data_type)
    refusal(value, data_type, allow_nonfinite=True)
    refusal([value], data_type, allow_nonfinite=True)


@pytest.mark.parametrize("text", ["[1e400]", "[1, -1e999]"])
def test_a_list_of_a_text_cannot_hide_a_number_beyond_the_type(text: str) -> None:
    refusal(text, ValueType("Double", is_array=True), allow_nonfinite=True)
    with pytest.raises(ConfigurationError):
        typed_value("double[]", text, allow_nonfinite=True)


def test_a_number_of_more_digits_than_python_writes_out_is_one_line() -> None:
    assert "digits" in refusal(10**5000, "Double")


@pytest.mark.parametrize("value", [1e39, "1e39", -1e300, 10**39])
def test_what_only_a_double_holds_is_no_float(value: Any) -> None:
    refusal(value, "Float")
    assert to_wire(value, "Double").double_value == float(value)


@pytest.mark.parametrize("data_type", TYPES)
def test_nothing_is_sent_where_it_is_asked_for_alone(data_type: str | None) -> None:
    nothing: tuple[Any, ...] = (None, [], (), np.array([]), np.empty((0, 3)))
    for value in nothing:
        assert "allow_empty" in refusal(value, data_type)
    assert to_wire(None, data_type, allow_empty=True).is_null
    assert to_wire([], data_type, allow_empty=True).array_value.dimensions == [0]


# ------------------------------------------------------------------ numbers


@pytest.mark.parametrize("value", NO_NUMBER)
@pytest.mark.parametrize("data_type", ["Integer", "Float", "Double"])
def test_numbers_are_read_by_the_attribute_and_not_by_pythons_leniency(value: Any, data_type: str) -> None:
    scalar = ValueType(data_type, is_array=False)
    refusal(value, scalar)


@pytest.mark.parametrize(
    ("value", "number"),
    [("+5", 5.0), (" 1.5 ", 1.5), ("-.5e-3", -0.0005), ("1.", 1.0), (Fraction(1, 2), 0.5)],
)
def test_numbers_in_digits_are_numbers(value: Any, number: float) -> None:
    assert to_wire(value, "Double").double_value == number


def test_an_integer_of_32_bits_takes_no_more() -> None:
    narrow, wide = ValueType("INTEGER", field="int32_value"), ValueType("INTEGER", field="int64_value")
    assert "32 bits" in refusal(2**31, narrow)
    assert "32 bits" in refusal([1, -(2**31) - 1], narrow)
    assert to_wire(5, wide).WhichOneof("kind") == "int64_value"


@pytest.mark.parametrize("value", [b"text", None, ["a"], {"a": 1}, object(), date(2026, 1, 1)])
def test_a_string_takes_texts_and_numbers_and_no_python_object(value: Any) -> None:
    refusal(value, ValueType("String", is_array=False))


# ------------------------------------------------------------------ times and durations


def test_pandas_times_keep_their_nanoseconds() -> None:
    moment = pd.Timestamp("2026-03-04T12:00:00.123456789Z")
    assert there_and_back(moment) == moment.to_datetime64()
    assert there_and_back(moment.tz_convert("Europe/Vienna"), "Time") == moment.to_datetime64()
    assert there_and_back(pd.Series([moment])).tolist() == [moment.value]  # type: ignore[union-attr]
    assert there_and_back("2026-03-04T12:00:00.123456789Z", "Time") == moment.to_datetime64()
    assert there_and_back("2026-03-04T13:00:00.1234567+01:00", "Time") == np.datetime64(
        "2026-03-04T12:00:00.123456700"
    )


NAIVE = pd.Timestamp("2026-03-04T12:00:00.123456789")


@pytest.mark.parametrize(
    "value",
    [
        NAIVE, NAIVE.to_pydatetime(warn=False), "2026-03-04T12:00:00", "2026-03-04", [NAIVE],
        ["2026-03-04T12:00"],
        pd.Series([NAIVE]), pd.DatetimeIndex([NAIVE]), pd.Series([NAIVE], dtype=object),
        pd.Series([NAIVE], dtype="timestamp[ns][pyarrow]"),
    ],
)  # fmt: skip
def test_a_time_that_could_have_a_zone_and_has_none_is_refused(value: Any) -> None:
    with pytest.raises(ConfigurationError, match="zone"):
        to_wire(value, "Time")


def test_numpys_times_have_no_zone_to_give_and_are_utc_as_what_is_read() -> None:
    for value in (NAIVE.to_datetime64(), np.array([NAIVE.to_datetime64()])):
        assert np.all(there_and_back(value, "Time") == value)
    aware = pd.Series([NAIVE]).dt.tz_localize("Europe/Vienna")
    assert there_and_back(aware, "Time") == NAIVE.to_datetime64() - np.timedelta64(1, "h")


@pytest.mark.parametrize(
    "value",
    [pd.NaT, np.datetime64("NaT", "ns"), "noon", "٢٠٢٦-01-01T00:00:00Z", np.datetime64("20000-01-01"), 5, ""],
)
def test_what_is_no_time_of_the_wire_is_refused(value: Any) -> None:
    refusal(value, "Time")


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (90, 90.0), ("1.5", 1.5), (timedelta(minutes=1), 60.0), (np.timedelta64(1500, "ms"), 1.5),
        (pd.Timedelta("2s"), 2.0),
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["ElapsedTime", "ELAPSED_TIME"])
def test_an_elapsed_time_is_a_number_of_seconds(value: Any, seconds: float, name: str) -> None:
    message = to_wire(value, name)
    assert message.double_value == seconds
    assert message.data_type == data_type_number("ELAPSED_TIME")


# ------------------------------------------------------------------ there and back

READ = st.one_of(
    st.booleans().map(lambda v: wire.MxValue(bool_value=v)),
    st.integers(-(2**31), 2**31 - 1).map(lambda v: wire.MxValue(int32_value=v)),
    st.integers(-(2**63), 2**63 - 1).map(lambda v: wire.MxValue(int64_value=v)),
    st.floats(width=32).map(lambda v: wire.MxValue(float_value=v)),
    st.floats().map(lambda v: wire.MxValue(double_value=v)),
    st.text().map(lambda v: wire.MxValue(string_value=v)),
    st.binary().map(lambda v: wire.MxValue(raw_value=v)),
    st.integers(-(2**62), 2**62).map(lambda v: to_wire(np.datetime64(v, "ns"))),
    st.lists(st.booleans()).map(lambda v: wire.MxValue(array_value={"bool_values": {"values": v}})),
    st.lists(st.floats(width=32)).map(lambda v: wire.MxValue(array_value={"float_values": {"values": v}})),
    st.lists(st.integers(-5, 2**40)).map(lambda v: wire.MxValue(array_value={"int64_values": {"values": v}})),
    st.lists(st.text()).map(lambda v: wire.MxValue(array_value={"string_values": {"values": v}})),
    st.lists(st.binary()).map(lambda v: wire.MxValue(array_value={"raw_values": {"values": v}})),
    st.lists(st.integers(0, 2**62)).map(lambda v: sent(np.array(v, "datetime64[ns]"))),
    st.just(wire.MxValue(is_null=True)),
)
NAMES = st.sampled_from(
    ["UNSPECIFIED", "UNKNOWN", "ELAPSED_TIME", "QUALIFIED_ENUM", "BIG_STRING", "DOUBLE", "TIME"]
)


@given(READ, NAMES)
def test_a_value_that_was_read_is_written_back_unchanged(read: wire.MxValue, name: str) -> None:
    read.MergeFrom(wire.MxValue(data_type=data_type_number(name)))
    written = sent(from_wire(read), ValueType.of(read))
    assert written.WhichOneof("kind") == read.WhichOneof("kind")
    assert written.array_value.WhichOneof("values") == read.array_value.WhichOneof("values")
    np.testing.assert_array_equal(from_wire(written), from_wire(read))


@given(READ)
def test_a_value_that_was_read_keeps_its_value_where_the_type_is_not_known(read: wire.MxValue) -> None:
    np.testing.assert_array_equal(from_wire(sent(from_wire(read))), from_wire(read))
