"""MXAccess statuses from the wire."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from mxgw_notebook.client.contract import enum_name, wire
from mxgw_notebook.errors import Status


def status_from_wire(status: wire.MxStatusProxy) -> Status:
    """One MXAccess status with its enums named."""
    return Status(
        category=enum_name(status, "category"),
        detail=status.detail,
        detected_by=enum_name(status, "detected_by"),
        text=status.diagnostic_text,
        success=status.success,
        raw_category=status.raw_category,
        raw_detected_by=status.raw_detected_by,
    )


# A longer one has words of its own, and would keep them.
SHORT = 256


# Ten thousand tags that are well say so in the same bytes: one record, which nobody can change, for all.
@lru_cache(maxsize=1024)
def status_of_bytes(sent: bytes) -> Status:
    """The same of a serialised status."""
    return status_from_wire(wire.MxStatusProxy.FromString(sent))


def statuses_from_wire(statuses: Sequence[wire.MxStatusProxy]) -> tuple[Status, ...]:
    """Every status of a reply, entry or event, in order."""
    return tuple(map(status_of, statuses))


def status_of(status: wire.MxStatusProxy) -> Status:
    """The same of one, a short one out of the records there are."""
    sent = status.SerializeToString()
    return status_of_bytes(sent) if len(sent) <= SHORT else status_from_wire(status)
