"""What the tests of writing write to, and what the plant has there."""

from __future__ import annotations

from typing import Any

from mxgw_notebook.simulator.server import ServedGateway

SETPOINT, OTHER = "FIC101.SP", "TIC103.SP"
# Statuses after which a write may have been done.
UNCERTAIN = ["UNAVAILABLE", "INTERNAL", "ABORTED", "CANCELLED", "UNKNOWN", "LATER_CODE", "LATER_KIND"]


def present(served: ServedGateway, tag: str = SETPOINT) -> Any:
    """The tag's value at the plant."""
    attribute = served.plant.attribute(tag)
    assert attribute is not None
    return attribute.value
