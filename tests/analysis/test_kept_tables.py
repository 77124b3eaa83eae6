"""Tables that people keep: written by gateway.save, opened by other programs, read back equal."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook

from mxgw_notebook.analysis import portable, read_table, save_table
from mxgw_notebook.errors import ConfigurationError

ENDINGS = [".parquet", ".csv", ".csv.gz", ".xlsx"]


def samples() -> pd.DataFrame:
    """Samples of tags of several kinds, as a watch has them."""
    times = pd.date_range("2026-05-04 06:00:00.123", periods=6, freq="1s", tz="UTC", unit="ns")
    values = [1.5, True, "=1+1", 2**60 + 1, None, np.array([1.0, 2.0])]
    return pd.DataFrame(
        {
            "tag": pd.Series([f"Tank00{row}.Level" for row in range(6)], dtype="str"),
            "timestamp": times,
            "value": pd.Series(values, dtype=object),
            "quality": pd.Series(["good"] * 6, dtype="str"),
            "quality_code": np.array([192] * 6, np.int64),
        }
    )


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_was_saved_reads_back_equal(tmp_path: Path, ending: str) -> None:
    saved = save_table(samples(), tmp_path / f"table{ending}")
    wanted = portable(samples())
    found = read_table(saved)
    texts = wanted["text"].fillna("") if ending != ".parquet" else wanted["text"]
    pd.testing.assert_frame_equal(found, wanted.assign(text=texts))
    assert found["text"].tolist()[3] == "1152921504606846977"
    assert found["value"].tolist()[:2] == [1.5, 1.0]


@pytest.mark.parametrize("ending", ENDINGS)
def test_other_kinds_of_columns_read_back_equal_as_well(tmp_path: Path, ending: str) -> None:
    table = pd.DataFrame(
        {
            "lasted": pd.to_timedelta([1.5, 60.0], unit="s").as_unit("ns"),
            "met": [True, False],
            "large": np.array([2**60 + 1, -1], np.int64),
            "comment": pd.Series(["'=quoted", '-5 °C, "so"'], dtype="str"),
            "exact": [0.1 + 0.2, np.nan],
        }
    )
    pd.testing.assert_frame_equal(read_table(save_table(table, tmp_path / f"table{ending}")), table)


def test_units_stand_in_a_row_below_the_names_and_times_say_their_zone(tmp_path: Path) -> None:
    index = pd.date_range("2026-05-04 06:00", periods=2, freq="1s", tz="UTC", unit="ns", name="timestamp")
    wide = pd.DataFrame({"Tank001.Level": [1.0, 2.0], "Pump001.Running": [True, False]}, index=index)
    wide.attrs["units"] = {"Tank001.Level": "m"}
    names, units, first = save_table(wide, tmp_path / "wide.csv").read_text("utf-8-sig").splitlines()[:3]
    assert names == "timestamp,Tank001.Level,Pump001.Running"
    assert units == "(UTC),m,(yes/no)"
    assert first == "2026-05-04 06:00:00,1.0,True"
    assert read_table(tmp_path / "wide.csv").attrs["units"] == {"Tank001.Level": "m"}


def test_no_text_is_a_formula(tmp_path: Path) -> None:
    line = save_table(samples(), tmp_path / "t.csv").read_text("utf-8-sig").splitlines()[4]
    assert ",'=1+1," in line
    book = load_workbook(save_table(samples(), tmp_path / "t.xlsx"))
    cells = [cell for row in book["values"].iter_rows() for cell in row]
    assert not any(cell.data_type == "f" for cell in cells)


def test_a_workbook_has_a_sheet_a_group(tmp_path: Path) -> None:
    frame = samples()
    frame.attrs["gaps"] = []
    book = load_workbook(frame.mxgw.save(tmp_path / "t.xlsx", by="tag"))
    assert book.sheetnames == frame["tag"].tolist()
    assert len(read_table(tmp_path / "t.xlsx")) == len(frame)


@pytest.mark.parametrize(
    ("name", "by", "reason"),
    [
        ("t.docx", None, "ends in none of"),
        ("t.csv", "tag", "Only a workbook"),
        ("t.xlsx", "x", "no column x"),
    ],
)
def test_what_cannot_be_saved_is_one_line(tmp_path: Path, name: str, by: str | None, reason: str) -> None:
    with pytest.raises(ConfigurationError, match=reason):
        save_table(samples(), tmp_path / name, by=by)
