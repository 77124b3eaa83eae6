"""The report, and logs in files."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from mxgw_notebook import analysis
from mxgw_notebook.analysis import alarm_episodes, alarm_report, read_alarm_log, save_alarm_log
from mxgw_notebook.errors import ConfigurationError
from tests.analysis.logs import at, log, raises

FETCHED = re.compile(r"""(?:src|href)\s*=|@import|url\(|<script""")
ROWS = [
    *raises(*range(0, 120, 10), alarm="Flood", clear_after=4),
    (5000, "Tank001.<b>Hi", "raise", {"severity": 900, "value": 81.5, "limit": 80}),
    (5060, "Tank001.<b>Hi", "acknowledge", {"operator": "jdoe", "comment": "seen"}),
    (None, "Tank001.<b>Hi", "clear", {"origin": "reconciled", "value": True}),
    (6000, "007", "raise", {"value": "open"}),
]


def test_a_report_has_every_measure_and_sets_it_beside_its_benchmark() -> None:
    report = alarm_report(log(*ROWS), end=at(7200))
    summary = report.summary.set_index("measure")
    assert summary.loc["alarms", "value"] == "14"
    assert summary.loc["floods", "value"] == "1"
    assert summary.loc["time in flood", "met"] is False
    assert summary.loc["chattering alarms", "met"] is False
    assert report.chattering["reference"].tolist() == ["Flood"]
    assert report.standing["reference"].tolist() == ["007"]
    assert repr(report) == "<AlarmReport 2026-05-04 06:00 to 2026-05-04 08:00 UTC>"


@pytest.mark.parametrize(
    ("field", "measure"),
    [
        ("rate", analysis.alarm_rate),
        ("daily_rate", analysis.daily_alarm_rate),
        ("floods", analysis.alarm_floods),
        ("contributors", analysis.top_contributors),
        ("chattering", analysis.chattering_alarms),
        ("fleeting", analysis.fleeting_alarms),
        ("priorities", analysis.priority_distribution),
        ("responses", analysis.times_to_acknowledge),
        ("without_action", analysis.acknowledged_without_action),
        ("pairs", analysis.correlated_pairs),
    ],
)
def test_a_report_holds_what_each_measure_gives_alone(
    field: str, measure: Callable[..., pd.DataFrame]
) -> None:
    span = {"start": at(5), "end": at(5100)}
    found = getattr(alarm_report(log(*ROWS), **span), field)
    pd.testing.assert_frame_equal(found, measure(alarm_episodes(log(*ROWS)), **span))


def test_the_page_escapes_what_the_plant_says_and_asks_nothing_of_other_machines(tmp_path: Path) -> None:
    page = (
        alarm_report(log(*ROWS), title="Line <1>").save(tmp_path / "review.html").read_text(encoding="utf-8")
    )
    assert "Tank001.&lt;b&gt;Hi" in page
    assert "<b>Hi" not in page
    assert "<title>Line &lt;1&gt;</title>" in page
    assert page.count("<svg") == 3
    assert not FETCHED.search(page)


def test_a_report_of_nothing_is_a_page_too() -> None:
    page = alarm_report(log()).to_html()
    assert "No alarm was raised." in page


def test_a_report_of_nothing_names_no_time_and_has_no_interval() -> None:
    report = alarm_report(log())
    assert (len(report.rate), len(report.daily_rate)) == (0, 0)
    assert "1970" not in f"{report!r}{report.to_html()}"
    assert "1970" not in repr(alarm_report(log(), end=at(0)))


def test_a_long_review_is_drawn_in_wider_bars() -> None:
    report = alarm_report(log(*raises(0, 40 * 86_400)))
    assert len(report.rate) > 5000
    assert report._repr_html_().count("<rect") < 900


def test_a_report_goes_into_html_only(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"no \.html"):
        alarm_report(log()).save(tmp_path / "review.pdf")


@pytest.mark.parametrize("name", ["log.parquet", "log.csv"])
def test_a_log_comes_back_from_its_file_as_it_was(tmp_path: Path, name: str) -> None:
    before = log(*ROWS)
    after = read_alarm_log(save_alarm_log(before, tmp_path / name))
    assert after["reference"].tolist() == before["reference"].tolist()
    assert str(after["time"].dtype) == "datetime64[ns, UTC]"
    assert after["value"].tolist()[-4:] == [81.5, None, True, "open"]
    pd.testing.assert_frame_equal(
        alarm_episodes(after)[["reference", "raised", "acknowledged", "cleared", "peak", "operator"]],
        alarm_episodes(before)[["reference", "raised", "acknowledged", "cleared", "peak", "operator"]],
    )


def test_files_that_cannot_be_are_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="neither"):
        save_alarm_log(log(), tmp_path / "log.txt")
    with pytest.raises(ConfigurationError, match="neither"):
        read_alarm_log(tmp_path / "log.xlsx")
    with pytest.raises(ConfigurationError, match="no file"):
        read_alarm_log(tmp_path / "none.csv")
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    with pytest.raises(ConfigurationError, match="no log of alarm transitions"):
        read_alarm_log(tmp_path / "other.csv")
