"""Every measure of one review, worked out over the same period."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

import pandas as pd

from mxgw_notebook.analysis.alarm_bulk import bulk_in
from mxgw_notebook.analysis.alarm_contributors import contributors_in
from mxgw_notebook.analysis.alarm_floods import floods_in
from mxgw_notebook.analysis.alarm_load import load_by, standing_load_in
from mxgw_notebook.analysis.alarm_nuisance import chattering_in, fleeting_in
from mxgw_notebook.analysis.alarm_pairs import pairs_in
from mxgw_notebook.analysis.alarm_priorities import priorities_in
from mxgw_notebook.analysis.alarm_rates import daily_rate_in, hourly_rate_in, rate_in
from mxgw_notebook.analysis.alarm_responses import responses_in, without_action_in
from mxgw_notebook.analysis.alarm_service import service_in
from mxgw_notebook.analysis.alarm_shifts import DAYS, Shifts, shifts_in
from mxgw_notebook.analysis.alarm_standing import stale_in, standing_in
from mxgw_notebook.analysis.alarm_window import ReviewWindow
from mxgw_notebook.analysis.other_logs import Zone
from mxgw_notebook.analysis.review_period import ReviewPeriod, review_period
from mxgw_notebook.frames import have_plant_tables, plant_table


class Local(NamedTuple):
    """The plant's own clock: its zone, and when its shifts begin; None is UTC, and days."""

    tz: Zone = None
    shifts: Shifts | None = None


@dataclass(frozen=True)
class AlarmMeasures:
    """The measures of one review, a DataFrame each, with the summary and the title of its page.

    `notes` are what a reader has to know before he believes the figures: what the log covers, what of it
    could not be taken in, and how much a judgement takes. `provenance` says what the report was made of,
    `not_connected` in which stretches of the window nobody told of alarms.
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
    hourly_rate: pd.DataFrame
    load: pd.DataFrame
    standing_load: pd.DataFrame
    by_shift: pd.DataFrame
    out_of_service: pd.DataFrame
    bulk: pd.DataFrame
    title: str = "Alarm review"
    notes: tuple[str, ...] = ()
    provenance: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["what", "value"]))
    not_connected: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=["start", "end", "duration"])
    )

    def __post_init__(self) -> None:
        have_plant_tables(self)

    @property
    def unjudged(self) -> pd.DataFrame:
        """The figures that have a benchmark but cannot be judged from this log: `measure`, `note`."""
        asked = (self.summary["benchmark"] != "") & self.summary["met"].isna()
        return plant_table(self.summary.loc[asked, ["measure", "note"]].reset_index(drop=True))


def measures_of(
    period: ReviewPeriod, history: pd.DataFrame, operators: float, actions: pd.DataFrame | None, local: Local
) -> dict[str, pd.DataFrame]:
    """The frames of a period, by the names of the fields of `AlarmMeasures`."""
    return {name: measure(period, history, operators, actions, local) for name, measure in EACH.items()}


EACH: dict[str, Callable[[ReviewPeriod, pd.DataFrame, float, pd.DataFrame | None, Local], pd.DataFrame]] = {
    "rate": lambda period, _, operators, *__: rate_in(period, operators=operators),
    "daily_rate": lambda period, _, operators, *__: daily_rate_in(period, operators),
    "floods": lambda period, _, operators, *__: floods_in(period, operators=operators),
    "contributors": lambda period, *_: contributors_in(period),
    "chattering": lambda period, *_: chattering_in(period),
    "fleeting": lambda period, *_: fleeting_in(period),
    "standing": lambda period, *_: standing_in(period),
    "stale": lambda period, *_: stale_in(period),
    "priorities": lambda period, *_: priorities_in(period),
    "responses": lambda period, *_: responses_in(period),
    "without_action": lambda period, _, __, actions, ___: without_action_in(period, actions),
    "pairs": lambda period, *_: pairs_in(period),
    "hourly_rate": lambda period, _, operators, *__: hourly_rate_in(period, operators),
    "load": lambda period, *_: load_by(period, "area"),
    "standing_load": lambda period, *_: standing_load_in(period),
    "by_shift": lambda period, _, operators, __, local: shifts_in(
        period, local.shifts or DAYS, local.tz, operators
    ),
    "out_of_service": lambda period, history, *_: service_in(history, period),
    "bulk": lambda period, *_: bulk_in(period),
}


def measure_of(name: str, episodes: pd.DataFrame, history: pd.DataFrame, operators: float) -> pd.DataFrame:
    """One of the measures over all that a log covers."""
    period = review_period(episodes)
    return EACH[name](period, history, operators, None, Local())
