"""MXAccess statuses from the wire."""

from __future__ import annotations

from collections.abc import Sequence

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


def statuses_from_wire(statuses: Sequence[wire.MxStatusProxy]) -> tuple[Status, ...]:
    """Every status of a reply, entry or event, in order."""
    return tuple(status_from_wire(status) for status in statuses)
