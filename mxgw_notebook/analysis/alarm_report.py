"""The whole review in one call: every measure of an alarm log, and a page of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from mxgw_notebook.analysis.alarm_episodes import alarm_episodes
from mxgw_notebook.analysis.alarm_floods import share_in_flood
from mxgw_notebook.analysis.alarm_measures import AlarmMeasures, measures_of
from mxgw_notebook.analysis.alarm_page import page_of
from mxgw_notebook.analysis.alarm_window import Moment, ReviewWindow
from mxgw_notebook.analysis.review_period import review_period
from mxgw_notebook.client import path_given
from mxgw_notebook.errors import ConfigurationError


class AlarmReport(AlarmMeasures):
    """The measures of one review, a DataFrame each. Shown in a notebook it is a page with plots.

    Each frame is what the function of the same name in this package gives, where the definitions and their
    sources stand; `summary` sets the figures beside the standards' benchmarks.
    """

    def __repr__(self) -> str:
        return f"<AlarmReport {self.window}>"

    def to_html(self) -> str:
        """One page that asks nothing of any other machine: tables, and plots as inline SVG."""
        return page_of(self, whole=True)

    def save(self, path: str | Path) -> Path:
        """Writes the page; returns its path.

        Raises ConfigurationError for another ending than .html, and where the file cannot be written.
        """
        target = Path(path_given(path, "Name one, e.g. report.html."))
        if target.suffix not in (".html", ".htm"):
            raise ConfigurationError(f"{target.name} is no .html", hint="The report is a page of HTML.")
        try:
            target.write_text(self.to_html(), encoding="utf-8")
        except OSError as error:
            reason = error.strerror or str(error)
            raise ConfigurationError(
                f"{target} cannot be written: {reason}", hint="Name another file."
            ) from None
        return target

    def _repr_html_(self) -> str:
        return page_of(self, whole=False)


def alarm_report(
    history: pd.DataFrame,
    *,
    operators: float = 1,
    actions: pd.DataFrame | None = None,
    start: Moment = None,
    end: Moment = None,
    title: str = "Alarm review",
) -> AlarmReport:
    """Every measure over a log of transitions, live or saved.

    Args:
        history: A row a transition, in the order they came: `history()`, or `read_alarm_log(path)`.
        operators: How many share the alarms.
        actions: What operators did (`time`, `tag`), for "acknowledged without action".
        start: The first moment reviewed; unless told, the first raise seen.
        end: The last one; unless told, the last event.
        title: The page's heading.

    Raises:
        ConfigurationError: The frame is no log of alarm transitions.
    """
    period = review_period(alarm_episodes(history), start, end)
    measures = measures_of(period, operators, actions)
    summary = summary_of(measures, period.window, operators)
    return AlarmReport(window=period.window, summary=summary, title=title, **measures)


def summary_of(measures: Mapping[str, pd.DataFrame], window: ReviewWindow, operators: float) -> pd.DataFrame:
    """One row a figure: `measure`, `value`, `benchmark`, `met` (bool; None where none is asked for)."""
    rate, priorities = measures["rate"], measures["priorities"]
    alarms = int(rate["alarms"].sum())
    hours = window.length / pd.Timedelta(hours=1)
    per_10_minutes = alarms / operators / max(hours * 6, 1)
    over = float((rate["per_operator"] > 10).mean()) if len(rate) else 0.0
    flooded = share_in_flood(measures["floods"], window)
    top = float(measures["contributors"]["share"].sum())
    low, idle = float(priorities["share"].fillna(1.0).iloc[-1]), len(measures["without_action"])
    rows: list[tuple[str, str, str, bool | None]] = [
        ("alarms", f"{alarms:,}", "", None),
        ("hours reviewed", f"{hours:,.1f}", "", None),
        ("alarms per 10 minutes and operator", f"{per_10_minutes:.2f}", "about 1", per_10_minutes <= 1),
        ("most in 10 minutes", f"{most_of(rate):g}", "at most 10", most_of(rate) <= 10),
        ("10-minute intervals with more than 10", f"{over:.1%}", "less than 1 %", over < 0.01),
        ("floods", f"{len(measures['floods'])}", "", None),
        ("time in flood", f"{flooded:.1%}", "less than 1 %", flooded < 0.01),
        ("share of the ten most frequent", f"{top:.0%}", "at most 5 %", top <= 0.05),
        ("chattering alarms", f"{len(measures['chattering'])}", "none", len(measures["chattering"]) == 0),
        ("fleeting alarms", f"{len(measures['fleeting'])}", "none", len(measures["fleeting"]) == 0),
        ("stale alarms", f"{len(measures['stale'])}", "fewer than 5 a day", len(measures["stale"]) < 5),
        ("alarms standing at the end", f"{len(measures['standing'])}", "", None),
        ("low priority", f"{low:.0%}", "about 80 %", low >= 0.75),
        ("acknowledged without action", f"{idle}", "none", idle == 0),
    ]
    frame = pd.DataFrame(rows, columns=["measure", "value", "benchmark", "met"])
    if not hours:  # of no time nothing is known: no benchmark is met by it
        frame["met"] = None
    return frame.astype({"measure": "str", "value": "str", "benchmark": "str", "met": object})


def most_of(rate: pd.DataFrame) -> float:
    """The most alarms an operator had in one interval."""
    return float(rate["per_operator"].max()) if len(rate) else 0.0
