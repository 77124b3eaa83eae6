"""What is not in a log is not quiet: nothing is met, and nothing is missed, by what nobody recorded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from mxgw_notebook import analysis
from mxgw_notebook.analysis import alarm_episodes, alarm_report, read_alarm_log, save_alarm_log
from mxgw_notebook.errors import ConfigurationError
from tests.analysis.logs import at, log, raises, reviewed, unconnected

HOUR, DAY = 3600, 86_400
YEAR = {"start": at(-180 * DAY), "end": at(185 * DAY)}
QUIET = [row for k in range(40 * 12) for row in raises(k * 2 * HOUR, alarm=f"A{k % 50}", clear_after=90)]
AN_HOUR = [row for k in range(6) for row in raises(k * 600, alarm=f"A{k}", clear_after=90)]


def only(kind: str, rows: list[Any]) -> pd.DataFrame:
    """The log of which an export kept one kind of rows."""
    whole = log(*rows, severity=900)
    return whole[whole["transition"] == kind].reset_index(drop=True)


def answered(rows: list[Any]) -> list[Any]:
    """The rows with an acknowledgement half a minute after each raise."""
    more = [(second + 30, alarm, "acknowledge") for second, alarm, kind in rows if kind == "raise"]
    return sorted([*rows, *more], key=lambda row: row[0])


def verdicts(report: analysis.AlarmReport) -> dict[Any, Any]:
    asked = report.summary[report.summary["benchmark"] != ""]
    return dict(zip(asked["measure"], asked["met"], strict=True))


def test_a_whole_log_is_met_so_that_what_follows_says_something() -> None:
    assert list(verdicts(alarm_report(log(*QUIET, severity=900))).values()).count(True) > 6


@pytest.mark.parametrize("kind", ["clear", "acknowledge"])
@pytest.mark.parametrize("span", [{}, {"start": at(0), "end": at(40 * DAY)}])
def test_a_log_without_raises_is_not_judged_and_says_why(kind: str, span: dict[str, Any]) -> None:
    report = alarm_report(only(kind, answered(QUIET)), **span)
    assert set(verdicts(report).values()) == {None}
    assert report.unjudged["note"].str.contains("no raise of an alarm").any()


def test_a_log_that_lost_many_of_its_raises_is_met_in_nothing() -> None:
    whole = log(*QUIET, severity=900)
    lost = whole[(whole["transition"] != "raise") | (whole.index % 6 != 0)]
    report = alarm_report(lost.reset_index(drop=True))
    assert True not in verdicts(report).values()
    assert report.unjudged["note"].str.contains("480 occurrences have no raise in the log").any()


def test_alarms_that_stood_when_the_log_began_do_not_spoil_it() -> None:
    stood = [(5 + k, f"S{k}", "clear") for k in range(20)]
    assert True in verdicts(alarm_report(log(*stood, *QUIET, severity=900))).values()


def test_a_log_without_clears_says_nothing_of_what_stands_and_what_is_fleeting() -> None:
    report = alarm_report(only("raise", answered(QUIET)))
    found = verdicts(report)
    for measure in ("stale alarms", "fleeting alarms"):
        assert found[measure] is None
        assert "no clear" in str(report.summary.set_index("measure").loc[measure, "note"])
    assert found["alarms per 10 minutes and operator"] is True
    assert any("ever cleared" in note for note in report.notes)
    assert any("ever acknowledged" in note for note in report.notes)


def test_what_was_done_is_not_missed_where_nobody_told_what_was_done() -> None:
    rows = answered([row for k in range(40) for row in raises(k * DAY, alarm=f"A{k}", clear_after=HOUR)])
    report = alarm_report(log(*rows))
    assert len(report.without_action) == 40
    assert verdicts(report)["acknowledged without action"] is None
    actions = pd.DataFrame({"time": [at(-1)], "tag": ["B.X"]})
    assert verdicts(alarm_report(log(*rows), actions=actions))["acknowledged without action"] is False


@pytest.mark.parametrize(
    "frame",
    [
        log(*AN_HOUR),
        reviewed(log(*AN_HOUR), HOUR),
        unconnected(reviewed(log(*AN_HOUR), HOUR)),
        log(*AN_HOUR[:1]),
        log(),
        log((0, "A", "shelved"), (HOUR, "A", "unshelved")),
    ],
    ids=["rows", "said", "recorded", "one", "none", "shelved"],
)
def test_an_hour_is_no_year(frame: pd.DataFrame) -> None:
    report = alarm_report(frame, **YEAR)
    assert set(verdicts(report).values()) <= {None, False}
    assert True not in verdicts(report).values()
    assert all(report.unjudged["note"] != "")
    assert report.rate["band"].isna().sum() > len(report.rate) - 8
    assert report.daily_rate["band"].isna().all()
    assert report.not_connected["duration"].min() > pd.Timedelta(days=179)
    if len(frame) > 2:
        row = report.summary.set_index("measure").loc["alarms per 10 minutes and operator"]
        assert row["value"].startswith(("1.0", "0.9", "1.17"))
        assert report.load["per_hour"].tolist() == [pytest.approx(6, rel=0.2)]


def test_what_stood_at_the_end_of_an_hour_did_not_stand_for_a_year() -> None:
    standing = [(k, f"S{k}", "raise") for k in range(9)]
    report = alarm_report(log(*standing, *AN_HOUR, (HOUR, "S0", "shelved")), **YEAR)
    assert verdicts(report)["stale alarms"] is None
    assert report.standing["age"].max() <= pd.Timedelta(hours=1)
    assert report.out_of_service["duration"].max() <= pd.Timedelta(hours=1)


@pytest.mark.parametrize("name", ["", "log.csv", "log.parquet"])
def test_a_year_that_was_asked_of_an_hours_file_is_not_one_it_covers(name: str, tmp_path: Path) -> None:
    theirs = pd.DataFrame(
        [(f"{at(second):%Y-%m-%d %H:%M:%S}", alarm, kind) for second, alarm, kind in AN_HOUR],
        columns=["time", "reference", "transition"],
    )
    found = read_alarm_log(theirs, layout="plain", **YEAR)
    if name:
        found = read_alarm_log(save_alarm_log(found, tmp_path / name))
    else:
        assert any("do not bear out" in note for note in found.attrs["notes"])
    report = alarm_report(found)
    assert report.window.length == pd.Timedelta(days=365)
    assert True not in verdicts(report).values()


def test_a_month_with_a_hole_of_weeks_is_not_met() -> None:
    early = [row for row in QUIET if row[0] < 5 * DAY or row[0] > 35 * DAY]
    report = alarm_report(log(*early, severity=900))
    assert True not in verdicts(report).values()
    assert report.unjudged["note"].str.contains("no alarm for 30 d").any()
    told = alarm_report(unconnected(reviewed(log(*early, severity=900), 40 * DAY)))
    assert True in verdicts(told).values()


def test_a_window_a_little_wider_than_its_log_is_quiet_at_its_edges() -> None:
    report = alarm_report(log(*QUIET, severity=900), start=at(-HOUR), end=at(40 * DAY))
    assert True in verdicts(report).values()
    assert report.rate["band"].notna().all()


def test_what_was_not_seen_makes_no_pair_a_rare_one() -> None:
    rows = [row for k in range(60) for row in ((k * 60, "A", "raise"), (k * 60 + 20, "B", "raise"))]
    episodes = alarm_episodes(log(*rows))
    hour = analysis.correlated_pairs(episodes)["lift"].tolist()
    year = analysis.correlated_pairs(episodes, **YEAR)["lift"].tolist()
    assert year == pytest.approx(hour, rel=0.05)


def test_a_log_out_of_its_order_is_not_judged_and_says_so() -> None:
    whole = log(*QUIET, severity=900)
    turned_in_part = pd.concat([whole.iloc[:300], whole.iloc[300:600][::-1], whole.iloc[600:]])
    report = alarm_report(turned_in_part.reset_index(drop=True))
    assert True not in verdicts(report).values()
    assert report.unjudged["note"].str.contains("299 rows older than the one before them").any()
    assert any(note.startswith("299 rows") for note in report.notes)


def test_gaps_that_are_none_are_one_line() -> None:
    frame = pd.DataFrame({"tag": "A", "timestamp": [at(0)], "value": [1.0], "quality": "good"})
    for gaps in ([(at(0), at(1))], [{"start": at(0)}], ["outage"]):
        frame.attrs["gaps"] = gaps
        with pytest.raises(ConfigurationError, match="is not a gap"):
            frame.mxgw.time_weighted_mean()
