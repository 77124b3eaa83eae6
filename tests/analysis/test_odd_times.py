"""Times that only look like one, in logs and frames: unknown, never an age of centuries."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mxgw_notebook.analysis import alarm_report, read_alarm_log
from mxgw_notebook.analysis.quality import QualityAccessor
from mxgw_notebook.errors import ConfigurationError
from tests.analysis.quality_frames import without_gaps

NEVERS = (
    "0001-01-01T00:00:00Z",
    "1601-01-01",
    "1899-12-30",
    "2262-04-11T23:47:16.854775807Z",
    "9999-12-31T23:59:59Z",
)
HONEST = ("2026-05-01T06:00:00Z", "2026-05-01T06:00:30Z", "2026-05-01T06:05:00Z")


def written(path: Path, raised: str) -> Path:
    rows = [
        ("A", HONEST[0], "raise", HONEST[0]),
        ("B", raised, "raise", raised),
        ("A", HONEST[1], "acknowledge", HONEST[0]),
        ("A", HONEST[2], "clear", raised),
    ]
    log = pd.DataFrame(rows, columns=["reference", "time", "transition", "raised"])
    log.to_csv(path, index=False)
    return path


@pytest.mark.parametrize("never", NEVERS)
def test_a_never_in_a_log_leaves_the_report_its_honest_hours(tmp_path: Path, never: str) -> None:
    log = read_alarm_log(written(tmp_path / "log.csv", never))
    assert log["time"].isna().tolist() == [False, True, False, False]
    assert log["raised"].isna().tolist() == [False, True, False, True]
    report = alarm_report(log)
    assert report.window.length == pd.Timedelta(minutes=5)
    assert not (report.standing["age"] < pd.Timedelta(0)).any()
    assert len(report.stale) == 0
    assert "2026-05-01" in report.to_html()


@pytest.mark.parametrize("never", NEVERS)
def test_a_frame_of_coarser_times_is_judged_like_a_file(never: str) -> None:
    days = (never[:10], "2026-05-01", "2026-05-02")
    times = pd.DatetimeIndex(np.array(days, "datetime64[s]"))
    log = pd.DataFrame({"reference": "A", "time": times, "transition": "raise"})
    assert alarm_report(log).window.length == pd.Timedelta(days=1)


def test_a_log_of_a_plant_whose_clock_is_ahead_keeps_its_times(tmp_path: Path) -> None:
    times = pd.date_range("2126-01-01", periods=100, freq="12h", tz="UTC")
    log = pd.DataFrame({"reference": "A", "time": times, "transition": "raise"})
    log.to_csv(tmp_path / "log.csv", index=False)
    assert read_alarm_log(tmp_path / "log.csv")["time"].tolist() == times.tolist()


@pytest.mark.parametrize("never", NEVERS)
def test_a_never_leaves_the_quality_of_the_rest_known(never: str) -> None:
    frame = pd.DataFrame(
        {"tag": "A", "timestamp": [*HONEST, never], "value": 1.0, "quality": ["good", "bad", "good", "good"]}
    )
    quality = QualityAccessor(without_gaps(frame))
    assert quality.percent_good()["A"] == pytest.approx(10.0)
    assert quality.align("1min").index[-1] == pd.Timestamp(HONEST[2])


def test_means_of_a_grid_too_fine_are_refused_before_they_are_made() -> None:
    frame = pd.DataFrame(
        {"tag": "A", "timestamp": ["2026-05-01", "2026-05-02"], "value": 1.0, "quality": "good"}
    )
    with pytest.raises(ConfigurationError, match=r"8,640,000,000 times"):
        QualityAccessor(without_gaps(frame)).resample("10us")


@pytest.mark.parametrize("never", NEVERS)
def test_a_log_without_a_known_time_meets_no_benchmark(tmp_path: Path, never: str) -> None:
    log = pd.DataFrame([("A", never, "raise")], columns=["reference", "time", "transition"])
    log.to_csv(tmp_path / "log.csv", index=False)
    report = alarm_report(read_alarm_log(tmp_path / "log.csv"))
    assert report.summary["met"].isna().all()
    assert "✓" not in report.to_html()
