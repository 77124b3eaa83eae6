"""Times out of reason: what "never" looks like at a plant is not a time, by whatever way it comes."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import given
from hypothesis import strategies as st

from mxgw_notebook.client import (
    ClientOptions,
    GatewayClient,
    GatewayClock,
    event_from_wire,
    message_from_wire,
    readings,
)
from mxgw_notebook.client.contract import galaxy_wire, wire
from mxgw_notebook.client.fast_events.decoder import SMALL_BATCH, EventDecoder
from mxgw_notebook.client.galaxy.records import ZERO, deploy_from_wire
from mxgw_notebook.client.values import from_wire
from mxgw_notebook.errors import ConfigurationError
from tests.client.event_ring import through_the_ring

DECODER = EventDecoder()
NANOSECONDS = 1_000_000_000
NEVERS = {
    "year 1": -62_135_596_800,
    "1601": -11_644_473_600,
    "Excel's zero": -2_209_161_600,
    "9999": 253_402_300_799,
    "beyond": 2**62,
}
STAMPS = st.builds(
    Timestamp, seconds=st.integers(-(2**63), 2**63 - 1), nanos=st.integers(-(2**31), 2**31 - 1)
)
never = pytest.mark.parametrize("seconds", NEVERS.values(), ids=NEVERS)


def change(stamp: Timestamp, sequence: int = 1) -> bytes:
    event = wire.MxEvent(worker_sequence=sequence, item_handle=1, source_timestamp=stamp)
    event.family = wire.MX_EVENT_FAMILY_ON_DATA_CHANGE
    event.value.double_value = 1.5
    return event.SerializeToString()


def allowed(clock: GatewayClock, stamp: Timestamp) -> int:
    """What a time may be: itself, or none."""
    exact = stamp.seconds * NANOSECONDS + stamp.nanos
    return exact if clock.is_possible(exact) else 0


@never
def test_a_never_is_no_time_of_an_event_an_alarm_a_reading_or_a_deploy(seconds: int) -> None:
    stamp, clock = Timestamp(seconds=seconds), GatewayClock()
    assert event_from_wire(wire.MxEvent(source_timestamp=stamp), clock).time is None
    alarm = wire.ActiveAlarmSnapshot(original_raise_timestamp=stamp, last_transition_timestamp=stamp)
    record: Any = message_from_wire(wire.AlarmFeedMessage(active_alarm=alarm), clock)
    assert (record.raised_ns, record.changed_ns) == (0, 0)
    transition = wire.OnAlarmTransitionEvent(original_raise_timestamp=stamp, transition_timestamp=stamp)
    record = message_from_wire(wire.AlarmFeedMessage(transition=transition), clock)
    assert (record.raised_ns, record.changed_ns) == (0, 0)
    (reading,) = readings([wire.BulkReadResult(was_successful=True, source_timestamp=stamp)], clock)
    assert reading.time is None
    deploy = galaxy_wire.DeployEvent(
        observed_at=stamp, time_of_last_deploy=stamp, time_of_last_deploy_present=True
    )
    told = deploy_from_wire(deploy, clock)
    assert (told.observed_at, told.time_of_last_deploy) == (ZERO, ZERO)
    assert clock.early + clock.ahead == 8


@never
@pytest.mark.parametrize("count", [1, 100])
def test_a_never_is_no_time_in_a_batch_and_is_counted(seconds: int, count: int) -> None:
    now = time.time_ns()
    stamps = [Timestamp(seconds=now // NANOSECONDS), Timestamp(seconds=seconds)] * count
    clock = GatewayClock()
    columns = DECODER.decode([change(stamp, row) for row, stamp in enumerate(stamps)], clock)
    assert columns.time_ns.tolist() == [now // NANOSECONDS * NANOSECONDS, 0] * count
    assert clock.early + clock.ahead == count


def test_a_time_in_the_readers_ring_is_judged_where_it_is_taken() -> None:
    payloads = [change(Timestamp(seconds=seconds), row) for row, seconds in enumerate(NEVERS.values())]
    clock = GatewayClock()
    taken = through_the_ring(DECODER, payloads, clock)
    assert taken.time_ns.tolist() == [0] * len(NEVERS)
    assert (clock.early, clock.ahead) == (3, 2)


@never
def test_a_value_that_means_never_is_missing_also_in_arrays(seconds: int) -> None:
    value = wire.MxValue(timestamp_value=Timestamp(seconds=seconds))
    assert np.isnat(from_wire(value))  # type: ignore[arg-type]
    array = wire.MxValue()
    array.array_value.timestamp_values.values.extend([value.timestamp_value, Timestamp(seconds=5)])
    array.array_value.dimensions.append(2)
    found: Any = from_wire(array)
    assert np.isnat(found[0])
    assert found[1] == np.datetime64("1970-01-01T00:00:05", "ns")
    sparse = wire.MxValue()
    sparse.sparse_array_value.total_length = 1
    sparse.sparse_array_value.elements.add(index=0, value=value)
    found = from_wire(sparse)
    assert np.isnat(found[0])


@given(st.lists(STAMPS, min_size=1, max_size=3), st.sampled_from([1, SMALL_BATCH]))
def test_no_time_is_ever_shown_as_another_moment(stamps: list[Timestamp], times: int) -> None:
    clock = GatewayClock()
    single = [event_from_wire(wire.MxEvent(source_timestamp=stamp), clock).time_ns for stamp in stamps]
    assert single == [allowed(clock, stamp) for stamp in stamps]
    batch = DECODER.decode([change(stamp) for stamp in stamps * times], clock)
    assert batch.time_ns.tolist() == single * times
    for stamp in stamps:
        value: Any = from_wire(wire.MxValue(timestamp_value=stamp))
        exact = stamp.seconds * NANOSECONDS + stamp.nanos
        assert np.isnat(value) or int(value.astype(np.int64)) == exact


def test_a_day_ahead_is_reckoned_by_the_gateways_own_clock() -> None:
    year_ahead = Timestamp(seconds=time.time_ns() // NANOSECONDS + 366 * 86_400)
    assert event_from_wire(wire.MxEvent(source_timestamp=year_ahead)).time is None
    by_the_gateway = wire.MxEvent(source_timestamp=year_ahead, gateway_receive_timestamp=year_ahead)
    clock = GatewayClock()
    assert event_from_wire(by_the_gateway, clock).time is not None
    assert clock.time_ns(year_ahead)  # an alarm's, after the event has told the gateway's clock
    assert clock.ahead == 0


def test_the_bounds_are_settings_and_have_to_be_times() -> None:
    old = Timestamp(seconds=1)
    clock = GatewayClock(ClientOptions(endpoint="localhost", earliest_time="1970-01-01"))
    assert clock.time_ns(old) == NANOSECONDS
    soon = Timestamp(seconds=time.time_ns() // NANOSECONDS + 3600)
    assert GatewayClock(ClientOptions(endpoint="localhost", time_ahead=60)).time_ns(soon) == 0
    for wrong in ({"earliest_time": "long ago"}, {"time_ahead": -1.0}, {"time_ahead": float("nan")}):
        with pytest.raises(ConfigurationError):
            ClientOptions(endpoint="localhost", **wrong)


async def test_a_client_learns_the_gateways_clock_from_any_answer(client: GatewayClient) -> None:
    await client.query_active_alarms()
    assert client.clock.now_ns < time.time_ns() - 86_400 * NANOSECONDS  # the plant's clock stands in January
