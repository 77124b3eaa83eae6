"""A read of one tag and of ten thousand, as the notebook gives them, against the bare calls, in turns."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from statistics import median
from typing import Any

import grpc

from benchmarks.benchmark import Benchmark, Figure, Figures, Setting, Variant
from mxgw_notebook import Gateway, connect, disconnect
from mxgw_notebook.client.contract import CALLS, wire
from mxgw_notebook.client.requests import command, request
from mxgw_notebook.simulator.process import EmbeddedGateway

KEY = "mxgw_benchmarks_key"
ONE = 300
MANY = 10_000
FEW = 9  # times
A_COMMAND = 1_000  # of a bulk read, as the product sends them
TAGS = [f"Tank{place % 16 + 1:03}.Level" for place in range(MANY)]


def one(setting: Setting) -> Figures:
    """`gateway.read` of one tag, a DataFrame; by the generated stub a message."""
    with connected(setting.address) as gateway, session(setting.address) as read:
        return in_turns(lambda: gateway.read(TAGS[0]), lambda: read(TAGS[:1]), setting.size)


def many(setting: Setting) -> Figures:
    """`gateway.read` of many tags; by the stub bulk commands one after the other."""
    parts = [TAGS[start : start + A_COMMAND] for start in range(0, setting.size, A_COMMAND)]
    with connected(setting.address) as gateway, session(setting.address) as read:
        return in_turns(
            lambda: gateway.read(TAGS[: setting.size]), lambda: [read(part) for part in parts], FEW
        )


def in_turns(ours: Callable[[], Any], bare: Callable[[], Any], times: int) -> Figures:
    """Milliseconds a call of each, of the clock (the medians) and of the processor, and the median ratio.

    One after the other, again and again: a slow second hits both.
    """
    ours(), bare()
    turns = [(*spent(ours), *spent(bare)) for _ in range(times)]
    ms, cpu_ms, bare_ms, bare_cpu_ms = (1000 * median(column) for column in zip(*turns, strict=True))
    over_bare = median(one[0] / one[2] for one in turns)
    return {
        "ms": ms, "cpu_ms": cpu_ms, "bare_ms": bare_ms, "bare_cpu_ms": bare_cpu_ms, "over_bare": over_bare,
    }  # fmt: skip


def spent(work: Callable[[], Any]) -> tuple[float, float]:
    """The seconds of the clock and of the processor that a call takes."""
    start, busy = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - start, time.process_time() - busy


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
    variants=(Variant("one", one, ONE), Variant("many", many, MANY)),
    keys={
        "read_over_stub": Figure("one", "over_bare"),
        "bulk_read_over_stub": Figure("many", "over_bare"),
        "read_cpu_ms": Figure("one", "cpu_ms"),
        "bulk_read_cpu_ms": Figure("many", "cpu_ms"),
    },
)
