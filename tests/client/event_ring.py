"""Events by way of the memory that a reader's process shares with its kernel."""

from __future__ import annotations

import os

from mxgw_notebook.client import GatewayClock
from mxgw_notebook.client.fast_events.columns import EventColumns
from mxgw_notebook.client.fast_events.decoder import EventDecoder
from mxgw_notebook.client.fast_events.ring import EventRing


def through_the_ring(
    decoder: EventDecoder, payloads: list[bytes], clock: GatewayClock | None = None, secret: str = ""
) -> EventColumns:
    """Serialised events as the process reader has them."""
    ring, descriptors = EventRing.create()
    try:
        ring.write(*decoder.table(payloads))
        columns = ring.take(clock, secret)
    finally:
        ring.close()
        for descriptor in descriptors:
            os.close(descriptor)
    assert columns is not None
    return columns
