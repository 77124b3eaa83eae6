"""Buffered items: every value of a batch comes, in the event, in columns, and by either reader."""

from __future__ import annotations

from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from mxgw_notebook.client import Session
from mxgw_notebook.client.contract import wire as typed_wire
from mxgw_notebook.client.fast_events.columns import BOOLEAN
from mxgw_notebook.client.fast_events.decoder import SMALL_BATCH, EventDecoder
from mxgw_notebook.client.values import BAD
from mxgw_notebook.simulator.server import ServedGateway
from tests.client.event_ring import through_the_ring
from tests.client.round_trip import sent

wire: Any = typed_wire
SPEED = "Pump001.Speed"
GOOD, UNCERTAIN = 192, 64
NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
NOON_NS = int(NOON.timestamp()) * 1_000_000_000


def buffered(sequence: int, values: list[Any], handle: int = 5, *, times: int | None = None) -> bytes:
    """A buffered event as the contract has it: nothing of it stands on the envelope."""
    event = wire.MxEvent(
        family=wire.MX_EVENT_FAMILY_ON_BUFFERED_DATA_CHANGE, worker_sequence=sequence, item_handle=handle
    )
    body = event.on_buffered_data_change
    body.values.CopyFrom(sent(values).array_value)
    body.qualities.extend(GOOD if place % 2 == 0 else UNCERTAIN for place in range(len(values)))
    for place in range(len(values) if times is None else times):
        body.timestamps.values.add().FromNanoseconds(NOON_NS + sequence * 1_000_000 + place)
    return bytes(event.SerializeToString())


def plain(sequence: int, value: float, handle: int = 3) -> bytes:
    event = wire.MxEvent(
        family=wire.MX_EVENT_FAMILY_ON_DATA_CHANGE,
        worker_sequence=sequence,
        item_handle=handle,
        quality=GOOD,
        value={"double_value": value},
    )
    event.source_timestamp.FromDatetime(NOON)
    return bytes(event.SerializeToString())


@pytest.mark.kind_only("it looks at times and types", "odd-times", "bursts", "unknown-enums")
async def test_an_event_has_every_value_of_its_batch(session: Session, served: ServedGateway) -> None:
    server_handle = await session.register("tests")
    async with aclosing(session.stream_events()) as events:
        await session.set_buffered_update_interval(server_handle, 2_000)
        (added,) = await session.subscribe_buffered(server_handle, [SPEED])
        await served.advance(9)
        first, second = await anext(events), await anext(events)
    assert (first.family, first.item_handle) == ("ON_BUFFERED_DATA_CHANGE", added.item_handle)
    times = [time for event in (first, second) for time in event.timestamps if time is not None]
    assert len(second.values) == len(second.qualities) == len(second.timestamps) > 1
    assert times == sorted(set(times))
    assert times[-1] - times[0] < timedelta(seconds=9)
    assert second.values.dtype == np.float64
    assert set(second.qualities) == {GOOD}
    assert second.batch is not None
    assert second.batch.data_type == "DOUBLE"


async def test_a_tag_that_cannot_be_buffered_fails_alone(session: Session, served: ServedGateway) -> None:
    server_handle = await session.register("tests")
    results = await session.subscribe_buffered(
        server_handle, [SPEED, "Nope.Nope", "Recipe_101.StepLimits[]", "Tank001.Level"]
    )
    assert [bool(entry.failure) for entry in results] == [False, True, True, False]
    assert results[1].failure.startswith("invalid reference (6)")
    assert len({entry.item_handle for entry in results if not entry.failure}) == 2


@pytest.mark.parametrize("among", [0, SMALL_BATCH])
@pytest.mark.parametrize("by_ring", [False, True])
def test_a_batch_is_a_row_a_value_in_its_place_of_the_stream(by_ring: bool, among: int) -> None:
    payloads = [
        *(plain(number + 1, float(number)) for number in range(among)),
        buffered(among + 1, [1.5, 2.5, 3.5]),
        plain(among + 2, 9.0),
        buffered(among + 3, [4.5]),
    ]
    columns = through_the_ring(EventDecoder(), payloads) if by_ring else EventDecoder().decode(payloads)
    assert columns.number[among:].tolist() == [1.5, 2.5, 3.5, 9.0, 4.5]
    assert columns.item_handle[among:].tolist() == [5, 5, 5, 3, 5]
    assert columns.sequence[among:].tolist() == [among + 1] * 3 + [among + 2, among + 3]
    assert columns.quality[among:].tolist() == [GOOD, UNCERTAIN, GOOD, GOOD, GOOD]
    assert np.diff(columns.time_ns[among : among + 3]).tolist() == [1, 1]
    assert columns.seen.tolist() == list(range(1, among + 4))
    assert (columns.others, columns.broken) == ([], 0)


def test_values_of_every_kind_come_whole_in_a_batch() -> None:
    large = 2**53 + 1
    payloads = [
        buffered(1, [True, False]),
        buffered(2, ["on", "off"]),
        buffered(3, [7, large]),
        buffered(4, [NOON]),
    ]
    columns = EventDecoder().decode(payloads)
    assert columns.number[:2].tolist() == [1.0, 0.0]
    assert columns.kind[:2].tolist() == [BOOLEAN, BOOLEAN]
    assert [columns.objects[row] for row in (2, 3, 5)] == ["on", "off", large]
    assert columns.objects[6] == np.datetime64(NOON.replace(tzinfo=None), "ns")
    assert 4 not in columns.objects
    assert columns.number[4] == 7.0


@pytest.mark.parametrize("by_ring", [False, True])
def test_a_batch_whose_times_are_too_few_is_bad_and_counted_not_guessed(by_ring: bool) -> None:
    payloads = [plain(1, 1.0), buffered(2, [1.5, 2.5, 3.5], times=2), plain(3, 2.0)]
    columns = through_the_ring(EventDecoder(), payloads) if by_ring else EventDecoder().decode(payloads)
    assert columns.broken == 1
    assert columns.quality.tolist() == [GOOD, BAD, GOOD]
    assert columns.item_handle.tolist() == [3, 5, 3]
    assert np.isnan(columns.number[1])


def test_a_buffered_event_without_values_is_among_the_others() -> None:
    columns = EventDecoder().decode([buffered(1, [], times=0)])
    (event,) = columns.others
    assert (event.family, len(columns)) == ("ON_BUFFERED_DATA_CHANGE", 0)
