"""A read of one tag and of ten thousand, as the notebook gives them, against the bare calls below."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import grpc

from benchmarks.benchmark import Benchmark, Figure, Figures, Ratio, Setting, Variant
from mxgw_notebook import Gateway, connect, disconnect
from mxgw_notebook.client.contract import CALLS, wire
from mxgw_notebook.client.requests import command, request
from mxgw_notebook.simulator.process import EmbeddedGateway

KEY = "mxgw_benchmarks_key"
ONE = 300
MANY = 10_000
A_COMMAND = 1_000  # of a bulk read, as the product sends them
TAGS = [f"Tank{place % 16 + 1:03}.Level" for place in range(MANY)]


def read_one(setting: Setting) -> Figures:
    """`gateway.read` of one tag: a DataFrame."""
    with connected(setting.address) as gateway:
        return timed(lambda: gateway.read(TAGS[0]), setting.size)


def stub_one(setting: Setting) -> Figures:
    """The same by the generated stub: a message."""
    with session(setting.address) as read:
        return timed(lambda: read(TAGS[:1]), setting.size)


def read_many(setting: Setting) -> Figures:
    """`gateway.read` of many tags."""
    with connected(setting.address) as gateway:
        return timed(lambda: gateway.read(TAGS[: setting.size]), 5)


def stub_many(setting: Setting) -> Figures:
    """The same by bulk commands one after the other: messages."""
    with session(setting.address) as read:
        parts = [TAGS[start : start + A_COMMAND] for start in range(0, setting.size, A_COMMAND)]
        return timed(lambda: [read(part) for part in parts], 5)


def timed(work: Callable[[], Any], times: int) -> Figures:
    """Milliseconds a call, of the clock (the median) and of the processor."""
    work()
    lasted, spent = [], time.process_time()
    for _ in range(times):
        start = time.perf_counter()
        work()
        lasted.append(time.perf_counter() - start)
    return {
        "ms": 1000 * sorted(lasted)[times // 2],
        "cpu_ms": 1000 * (time.process_time() - spent) / times,
    }


@contextmanager
def connected(address: str) -> Iterator[Gateway]:
    """The notebook's connection."""
    gateway = connect(address, api_key=KEY, plaintext=True)
    yield gateway
    disconnect()


@contextmanager
def session(address: str) -> Iterator[Callable[[Sequence[str]], Any]]:
    """A session's bulk reads by the bare calls."""
    metadata = (("authorization", f"Bearer {KEY}"),)
    with grpc.insecure_channel(address) as channel:

        def call(name: str, kind: Any) -> Any:
            made: Any = channel.unary_unary(
                CALLS[name].path, lambda message: message.SerializeToString(), kind.FromString
            )
            return lambda request: made(request, metadata=metadata)

        opened = call("OpenSession", wire.OpenSessionReply)(request("OpenSession")).session_id
        invoke = call("Invoke", wire.MxCommandReply)
        server = invoke(command(opened, "register", client_name="benchmark")).register.server_handle
        yield lambda tags: invoke(
            command(opened, "read_bulk", server_handle=server, tag_addresses=tags, timeout_ms=5000)
        )
        call("CloseSession", wire.CloseSessionReply)(request("CloseSession", session_id=opened))


@contextmanager
def plant(_size: int) -> Iterator[str]:
    """The embedded gateway."""
    with EmbeddedGateway.start(api_key=KEY) as gateway:
        yield gateway.endpoint


BENCHMARK = Benchmark(
    about="a read of one tag and of ten thousand as DataFrames, against the bare calls",
    source=plant,
    variants=(
        Variant("read_one", read_one, ONE),
        Variant("stub_one", stub_one, ONE),
        Variant("read_many", read_many, MANY),
        Variant("stub_many", stub_many, MANY),
    ),
    keys={
        "read_over_stub": Ratio("read_one", "stub_one", "ms"),
        "bulk_read_over_stub": Ratio("read_many", "stub_many", "ms"),
        "read_cpu_ms": Figure("read_one", "cpu_ms"),
        "bulk_read_cpu_ms": Figure("read_many", "cpu_ms"),
    },
)
