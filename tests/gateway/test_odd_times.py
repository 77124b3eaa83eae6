"""Clocks that are wrong, as a watch shows them: one tag's hides no other's values, no age is below 0."""

from __future__ import annotations

import numpy as np

from mxgw_notebook.gateway.tags.describing import Description
from mxgw_notebook.gateway.tags.recent import columns_of
from mxgw_notebook.gateway.tags.table_rows import ages_at
from mxgw_notebook.gateway.tags.watched_tag import WatchedTag
from mxgw_notebook.live import Subscription
from mxgw_notebook.widgets import TrendTag

SECOND = 1_000_000_000
NOW = 1_790_000_000 * SECOND
HOUR = 3600 * SECOND


def watched(tag: str, *times_ns: int) -> WatchedTag:
    subscription = Subscription(tag)
    for time_ns in times_ns:
        subscription.history.add(time_ns, 1.0, 192)
    return WatchedTag(subscription, Description(TrendTag(tag=tag, label=tag)))


def test_a_clock_an_hour_ahead_hides_nobody_elses_values() -> None:
    honest = watched("A", NOW - 90 * SECOND, NOW - 5 * SECOND)
    ahead = watched("B", NOW + HOUR - 90 * SECOND, NOW + HOUR - 5 * SECOND)
    found = columns_of([honest, ahead, watched("C", 0)], "1min", None, NOW)
    # What each read when its minute began, and its newest.
    assert found["A"].time_ns.tolist() == [NOW - 65 * SECOND, NOW - 5 * SECOND]
    assert found["B"].time_ns.tolist() == [NOW + HOUR - 65 * SECOND, NOW + HOUR - 5 * SECOND]
    assert len(found["C"]) == 0


def test_a_sample_an_hour_ahead_hides_none_of_its_own_tag() -> None:
    times = (NOW - 90 * SECOND, NOW - 5 * SECOND, NOW + HOUR, NOW - SECOND)
    found = columns_of([watched("A", *times), watched("B", NOW)], "1min", None, NOW)
    assert sorted(found["A"].time_ns.tolist()) == [NOW - 60 * SECOND, *times[1:2], NOW - SECOND, NOW + HOUR]


def test_a_plant_whose_clocks_are_all_ahead_is_measured_by_its_newest() -> None:
    found = columns_of([watched("A", NOW + HOUR, NOW + HOUR + 90 * SECOND)], "1min", None, NOW)
    assert found["A"].time_ns.tolist() == [NOW + HOUR + 30 * SECOND, NOW + HOUR + 90 * SECOND]


def test_an_age_is_never_below_nothing_and_unknown_without_a_time_or_far_ahead() -> None:
    times = np.array([NOW - 5 * SECOND, NOW + SECOND, NOW + HOUR, 0], np.int64)
    np.testing.assert_array_equal(ages_at(NOW, times), [5.0, 0.0, np.nan, np.nan])
