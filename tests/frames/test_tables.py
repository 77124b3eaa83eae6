"""Readings, samples and alarms as DataFrames: columns, dtypes, units."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxgw_notebook.client import Reading, values_by_tag
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames import (
    Samples,
    active_alarms_frame,
    kinds_apart,
    kinds_joined,
    long_frame,
    quality_word,
    quality_words,
    readings_frame,
    transitions_frame,
    utc,
    wide_frame,
)
from mxgw_notebook.frames.mixed import split
from mxgw_notebook.frames.table import table_of, text_column
from mxgw_notebook.frames.times import aware
from tests.frames.test_galaxy import kinds
from tests.live.alarm_record import RECORD

SECOND = 1_000_000_000
START = 1_767_225_600 * SECOND
UTC = "datetime64[ns, UTC]"
READING = Reading("Pump001.Speed", 12.5, 192, START)


def columns(times: list[int], numbers: list[float], objects: list[Any] | None = None) -> Any:
    """Samples of one tag, at seconds after the start."""
    return (
        np.array([START + second * SECOND for second in times], np.int64),
        np.array(numbers, np.float64),
        np.full(len(times), 192, np.uint8),
        None if objects is None else np.array(objects, dtype=object),
    )


# ------------------------------------------------------------------ time and quality


def test_times_are_nanoseconds_in_utc_and_zero_is_none() -> None:
    times = utc([START, START + 1, 0])
    assert str(times.dtype) == UTC
    assert times[0] == pd.Timestamp("2026-01-01", tz="UTC")
    assert (times[1] - times[0]).nanoseconds == 1
    assert times.isna().tolist() == [False, False, True]


@given(st.lists(st.integers(-(2**63) + 1, 2**63 - 1)))
def test_any_time_the_client_gives_fits(times: list[int]) -> None:
    assert utc(times).asi8.tolist() == [time or pd.NaT.value for time in times]


@pytest.mark.parametrize(
    ("code", "word"),
    [(0, "bad"), (63, "bad"), (64, "uncertain"), (191, "uncertain"), (192, "good"), (255, "good"),
     (0x1C0, "good"), (-64, "good")],
)  # fmt: skip
def test_the_low_byte_of_the_quality_decides(code: int, word: str) -> None:
    assert quality_word(code) == word
    assert quality_words([code]).tolist() == [word]


@given(st.lists(st.integers(-(2**31), 2**31 - 1)))
def test_many_qualities_are_what_each_is_alone(codes: list[int]) -> None:
    assert quality_words(codes).tolist() == [quality_word(code) for code in codes]


def test_qualities_are_ordered() -> None:
    words = pd.Series(quality_words([0, 64, 192]))
    assert (words >= "uncertain").tolist() == [False, True, True]


class Kept(pd.DataFrame):
    """A table of a kind of its own."""


@pytest.mark.parametrize("rows", [0, 1, 3])
@pytest.mark.parametrize("value", [1.5, True, "open", 7, np.datetime64("2026-01-01", "ns"), None])
def test_a_table_of_blocks_is_the_one_that_pandas_makes(value: Any, rows: int) -> None:
    columns = {
        "tag": text_column(["Pump001.Speed"] * rows),
        "value": split([aware(value)] * rows)[0],
        "quality": quality_words([192] * rows),
        "timestamp": utc([START] * rows).array,
        "code": np.full(rows, 192, np.int32),
    }
    found, expected = table_of(columns, Kept), Kept(columns)
    pd.testing.assert_frame_equal(found, expected)
    assert (type(found), type(found.copy())) == (Kept, type(expected.copy()))
    pd.testing.assert_frame_equal(
        pd.concat([found, found]).assign(code=1), pd.concat([expected, expected]).assign(code=1)
    )
    assert found.memory_usage().to_list() == expected.memory_usage().to_list()


def test_who_names_the_columns_of_one_table_names_no_others() -> None:
    first, second = readings_frame([READING]), readings_frame([READING])
    first.columns.name = "what"
    assert second.columns.name is None
    assert readings_frame([READING]).columns.tolist() == second.columns.tolist()


def test_a_cell_of_a_reading_can_be_changed_and_the_table_saved(tmp_path: Path) -> None:
    frame = readings_frame([READING, READING])
    frame.loc[0, "value"] = 3.0
    frame.loc[1, "tag"] = "Pump002.Speed"
    frame["more"] = [1, 2]
    frame.to_parquet(tmp_path / "readings.parquet")
    assert pd.read_parquet(tmp_path / "readings.parquet")["value"].tolist() == [3.0, 12.5]
    assert frame.sort_values("value", ascending=False)["tag"].tolist() == ["Pump002.Speed", "Pump001.Speed"]


# ------------------------------------------------------------------ readings


def test_readings_stand_in_the_order_asked_with_their_failures() -> None:
    failed = Reading("Nope.Nope", failure="invalid reference (6)")
    frame = readings_frame([READING, failed])
    assert frame.columns.tolist() == ["tag", "value", "quality", "timestamp", "quality_code", "failure"]
    assert frame["tag"].tolist() == ["Pump001.Speed", "Nope.Nope"]
    np.testing.assert_array_equal(frame["value"], [12.5, np.nan])
    assert frame["quality"].tolist() == ["good", "bad"]
    assert frame["failure"].tolist() == ["", "invalid reference (6)"]
    assert frame["timestamp"].isna().tolist() == [False, True]


def test_no_readings_have_the_same_columns_and_dtypes() -> None:
    assert kinds(readings_frame([])) == kinds(readings_frame([READING]))


def test_a_quality_beyond_a_byte_is_kept_as_it_came() -> None:
    assert readings_frame([replace(READING, quality=0x1_00C0)])["quality_code"].tolist() == [0x1_00C0]


def test_a_reading_of_an_array_stays_one_cell() -> None:
    readings = [replace(READING, value=np.array([1.0, 2.0])), READING]
    whole = readings_frame(readings, whole=True)
    assert whole.loc[0, "value"].tolist() == [1.0, 2.0]  # type: ignore[union-attr]
    assert readings_frame(readings)["text"].tolist()[0] == "[1.0, 2.0]"
    assert readings_frame(readings[:1]).loc[0, "value"].tolist() == [1.0, 2.0]  # type: ignore[union-attr]


# ------------------------------------------------------------------ samples


def test_the_long_form_is_by_time_with_tags_as_watched() -> None:
    frame = long_frame({"B": columns([0, 2], [1.0, 2.0]), "A": columns([1], [5.0])})
    assert frame["tag"].tolist() == ["B", "A", "B"]
    assert frame["value"].tolist() == [1.0, 5.0, 2.0]
    assert frame["tag"].cat.categories.tolist() == ["B", "A"]
    assert kinds(frame) == {
        "tag": f"category of {pd.Series(dtype='str').dtype}",
        "timestamp": UTC,
        "value": "float64",
        "quality": f"category of {quality_words([]).categories.dtype}",
        "quality_code": "uint8",
    }


@pytest.mark.parametrize("samples", [{}, {"A": columns([], [])}], ids=["no tags", "no samples"])
def test_no_samples_have_the_same_columns_and_dtypes(samples: dict[str, Any]) -> None:
    assert kinds(long_frame(samples)) == kinds(long_frame({"A": columns([1], [1.0])}))


def test_texts_stand_where_the_numbers_have_gaps() -> None:
    frame = long_frame({"A": columns([0, 1], [np.nan, 2.0], ["on", None]), "B": columns([2], [3.0])})
    np.testing.assert_array_equal(frame["value"], [np.nan, 2.0, 3.0])
    assert frame["text"].fillna("").tolist() == ["on", "", ""]


MIXED = {
    "A": columns([0, 1], [np.nan, 2.0], ["=1+1", None]),
    "B": columns([2, 3], [2.0**60, 1.5], [2**60 + 1, None]),
    "C": replace(Samples(*columns([4], [1.0])), boolean=True),
}
TEXTS = ["=1+1", None, str(2**60 + 1), None, "True"]


def mixed_tables() -> dict[str, pd.DataFrame]:
    """Every table of values of several kinds."""
    values: list[Any] = [12.5, True, "open", 2**60 + 1, None]
    alarms = [replace(RECORD, value=value, limit=value) for value in values]
    return {
        "samples": long_frame(MIXED),
        "readings": readings_frame([replace(READING, value=value) for value in values]),
        "active": active_alarms_frame([(record, "acknowledged", START) for record in alarms]),
        "transitions": transitions_frame(alarms),
    }


@pytest.mark.parametrize("name", list(mixed_tables()))
def test_values_of_several_kinds_are_what_arrow_polars_and_duckdb_take(name: str) -> None:
    frame = mixed_tables()[name]
    table = pa.Table.from_pandas(frame, preserve_index=False)
    text = "value_text" if "value_text" in frame else "text"
    assert pa.types.is_float64(table["value"].type)
    assert str(2**60 + 1) in table[text].to_pylist()
    polars = pytest.importorskip("polars").from_pandas(frame)
    assert polars["value"].dtype == pytest.importorskip("polars").Float64
    duckdb = pytest.importorskip("duckdb").connect()
    duckdb.register("mixed", table)
    ((count,),) = duckdb.sql(f"select count(*) from mixed where {text} = '{2**60 + 1}'").fetchall()
    assert count == 1


def test_of_several_kinds_numbers_stay_numbers_and_the_rest_is_text_beside_them() -> None:
    frame = long_frame(MIXED)
    assert frame.columns.tolist()[2:4] == ["value", "text"]
    np.testing.assert_array_equal(frame["value"], [np.nan, 2.0, 2.0**60, 1.5, 1.0])
    assert [None if pd.isna(text) else text for text in frame["text"]] == TEXTS
    whole = kinds_joined(frame, value="text")["value"].tolist()
    assert [None if isinstance(one, float) and np.isnan(one) else one for one in whole] == [
        "=1+1", 2.0, 2**60 + 1, 1.5, True,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("values", "dtype"),
    [([1, 2], "int64"), ([1, None], "Int64"), ([True, False], "bool"), ([True, None], "boolean"),
     ([1, 2.5], "float64"), ([None], "float64"), ([2**60 + 1], "int64")],
)  # fmt: skip
def test_values_of_one_kind_are_a_column_of_it(values: list[Any], dtype: str) -> None:
    frame = readings_frame([replace(READING, value=value) for value in values])
    assert (str(frame["value"].dtype), "text" in frame) == (dtype, False)


def test_what_only_looks_like_a_number_stays_a_text() -> None:
    frame = pd.DataFrame({"value": pd.Series([7, "True", "12", True, 2**60 + 1], dtype=object)})
    apart = kinds_apart(frame, value="text")
    whole = [7.0, "True", "12", True, 2**60 + 1]
    assert kinds_joined(apart, value="text")["value"].tolist() == whole
    assert list(values_by_tag(apart.assign(tag=list("abcde"))).values()) == whole


def test_a_column_called_text_that_is_a_remark_changes_no_number() -> None:
    frame = pd.DataFrame({"value": [1.0, 2.0], "text": ["by hand", "7"]})
    assert kinds_joined(frame, value="text")["value"].tolist() == [1.0, 2.0]


def test_the_wide_form_holds_each_tags_last_value() -> None:
    frame = wide_frame({"A": columns([0, 2], [1.0, 3.0]), "B": columns([1], [7.0])})
    assert frame.index.name == "timestamp"
    assert str(frame.index.dtype) == UTC
    assert frame["A"].tolist() == [1.0, 1.0, 3.0]
    assert np.isnan(frame["B"].iloc[0])
    assert frame["B"].tolist()[1:] == [7.0, 7.0]


def test_a_gap_in_the_values_is_not_papered_over() -> None:
    frame = wide_frame({"A": columns([0, 1, 3], [1.0, np.nan, 4.0]), "B": columns([2], [7.0])})
    np.testing.assert_array_equal(frame["A"], [1.0, np.nan, np.nan, 4.0])


def test_of_several_values_at_one_time_the_last_one_counts() -> None:
    frame = wide_frame({"A": columns([5, 0, 5], [1.0, 2.0, 3.0])})
    assert frame["A"].tolist() == [2.0, 3.0]


def test_a_value_without_a_time_has_no_place_in_the_wide_form() -> None:
    time_ns, *rest = columns([0, 1], [1.0, 2.0])
    time_ns[0] = 0
    assert wide_frame({"A": (time_ns, *rest)})["A"].tolist() == [2.0]


@pytest.mark.parametrize("samples", [{}, {"A": columns([], [])}], ids=["no tags", "no samples"])
def test_the_wide_form_of_nothing_has_its_index(samples: dict[str, Any]) -> None:
    frame = wide_frame(samples)
    assert len(frame) == 0
    assert list(frame.columns) == list(samples)
    assert str(frame.index.dtype) == UTC
    assert frame.index.name == "timestamp"


def test_texts_are_held_in_the_wide_form_too() -> None:
    frame = wide_frame({"A": columns([0, 1], [np.nan, np.nan], ["on", "off"]), "B": columns([2], [7.0])})
    assert frame["A"].tolist() == ["on", "off", "off"]


def test_samples_that_came_late_are_flagged() -> None:
    late = replace(Samples(*columns([0, 1], [1.0, 2.0])), replayed=np.array([True, False]))
    assert "replayed" not in long_frame({"A": columns([0], [1.0])})
    frame = long_frame({"A": late, "B": columns([2], [3.0])})
    assert frame["replayed"].tolist() == [True, False, False]


def test_booleans_are_booleans_again() -> None:
    running = replace(Samples(*columns([1, 2], [0.0, 1.0])), boolean=True)
    assert long_frame({"A": running})["value"].tolist() == [False, True]
    wide = wide_frame({"A": running, "B": columns([0], [3.0])})
    assert str(wide["A"].dtype) == "boolean"
    assert wide["A"].isna().tolist() == [True, False, False]


def test_a_grid_holds_what_each_tag_read_at_full_steps() -> None:
    times = np.array([START + SECOND // 2, START + 5 * SECOND // 2], np.int64)
    part = (times, np.array([1.0, 2.0]), np.array([192, 192], np.uint8), None)
    frame = wide_frame({"A": part}, grid="1s")
    assert frame.index.tolist() == [pd.Timestamp(START + n * SECOND, tz="UTC") for n in (1, 2, 3)]
    assert frame["A"].tolist() == [1.0, 1.0, 2.0]
    assert wide_frame({"A": part}, grid=0.5).index[0] == frame.index[0] - pd.Timedelta("500ms")
    assert len(wide_frame({}, grid="1s")) == 0


@pytest.mark.parametrize("grid", ["soon", "0s", -1, "-1s", "NaT"])
def test_a_grid_that_is_no_time_is_told(grid: str | float) -> None:
    with pytest.raises(ConfigurationError, match="not a length of time"):
        wide_frame({}, grid=grid)


# ------------------------------------------------------------------ alarms


def test_unacknowledged_alarms_stand_first_then_the_most_urgent() -> None:
    alarms = [
        (replace(RECORD, reference="calm", severity=900), "unacknowledged", START),
        (replace(RECORD, reference="seen", severity=1), "acknowledged", START),
        (replace(RECORD, reference="over", severity=1), "cleared unacknowledged", START),
        (replace(RECORD, reference="urgent", severity=1), "unacknowledged", START),
    ]
    frame = active_alarms_frame(alarms)
    assert frame["reference"].tolist() == ["urgent", "calm", "over", "seen"]
    assert str(frame["raised"].dtype) == UTC
    assert str(frame["changed"].dtype) == UTC


def test_no_alarms_have_the_same_columns_and_dtypes() -> None:
    assert kinds(active_alarms_frame([])) == kinds(active_alarms_frame([(RECORD, "acknowledged", START)]))
    assert kinds(transitions_frame([])) == kinds(transitions_frame([RECORD]))


def test_transitions_stand_in_the_order_they_came() -> None:
    records = [
        replace(RECORD, kind=kind, severity=severity) for kind, severity in [("RAISE", 5), ("91", 10**6)]
    ]
    frame = transitions_frame(records)
    assert frame["origin"].tolist() == ["feed", "feed"]
    assert frame["transition"].tolist() == ["raise", "91"]
    assert frame["severity"].tolist() == [5, 10**6]
    assert frame.columns.tolist() == [
        "reference", "tag", "area", "description", "severity", "time", "transition", "raised", "alarm_type",
        "value", "limit", "operator", "comment", "degraded", "provider", "origin",
    ]  # fmt: skip
