"""Logs of other systems in files: their encodings, dates and zones, and what is refused in one line."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from mxgw_notebook.analysis import alarm_report, read_alarm_log, save_alarm_log
from mxgw_notebook.errors import ConfigurationError
from tests.analysis.foreign_logs import EVENTS, JOURNAL, view
from tests.analysis.logs import at

GERMAN = "\n".join(
    (
        "Zeit;Objekt;Ereignis;Wert",
        "04.05.2026 08:00:00,500;Tank Süd;kommt;81,5",
        "04.05.2026 08:01:00;Tank Süd;geht;79",
        "",
    )
)
NAMED = {"time": "Zeit", "reference": "Objekt", "transition": "Ereignis", "value": "Wert"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("name", ["log.CSV", "log.csv.gz", "log.txt"])
def test_files_are_read_as_excel_writes_them(tmp_path: Path, encoding: str, name: str) -> None:
    raw = GERMAN.encode(encoding)
    (tmp_path / name).write_bytes(gzip.compress(raw) if name.endswith(".gz") else raw)
    found = read_alarm_log(tmp_path / name, columns=NAMED, tz="Europe/Berlin")
    assert found["time"].tolist() == [at(0.5), at(60)]
    assert found["reference"].tolist() == ["Tank Süd", "Tank Süd"]
    assert found["value"].tolist() == [81.5, 79]
    assert found["transition"].astype("str").tolist() == ["raise", "clear"]


def test_excels_own_first_line_and_workbooks_are_read(tmp_path: Path) -> None:
    pytest.importorskip("openpyxl")
    (tmp_path / "log.csv").write_text(f"sep=;\n{GERMAN}", encoding="utf-8")
    from_text = read_alarm_log(tmp_path / "log.csv", columns=NAMED)
    view("UNACK_ALM", "UNACK_RTN").to_excel(tmp_path / "log.xlsx", index=False)
    assert len(from_text) == 2
    assert len(read_alarm_log(tmp_path / "log.xlsx")) == 2
    (tmp_path / "broken.xlsx").write_bytes(b"no workbook")
    with pytest.raises(ConfigurationError, match=r"broken\.xlsx is not a workbook"):
        read_alarm_log(tmp_path / "broken.xlsx")


def test_a_workbooks_sheet_is_named_and_where_it_is_not_its_sheets_are(tmp_path: Path) -> None:
    pytest.importorskip("openpyxl")
    path = tmp_path / "log.xlsx"
    with pd.ExcelWriter(path) as book:
        pd.DataFrame({"Alarm export": ["of May"]}).to_excel(book, sheet_name="Cover", index=False)
        view("UNACK_ALM", "UNACK_RTN").to_excel(book, sheet_name="Log", index=False)
    assert len(read_alarm_log(path, table="Log")) == 2
    wrong: list[dict[str, Any]] = [{}, {"table": "Nope"}, {"layout": "a2almdb"}]
    for settings in wrong:
        with pytest.raises(ConfigurationError, match="Cover, Log"):
            read_alarm_log(path, **settings)
    (tmp_path / "log.csv").write_text(GERMAN)
    for source in (tmp_path / "log.csv", view("UNACK_ALM")):
        with pytest.raises(ConfigurationError, match=r"no .*'Log'.*table="):
            read_alarm_log(source, table="Log")


def test_a_frame_with_our_columns_may_have_others_words_and_times() -> None:
    frame = pd.DataFrame({"reference": "A", "time": ["04.05.2026 08:00", "04.05.2026 08:01"]})
    frame = frame.assign(transition=["kommt", "geht"], severity=["inf", "1e12"])
    found = read_alarm_log(frame, tz="Europe/Berlin")
    assert found["time"].tolist() == [at(0), at(60)]
    assert found["transition"].astype("str").tolist() == ["raise", "clear"]
    assert found["severity"].tolist() == [0, 0]
    # Without a zone it is read all the same, and says so.
    assert any("no zone" in note for note in read_alarm_log(frame).attrs["notes"])


@pytest.mark.parametrize(
    ("texts", "seconds"),
    [
        (["2026-05-04T06:00:00Z", "2026-05-04T08:00:01+02:00"], [0, 1]),
        (["2026-05-04 06:00:00.1230000", "2026-05-04 06:00:01,5"], [0.123, 1.5]),
        (["5/4/2026 6:00:00 AM", "5/4/2026 6:00:01 PM"], [0, 43201]),
        (["4/5/2026 06:00:00", "13/5/2026 06:00:00"], [0, 9 * 86_400]),
        (["04.05.2026 06:00", "04.05.2026, 06:01"], [0, 60]),
        (["5/4/2026 06:00", "5/4/2026 06:01", "6/4/2026 06:00"], None),
        (["1/5/2026 06:00", "2/5/2026 06:00", "1/6/2026 06:00"], [-3 * 86_400, -2 * 86_400, 28 * 86_400]),
    ],
)
def test_dates_are_read_as_they_are_written_in_other_places(
    texts: list[str], seconds: list[float] | None
) -> None:
    frame = pd.DataFrame({"time": texts, "reference": "A", "transition": "raise"})
    if seconds is None:
        with pytest.raises(ConfigurationError, match=r"row 0: the date may begin with its day"):
            read_alarm_log(frame, layout="plain")
        with pytest.raises(ConfigurationError, match="one of day first, month first"):
            read_alarm_log(frame, layout="plain", dates="us")  # type: ignore[arg-type]
        assert read_alarm_log(frame, layout="plain", dates="day first")["time"].iloc[0] == pd.Timestamp(
            "2026-04-05T06:00Z"
        )
        return
    assert read_alarm_log(frame, layout="plain")["time"].tolist() == [at(second) for second in seconds]


def test_the_hour_that_comes_twice_is_told_by_the_order_of_the_rows() -> None:
    texts = ["2026-10-25 01:59:00", "2026-10-25 02:30:00", "2026-10-25 02:10:00", "2026-10-25 03:00:00"]
    frame = pd.DataFrame({"time": texts, "reference": "A", "transition": "raise"})
    expected = [f"2026-10-{day}:00Z" for day in ("24T23:59", "25T00:30", "25T01:10", "25T02:00")]
    found = read_alarm_log(frame, layout="plain", tz="Europe/Berlin")
    assert found["time"].tolist() == [pd.Timestamp(text) for text in expected]
    newest_first = read_alarm_log(frame[::-1], layout="plain", tz="Europe/Berlin")
    assert newest_first["time"].tolist() == found["time"].tolist()
    one = read_alarm_log(frame.iloc[[1]], layout="plain", tz="Europe/Berlin")
    assert any("came twice" in note for note in one.attrs["notes"])


def test_times_without_a_zone_are_said_to_be_taken_for_utc() -> None:
    found = read_alarm_log(JOURNAL)
    assert any("no zone" in note for note in found.attrs["notes"])
    assert any("no zone" in note for note in alarm_report(found).notes)
    assert not any("no zone" in note for note in read_alarm_log(view("UNACK_ALM")).attrs["notes"])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "time,reference,transition\n2026-05-04 06:00,A,raise\nyesterday,A,clear\n",
            r"bad\.csv, row 3: 'yesterday'",
        ),
        ("time,reference,transition\n2026-02-30 06:00,A,raise\n", r"bad\.csv, row 2: .*calendar"),
        ("time,reference,transition\n45000.25,A,raise\n", r"bad\.csv, row 2: .*in which unit"),
        ("time,reference,transition\n2026-05-04 06:00,A\n", r"bad\.csv, row 2 has 2 cells, and the header 3"),
        (
            "time,reference,transition\n2026-05-04,A,raise,x\n",
            r"bad\.csv, row 2 has 4 cells, and the header 3",
        ),
        (
            "time,reference,transition\n2026-05-04 06:00,A,Hochalarm\n",
            r"'Hochalarm' \(1 rows\).*bad\.csv, row 2",
        ),
        ("when,what\n1,2\n", r"bad\.csv is not a log of alarm transitions.*when, what"),
        ("", r"bad\.csv is empty"),
    ],
)
def test_what_cannot_be_read_is_one_line_with_file_row_and_what_is_expected(
    text: str, words: str, tmp_path: Path
) -> None:
    (tmp_path / "bad.csv").write_text(text)
    with pytest.raises(ConfigurationError, match=words) as refused:
        read_alarm_log(tmp_path / "bad.csv")
    assert "\n" not in str(refused.value)


def test_a_foreign_log_is_saved_and_read_like_one_of_ours(tmp_path: Path) -> None:
    found = read_alarm_log(EVENTS)
    again = read_alarm_log(save_alarm_log(found, tmp_path / "log.csv"))
    pd.testing.assert_frame_equal(again, found)
