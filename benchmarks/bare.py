"""The floor of a stream: serialised messages off the blocking stub, counted, nothing done with them."""

from __future__ import annotations

from itertools import islice
from time import perf_counter
from typing import Any

import grpc
from google.protobuf.message import Message
from grpc.experimental import ChannelOptions

from benchmarks.preframed import path


def counted(address: str, call: str, request: Message, size: int) -> tuple[int, float]:
    """How many of so many messages came, and the seconds from the call on a connected channel to the last."""
    with grpc.insecure_channel(address, [(ChannelOptions.SingleThreadedUnaryStream, 1)]) as channel:
        grpc.channel_ready_future(channel).result()
        begin: Any = channel.unary_stream(path(call))
        start = perf_counter()
        stream = begin(request.SerializeToString())
        received = sum(1 for _ in islice(stream, size))
        seconds = perf_counter() - start
        stream.cancel()
    return received, seconds
