"""What answers a table answers the same columns and dtypes where there is nothing to tell."""

from __future__ import annotations

import inspect
from collections.abc import Callable

import pandas as pd
import pytest

from mxgw_notebook import analysis
from mxgw_notebook.analysis import alarm_episodes
from tests.analysis.logs import log, raises, reviewed

HOUR = 3600
# A day on which everything that a measure looks for happens.
BUSY = [
    *raises(*range(0, 600, 20), alarm="chatters", clear_after=5),
    *raises(*(700 + number for number in range(40)), alarm="floods"),
    *(row for number in range(20) for row in raises(900 + number, alarm=f"alarm {number}")),
    *((1000 + number / 10, f"alarm {number}", "acknowledge", {"operator": "ann"}) for number in range(20)),
]


def measures() -> list[str]:
    """The measures that need nothing but occurrences."""
    return [
        name
        for name in analysis.__all__
        if "DataFrame" in str(getattr(getattr(analysis, name), "__annotations__", {}).get("return"))
        and [
            one.name
            for one in inspect.signature(getattr(analysis, name)).parameters.values()
            if one.default is one.empty
        ]
        == ["episodes"]
    ]


def kinds(table: pd.DataFrame) -> dict[str, str]:
    return {str(name): str(kind) for name, kind in table.dtypes.items()}


def test_there_are_measures_to_be_tried() -> None:
    assert len(measures()) > 12


@pytest.mark.parametrize("name", measures())
def test_a_measure_of_no_occurrences_has_the_dtypes_of_one_of_many(name: str) -> None:
    measure: Callable[[pd.DataFrame], pd.DataFrame] = getattr(analysis, name)
    busy = alarm_episodes(reviewed(log(*BUSY), 5 * HOUR))
    calm = alarm_episodes(reviewed(log(), 5 * HOUR))
    assert kinds(measure(calm)) == kinds(measure(busy))


def test_the_standing_load_by_area_has_its_dtypes_without_a_row() -> None:
    busy = alarm_episodes(reviewed(log(*BUSY), HOUR))
    calm = alarm_episodes(reviewed(log(), HOUR))
    assert kinds(analysis.standing_load(calm, by="area")) == kinds(analysis.standing_load(busy, by="area"))
