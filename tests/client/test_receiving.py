"""Messages read past gRPC's iterator are those that it yields, and end as it ends."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import Any, cast

import grpc
import pytest
from grpc.experimental import ChannelOptions

from mxgw_notebook.client.fast_events.receiving import is_direct, messages
from tests.until import until

MANY = 2_000
Outcome = tuple[list[bytes], grpc.StatusCode | None, str | None]


class Scripted(grpc.GenericRpcHandler):
    """A stream a method: so many messages, and then its end."""

    def __init__(self) -> None:
        self.begun, self.left = threading.Event(), threading.Event()

    def service(self, details: grpc.HandlerCallDetails) -> Any:
        name = str(details.method).rpartition("/")[2]
        return grpc.unary_stream_rpc_method_handler(getattr(self, name))

    def all(self, request: bytes, context: grpc.ServicerContext) -> Iterator[bytes]:
        yield from (b"%d" % number for number in range(int(request)))

    def faulted(self, request: bytes, context: grpc.ServicerContext) -> Iterator[bytes]:
        yield from self.all(request, context)
        context.abort(grpc.StatusCode.FAILED_PRECONDITION, "the session faulted")

    def open(self, request: bytes, context: grpc.ServicerContext) -> Iterator[bytes]:
        context.add_callback(self.left.set)
        self.begun.set()
        yield from self.all(request, context)
        self.left.wait()


@pytest.fixture
def server() -> Iterator[tuple[Scripted, str]]:
    scripted = Scripted()
    serving = grpc.server(ThreadPoolExecutor(2))
    serving.add_generic_rpc_handlers((scripted,))
    port = serving.add_insecure_port("127.0.0.1:0")
    serving.start()
    yield scripted, f"127.0.0.1:{port}"
    scripted.left.set()
    serving.stop(None).wait()


@contextlib.contextmanager
def stream(
    endpoint: str, method: str, count: int, *, single_threaded: bool = True, timeout: float | None = None
) -> Iterator[Any]:
    """A call whose messages are the numbers below `count`."""
    options = [(ChannelOptions.SingleThreadedUnaryStream, 1)] if single_threaded else []
    with grpc.insecure_channel(endpoint, options) as channel:
        call: Any = channel.unary_stream(f"/scripted/{method}")
        yield call(b"%d" % count, timeout=timeout)


def ended_with(
    call: Any, taken: list[bytes], read: Callable[[Any], Iterator[bytes]] = messages
) -> grpc.StatusCode | None:
    """How a stream ends, once all that came of it is in `taken`."""
    with contextlib.suppress(grpc.RpcError):
        taken.extend(read(call))
    return cast(grpc.StatusCode | None, call.code())


def outcome(call: Any, read: Callable[[Any], Iterator[bytes]]) -> Outcome:
    """All of a stream and how it ended."""
    taken: list[bytes] = []
    code = ended_with(call, taken, read)
    return taken, code, call.details()


@pytest.mark.parametrize("method", ["all", "faulted"])
@pytest.mark.parametrize("count", [0, 1, 2, MANY])
def test_messages_and_end_are_those_of_the_iterator(
    server: tuple[Scripted, str], method: str, count: int
) -> None:
    with stream(server[1], method, count) as call:
        expected = outcome(call, iter)
    with stream(server[1], method, count) as call:
        assert outcome(call, messages) == expected
    assert len(expected[0]) == count


def test_a_stream_that_is_refused_raises_what_the_iterator_raises(server: tuple[Scripted, str]) -> None:
    with stream("127.0.0.1:1", "all", MANY) as call, pytest.raises(grpc.RpcError) as caught:
        list(messages(call))
    assert caught.value is call
    assert call.code() is grpc.StatusCode.UNAVAILABLE


@pytest.mark.parametrize("count", [0, 1, MANY])
async def test_a_cancellation_from_another_thread_ends_the_wait(
    server: tuple[Scripted, str], count: int
) -> None:
    scripted, endpoint = server
    taken: list[bytes] = []
    with stream(endpoint, "open", count) as call:
        reading = asyncio.create_task(asyncio.to_thread(ended_with, call, taken))
        await until(lambda: scripted.begun.is_set() and len(taken) == count)
        call.cancel()
        assert await reading is grpc.StatusCode.CANCELLED
        assert len(taken) == count
        await until(scripted.left.is_set)


def test_a_deadline_that_passes_keeps_what_came_before(server: tuple[Scripted, str]) -> None:
    with stream(server[1], "open", 3, timeout=0.5) as call:
        taken, code, _ = outcome(call, messages)
    assert (len(taken), code) == (3, grpc.StatusCode.DEADLINE_EXCEEDED)


def test_a_reader_that_leaves_midway_can_still_cancel(server: tuple[Scripted, str]) -> None:
    scripted, endpoint = server
    with stream(endpoint, "open", MANY) as call:
        reading = messages(call)
        assert [next(reading) for _ in range(3)] == [b"0", b"1", b"2"]
        del reading
        call.cancel()
        assert scripted.left.wait(10)


def test_the_gateway_going_away_midway_is_told(server: tuple[Scripted, str]) -> None:
    other = Scripted()
    serving = grpc.server(ThreadPoolExecutor(2))
    serving.add_generic_rpc_handlers((other,))
    port = serving.add_insecure_port("127.0.0.1:0")
    serving.start()
    with stream(f"127.0.0.1:{port}", "open", 3) as call:
        reading = messages(call)
        assert len([next(reading) for _ in range(3)]) == 3
        serving.stop(None)
        with pytest.raises(grpc.RpcError):
            next(reading)
        assert call.code() in (grpc.StatusCode.CANCELLED, grpc.StatusCode.UNAVAILABLE)


# ------------------------------------------------------------------ where it is taken, and where not


def test_this_version_of_grpc_is_read_directly(server: tuple[Scripted, str]) -> None:
    with stream(server[1], "all", 1) as call:
        assert is_direct(call)


def test_a_call_of_another_kind_is_iterated_over(server: tuple[Scripted, str]) -> None:
    with stream(server[1], "faulted", MANY, single_threaded=False) as call:
        assert not is_direct(call)
        taken, code, _ = outcome(call, messages)
    assert (len(taken), code) == (MANY, grpc.StatusCode.FAILED_PRECONDITION)


def test_a_version_of_grpc_without_the_names_is_iterated_over(
    server: tuple[Scripted, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(import_module("grpc._channel"), "_handle_event")
    with stream(server[1], "all", 1) as call:
        assert not is_direct(call)
