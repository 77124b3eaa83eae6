"""The embedded gateway as the commands start it."""

from __future__ import annotations

from typing import Any

from mxgw_notebook.errors import GatewayError
from mxgw_notebook.simulator import EmbeddedGateway, GatewayStartError


def start_gateway(**settings: Any) -> EmbeddedGateway:
    """A running embedded gateway; settings as of `EmbeddedGateway.start`. Raises GatewayError."""
    try:
        return EmbeddedGateway.start(**settings)
    except GatewayStartError as error:
        raise GatewayError(str(error), hint=_hint(str(error))) from None


def _hint(reason: str) -> str:
    if "Cannot listen" in reason:
        return "Another --port may be free; 0 takes any."
    return "mxgw-py simulate --help lists what there is."
