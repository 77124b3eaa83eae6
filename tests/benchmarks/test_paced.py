"""The gateway that faults a session which is not read, as real gRPC clients see it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import grpc
import numpy as np
import pytest
from grpc.experimental import ChannelOptions

from benchmarks.event_frames import EventFrames
from benchmarks.framing import FRAME_HEAD, MESSAGE_HEAD
from benchmarks.paced import LONGEST_TURN_SECONDS, QUEUE, REPORT, Pace
from benchmarks.preframed import ITEMS, path
from benchmarks.process import source
from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire
from mxgw_notebook.client.fast_events.decoder import event_decoder
from tests.conftest import Eventually

pytestmark = pytest.mark.long

RATE = 50_000
COUNT = 40_000
TIMEOUT = 30.0
# Without these a client's window grows by itself, to megabytes.
NARROW = [("grpc.http2.bdp_probe", 0), ("grpc.http2.lookahead_bytes", 65_536)]
FAST = [(ChannelOptions.SingleThreadedUnaryStream, 1)]


@pytest.fixture
def address() -> Iterator[str]:
    with source("benchmarks.paced", str(COUNT), str(RATE)) as listening:
        yield listening


class Client:
    """A client with one session, whose stream is open before an item is advised."""

    def __init__(self, channel: grpc.Channel) -> None:
        self._channel = channel
        self.session_id = self.unary(
            "OpenSession", wire.OpenSessionRequest(), wire.OpenSessionReply
        ).session_id

    def unary(self, call: str, request: Any, reply: Any) -> Any:
        made: Any = self._channel.unary_unary(path(call), type(request).SerializeToString, reply.FromString)
        return made(request, timeout=TIMEOUT)

    def stream(self) -> Any:
        call: Any = self._channel.unary_stream(path("StreamEvents"))
        request = wire.StreamEventsRequest(session_id=self.session_id)
        return call(request.SerializeToString(), timeout=TIMEOUT)

    def advise(self) -> wire.MxCommandReply:
        command = wire.MxCommand(
            kind=wire.MX_COMMAND_KIND_SUBSCRIBE_BULK,
            subscribe_bulk=wire.SubscribeBulkCommand(tag_addresses=["Tank001.Level"]),
        )
        request = wire.MxCommandRequest(session_id=self.session_id, command=command)
        reply: wire.MxCommandReply = self.unary("Invoke", request, wire.MxCommandReply)
        return reply

    def close(self) -> wire.CloseSessionReply:
        request = wire.CloseSessionRequest(session_id=self.session_id)
        reply: wire.CloseSessionReply = self.unary("CloseSession", request, wire.CloseSessionReply)
        return reply


def reported(address: str) -> list[dict[str, Any]]:
    with grpc.insecure_channel(address) as channel:
        call: Any = channel.unary_unary(REPORT)
        sessions: list[dict[str, Any]] = json.loads(call(b"", timeout=TIMEOUT))["sessions"]
    return sessions


def code_of(call: Callable[[], object]) -> grpc.StatusCode:
    with pytest.raises(grpc.RpcError) as failure:
        call()
    assert isinstance(failure.value, grpc.Call)
    return failure.value.code()


def test_a_session_that_is_not_read_is_faulted_once_ten_thousand_events_wait(
    address: str, eventually: Eventually
) -> None:
    with grpc.insecure_channel(address, NARROW) as channel:
        client = Client(channel)
        stream = client.stream()
        client.advise()
        eventually(lambda: reported(address)[0]["faulted"])
        received: list[bytes] = []
        assert code_of(lambda: received.extend(stream)) is grpc.StatusCode.RESOURCE_EXHAUSTED
        (report,) = reported(address)
        at_once = LONGEST_TURN_SECONDS * RATE * 1.1 + 1
        assert QUEUE < report["deepest_queue"] <= QUEUE + at_once
        # What the client had not let through by then never comes.
        assert report["made"] < COUNT


def test_a_faulted_session_refuses_all_but_its_end(address: str, eventually: Eventually) -> None:
    with grpc.insecure_channel(address, NARROW) as channel:
        client = Client(channel)
        stream = client.stream()
        client.advise()
        eventually(lambda: reported(address)[0]["faulted"])
        assert code_of(client.advise) is grpc.StatusCode.FAILED_PRECONDITION
        assert code_of(lambda: next(client.stream())) is grpc.StatusCode.FAILED_PRECONDITION
        assert client.close().protocol_status.code == wire.PROTOCOL_STATUS_CODE_OK
        stream.cancel()
        another = Client(channel)
        assert another.advise().protocol_status.code == wire.PROTOCOL_STATUS_CODE_OK


def test_a_session_that_nobody_opened_is_not_found(address: str) -> None:
    with grpc.insecure_channel(address) as channel:
        client = Client(channel)
        client.session_id = "session-of-somebody"
        assert code_of(client.advise) is grpc.StatusCode.NOT_FOUND


def test_a_session_that_is_read_has_every_event_once_and_in_order(address: str) -> None:
    with grpc.insecure_channel(address, FAST) as channel:
        client = Client(channel)
        stream = client.stream()
        client.advise()
        received = list(islice(stream, COUNT))
        stream.cancel()
    events = [wire.MxEvent.FromString(data) for data in received]
    sequences = np.arange(1, COUNT + 1)
    assert [event.worker_sequence for event in events] == sequences.tolist()
    assert [event.value.double_value for event in events] == (sequences / 2).tolist()
    assert [event.item_handle for event in events] == (sequences % ITEMS + 1).tolist()
    assert {event.session_id for event in events} == {client.session_id}
    times = [event.source_timestamp.ToNanoseconds() for event in events]
    assert np.all(np.diff(times) > 0)
    assert times == [event.worker_timestamp.ToNanoseconds() for event in events]
    (report,) = reported(address)
    assert not report["faulted"]
    assert report["made"] == COUNT


@pytest.mark.parametrize("first", [1, 127, 2**28 - 2, 30_000_000])
def test_a_block_is_read_the_same_by_the_product_and_by_protobuf(first: int) -> None:
    times = 1_780_000_000_000_000_000 + np.arange(64) * 20_000
    rows = EventFrames("session-1").block(first, times)
    payloads = [row[FRAME_HEAD.size + MESSAGE_HEAD.size :].tobytes() for row in rows]
    columns = event_decoder().decode(payloads)
    events = [wire.MxEvent.FromString(payload) for payload in payloads]
    assert columns.sequence.tolist() == [event.worker_sequence for event in events]
    assert columns.sequence.tolist() == list(range(first, first + 64))
    assert columns.number.tolist() == [event.value.double_value for event in events]
    assert columns.time_ns.tolist() == times.tolist()


def test_a_source_on_time_makes_what_the_rate_says() -> None:
    pace = Pace(1_000_000, RATE)
    made = sum(pace.due(10 + turn * 0.005) for turn in range(201))
    assert made == RATE
    assert pace.seconds == pytest.approx(1)
    assert pace.late == pytest.approx(0.005, rel=0.01)


def test_a_source_that_was_frozen_catches_up_by_a_tenth_and_not_at_once() -> None:
    pace = Pace(1_000_000, RATE)
    pace.due(10)
    assert pace.due(12) <= 1 + LONGEST_TURN_SECONDS * RATE * 1.1
    assert pace.late == pytest.approx(2)
    caught_up = sum(pace.due(12 + turn * 0.01) for turn in range(1, 101))
    assert caught_up == pytest.approx(RATE * 1.1, rel=0.01)


def test_a_source_makes_no_more_than_its_count() -> None:
    pace = Pace(100, RATE)
    assert sum(pace.due(1 + turn * 0.01) for turn in range(10)) == 100
