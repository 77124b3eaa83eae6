"""When an event was where: at its source, at the gateway, and here."""

from __future__ import annotations

import time
from dataclasses import dataclass

from google.protobuf.message import DecodeError

from mxgw_notebook.client.contract import wire
from mxgw_notebook.client.values import nanoseconds


@dataclass(frozen=True, slots=True)
class Arrival:
    """The times of one event, nanoseconds since 1970 UTC, each by its own machine's clock; 0: not sent."""

    source_ns: int
    gateway_ns: int
    kernel_ns: int


def arrival(payload: bytes) -> Arrival | None:
    """The times of a serialised event that came just now; None for one that cannot be read."""
    try:
        event = wire.MxEvent.FromString(payload)
    except DecodeError:
        return None
    return Arrival(nanoseconds(event.source_timestamp), at_gateway(event), time.time_ns())


def at_gateway(event: wire.MxEvent) -> int:
    """When the gateway had an event, or its worker where the gateway does not say."""
    return nanoseconds(event.gateway_receive_timestamp) or nanoseconds(event.worker_timestamp)
