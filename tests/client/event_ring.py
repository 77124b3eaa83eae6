"""Events by way of the memory that a reader's process shares with its kernel."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from mxgw_notebook.client import GatewayClock
from mxgw_notebook.client.fast_events.columns import EventColumns
from mxgw_notebook.client.fast_events.decoder import EventDecoder
from mxgw_notebook.client.fast_events.ring import EventRing


@contextmanager
def new_ring() -> Iterator[EventRing]:
    """A ring, let go of at the end."""
    ring, descriptors = EventRing.create()
    try:
        yield ring
    finally:
        ring.close()
        for descriptor in descriptors:
            os.close(descriptor)


def through_the_ring(
    decoder: EventDecoder, payloads: list[bytes], clock: GatewayClock | None = None, secret: str = ""
) -> EventColumns:
    """Serialised events as the process reader has them."""
    with new_ring() as ring:
        ring.write(*decoder.table(payloads))
        columns = ring.take(clock, secret)
    assert columns is not None
    return columns
