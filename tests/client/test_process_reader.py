"""The reader in a process of its own: the same columns as the thread's, and nothing left behind."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mxgw_notebook.client import GatewayClient
from mxgw_notebook.client.contract import wire as typed_wire
from mxgw_notebook.client.fast_events.columns import EventColumns
from mxgw_notebook.client.fast_events.decoder import EventDecoder
from mxgw_notebook.client.fast_events.process_reader import ProcessReader
from mxgw_notebook.client.fast_events.ring import CAPACITY, EXTRA_BYTES, EventRing
from mxgw_notebook.errors import CallError, GatewayUnavailableError, NotFoundError
from mxgw_notebook.simulator.server import ServedGateway
from tests.client.round_trip import sent
from tests.conftest import KEY
from tests.reading import reading
from tests.until import until

wire: Any = typed_wire
DECODER = EventDecoder()


def change(sequence: int, value: Any) -> bytes:
    event = wire.MxEvent(
        family="MX_EVENT_FAMILY_ON_DATA_CHANGE", worker_sequence=sequence, item_handle=7, quality=192
    )
    event.value.CopyFrom(sent(value))
    return bytes(event.SerializeToString())


def outcome(sequence: int) -> bytes:
    event = wire.MxEvent(family="MX_EVENT_FAMILY_ON_WRITE_COMPLETE", worker_sequence=sequence)
    return bytes(event.SerializeToString())


def written(ring: EventRing, payloads: list[bytes]) -> None:
    table, kept = DECODER.table(payloads)
    ring.write(table, kept, broken=len(payloads) - len(kept))


def same(one: EventColumns, other: EventColumns) -> None:
    for name in ("sequence", "item_handle", "quality", "time_ns", "number", "seen", "kind"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), name)
    assert one.objects == other.objects
    assert one.others == other.others


@pytest.mark.parametrize("count", [1, 3, 100])
def test_what_comes_out_of_the_ring_is_what_the_decoder_makes(ring: EventRing, count: int) -> None:
    payloads = [
        payload
        for number in range(count)
        for payload in (
            change(3 * number + 1, 1.5),
            change(3 * number + 2, "text"),
            outcome(3 * number + 3),
        )
    ]
    written(ring, payloads)
    taken = ring.take()
    assert taken is not None
    same(taken, DECODER.decode(payloads))
    assert ring.take() is None


def test_what_is_no_event_is_told_once_also_when_nothing_else_came(ring: EventRing) -> None:
    written(ring, [change(1, 2.5), b"\xff no event"])
    columns = ring.take()
    assert columns is not None
    assert (columns.broken, columns.sequence.tolist()) == (1, [1])
    assert ring.take() is None
    written(ring, [b"\xff no event"] * 2)
    columns = ring.take()
    assert columns is not None
    assert (columns.broken, len(columns)) == (2, 0)
    assert ring.take() is None


def test_a_full_ring_drops_and_counts(ring: EventRing) -> None:
    ring.count("written", CAPACITY - 1)  # as if nobody had taken any of them
    written(ring, [change(1, 1.0), change(2, 2.0), change(3, 3.0)])
    assert ring.counter("written") == CAPACITY
    assert ring.counter("dropped") == 2


def test_texts_that_find_no_room_are_dropped_and_room_comes_back(ring: EventRing) -> None:
    long = "x" * (EXTRA_BYTES // 3)
    written(ring, [change(number, long) for number in range(1, 5)])
    assert ring.counter("dropped") == 2
    taken = ring.take()
    assert taken is not None
    assert taken.seen.tolist() == [1, 2]
    written(ring, [change(5, long), change(6, 1.0)])
    again = ring.take()
    assert again is not None
    assert again.objects == {0: long}


async def test_a_child_reads_until_it_is_stopped(client: GatewayClient, served: ServedGateway) -> None:
    ends: list[CallError | None] = []
    session = await client.open_session()
    session.hand_over_events()
    reader = ProcessReader(client.options, session.session_id, on_end=ends.append)
    before = reading()
    reader.start()
    handle = await session.register("tests")
    await session.subscribe_bulk(handle, ["Pump001.Speed", "Pump001.Description"])
    await until(lambda: reader.received == 2)
    columns = reader.columns()
    assert columns is not None
    assert len(columns) == 2
    assert columns.arrival is not None
    assert reader.columns() is None
    (child,) = (process for process in reading() if process not in before)
    assert KEY not in " ".join(child.cmdline())
    reader.stop()
    reader.stop()
    await until(lambda: ends == [None])
    await until(lambda: not served.open_calls["StreamEvents"])
    assert not child.is_running()


async def test_a_refused_stream_is_told_with_its_error(client: GatewayClient) -> None:
    ends: list[CallError | None] = []
    reader = ProcessReader(client.options, "session-of-yesterday", ended=ends.append)  # its older name
    reader.start()
    await until(lambda: ends)
    reader.stop()
    assert isinstance(ends[0], NotFoundError)
    assert ends[0].call == "StreamEvents"


async def test_a_child_that_is_killed_is_a_lost_stream(client: GatewayClient, served: ServedGateway) -> None:
    ends: list[CallError | None] = []
    session = await client.open_session()
    session.hand_over_events()
    reader = ProcessReader(client.options, session.session_id, on_end=ends.append)
    before = reading()
    reader.start()
    # Not simply the last child: numbers of processes begin anew, and that one may be another test's gateway.
    (child,) = (process for process in reading() if process not in before)
    child.kill()
    await until(lambda: ends)
    assert isinstance(ends[0], GatewayUnavailableError)
    assert reader.finished
    reader.stop()
