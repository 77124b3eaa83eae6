"""Events of a session, one at a time, as records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mxgw_notebook.client.clock import GatewayClock
from mxgw_notebook.client.contract import enum_name, wire
from mxgw_notebook.client.values import Value, from_wire, moment_of, nanoseconds, statuses_from_wire
from mxgw_notebook.errors import Status


@dataclass(frozen=True, slots=True)
class ReplayGap:
    """A resumed stream lost events: what was asked after, and the oldest that can still be had."""

    requested_after: int
    oldest_available: int


@dataclass(frozen=True, slots=True)
class Event:
    """One event. `family` is the contract's name without prefix: ON_DATA_CHANGE, ON_WRITE_COMPLETE ..."""

    family: str
    sequence: int
    server_handle: int
    item_handle: int
    value: Value
    quality: int
    time_ns: int
    variant_type: str = ""
    statuses: tuple[Status, ...] = ()
    replay_gap: ReplayGap | None = None

    @property
    def time(self) -> datetime | None:
        """The source's time in UTC, to the microsecond; None where none was sent, or one out of reason."""
        return moment_of(self.time_ns)


def event_from_wire(message: wire.MxEvent, clock: GatewayClock | None = None) -> Event:
    """One event as a record. A family we do not know shows its number.

    `clock` judges its time, and learns the gateway's from it; without one the default bounds hold.
    """
    clock = clock or GatewayClock()
    clock.tell(at_gateway(message, clock))
    gap = None
    if message.HasField("replay_gap"):
        lost = message.replay_gap
        gap = ReplayGap(lost.requested_after_sequence, lost.oldest_available_sequence)
    return Event(
        family=enum_name(message, "family"),
        sequence=message.worker_sequence,
        server_handle=message.server_handle,
        item_handle=message.item_handle,
        value=from_wire(message.value),
        quality=message.quality,
        time_ns=clock.time_ns(message.source_timestamp),
        variant_type=message.value.variant_type,
        statuses=statuses_from_wire(message.statuses),
        replay_gap=gap,
    )


def at_gateway(message: wire.MxEvent, clock: GatewayClock) -> int:
    """When the gateway had an event, or its worker where the gateway does not say; 0 where neither does."""
    told = (message.gateway_receive_timestamp, message.worker_timestamp)
    return next(filter(clock.is_clock, map(nanoseconds, told)), 0)
