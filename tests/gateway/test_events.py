"""Events: collected from a living plant, with what came before and after."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mxgw_notebook.errors import ConfigurationError, TagError
from mxgw_notebook.gateway import Gateway
from mxgw_notebook.gateway.tags.describing import Description
from mxgw_notebook.gateway.tags.event_watch import around
from mxgw_notebook.gateway.tags.watched_tag import WatchedTag
from mxgw_notebook.live import Subscription
from mxgw_notebook.live.conditions.monitor import ConditionEvent
from mxgw_notebook.widgets import TrendTag
from tests.conftest import Eventually

SETPOINT = "FIC101.SP"
SECOND = 1_000_000_000


def test_an_event_is_collected_with_its_values(gateway: Gateway, eventually: Eventually) -> None:
    was = gateway.read(SETPOINT)["value"].iloc[0]
    met: list[ConditionEvent] = []
    gateway.write(SETPOINT, 20)
    # The plant's clock ticks five times a second: two writes in one tick have one time.
    written = gateway.read(SETPOINT)["timestamp"].iloc[0]
    eventually(lambda: pd.Timestamp.now("UTC") - written > pd.Timedelta("500ms"))
    events = gateway.when(
        f"{SETPOINT} > 30 for 200ms", before="5s", after=0, act=lambda watch, event: met.append(event)
    )
    gateway.write(SETPOINT, 40)
    eventually(lambda: met)
    assert "holds now" in repr(events)
    gateway.write(SETPOINT, 25)
    eventually(lambda: events.events[0].end_ns)
    frame = events.frame()
    row = frame.iloc[0].to_dict()
    shown = [row[name] for name in ("event", "tag", "before", "first", "lowest", "highest", "last", "after")]
    assert shown == [1, SETPOINT, 20.0, 40.0, 40.0, 40.0, 40.0, 25.0]
    assert frame["start"].iloc[0] < frame["end"].iloc[0]
    assert frame.attrs["condition"] == f"{SETPOINT} > 30 for 200ms"
    assert events.samples(1)["phase"].tolist() == ["before", "during", "after"]
    events.stop()
    events.stop()
    assert events.stopped
    assert events.events == events.occasions == met  # by the name of before, too
    assert gateway.status().loc["tags watched", "value"] == 0
    gateway.write(SETPOINT, was)


def held(seconds: list[int], values: list[float], *, boolean: bool = False) -> WatchedTag:
    """A tag with samples at some seconds."""
    found = Subscription("T.A")
    found.history.boolean = boolean
    times = np.array([second * SECOND for second in seconds], np.int64)
    found.history.append(times, np.array(values), np.full(len(values), 192, np.uint8))
    return WatchedTag(found, Description(TrendTag("T.A")))


@pytest.mark.parametrize(
    ("seconds", "values", "expected"),
    [
        ([1, 10, 14, 20], [5.0, 9.0, 8.0, 1.0], [5.0, 9.0, 8.0, 9.0, 8.0, 1.0]),  # it began the event
        ([1, 14, 20], [5.0, 8.0, 1.0], [5.0, 5.0, 5.0, 8.0, 8.0, 1.0]),  # it changed later
        ([1], [5.0], [5.0, 5.0, 5.0, 5.0, 5.0, 5.0]),  # it never changed
        ([14], [5.0], [None, 5.0, 5.0, 5.0, 5.0, 5.0]),
        ([20], [5.0], [None, None, None, None, None, 5.0]),
        ([], [], [None] * 6),
    ],
)
def test_each_tag_is_told_around_an_event(
    seconds: list[int], values: list[float], expected: list[float | None]
) -> None:
    assert around(held(seconds, values), 10 * SECOND, 20 * SECOND, 25 * SECOND) == expected
    assert around(held(seconds, values), 10 * SECOND, 20 * SECOND, None) == [*expected[:5], None]


def test_a_switch_is_on_or_off_around_an_event() -> None:
    switch = held([1, 12], [0.0, 1.0], boolean=True)
    assert str(around(switch, 10 * SECOND, 20 * SECOND, None)) == "[False, False, False, True, True, None]"


def test_no_event_is_an_empty_frame(gateway: Gateway) -> None:
    events = gateway.when("Pump001.Speed > 1e9")
    assert len(events.frame()) == 0
    assert str(events.frame()["start"].dtype) == "datetime64[ns, UTC]"
    with pytest.raises(IndexError):
        events.samples(1)
    events.stop()


@pytest.mark.parametrize("condition", ["Pump001.Speed >", "5 > 3"])
def test_a_condition_that_cannot_be_read_is_one_line(gateway: Gateway, condition: str) -> None:
    with pytest.raises(ConfigurationError):
        gateway.when(condition)
    assert gateway.status().loc["tags watched", "value"] == 0


def test_a_condition_on_a_misspelt_tag_names_it(gateway: Gateway) -> None:
    with pytest.raises(TagError, match=r"Nope\.Nope"):
        gateway.when("Nope.Nope > 1")
