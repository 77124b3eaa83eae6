"""Logs in which days and times of the day stand in columns of their own, as German systems have them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from mxgw_notebook.analysis import alarm_report, read_alarm_log
from mxgw_notebook.errors import ConfigurationError
from tests.analysis.logs import at

HEADER = ["Datum", "Uhrzeit", "Nummer", "Status", "Meldetext"]


def meldungen(*clocks: tuple[Any, ...], header: list[str] = HEADER) -> pd.DataFrame:
    """Two rows of a German log, of which the days and times of the day are given."""
    words = [("4711", "gekommen", "Tank Süd voll"), ("4711", "gegangen", "Tank Süd voll")]
    return pd.DataFrame([(*clock, *rest) for clock, rest in zip(clocks, words, strict=True)], columns=header)


@pytest.mark.parametrize(
    ("first", "second", "seconds"),
    [
        (("04.05.2026", "06:00:00"), ("04.05.2026", "06:01:00"), (0, 60)),
        (("04.05.2026", "06:00:00,123"), ("04.05.2026", "6:00:01,5"), (0.123, 1.5)),
        (("04.05.2026", "06:00:00.123"), ("04.05.2026", "06:00:00:250"), (0.123, 0.25)),
        (("4.5.26", "06:00:00"), ("4.5.26", "06:00:01"), (0, 1)),
        (("04.05.2026", "06:00"), ("04.05.2026", "06:01"), (0, 60)),
        (("04.05.2026", "06:00:00 AM"), ("04.05.2026", "06:00:00 PM"), (0, 12 * 3600)),
        (("05/13/2026", "6:00:00 AM"), ("05/13/2026", "6:00:01 AM"), (9 * 86_400, 9 * 86_400 + 1)),
        (("2026-05-04", "06:00:00"), ("2026-05-04", "06:00:01"), (0, 1)),
        (("04.05.2026 00:00:00", "06:00:00"), ("04.05.2026 00:00", "06:00:01"), (0, 1)),
        (("06:00:00", "04.05.2026"), ("06:00:01", "04.05.2026"), (0, 1)),
        (("04.05.2026", "04.05.2026 06:00:00"), ("04.05.2026", "04.05.2026 06:00:01"), (0, 1)),
        (("04.05.2026", "06:00:00 Uhr"), ("04.05.2026", "06:00:01 Uhr"), (0, 1)),
        ((datetime(2026, 5, 4), time(6)), (datetime(2026, 5, 4), time(6, 0, 0, 500_000)), (0, 0.5)),
        ((date(2026, 5, 4), datetime(1899, 12, 30, 6)), (date(2026, 5, 4), timedelta(hours=7)), (0, 3600)),
    ],
)
@pytest.mark.parametrize(
    "columns", [None, {"timestamp": ["Datum", "Uhrzeit"]}, {"time": ("Datum", "Uhrzeit")}]
)
def test_days_and_times_of_the_day_are_one_time(
    first: Any, second: Any, seconds: tuple[float, float], columns: Any
) -> None:
    found = read_alarm_log(meldungen(first, second), columns=columns)
    assert found["time"].tolist() == [at(second) for second in seconds]
    assert found["transition"].astype("str").tolist() == ["raise", "clear"]
    assert found["reference"].unique().tolist() == ["4711"]


def test_what_was_taken_for_what_is_said() -> None:
    found = read_alarm_log(meldungen(("04.05.2026", "06:00:00"), ("04.05.2026", "06:01:00")))
    (said,) = [note for note in alarm_report(found).notes if "taken for time" in note]
    assert "Datum + Uhrzeit is taken for time; Status is taken for transition" in said.replace(
        "Nummer is", ""
    )
    assert found["description"].tolist() == ["Tank Süd voll"] * 2


@pytest.mark.parametrize("ending", ["csv", "csv.gz", "xlsx"])
def test_files_of_two_columns_are_read_with_their_zone(ending: str, tmp_path: Path) -> None:
    pytest.importorskip("openpyxl")
    frame = meldungen(("04.05.2026", "08:00:00,250"), ("04.05.2026", "08:01:00,000"))
    path = tmp_path / f"meldungen.{ending}"
    if ending == "xlsx":
        frame.to_excel(path, index=False)
    else:
        frame.to_csv(path, sep=";", index=False, encoding="cp1252")
    found = read_alarm_log(path, tz="Europe/Berlin")
    assert found["time"].tolist() == [at(0.25), at(60)]


def test_milliseconds_may_be_a_third_column() -> None:
    header = ["Datum", "Uhrzeit", "ms", "Nummer", "Ereignis", "Meldetext"]
    rows = meldungen(("04.05.2026", "06:00:00", "7"), ("04.05.2026", "06:00:00", "70"), header=header)
    assert read_alarm_log(rows)["time"].tolist() == [at(0.007), at(0.07)]


@pytest.mark.parametrize(
    ("first", "columns", "words"),
    [
        (("04.05.2026", ""), None, r"row 0: '04\.05\.2026 without a time of the day'"),
        (("", "06:00:00"), None, r"row 0: '06:00:00' .* not a time: its day is missing"),
        (("04.05.2026", "6 Uhr"), None, r"row 0: .*6 Uhr"),
        (("04.05.2026", "26:00:00"), None, r"row 0: '04\.05\.2026 26:00:00' is not a date"),
        (("04.05.2026", "06:00:00"), {"time": "Datum"}, r"row 0: .* no time of the day.*\"Uhrzeit\""),
        (("04.05.2026", "06:00:00"), {"time": "Uhrzeit"}, r"its day is missing.*\"Datum\""),
        (("04.05.2026", "06:00:00"), {"time": ["Datum", "Zeit"]}, r"no column 'Datum \+ Zeit' for time"),
    ],
)
def test_what_is_no_time_of_two_columns_is_one_line(first: tuple[str, str], columns: Any, words: str) -> None:
    frame = meldungen(first, ("04.05.2026", "06:01:00"))
    with pytest.raises(ConfigurationError, match=words) as refused:
        read_alarm_log(frame, columns=columns)
    assert "\n" not in str(refused.value)


def test_days_alone_are_no_times() -> None:
    frame = meldungen(("04.05.2026", ""), ("05.05.2026", "")).drop(columns="Uhrzeit")
    with pytest.raises(ConfigurationError, match=r"in the column Datum has no time of the day"):
        read_alarm_log(frame)
