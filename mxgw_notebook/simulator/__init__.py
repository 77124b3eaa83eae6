"""The embedded gateway: a gRPC server that answers like an MXAccess Gateway, before a simulated plant.

`process.EmbeddedGateway` runs it as a process of its own, `server.serving` inside the caller's event loop.
"""

from mxgw_notebook.simulator.faults import listing, parse
from mxgw_notebook.simulator.options import LIMITS
from mxgw_notebook.simulator.process import EmbeddedGateway, GatewayControlError, GatewayStartError
from mxgw_notebook.simulator.start_settings import START_SETTINGS, Say, StartSettings, flag_of
from mxgw_notebook.simulator.stories import SCENARIOS

__all__ = [
    "LIMITS",
    "SCENARIOS",
    "START_SETTINGS",
    "EmbeddedGateway",
    "GatewayControlError",
    "GatewayStartError",
    "Say",
    "StartSettings",
    "flag_of",
    "listing",
    "parse",
]
