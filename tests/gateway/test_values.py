"""Reading and writing through the facade."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mxgw_notebook.analysis import read_table
from mxgw_notebook.client import Allowed
from mxgw_notebook.errors import ConfigurationError, GatewayError, TagError, WriteError
from mxgw_notebook.gateway import Gateway

SPEED, LEVEL = "Pump001.Speed", "Tank001.Level"


# ------------------------------------------------------------------ read


def test_reading_gives_one_row_a_tag_in_the_order_asked(gateway: Gateway) -> None:
    frame = gateway.read(LEVEL, [SPEED, LEVEL])
    assert frame["tag"].tolist() == [LEVEL, SPEED, LEVEL]
    assert frame["quality"].tolist() == ["good"] * 3
    assert str(frame["timestamp"].dtype) == "datetime64[ns, UTC]"
    assert frame.attrs == {"endpoint": gateway.endpoint, "plant": gateway.endpoint}


def test_a_misspelt_tag_is_one_failed_row(gateway: Gateway) -> None:
    frame = gateway.read(SPEED, "Nope.Nope")
    assert frame["failure"].tolist()[0] == ""
    assert "invalid reference" in frame["failure"].tolist()[1]
    assert np.isnan(frame["value"].tolist()[1])


def test_all_tags_failing_is_an_error_that_lists_them(gateway: Gateway) -> None:
    with pytest.raises(TagError) as caught:
        gateway.read("Nope.A", "Nope.B")
    assert list(caught.value.failures) == ["Nope.A", "Nope.B"]
    assert "\n" not in str(caught.value)


def test_one_failing_tag_is_an_error_where_that_is_asked_for(gateway: Gateway) -> None:
    with pytest.raises(TagError, match=r"Nope\.Nope: invalid reference"):
        gateway.read(SPEED, "Nope.Nope", errors="raise")


def test_a_misspelt_tag_is_met_with_those_spelt_alike(gateway: Gateway) -> None:
    gateway.objects()  # the galaxy is known from here on
    with pytest.raises(TagError, match=r"Did you mean .*Pump001\.Speed"):
        gateway.read("Pump001.Sped")


def test_a_bare_array_name_shows_its_number_and_that_brackets_are_missing(gateway: Gateway) -> None:
    frame = gateway.read(SPEED, "Tank001.StrappingTable")
    assert "(1003: an array's name without [])" in frame["failure"].tolist()[1]
    gateway.objects()  # the galaxy is known from here on, and would propose the bare name again
    with pytest.raises(TagError, match=r"1003.* An array is named with \[\]"):
        gateway.read("Tank001.StrappingTable")


@pytest.mark.parametrize("tags", [[], [[]], [""], [["Pump001.Speed", 5]]])
def test_what_is_no_tag_is_not_sent(gateway: Gateway, tags: list[str]) -> None:
    with pytest.raises(GatewayError, match="No tag given|are not all tags|is a text or a list of texts"):  # noqa: RUF043
        gateway.read(*tags)


def test_arrays_and_texts_are_read_as_they_are(gateway: Gateway) -> None:
    assert isinstance(gateway.read("Recipe_101.Charges[]")["value"].iloc[0], np.ndarray)
    assert isinstance(gateway.read("Pump001.Description")["value"].iloc[0], str)
    charges, text = gateway.read("Recipe_101.Charges[]", "Pump001.Description")["text"]
    assert charges.startswith("[")
    assert isinstance(text, str)


# ------------------------------------------------------------------ write


@pytest.mark.parametrize(
    ("tag", "value", "read_back"),
    [
        ("FIC101.SP", "41.5", 41.5),
        ("FIC101.SP", 42, 42.0),
        ("Recipe_101.Charges[]", [1, 2.5], [1.0, 2.5]),
    ],
)
def test_a_written_value_is_converted_to_the_attributes_type(
    gateway: Gateway, tag: str, value: object, read_back: object
) -> None:
    before = gateway.read(tag)["value"].iloc[0]
    outcome = gateway.write(tag, value)
    assert outcome.columns.tolist() == ["tag", "written", "outcome"]
    assert outcome["outcome"].tolist() == ["completed"]
    after = gateway.read(tag)["value"].iloc[0]
    assert (after.tolist() if isinstance(after, np.ndarray) else after) == read_back
    gateway.write(tag, before)


def test_a_value_of_another_type_is_refused_before_it_is_sent(gateway: Gateway) -> None:
    with pytest.raises(ConfigurationError, match="'abc' cannot be written as"):
        gateway.write("FIC101.SP", "abc")


def test_infinity_and_an_empty_array_are_written_where_they_are_asked_for(gateway: Gateway) -> None:
    asked: list[tuple[str, object, Allowed]] = [
        ("FIC101.SP", float("inf"), {"allow_nonfinite": True}),
        ("Recipe_101.Charges[]", [], {"allow_empty": True}),
    ]
    for tag, value, allowed in asked:
        before = gateway.read(tag)["value"].iloc[0]
        with pytest.raises(ConfigurationError, match=f"{next(iter(allowed))}=True"):
            gateway.write(tag, value)
        assert gateway.write(tag, value, **allowed)["outcome"].tolist() == ["completed"]
        gateway.write(tag, before)


@pytest.mark.parametrize(("tag", "detail"), [("Pump001.Reset", 1012), ("Tank001.InService", 1013)])
def test_a_secured_attribute_is_refused_with_what_it_takes(gateway: Gateway, tag: str, detail: int) -> None:
    with pytest.raises(WriteError, match=f"{detail}.*takes a user who signs"):
        gateway.write(tag, True)


def test_an_attribute_for_viewing_only_says_so(gateway: Gateway) -> None:
    with pytest.raises(WriteError, match="ViewOnly"):
        gateway.write("Tank001.Level", 1.0)


def test_writing_to_a_misspelt_tag_is_met_with_those_spelt_alike(gateway: Gateway) -> None:
    with pytest.raises(TagError, match=r"Did you mean FIC101\.SP"):
        gateway.write("FIC101.SPP", 1)


def test_what_was_read_goes_through_pandas_own_writers(gateway: Gateway, tmp_path: Path) -> None:
    read = gateway.read("Tank001.Level", "Pump001.Running", "FIC101.Mode")
    read.to_parquet(tmp_path / "read.parquet")
    read.to_excel(tmp_path / "read.xlsx")
    kept = pd.read_parquet(tmp_path / "read.parquet")
    assert kept["value"].iloc[0] == read["value"].iloc[0]
    assert kept["text"].tolist()[1:] == read["text"].tolist()[1:]
    assert kept["text"].iloc[2] == "Auto"
    assert "timestamp (UTC)" in pd.read_excel(tmp_path / "read.xlsx").columns
    watch = gateway.watch("Tank001.Level", "Pump001.Running", "FIC101.Mode")
    frame = watch.collect(1.0)
    frame.to_parquet(tmp_path / "long.parquet")
    back = pd.read_parquet(tmp_path / "long.parquet")
    pd.testing.assert_frame_equal(back, pd.DataFrame(frame), check_categorical=False)
    assert set(back["text"].dropna()) >= {"Auto"}
    assert back.attrs["units"] == frame.attrs["units"]
    for table, name in ((frame, "long"), (watch.wide(), "wide")):
        table.to_excel(tmp_path / f"{name}.xlsx")
        assert "timestamp (UTC)" in pd.read_excel(tmp_path / f"{name}.xlsx").columns
        table.to_excel(tmp_path / f"{name}.xlsx", sheet_name="own")
        assert "timestamp (UTC)" in pd.read_excel(tmp_path / f"{name}.xlsx", sheet_name="own").columns
    gateway.write("FIC101.SP", 40)
    happened = gateway.when("Tank001.Level > 0")
    others = (
        gateway.actions(),
        gateway.audit_trail(),
        gateway.audit(),
        gateway.alarms().episodes(),
        happened.frame(),
        gateway.sql("select * from samples limit 3"),
    )
    for table in others:
        table.to_excel(tmp_path / "other.xlsx")
        named = [name for name in pd.read_excel(tmp_path / "other.xlsx").columns if name.endswith("(UTC)")]
        assert len(named) == len(table.select_dtypes("datetimetz").columns) > 0
    assert "Auto" in set(frame.mxgw.time_in_state()["text"])
    saved = read_table(gateway.save(gateway.watch("Tank001.Level").collect(1.0), tmp_path / "long.csv"))
    assert set(saved["tag"]) == {"Tank001.Level"}
    assert str(saved["timestamp"].dtype) == "datetime64[ns, UTC]"
