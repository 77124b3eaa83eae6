"""When an event was where: at its source, at the gateway, and here."""

from __future__ import annotations

import time
from dataclasses import dataclass

from google.protobuf.message import DecodeError

from mxgw_notebook.client.clock import GatewayClock
from mxgw_notebook.client.contract import wire
from mxgw_notebook.client.events import at_gateway
from mxgw_notebook.client.values import nanoseconds


@dataclass(frozen=True, slots=True)
class Arrival:
    """The times of one event, nanoseconds since 1970 UTC, each by its own machine's clock; 0: not known."""

    source_ns: int
    gateway_ns: int
    kernel_ns: int


def arrival(payload: bytes, clock: GatewayClock) -> Arrival | None:
    """The times of a serialised event that came just now; None for one that cannot be read.

    The clock learns the gateway's from it.
    """
    try:
        # One event a batch: timing each would cost what the fast path saves, and a median needs no more.
        event = wire.MxEvent.FromString(payload)
    except DecodeError:
        return None
    gateway_ns, source_ns = at_gateway(event, clock), nanoseconds(event.source_timestamp)
    clock.tell(gateway_ns)
    # A latency from a source that sends 1601 would be centuries; without a source time there is none.
    return Arrival(source_ns if clock.is_possible(source_ns) else 0, gateway_ns, time.time_ns())
