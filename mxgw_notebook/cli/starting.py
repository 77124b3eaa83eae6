"""The embedded gateway as the commands start it."""

from __future__ import annotations

from typing import Any

from mxgw_notebook.errors import GatewayError
from mxgw_notebook.simulator.process import EmbeddedGateway, GatewayStartError


def started_gateway(**settings: Any) -> EmbeddedGateway:
    """A running embedded gateway; settings as of `EmbeddedGateway.start`. Raises GatewayError."""
    try:
        return EmbeddedGateway.start(**settings)
    except GatewayStartError as error:
        taken = "Cannot listen" in str(error)
        hint = (
            "Another --port may be free; 0 takes any." if taken else "mxgw-py simulate --help lists it all."
        )
        raise GatewayError(str(error), hint=hint) from None
