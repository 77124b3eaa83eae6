"""The whole review in one call: every measure of an alarm log, and a page of them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from mxgw_notebook.analysis.alarm_episodes import alarm_episodes
from mxgw_notebook.analysis.alarm_measures import AlarmMeasures, measures_of
from mxgw_notebook.analysis.alarm_page import page_of
from mxgw_notebook.analysis.alarm_summary import summary_of
from mxgw_notebook.analysis.alarm_window import Moment
from mxgw_notebook.analysis.review_period import review_period
from mxgw_notebook.errors import ConfigurationError


class AlarmReport(AlarmMeasures):
    """The measures of one review, a DataFrame each. Shown in a notebook it is a page with plots.

    Each frame is what the function of the same name in this package gives, where the definitions and their
    sources stand; `summary` sets the figures beside the standards' benchmarks.
    """

    def __repr__(self) -> str:
        return f"<AlarmReport {self.window.start:%Y-%m-%d %H:%M} to {self.window.end:%Y-%m-%d %H:%M} UTC>"

    def to_html(self) -> str:
        """One page that asks nothing of any other machine: tables, and plots as inline SVG."""
        return page_of(self, whole=True)

    def save(self, path: str | Path) -> Path:
        """Writes the page; returns its path. Raises ConfigurationError for another ending than .html."""
        target = Path(path)
        if target.suffix not in (".html", ".htm"):
            raise ConfigurationError(f"{target.name} is no .html", hint="The report is a page of HTML.")
        target.write_text(self.to_html(), encoding="utf-8")
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
