"""The contract's two services, as gRPC calls them."""

from mxgw_notebook.simulator.services.galaxy_service import GalaxyService
from mxgw_notebook.simulator.services.gateway_service import GatewayService

__all__ = ["GalaxyService", "GatewayService"]
