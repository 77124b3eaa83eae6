"""Which alarms a filter lets through."""

from __future__ import annotations

import pytest

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.gateway import Gateway
from mxgw_notebook.gateway.alarms.filter import AlarmFilter
from mxgw_notebook.live.alarms.active_alarm import ActiveAlarm
from tests.conftest import Eventually
from tests.live.alarm_record import RECORD

ACTIVE = ActiveAlarm(RECORD, "unacknowledged", RECORD.raised_ns)


@pytest.mark.parametrize(
    ("chosen", "accepted"),
    [
        (AlarmFilter(), True),
        (AlarmFilter(area="are"), True),
        (AlarmFilter(area="A*a"), True),
        (AlarmFilter(area="A*x"), False),
        (AlarmFilter(min_severity=300), True),
        (AlarmFilter(min_severity=299), False),
        (AlarmFilter(state="unacked"), True),
        (AlarmFilter(state="acknowledged"), False),
        (AlarmFilter(text="LEVEL tank001"), True),
        (AlarmFilter(text="level pump"), False),
    ],
)
def test_a_filter_lets_alarms_through(chosen: AlarmFilter, accepted: bool) -> None:
    assert chosen.accepts(ACTIVE) is accepted


def test_a_filter_that_cannot_be_is_told() -> None:
    with pytest.raises(ConfigurationError, match="no state of an alarm"):
        AlarmFilter(state="sleeping")
    with pytest.raises(ConfigurationError, match="no severity"):
        AlarmFilter(min_severity=1000)


def test_a_review_shows_what_its_filter_lets_through(fast_gateway: Gateway, eventually: Eventually) -> None:
    everything = fast_gateway.alarms()
    eventually(lambda: len(everything.history()) > 20)
    area = str(everything.history()["area"].iloc[0])
    narrow = fast_gateway.alarms(area=area, min_severity=500)
    eventually(lambda: len(narrow.history()))
    for frame in (narrow.frame(), narrow.history(), narrow.episodes()):
        assert set(frame["area"]) <= {area}
        assert (frame["severity"] <= 500).all()
    rows = {row.reference for row in narrow.table().filtered()}
    assert rows <= set(everything.frame()["reference"]) | set(everything.history()["reference"])
