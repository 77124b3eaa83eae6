"""Channels: the asyncio one for calls, the blocking one for the fast event reader."""

from __future__ import annotations

import asyncio
import contextlib
from functools import cache
from typing import Any

import grpc
import grpc.aio
from grpc.experimental import ChannelOptions

from mxgw_notebook.client.options import ClientOptions
from mxgw_notebook.client.process import MakerProcess

LONGEST_ANSWER_SECONDS = 20.0
Arguments = list[tuple[str, Any]]


def answer_seconds(keepalive: float) -> float:
    """How long the answer to a keep-alive ping is waited for: as long as for a ping, within bounds."""
    return min(LONGEST_ANSWER_SECONDS, max(1.0, keepalive))


def arguments(options: ClientOptions) -> Arguments:
    """Channel arguments that both kinds of channel share."""
    chosen: Arguments = [
        ("grpc.max_receive_message_length", options.message_limit),
        ("grpc.max_send_message_length", options.message_limit),
        ("grpc.keepalive_time_ms", int(options.keepalive * 1000) or 2**31 - 1),
        ("grpc.keepalive_timeout_ms", int(answer_seconds(options.keepalive) * 1000)),
        ("grpc.keepalive_permit_without_calls", 0),
        # Also while only the gateway speaks, or nobody: gRPC would hold back all but two of those pings, and
        # the cut cable of a quiet plant be found out by nobody.
        ("grpc.http2.max_pings_without_data", 0),
        # A gateway on this machine is never behind the site's proxy.
        ("grpc.enable_http_proxy", 0 if options.is_loopback else 1),
        # gRPC sends a call again by itself where it holds that nobody saw it, at once, without a bound.
        # Why: DECISIONS.md, "gRPC repeats nothing by itself".
        ("grpc.enable_retries", 0),
        # Subchannels are otherwise shared in the process, and with them an earlier failure's backoff.
        ("grpc.use_local_subchannel_pool", 1),
        ("grpc.max_reconnect_backoff_ms", 5_000),
        # For how long one attempt is waited for that nobody answers; gRPC's own 20 s keep the next waiting.
        ("grpc.min_reconnect_backoff_ms", int(max(1.0, options.connect_timeout) * 1000)),
        # A gateway that comes back under another address is asked for by name again: at most so often.
        ("grpc.dns_min_time_between_resolutions_ms", 5_000),
    ]
    if options.server_name_override:
        chosen.append(("grpc.ssl_target_name_override", options.server_name_override))
    return chosen


def credentials(options: ClientOptions) -> grpc.ChannelCredentials:
    """TLS credentials: the `ca_file` if there is one, else the system's roots."""
    return grpc.ssl_channel_credentials(root_certificates=options.root_certificates())


@cache
def grpc_process() -> MakerProcess:
    """The process that made the first channel; gRPC crashes every process that is forked from it."""
    return MakerProcess()


def open_channel(options: ClientOptions) -> grpc.aio.Channel:
    """A channel of the running loop. It connects with its first call.

    Raises NotConnectedError in a process that was forked after gRPC was used.
    """
    grpc_process().check()
    if options.plaintext:
        return grpc.aio.insecure_channel(options.target, options=arguments(options))
    return grpc.aio.secure_channel(options.target, credentials(options), options=arguments(options))


def open_reader_channel(options: ClientOptions) -> grpc.Channel:
    """A blocking channel whose streams are polled by the thread that reads them.

    That takes one hand-off between threads out of every event: 4 to 10 times the events a second.
    """
    grpc_process().check()
    chosen = [*arguments(options), (ChannelOptions.SingleThreadedUnaryStream, 1)]
    if options.plaintext:
        return grpc.insecure_channel(options.target, options=chosen)
    return grpc.secure_channel(options.target, credentials(options), options=chosen)


async def wait_for_connection(channel: grpc.aio.Channel, timeout: float) -> bool:
    """Waits for the first connection attempt; True if it succeeded, False if it failed or took too long."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(timeout):
            state = channel.get_state(try_to_connect=True)
            while state not in (grpc.ChannelConnectivity.READY, grpc.ChannelConnectivity.TRANSIENT_FAILURE):
                await channel.wait_for_state_change(state)
                state = channel.get_state(try_to_connect=True)
            return state is grpc.ChannelConnectivity.READY
    return False
