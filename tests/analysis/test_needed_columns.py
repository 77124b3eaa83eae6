"""A table that is none of those asked for is refused in one line that says where to get one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from mxgw_notebook import analysis
from mxgw_notebook.analysis import alarm_episodes, galaxy_review
from mxgw_notebook.errors import ConfigurationError
from tests.analysis.logs import at, log, raises

MEASURES: list[Callable[..., Any]] = [
    analysis.alarm_rate, analysis.daily_alarm_rate, analysis.hourly_alarm_rate, analysis.alarm_floods,
    analysis.alarm_load, analysis.top_contributors, analysis.chattering_alarms, analysis.fleeting_alarms,
    analysis.priority_distribution, analysis.times_to_acknowledge, analysis.acknowledged_without_action,
    analysis.correlated_pairs, analysis.stale_alarms, analysis.standing_alarms, analysis.standing_load,
    analysis.alarms_by_shift, analysis.acknowledged_in_bulk, analysis.flood_suspects,
]  # fmt: skip
REVIEWS: list[Callable[..., Any]] = [
    galaxy_review.template_usage, galaxy_review.naming_outliers, galaxy_review.alarms_without_limits,
    galaxy_review.equal_priorities, galaxy_review.areas_by_size, galaxy_review.attributes_by_type,
    lambda table: galaxy_review.unread_history(table, ["A"]),
]  # fmt: skip
FEW = raises(0, 10, 20, 30, 40, clear_after=3)


@pytest.mark.parametrize("measure", [*MEASURES, *REVIEWS])
@pytest.mark.parametrize("table", [pd.DataFrame(), pd.DataFrame({"raised": [at(0)], "reference": ["A"]}), 5])
def test_what_is_no_such_table_is_one_line(measure: Callable[..., Any], table: Any) -> None:
    with pytest.raises(ConfigurationError) as refused:
        measure(table)
    assert "\n" not in str(refused.value)
    assert isinstance(table, int) or "no column" in str(refused.value) or "not a table" in str(refused.value)


@pytest.mark.parametrize(
    "measure",
    [analysis.alarm_load, analysis.times_to_acknowledge, analysis.top_contributors, analysis.standing_load],
)
def test_a_column_to_divide_by_that_is_not_there_is_one_line(measure: Callable[..., Any]) -> None:
    with pytest.raises(ConfigurationError, match=r"no column unit\. Its columns are reference, tag"):
        measure(alarm_episodes(log(*FEW)), by="unit")


@pytest.mark.parametrize("hole", ["other time", "too quiet"])
def test_nothing_is_suggested_by_values_that_do_not_show_the_alarm(hole: str) -> None:
    episodes = alarm_episodes(log(*FEW, limit=80, value=81))
    begin = -3600 if hole == "other time" else 0
    samples = pd.DataFrame(
        {"tag": "A", "timestamp": [at(begin + k) for k in range(60)], "value": 50.0, "quality": "good"}
    )
    samples.attrs["gaps"] = []
    (row,) = analysis.suggest(episodes, samples).to_dict("records")
    assert "its values show 0 of its 5 alarms" in row["note"]
    assert pd.isna(row["deadband"])
    assert pd.isna(row["on_delay"])
