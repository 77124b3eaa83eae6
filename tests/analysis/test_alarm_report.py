"""The report: what it holds, and what it judges and does not."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from mxgw_notebook import analysis
from mxgw_notebook.analysis import alarm_episodes, alarm_report, read_alarm_log, save_alarm_log
from mxgw_notebook.errors import ConfigurationError
from tests.analysis.logs import ROWS, at, log, raises, reviewed, unconnected

FETCHED = re.compile(r"""(?:src|href)\s*=|@import|url\(|<script""")


def test_a_report_has_every_measure_and_sets_it_beside_its_benchmark() -> None:
    report = alarm_report(log(*ROWS), end=at(7200))
    summary = report.summary.set_index("measure")
    assert summary.loc["alarms", "value"] == "14"
    assert summary.loc["floods", "value"] == "1"
    assert summary.loc["time in flood", "met"] is False
    assert summary.loc["chattering alarms", "met"] is False
    assert report.chattering["reference"].tolist() == ["Flood"]
    assert report.standing["reference"].tolist() == ["007"]
    head, *figures = repr(report).splitlines()
    assert head == "<AlarmReport 2026-05-04 06:00 to 2026-05-04 08:00 UTC>"
    assert figures[0].split() == ["measure", "value", "benchmark"]
    assert len(figures) == 1 + len(report.summary)
    assert max(map(len, figures)) <= 80  # of a terminal


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


def verdict(report: analysis.AlarmReport, measure: str) -> tuple[str, Any]:
    row = report.summary.set_index("measure").loc[measure]
    return str(row["value"]), row["met"]


@pytest.mark.parametrize("word", ["UNACK_ALM", "ACTIVE", "Set", ""])
def test_words_of_another_system_are_refused_and_counted(word: str) -> None:
    with pytest.raises(ConfigurationError, match=rf"2 of 3 rows .*{word}"):
        alarm_report(log((0, "A", "raise"), (1, "A", word), (2, "A", word)))


def test_a_quiet_time_after_the_last_alarm_counts_where_the_log_tells_of_it() -> None:
    report = alarm_report(reviewed(log(*raises(*range(0, 55, 5))), 8 * 3600))
    assert verdict(report, "alarms per 10 minutes and operator") == ("0.23", None)
    assert verdict(report, "hours reviewed")[0] == "8.0"
    assert verdict(report, "time in flood")[0] == "2.2%"


def test_alarms_that_stood_before_the_review_are_none_of_it() -> None:
    rows = [(-4000 + k, f"A{k}", "raise", {"origin": "snapshot"}) for k in range(9)]
    report = alarm_report(reviewed(log(*rows), 45))
    assert verdict(report, "alarms")[0] == "0"
    assert report.window.length == pd.Timedelta(seconds=45)
    assert len(report.standing) == 9


def test_an_alarm_that_stands_to_the_end_of_the_log_grows_stale_until_then() -> None:
    rows = [(-30 * 3600, "A", "raise", {"origin": "snapshot"})]
    assert verdict(alarm_report(reviewed(log(*rows), 60)), "stale alarms")[0] == "1"


def test_stale_alarms_are_counted_by_the_day() -> None:
    day = 86_400
    rows = [row for k in range(60) for row in raises(k * day, alarm=f"A{k}", clear_after=25 * 3600)]
    report = alarm_report(log(*sorted(rows, key=lambda row: row[0])))
    assert verdict(report, "stale alarms") == ("1", True)
    assert len(report.stale) == 60


def test_every_priority_is_judged() -> None:
    rows = [(k, f"A{k}", "raise", {"severity": 900 if k < 80 else 100}) for k in range(100)]
    report = alarm_report(log(*rows))
    assert verdict(report, "low priority") == ("80%", None)
    assert verdict(report, "critical priority") == ("20%", False)


def test_what_is_not_known_is_not_judged() -> None:
    bare = log(*raises(*range(200)))[["reference", "time", "transition"]]
    report = alarm_report(bare)
    assert report.priorities["priority"].tolist()[-1] == "unknown"
    for name in ("critical", "high", "medium", "low"):
        assert verdict(report, f"{name} priority")[1] is None
    assert any("no severity" in note for note in report.notes)


@pytest.mark.parametrize(
    "frame",
    [
        log(),
        log(*((k * 400, f"A{k}", "raise", {"severity": 900}) for k in range(9))),
        reviewed(log(), 3600),
    ],
    ids=["empty", "an hour", "an empty hour"],
)
def test_a_log_that_cannot_bear_a_verdict_has_none(frame: pd.DataFrame) -> None:
    report = alarm_report(frame)
    assert report.summary["met"].isna().all()
    assert set(report.unjudged["measure"]) >= {"low priority", "time in flood", "chattering alarms"}
    assert all(report.unjudged["note"] != "")
    assert any("30 d" in note for note in report.notes)
    assert "not judged" in report.to_html()


def test_a_month_without_much_is_met_and_a_shown_figure_never_contradicts_its_verdict() -> None:
    day = 86_400
    rows = [(k * day // 5, f"A{k}", "raise", {"severity": 900}) for k in range(31 * 5)]
    summary = alarm_report(log(*rows)).summary.set_index("measure")
    assert summary.loc["low priority", "met"] is True
    assert summary.loc["alarms per 10 minutes and operator", "met"] is True
    counts = [(k * 600, f"A{k if k > 103 else k % 10}", "raise") for k in range(2000)]
    top = (
        alarm_report(log(*counts), least="1D")
        .summary.set_index("measure")
        .loc["share of the ten most frequent"]
    )
    assert (top["value"], top["met"]) == ("5.2%", False)


def test_the_most_in_ten_minutes_is_of_any_ten_minutes() -> None:
    asked = alarm_report(log()).summary.set_index("measure")["benchmark"]
    assert asked["most in 10 minutes"].endswith("of any")
    assert asked["10-minute intervals with more than 10"].endswith("by the clock")
    report = alarm_report(log(*raises(*range(594, 606))))
    assert verdict(report, "most in 10 minutes") == ("12", False)
    assert verdict(report, "floods")[0] == "1"


def test_a_log_with_its_newest_row_first_is_turned_round_and_that_is_said() -> None:
    rows = [*raises(0, 4000, clear_after=60), (9000, "B", "raise")]
    report = alarm_report(log(*rows[::-1]))
    assert alarm_report(log(*rows)).summary.equals(report.summary)
    assert any("turned round" in note for note in report.notes)


def test_times_that_are_numbers_are_refused() -> None:
    frame = log(*raises(0)).assign(time=[1_790_000_000])
    with pytest.raises(ConfigurationError, match="numbers"):
        alarm_report(frame)


@pytest.mark.parametrize("name", ["", "log.parquet", "log.csv"])
@pytest.mark.parametrize(
    ("rows", "gaps", "words"),
    [
        ([(5, "A", "raise"), (9, "A", "clear")], [(0, 600), (7200, 8616)], "Connected 93 % of 8 h 0 min; "),
        ([], [(0, 28_799)], "Connected 0 % of 8 h 0 min; alarms of the rest are unknown."),
        ([(5, "A", "raise")], [(0, 0.1)], "Connected 99.9 % of 8 h 0 min; "),
        ([(5, "A", "raise")], [], "Connected 100 % of 8 h 0 min."),
    ],
)
def test_a_report_says_how_much_of_its_time_was_connected(
    tmp_path: Path,
    name: str,
    rows: list[tuple[float, str, str]],
    gaps: list[tuple[float, float]],
    words: str,
) -> None:
    frame = unconnected(reviewed(log(*rows), 8 * 3600), *gaps)
    if name:
        frame = read_alarm_log(save_alarm_log(frame, tmp_path / name))
    report = alarm_report(frame)
    (note,) = [note for note in report.notes if note.startswith("Connected")]
    assert note.startswith(words)
    assert note in report.to_html()


DAY = 86_400
MONTH = [(k * DAY // 5, f"A{k}", "raise", {"severity": 900}) for k in range(31 * 5)]


@pytest.mark.parametrize("gap", [(0, 60), (3 * DAY, 3 * DAY + 0.5), (30 * DAY, 31 * DAY)])
def test_nothing_is_called_met_of_a_time_that_nobody_saw(gap: tuple[float, float]) -> None:
    whole = alarm_report(unconnected(reviewed(log(*MONTH), 31 * DAY)))
    assert (whole.summary["met"] == True).sum() > 8  # noqa: E712  # None is neither
    report = alarm_report(unconnected(reviewed(log(*MONTH), 31 * DAY), gap))
    assert not (report.summary["met"] == True).any()  # noqa: E712
    judged = report.summary[report.summary["benchmark"] != ""]
    share = "96.7" if gap[0] == 30 * DAY else "99.9"
    assert judged[~judged["note"].str.contains("nothing to judge")]["note"].str.contains(share).all()
    assert f"connected {share} % of the time" in set(judged["note"])
    assert report.not_connected["duration"].sum() == pd.Timedelta(seconds=gap[1] - gap[0])
    assert "alarms of these times are unknown" in report.to_html()


def test_what_is_missed_by_what_was_seen_is_missed_and_says_how_much_that_was() -> None:
    rows = [(k * 60, f"A{k % 10}", "raise") for k in range(31 * 1440)]
    report = alarm_report(unconnected(reviewed(log(*rows), 31 * DAY), (0, DAY)))
    for measure in ("alarms per 10 minutes and operator", "hours with more than 30"):
        assert verdict(report, measure)[1] is False
    assert "connected 96.7 % of the time" in set(report.summary["note"])


def test_a_rate_is_that_of_the_time_that_was_seen() -> None:
    rows = [(k * 600, f"A{k}", "raise") for k in range(6)]
    report = alarm_report(unconnected(reviewed(log(*rows), 2 * 3600), (3600, 7200)))
    assert verdict(report, "alarms per 10 minutes and operator") == ("1.00", None)
    nothing = alarm_report(unconnected(reviewed(log(), 3600), (0, 3600)))
    assert verdict(nothing, "alarms per 10 minutes and operator") == ("unknown", None)
    assert "No alarm was raised while somebody was connected." in nothing.to_html()


def test_no_interval_is_called_bearable_of_which_a_part_was_not_seen() -> None:
    rows = [(k * 600, f"A{k}", "raise") for k in range(6)] + [(1800 + k, f"B{k}", "raise") for k in range(20)]
    log_of = unconnected(
        reviewed(log(*sorted(rows, key=lambda row: row[0])), 3600), (1190, 1210), (1900, 1950)
    )
    report = alarm_report(log_of)
    bands = report.rate["band"].tolist()
    assert [isinstance(band, str) for band in bands] == [True, False, False, True, True, True]
    assert bands[3] == "very likely unacceptable"
    for frame in (report.hourly_rate, report.daily_rate, report.by_shift, report.load):
        assert frame["band"].isna().all()
    seen = 3600 - 70
    assert report.load["per_10_minutes"].sum() == pytest.approx(26 * 600 / seen)


def test_two_stretches_that_overlap_are_missing_once() -> None:
    frame = unconnected(reviewed(log((5, "A", "raise")), 100), (10, 50), (20, 30), (40, 60))
    assert "Connected 50 % of 1 min 40 s; alarms of the rest are unknown." in alarm_report(frame).notes


def test_a_time_that_the_log_does_not_cover_was_not_connected() -> None:
    frame = unconnected(reviewed(log((5, "A", "raise")), 3600))
    report = alarm_report(frame, start=at(0), end=at(2 * 3600))
    assert "Connected 50 % of 2 h 0 min; alarms of the rest are unknown." in report.notes


def test_a_log_that_does_not_say_is_not_called_connected() -> None:
    assert not any("onnected" in note for note in alarm_report(reviewed(log((5, "A", "raise")), 60)).notes)


def test_every_definition_names_its_edition_and_says_that_it_is_second_hand() -> None:
    measures = [getattr(analysis, name) for name in analysis.__all__]
    modules = {sys.modules[measure.__module__] for measure in measures if callable(measure)}
    quoting = [one for one in modules if re.search("ISA-18|EEMUA", inspect.getsource(one))]
    assert len(quoting) > 8
    for module in quoting:
        said = inspect.getdoc(module) or ""
        if module.__name__.endswith("alarm_report"):  # a report says it of itself
            said = alarm_report(log()).provenance.set_index("what")["value"]["benchmarks"]
        assert "second-hand" in said.lower(), module.__name__
        assert re.search(r"18\.2-2016,\s+clause|EEMUA\s+191\W+3rd edition", said), module.__name__


@pytest.mark.parametrize("ending", ["HTML", "Xlsx"])
def test_an_ending_may_be_written_large(tmp_path: Path, ending: str) -> None:
    pytest.importorskip("openpyxl")
    assert alarm_report(log()).save(tmp_path / f"review.{ending}").stat().st_size > 1_000


def test_a_report_goes_into_html_or_a_workbook_only(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"neither \.html nor"):
        alarm_report(log()).save(tmp_path / "review.pdf")


# ------------------------------------------------------------------ what was not understood


def quiet_rows(*more: Any) -> pd.DataFrame:
    """Forty days with an alarm every eight hours, and more rows."""
    hours = range(0, 40 * 24, 8)
    return log(*[row for hour in hours for row in ((hour * 3600, f"A{hour % 5}", "raise"),
               (hour * 3600 + 60, f"A{hour % 5}", "clear"))], *more)  # fmt: skip


@pytest.mark.parametrize(
    ("history", "span", "why"),
    [
        (quiet_rows(*[(20 * 86400 + k, "B", "7") for k in range(50)]), {}, "50 transitions of unknown kinds"),
        (quiet_rows(*[(None, f"B{k}", "raise") for k in range(50)]), {}, "50 raises of unknown times"),
        (quiet_rows(), {"start": "2025-01-01", "end": "2025-03-01"}, "the log has nothing of this time"),
    ],
)
def test_nothing_is_met_beside_what_was_not_understood(
    history: pd.DataFrame, span: dict[str, Any], why: str
) -> None:
    assert True in set(alarm_report(quiet_rows()).summary["met"])
    summary = alarm_report(history, **span).summary
    assert True not in set(summary["met"])
    assert summary["note"].str.contains(why, regex=False).any()


@pytest.mark.parametrize("reference", [None, "", " ", float("nan")])
def test_transitions_of_no_alarm_are_refused(reference: Any) -> None:
    history = quiet_rows().assign(reference=lambda frame: [reference, *frame["reference"][1:]])
    with pytest.raises(ConfigurationError, match="1 of 240 rows have transitions of no alarm"):
        alarm_report(history)


def test_a_severity_of_another_scale_is_no_low_priority() -> None:
    found = analysis.priority_of(pd.Series([999, 1000, 1e9, "1500"]))
    assert found.tolist() == ["low", "unknown", "unknown", "unknown"]
