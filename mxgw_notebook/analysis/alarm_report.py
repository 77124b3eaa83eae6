"""The whole review in one call: every measure of an alarm log, and a page of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from mxgw_notebook.analysis.alarm_episodes import alarm_episodes
from mxgw_notebook.analysis.alarm_floods import most_within, share_in_flood
from mxgw_notebook.analysis.alarm_log import DISORDERED, LEFT_OUT, NOTES, ONLY, SOURCE, TURNED_ROUND, UNTIMED
from mxgw_notebook.analysis.alarm_measures import AlarmMeasures, Local, measures_of
from mxgw_notebook.analysis.alarm_page import page_of
from mxgw_notebook.analysis.alarm_priorities import UNKNOWN_PRIORITY
from mxgw_notebook.analysis.alarm_rates import checked_operators
from mxgw_notebook.analysis.alarm_service import written_in
from mxgw_notebook.analysis.alarm_shifts import Shifts
from mxgw_notebook.analysis.alarm_standing import most_stale_on_a_day
from mxgw_notebook.analysis.alarm_verdicts import SOURCES, Judge, Verdict, as_frame, noted
from mxgw_notebook.analysis.alarm_window import Moment, stretches
from mxgw_notebook.analysis.log_coverage import share_words
from mxgw_notebook.analysis.other_logs import Zone
from mxgw_notebook.analysis.review_period import ReviewPeriod, review_period
from mxgw_notebook.client import checks_arguments, path_given
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.frames import being_written, plant_table, save_workbook
from mxgw_notebook.svg import as_written
from mxgw_notebook.words import counted, lapse_words, visible

FEWEST_FOR_TOP_TEN = 200  # ten of them are 5 %
NO_CLEARS = "the log has no clear of an alarm"
BY_CLOCK = "less than 1 %, by the clock"
NO_ACTIONS = "nobody told what operators did besides"


class AlarmReport(AlarmMeasures):
    """The measures of one review, each a DataFrame. In a notebook it shows as a page with plots.

    Each frame is the result of the function of the same name in this package; see there for definitions and
    sources. `summary` has the figures beside the standards' benchmarks.
    """

    def __repr__(self) -> str:
        figures = self.summary[["measure", "value", "benchmark"]].to_string(index=False)
        return visible(f"<AlarmReport {self.window}>\n{figures}")

    def to_html(self) -> str:
        """One page that loads nothing from any other computer: tables, and plots as inline SVG."""
        return page_of(self, whole=True)

    def save(self, path: str | Path) -> Path:
        """Writes the page, or with the ending .xlsx a workbook with one sheet per measure; returns its path.

        Raises ConfigurationError for another ending, and if the file cannot be written.
        """
        target = Path(path_given(path, "Name one, e.g. report.html."))
        if target.suffix.lower() == ".xlsx":
            return save_workbook(self.tables(), target)
        if target.suffix.lower() not in (".html", ".htm"):
            message = f"{target.name} is neither .html nor .xlsx"
            raise ConfigurationError(message, hint="The report is a page of HTML, or a workbook.")
        with being_written(target):
            target.write_text(self.to_html(), encoding="utf-8", errors="backslashreplace")
        return target

    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table of the report by its name, the summary first."""
        notes = pd.DataFrame({"note": pd.Series(self.notes, dtype="str")})
        first = {"summary": self.summary, "not judged": self.unjudged, "notes": notes}
        frames = {
            one.name.replace("_", " "): found
            for one in fields(self)
            if isinstance(found := getattr(self, one.name), pd.DataFrame)
        }
        return {name: plant_table(table) for name, table in {**first, **frames}.items()}

    def _repr_html_(self) -> str:
        return as_written(page_of(self, whole=False))


@checks_arguments
def alarm_report(
    history: pd.DataFrame,
    *,
    operators: float = 1,
    actions: pd.DataFrame | None = None,
    start: Moment = None,
    end: Moment = None,
    title: str = "Alarm review",
    least: str = "30D",
    tz: Zone = None,
    shifts: Shifts | None = None,
) -> AlarmReport:
    """Every measure over a log of transitions, live or saved.

    Args:
        history: One row per transition, in the order they came: `history()`, or `read_alarm_log(path)`.
        operators: How many operators share the alarms.
        actions: What operators did (`time`, `tag`), for "acknowledged without action". Default: the writes in
            the log itself.
        start: Review from this time. Default: the start that the log names, else its first event.
        end: Review until before this time. Default: the end that the log names, else after its last event.
        title: The page's heading.
        least: The shortest log for which a benchmark can be met; ISA-18.2 asks for 30 days.
        tz: The plant's time zone, for its days and shifts. Default: UTC.
        shifts: When each shift begins in that zone: {"early": "06:00", "late": "14:00", "night": "22:00"}.
            Default: days.

    Raises:
        ConfigurationError: The frame is not a log of alarm transitions, uses words of another system, or a
            setting is not valid.
    """
    checked_operators(operators)
    period = review_period(alarm_episodes(history), start, end)
    actions = written_in(history) if actions is None else actions
    measures = measures_of(period, history, operators, actions, Local(tz, shifts))
    judge = Judge(period.window, len(period), period.coverage, least)
    summary = as_frame(verdicts_of(measures, period, judge, operators, actions is not None))
    notes = tuple(notes_of(period, judge, unknown_in(measures["priorities"])))
    made_of = provenance(history, period, operators, actions, Local(tz, shifts))
    return AlarmReport(
        window=period.window,
        summary=summary,
        title=title,
        notes=notes,
        provenance=made_of,
        not_connected=stretches(period.unseen),
        **measures,
    )


def provenance(
    history: pd.DataFrame, period: ReviewPeriod, operators: float, actions: pd.DataFrame | None, local: Local
) -> pd.DataFrame:
    """What a report was made of, and how: `what` and `value`, as texts."""
    window = period.window
    seen = f"{share_words(period.coverage.share)} of the window"
    recorded = period.coverage.recorded
    end = "as the log or the caller says" if window.end_given else "its last event: the log does not say"
    said = {
        "log": history.attrs.get(SOURCE, "a DataFrame"),
        "rows of the log": f"{len(history):,}",
        "occurrences": f"{len(period.episodes):,}, of which {len(period):,} were raised in the window",
        "window": f"{window:%Y-%m-%d %H:%M:%S}",
        "end of the window": end if window.known else "unknown",
        "covered by the log": seen if window.known else "unknown",
        "connected": seen if recorded else "not recorded",
        "benchmarks": SOURCES,
        "operators": f"{operators:g}",
        "operators' actions": "not given" if actions is None else f"{len(actions):,}",
        "days and shifts": f"by the clock of {local.tz or 'UTC'}",
        "made": f"{pd.Timestamp.now(tz='UTC'):%Y-%m-%d %H:%M:%S} UTC",
        "made by": f"mxgw-notebook {version('mxgw-notebook')}",
    }
    return pd.DataFrame({"what": list(said), "value": list(said.values())}, dtype="str")


def verdicts_of(
    measures: Mapping[str, pd.DataFrame], period: ReviewPeriod, judge: Judge, operators: float, acted: bool
) -> list[Verdict]:
    """Every figure of the summary, in its order. `acted` is whether anybody told what operators did."""
    window, alarms = period.window, len(period)
    hours = window.length / pd.Timedelta(hours=1)
    intervals = max(hours * 6, 1)
    crowded = int((measures["rate"]["per_operator"] > 10).sum())
    over = crowded / max(len(measures["rate"]), 1)
    busy = crowded_hours(measures["hourly_rate"])
    answered = int(period.raised["acknowledged"].notna().sum())
    no_clears = NO_CLEARS if judge.coverage.no_clears else ""
    idle = len(measures["without_action"])
    return [
        Verdict("alarms", f"{alarms:,}"),
        Verdict("hours reviewed", f"{hours:,.1f}" if window.known else "unknown"),
        judge.rate("alarms per 10 minutes and operator", alarms / operators, intervals, "about 1", 1),
        judge.count("most in 10 minutes", most_within(period) / operators, "at most 10, of any", most=10),
        judge.time("10-minute intervals with more than 10", over, BY_CLOCK, 0.01),
        judge.time("hours with more than 30", busy, BY_CLOCK, 0.01),
        Verdict("floods", f"{len(measures['floods'])}"),
        judge.time("time in flood", share_in_flood(measures["floods"], window), "less than 1 %", 0.01),
        top_ten(measures["contributors"], judge),
        judge.count("chattering alarms", len(measures["chattering"]), "none", of=alarms),
        judge.count("fleeting alarms", len(measures["fleeting"]), "none", of=alarms, lacking=no_clears),
        judge.count(
            "stale alarms", most_stale_on_a_day(measures["stale"], window), "fewer than 5 on any day", most=4,
            lacking=no_clears,
        ),
        Verdict("alarms standing at the end", f"{len(measures['standing'])}", note=no_clears),
        *standing_figures_of(measures["standing_load"], no_clears),
        service_figure(measures["out_of_service"], window.end_ns),
        *priority_verdicts(measures["priorities"], judge),
        # That an alarm stood on says that nothing was done only where it is known what was.
        judge.count(
            "acknowledged without action", idle, "none", of=answered,
            lacking=no_clears or (NO_ACTIONS if idle and not acted else ""),
        ),
        Verdict("acknowledged in bulk", bulk_words(measures["bulk"], judge)),
    ]  # fmt: skip


def bulk_words(bulk: pd.DataFrame, judge: Judge) -> str:
    """How many were acknowledged in bulk; of a log that has no acknowledgement, and of none, nobody knows."""
    unknown = judge.coverage.no_answers or not judge.window.known
    return "unknown" if unknown else f"{int(bulk['alarms'].sum()):,}"


def service_figure(out_of_service: pd.DataFrame, end_ns: int) -> Verdict:
    """How many alarms are out of service at the end; a log that does not record it cannot tell."""
    measure = "out of service at the end"
    if not out_of_service.attrs["recorded"]:
        return Verdict(measure, "unknown", note="the log does not record it")
    until = out_of_service["until"]
    lasting = out_of_service[until.isna() | (until > pd.Timestamp(end_ns, tz="UTC"))]
    return Verdict(measure, f"{len(lasting.drop_duplicates('reference'))}")


def crowded_hours(hourly: pd.DataFrame) -> float:
    """The share of hours in which an operator had more than 30 alarms."""
    return int((hourly["per_operator"] > 30).sum()) / max(len(hourly), 1)


def standing_figures_of(load: pd.DataFrame, no_clears: str) -> list[Verdict]:
    """Average and most standing, with how many could not be counted."""
    row = load.iloc[0]
    unknown = f"{row['unknown']:,} occurrences of unknown times not counted" if row["unknown"] else ""
    note = noted(no_clears, unknown)
    average = "unknown" if pd.isna(row["average"]) else f"{row['average']:.1f}"
    return [
        Verdict("average standing", average, note=note),
        Verdict("most standing", f"{row['most']}", note=note),
    ]


def top_ten(contributors: pd.DataFrame, judge: Judge) -> Verdict:
    """What the ten most frequent make up; of fewer than 200 alarms any ten are more than 5 %."""
    found = judge.share(
        "share of the ten most frequent", int(contributors["alarms"].sum()), "at most 5 %", most=0.05
    )
    if 0 < judge.alarms < FEWEST_FOR_TOP_TEN:
        few = f"any ten of {judge.alarms:,} alarms are more than 5 %"
        return replace(found, met=None, note=noted(few, judge.unseen))
    return found


def priority_verdicts(priorities: pd.DataFrame, judge: Judge) -> list[Verdict]:
    """Each priority's share; the more urgent it is, the fewer there may be."""
    counts = dict(zip(priorities["priority"].astype("str"), priorities["alarms"].tolist(), strict=True))
    unknown = unknown_in(priorities)
    asked = (
        ("critical", "less than 1 %", {"most": 0.01}),
        ("high", "about 5 %, at most 7.5 %", {"most": 0.075}),
        ("medium", "about 15 %, at most 20 %", {"most": 0.20}),
        ("low", "about 80 %, at least 75 %", {"least": 0.75}),
    )
    return [
        judge.share(f"{name} priority", counts[name], benchmark, unknown=unknown, **bound)
        for name, benchmark, bound in asked
    ]


def unknown_in(priorities: pd.DataFrame) -> int:
    """How many alarms have no priority."""
    return int(priorities.loc[priorities["priority"] == UNKNOWN_PRIORITY, "alarms"].sum())


def notes_of(period: ReviewPeriod, judge: Judge, unranked: int) -> Iterator[str]:
    """What to know before the figures are believed."""
    attrs = period.episodes.attrs
    if not period.window.end_given and period.window.known:
        yield "The log does not say what it covers; it is taken from its first event to its last."
    if attrs.get(ONLY):
        yield f"Only some of the plant's alarms: {attrs[ONLY]}."
    coverage = period.coverage
    if coverage.recorded or coverage.share < 1:
        length = lapse_words(period.window.length.total_seconds())
        unknown = "; alarms of the rest are unknown" if coverage.share < 1 else ""
        yield f"{coverage.how.capitalize()} {share_words(coverage.share)} of {length}{unknown}."
    if coverage.no_clears:
        yield "Not one alarm of the log was ever cleared: which stand, how long and how briefly is unknown."
    if coverage.no_answers:
        yield "Not one alarm of the log was ever acknowledged: whether anybody answers them is unknown."
    if attrs.get(TURNED_ROUND):
        yield "The log had its newest row first and was turned round."
    yield from attrs.get(NOTES, ())
    if attrs.get(LEFT_OUT):
        yield f"{attrs[LEFT_OUT]:,} transitions of kinds that the gateway has no name for were left out."
    if attrs.get(DISORDERED):
        yield f"{attrs[DISORDERED]:,} rows are older than the one before: the order counts, not the times."
    if attrs.get(UNTIMED):
        yield f"{attrs[UNTIMED]:,} raises have no time, or none within reason, and are in no figure."
    if unranked:
        yield f"{unranked:,} of {counted(len(period), 'alarm')} have no severity that could be read."
    if not judge.long_enough:
        yield f"A judgement takes {judge.takes} of data (ISA-18.2); from less nothing is called met."
