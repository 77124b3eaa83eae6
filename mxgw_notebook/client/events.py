"""Events of a session, one at a time, as records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mxgw_notebook.client.alarms import (
    AlarmRecord,
    ProviderStatus,
    provider_from_wire,
    transition_from_wire,
)
from mxgw_notebook.client.batches import Batch, batch_from_wire
from mxgw_notebook.client.clock import GatewayClock
from mxgw_notebook.client.contract import enum_name, wire
from mxgw_notebook.client.contract_names import also
from mxgw_notebook.client.replies import ItemHandle, ServerHandle
from mxgw_notebook.client.values import BAD, Value, moment_of, nanoseconds, readable, statuses_from_wire
from mxgw_notebook.errors import Status

NO_VALUES = np.empty(0, object)
NO_VALUES.flags.writeable = False


@dataclass(frozen=True, slots=True)
class ReplayGap:
    """A resumed stream lost events: the sequence asked for, and the oldest that the gateway still has."""

    requested_after: int
    oldest_available: int


@dataclass(frozen=True, slots=True)
class Event:
    """One event. `family` is the contract's name without prefix: ON_DATA_CHANGE, ON_WRITE_COMPLETE ...

    Some families have more: `batch` has the values of a buffered item, `alarm` the transition of an alarm,
    `provider` the source of alarms. Each is None for any other family. `hresult` is None if none was sent.
    Times are nanoseconds since 1970 UTC; 0 if none was sent or an impossible one. `time_ns` is the source's
    time; `worker_time_ns` and `gateway_time_ns` are when the worker and the gateway received it. `unreadable`
    is True if the value could not be read: the value is then None and `quality` is 0, which is bad.
    """

    family: str
    sequence: int
    server_handle: ServerHandle
    item_handle: ItemHandle
    value: Value
    quality: int
    time_ns: int
    variant_type: str = ""
    statuses: tuple[Status, ...] = ()
    replay_gap: ReplayGap | None = None
    session_id: str = ""
    hresult: int | None = None
    raw_status: str = ""
    worker_time_ns: int = 0
    gateway_time_ns: int = 0
    batch: Batch | None = None
    alarm: AlarmRecord | None = None
    provider: ProviderStatus | None = None
    unreadable: bool = False

    @property
    def time(self) -> datetime | None:
        """The source's time in UTC, to the microsecond; None if none was sent, or an impossible one."""
        return moment_of(self.time_ns)

    @property
    def values(self) -> NDArray[Any]:
        """The values of a buffered event, the oldest first; empty for any other event."""
        return NO_VALUES if self.batch is None else self.batch.values

    @property
    def qualities(self) -> list[int]:
        """The raw OPC codes of `values`."""
        return [] if self.batch is None else self.batch.qualities.tolist()

    @property
    def timestamps(self) -> list[datetime | None]:
        """The source's times of `values`, as `time`; `batch.times_ns` has the nanoseconds."""
        return [] if self.batch is None else [moment_of(time) for time in self.batch.times_ns.tolist()]

    # -------------------------------------------------------------- by the contract's names

    worker_sequence = also("sequence")
    source_timestamp = also("time")

    @property
    def worker_timestamp(self) -> datetime | None:
        """When the worker received the event, as `time`."""
        return moment_of(self.worker_time_ns)

    @property
    def gateway_receive_timestamp(self) -> datetime | None:
        """When the gateway received the event, as `time`."""
        return moment_of(self.gateway_time_ns)


def event_from_wire(message: wire.MxEvent, clock: GatewayClock | None = None) -> Event:
    """One event as a record. A family we do not know shows its number.

    `clock` judges its time, and learns the gateway's from it; without one the default bounds hold.
    """
    clock = clock or GatewayClock()
    worker_ns = clock.shown_ns(message.worker_timestamp)
    gateway_ns = clock.shown_ns(message.gateway_receive_timestamp)
    clock.tell(gateway_ns or worker_ns)
    (value, untold), gap = readable(message.value), None
    if message.HasField("replay_gap"):
        lost = message.replay_gap
        gap = ReplayGap(lost.requested_after_sequence, lost.oldest_available_sequence)
    return Event(
        family=enum_name(message, "family"),
        sequence=message.worker_sequence,
        server_handle=ServerHandle(message.server_handle),
        item_handle=ItemHandle(message.item_handle),
        value=value,
        quality=BAD if untold else message.quality,
        time_ns=clock.time_ns(message.source_timestamp),
        variant_type=message.value.variant_type,
        statuses=statuses_from_wire(message.statuses),
        replay_gap=gap,
        session_id=message.session_id,
        hresult=message.hresult if message.HasField("hresult") else None,
        raw_status=message.raw_status,
        worker_time_ns=worker_ns,
        gateway_time_ns=gateway_ns,
        unreadable=bool(untold),
        **body_of(message, clock),
    )


def body_of(message: wire.MxEvent, clock: GatewayClock) -> dict[str, Any]:
    """What an event has beside its envelope, by the names of Event."""
    body = message.WhichOneof("body")
    if body == "on_buffered_data_change":
        return {"batch": batch_from_wire(message.on_buffered_data_change, clock)}
    if body == "on_alarm_transition":
        return {"alarm": transition_from_wire(message.on_alarm_transition, clock)}
    if body == "on_alarm_provider_mode_changed":
        return {"provider": provider_from_wire(message.on_alarm_provider_mode_changed.status, clock)}
    return {}


def at_gateway(message: wire.MxEvent, clock: GatewayClock) -> int:
    """When the gateway had an event, or its worker where the gateway does not say; 0 where neither does."""
    stamps = (message.gateway_receive_timestamp, message.worker_timestamp)
    return next(filter(clock.is_clock, map(nanoseconds, stamps)), 0)
