"""The whole review in one call: every measure of an alarm log, and a page of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from mxgw_notebook.analysis.alarm_contributors import top_contributors
from mxgw_notebook.analysis.alarm_episodes import alarm_episodes
from mxgw_notebook.analysis.alarm_floods import alarm_floods, share_in_flood
from mxgw_notebook.analysis.alarm_nuisance import chattering_alarms, fleeting_alarms
from mxgw_notebook.analysis.alarm_page import page_of
from mxgw_notebook.analysis.alarm_pairs import correlated_pairs
from mxgw_notebook.analysis.alarm_priorities import priority_distribution
from mxgw_notebook.analysis.alarm_rates import alarm_rate, daily_alarm_rate
from mxgw_notebook.analysis.alarm_responses import acknowledged_without_action, times_to_acknowledge
from mxgw_notebook.analysis.alarm_standing import stale_alarms, standing_alarms
from mxgw_notebook.analysis.alarm_window import Moment, ReviewWindow, review_window
from mxgw_notebook.errors import ConfigurationError


@dataclass(frozen=True)
class AlarmReport:
    """The measures of one review, a DataFrame each. Shown in a notebook it is a page with plots.

    Each frame is what the function of the same name in this package gives, where the definitions and their
    sources stand; `summary` sets the figures beside the standards' benchmarks.
    """

    window: ReviewWindow
    summary: pd.DataFrame
    rate: pd.DataFrame
    daily_rate: pd.DataFrame
    floods: pd.DataFrame
    contributors: pd.DataFrame
    chattering: pd.DataFrame
    fleeting: pd.DataFrame
    standing: pd.DataFrame
    stale: pd.DataFrame
    priorities: pd.DataFrame
    responses: pd.DataFrame
    without_action: pd.DataFrame
    pairs: pd.DataFrame
    title: str = "Alarm review"

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
    episodes = alarm_episodes(history)
    window = review_window(episodes, start, end)
    span: dict[str, Any] = {"start": window.start, "end": window.end}
    floods = alarm_floods(episodes, operators=operators, **span)
    measures = {
        "rate": alarm_rate(episodes, operators=operators, **span),
        "daily_rate": daily_alarm_rate(episodes, operators=operators, **span),
        "floods": floods,
        "contributors": top_contributors(episodes, **span),
        "chattering": chattering_alarms(episodes, **span),
        "fleeting": fleeting_alarms(episodes, **span),
        "standing": standing_alarms(episodes, at=window.end),
        "stale": stale_alarms(episodes, at=window.end),
        "priorities": priority_distribution(episodes, **span),
        "responses": times_to_acknowledge(episodes, **span),
        "without_action": acknowledged_without_action(episodes, actions, **span),
        "pairs": correlated_pairs(episodes, **span),
    }
    summary = summary_of(measures, window, operators)
    return AlarmReport(window=window, summary=summary, title=title, **measures)


def summary_of(measures: dict[str, pd.DataFrame], window: ReviewWindow, operators: float) -> pd.DataFrame:
    """One row a figure: `measure`, `value`, `benchmark` (of EEMUA 191 and ISA-18.2), `met` (bool, or
    None)."""
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
    return frame.astype({"measure": "str", "value": "str", "benchmark": "str", "met": object})


def most_of(rate: pd.DataFrame) -> float:
    """The most alarms an operator had in one interval."""
    return float(rate["per_operator"].max()) if len(rate) else 0.0
