"""Logs of ours on their way into a file and back."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from mxgw_notebook.analysis import alarm_episodes, alarm_report, read_alarm_log, save_alarm_log
from mxgw_notebook.errors import ConfigurationError
from tests.analysis.logs import ROWS, at, log, reviewed, unconnected, whole_values


@pytest.mark.parametrize("name", ["log.parquet", "log.csv"])
@pytest.mark.parametrize("seconds", [None, 7200])
def test_a_saved_log_keeps_what_it_covers_and_every_value(
    tmp_path: Path, name: str, seconds: float | None
) -> None:
    values = [2**60 + 1, "007", "True", True, 7, 7.0, "nan", "", '"', "[1", '{"time"', "1_0", 1e300, None]
    frame = log(*((k, "A", "raise", {"value": value, "limit": value}) for k, value in enumerate(values)))
    if seconds is not None:
        frame = reviewed(frame, seconds)
    after = read_alarm_log(save_alarm_log(frame, tmp_path / name))
    for column in ("value", "limit"):
        # Beside values of other kinds an integer that a float64 holds is one.
        assert [repr(value) for value in whole_values(after, column)] == [
            repr(7.0 if one == 7 else one) for one in values
        ]
    assert after.attrs.get("reviewed") == frame.attrs.get("reviewed")


def test_no_text_of_a_saved_log_is_a_formula_and_each_comes_back(tmp_path: Path) -> None:
    told = {"comment": "=1+1", "operator": "@SUM(A1)", "value": "-2+3", "limit": -5.5}
    file = save_alarm_log(log((0, "=A", "raise", told)), tmp_path / "log.csv")
    cells = pd.read_csv(file, dtype="str").loc[0]
    assert [cells[name] for name in told] == ["'=1+1", "'@SUM(A1)", "'-2+3", "-5.5"]
    after = read_alarm_log(file)
    assert after["reference"].str.contains("'").sum() == 0
    assert [after[name][0] for name in ("comment", "operator")] == ["=1+1", "@SUM(A1)"]
    assert (whole_values(after), whole_values(after, "limit")) == (["-2+3"], [-5.5])


@pytest.mark.parametrize("name", ["log.parquet", "log.csv"])
def test_a_saved_log_of_a_quiet_time_is_quiet_for_that_time(tmp_path: Path, name: str) -> None:
    after = read_alarm_log(save_alarm_log(reviewed(log(), 3600), tmp_path / name))
    assert len(after) == 0
    assert alarm_report(after).window.length == pd.Timedelta(hours=1)


def test_a_saved_log_that_is_read_beyond_what_it_covers_was_not_connected_there(tmp_path: Path) -> None:
    file = save_alarm_log(unconnected(reviewed(log((5, "A", "raise")), 3600)), tmp_path / "log.csv")
    report = alarm_report(read_alarm_log(file, start=at(0), end=at(2 * 3600)))
    assert "Connected 50 % of 2 h 0 min; alarms of the rest are unknown." in report.notes


def test_a_saved_stretch_that_is_none_is_told(tmp_path: Path) -> None:
    file = save_alarm_log(unconnected(reviewed(log((5, "A", "raise")), 60)), tmp_path / "log.csv")
    file.write_text(file.read_text("utf-8").replace("[]", "[7]"), "utf-8")
    with pytest.raises(ConfigurationError, match="not a list of stretches"):
        read_alarm_log(file)


@pytest.mark.parametrize("name", ["log.parquet", "log.csv"])
def test_a_log_comes_back_from_its_file_as_it_was(tmp_path: Path, name: str) -> None:
    before = log(*ROWS)
    after = read_alarm_log(save_alarm_log(before, tmp_path / name))
    assert after["reference"].tolist() == before["reference"].tolist()
    assert str(after["time"].dtype) == "datetime64[ns, UTC]"
    assert whole_values(after)[-4:] == [81.5, None, True, "open"]
    pd.testing.assert_frame_equal(
        alarm_episodes(after)[["reference", "raised", "acknowledged", "cleared", "peak", "operator"]],
        alarm_episodes(before)[["reference", "raised", "acknowledged", "cleared", "peak", "operator"]],
    )


def test_files_that_cannot_be_are_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="neither"):
        save_alarm_log(log(), tmp_path / "log.txt")
    with pytest.raises(ConfigurationError, match="is none of"):
        read_alarm_log(tmp_path / "log.pdf")
    with pytest.raises(ConfigurationError, match="no file"):
        read_alarm_log(tmp_path / "none.csv")
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    with pytest.raises(ConfigurationError, match="not a log of alarm transitions"):
        read_alarm_log(tmp_path / "other.csv")
