"""The source of events, as real gRPC clients see it, and as a client of our own that counts every byte."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import grpc
import grpc.aio
import pytest
from grpc.experimental import ChannelOptions

from benchmarks import framing
from benchmarks.preframed import GOOD, ITEMS, path
from benchmarks.process import source
from mxgw_notebook._generated import mxaccess_gateway_pb2 as wire

pytestmark = pytest.mark.long

COUNT = 20_000  # some 2 MB: many times the window a client begins with
FAST = (ChannelOptions.SingleThreadedUnaryStream, 1)
TIMEOUT = 30.0


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with source("benchmarks.preframed", str(COUNT)) as listening:
        yield listening


def stream_events(channel: Any, after: int = 0) -> Any:
    call = channel.unary_stream(
        path("StreamEvents"), wire.StreamEventsRequest.SerializeToString, wire.MxEvent.FromString
    )
    return call(wire.StreamEventsRequest(after_worker_sequence=after), timeout=TIMEOUT)


def sequences(events: Sequence[wire.MxEvent]) -> list[int]:
    return [event.worker_sequence for event in events]


@pytest.mark.parametrize("options", [[], [FAST]], ids=["default stub", "single-threaded stub"])
def test_every_event_comes_once_and_in_order(address: str, options: list[tuple[str, Any]]) -> None:
    with grpc.insecure_channel(address, options) as channel:
        stream = stream_events(channel)
        events = list(islice(stream, COUNT))
        stream.cancel()
    assert sequences(events) == list(range(1, COUNT + 1))


async def test_an_asynchronous_client_gets_the_same(address: str) -> None:
    async with grpc.aio.insecure_channel(address) as channel:
        stream = stream_events(channel)
        events = [await stream.read() for _ in range(COUNT)]
        stream.cancel()
    assert sequences(events) == list(range(1, COUNT + 1))


def test_an_event_looks_like_one_of_the_gateway(address: str) -> None:
    with grpc.insecure_channel(address) as channel:
        stream = stream_events(channel, after=COUNT - 1)
        event = next(stream)
        stream.cancel()
    assert event.value.double_value == COUNT / 2
    assert event.item_handle == COUNT % ITEMS + 1
    assert event.quality == GOOD
    assert event.WhichOneof("body") == "on_data_change"
    assert len(event.session_id) == 36
    assert [status.success for status in event.statuses] == [-1]
    assert event.source_timestamp == event.worker_timestamp
    assert 90 <= event.ByteSize() <= 110


def test_a_stream_resumes_after_the_sequence_it_is_given(address: str) -> None:
    with grpc.insecure_channel(address) as channel:
        stream = stream_events(channel, after=COUNT - 3)
        assert sequences(list(islice(stream, 3))) == [COUNT - 2, COUNT - 1, COUNT]
        stream.cancel()


def test_a_cancelled_stream_leaves_the_connection_usable(address: str) -> None:
    with grpc.insecure_channel(address) as channel:
        for _ in range(3):
            stream = stream_events(channel)
            assert sequences(list(islice(stream, 100))) == list(range(1, 101))
            assert stream.cancel()
            assert stream.code() is grpc.StatusCode.CANCELLED


def test_two_streams_share_a_connection(address: str) -> None:
    with grpc.insecure_channel(address) as channel:
        first, second = stream_events(channel), stream_events(channel)
        pairs = list(islice(zip(first, second, strict=True), 5_000))
        first.cancel()
        second.cancel()
    assert sequences([one for one, _ in pairs]) == sequences([other for _, other in pairs])


def test_an_unknown_call_is_unimplemented(address: str) -> None:
    with grpc.insecure_channel(address) as channel:
        call: Any = channel.unary_unary("/nobody.knows/This")
        with pytest.raises(grpc.RpcError) as failure:
            call(b"", timeout=TIMEOUT)
    assert isinstance(failure.value, grpc.Call)
    assert failure.value.code() is grpc.StatusCode.UNIMPLEMENTED


class CountingClient:
    """An HTTP/2 client that grants windows as the test says and counts what comes."""

    def __init__(self, address: str, initial_window: int) -> None:
        host, port = address.split(":")
        self._socket = socket.create_connection((host, int(port)), timeout=TIMEOUT)
        self._incoming = self._socket.makefile("rb")
        self._pings = 0
        self._socket.sendall(framing.PREFACE)
        self.announce(initial_window)

    def __enter__(self) -> CountingClient:
        return self

    def __exit__(self, *_: object) -> None:
        self._incoming.close()
        self._socket.close()

    def announce(self, initial_window: int) -> None:
        setting = framing.SETTING.pack(framing.INITIAL_WINDOW_SIZE, initial_window)
        self._send(framing.SETTINGS, 0, 0, setting)

    def call(self, stream: int) -> None:
        self._send(framing.HEADERS, framing.END_HEADERS, stream, path("StreamEvents").encode())
        self._send(framing.DATA, framing.END_STREAM, stream, framing.MESSAGE_HEAD.pack(0, 0))

    def grant(self, stream: int, increment: int) -> None:
        self._send(framing.WINDOW_UPDATE, 0, stream, framing.NUMBER.pack(increment))

    def reset(self, stream: int) -> None:
        self._send(framing.RST_STREAM, 0, stream, framing.NUMBER.pack(8))

    def carried(self) -> int:
        """The DATA bytes that came by now. The second answer is sent after all that the first let through."""
        return sum(self._until_answered() for _ in range(2))

    def _until_answered(self) -> int:
        self._pings += 1
        token = self._pings.to_bytes(8)
        self._send(framing.PING, 0, 0, token)
        total = 0
        while True:
            kind, payload = self._frame()
            if kind == framing.PING and payload == token:
                return total
            total += len(payload) if kind == framing.DATA else 0

    def _frame(self) -> tuple[int, bytes]:
        head = self._incoming.read(framing.FRAME_HEAD.size)
        high, low, kind, _flags, _stream = framing.FRAME_HEAD.unpack(head)
        return kind, self._incoming.read((high << 16) + low)

    def _send(self, kind: int, flags: int, stream: int, payload: bytes) -> None:
        self._socket.sendall(framing.frame(kind, flags, stream, payload))


MESSAGE = 120  # no event with its five bytes of gRPC is larger


def test_no_byte_is_sent_beyond_the_window_of_the_stream(address: str) -> None:
    with CountingClient(address, initial_window=1000) as client:
        client.call(1)
        first = client.carried()
        assert 1000 - MESSAGE < first <= 1000
        client.grant(1, 5000)
        assert 6000 - MESSAGE < first + client.carried() <= 6000


def test_no_byte_is_sent_beyond_the_window_of_the_connection(address: str) -> None:
    with CountingClient(address, initial_window=1_000_000) as client:
        client.call(1)
        client.call(3)
        first = client.carried()
        assert framing.DEFAULT_WINDOW - MESSAGE < first <= framing.DEFAULT_WINDOW
        client.grant(0, 100_000)
        total = first + client.carried()
        assert framing.DEFAULT_WINDOW + 100_000 - MESSAGE < total <= framing.DEFAULT_WINDOW + 100_000


def test_a_new_initial_window_changes_streams_that_are_open(address: str) -> None:
    with CountingClient(address, initial_window=1000) as client:
        client.call(1)
        first = client.carried()
        client.announce(400)  # the window is now 600 below what was used
        client.grant(1, 500)
        assert client.carried() == 0
        client.announce(2000)
        assert 2500 - MESSAGE < first + client.carried() <= 2500


def test_a_reset_stream_sends_no_more(address: str) -> None:
    with CountingClient(address, initial_window=1000) as client:
        client.call(1)
        client.carried()
        client.reset(1)
        client.grant(1, 5000)
        assert client.carried() == 0
