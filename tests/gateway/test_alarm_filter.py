"""Which alarms a filter lets through."""

from __future__ import annotations

import re
import time

import pytest

from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.gateway import Gateway, connect
from mxgw_notebook.gateway.alarms.filter import AlarmFilter
from mxgw_notebook.live.alarms.active_alarm import ActiveAlarm
from mxgw_notebook.simulator.process import EmbeddedGateway
from tests.conftest import KEY, Eventually
from tests.gateway.conftest import heard
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


def test_an_alarm_of_unknown_state_is_asked_for_by_that_word_and_by_no_other() -> None:
    odd = ActiveAlarm(RECORD, "state unknown", RECORD.raised_ns)
    asked = ("unknown", "state unknown", "unacked", "acked", "cleared")
    assert [AlarmFilter(state=state).accepts(odd) for state in asked] == [True, True, False, False, False]


def test_a_filter_that_cannot_be_is_told() -> None:
    with pytest.raises(ConfigurationError, match="not a state of an alarm"):
        AlarmFilter(state="sleeping")
    with pytest.raises(ConfigurationError, match="not a severity"):
        AlarmFilter(min_severity=1000)


def test_a_filter_that_lets_nothing_through_is_not_said_to_be_a_quiet_plant(
    fast_gateway: Gateway, eventually: Eventually
) -> None:
    review = fast_gateway.alarms(area="nowhere")
    eventually(lambda: review.status == "live" and len(fast_gateway.alarms().frame()))
    told = review.table().snapshot_html()
    assert "No active alarms." not in told
    assert re.search(r"No alarm matches the filter \([1-9]\d* active\)\.", told)
    assert re.fullmatch(r"<AlarmReview of 0 of [1-9]\d* alarms: live>", repr(review))


def test_a_prefix_that_no_alarm_begins_with_is_named(fast_gateway: Gateway) -> None:
    review = fast_gateway.alarms("Galaxy!Nowhere")
    assert "No active alarm begins with Galaxy!Nowhere." in review.table().snapshot_html()
    assert repr(review) == "<AlarmReview of 0 alarms that begin with Galaxy!Nowhere: live>"


def test_a_review_shows_what_its_filter_lets_through(fast_gateway: Gateway, eventually: Eventually) -> None:
    everything = fast_gateway.alarms()
    eventually(lambda: len(everything.history()) > 40)
    seen = everything.history()
    # Of the areas the one that has the most of what is waited for.
    area = str(seen.loc[seen["severity"] <= 500, "area"].mode().iloc[0])
    narrow = fast_gateway.alarms(area=area, min_severity=500)
    eventually(lambda: len(narrow.history()))
    for frame in (narrow.frame(), narrow.history(), narrow.episodes()):
        assert set(frame["area"]) <= {area}
        assert (frame["severity"] <= 500).all()
    rows = {row.reference for row in narrow.table().filtered()}
    assert rows <= set(everything.frame()["reference"]) | set(everything.history()["reference"])


@pytest.mark.usefixtures("page")
@pytest.mark.parametrize("tags", [["Pump001.Speed"], []], ids=["its events tell it", "its answers tell it"])
def test_a_table_has_its_time_by_the_gateways_clock(
    own_embedded: EmbeddedGateway, eventually: Eventually, tags: list[str]
) -> None:
    own_embedded.fault("clock-skew", seconds=3600.0)
    gateway = connect(own_embedded.endpoint, api_key=KEY, plaintext=True, writable="tests")
    for tag in tags:
        gateway.watch(tag)
    table = gateway.alarms().table()
    eventually(lambda: any(abs(ms / 1000 - time.time() - 3600) < 5 for ms in heard(table, "now_ms")))
