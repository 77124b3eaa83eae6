"""The async client core: asyncio and gRPC, no pandas, no IPython."""

from mxgw_notebook._generated.galaxy_repository_pb2 import DeployEvent, GalaxyAttribute, GalaxyObject
from mxgw_notebook.client.alarms import AlarmRecord, ProviderStatus, SnapshotComplete
from mxgw_notebook.client.decoder import EventColumns
from mxgw_notebook.client.events import Event, ReplayGap
from mxgw_notebook.client.galaxy import GalaxyRepositoryClient
from mxgw_notebook.client.gateway import GatewayClient
from mxgw_notebook.client.options import ClientOptions
from mxgw_notebook.client.replies import ItemHandle, Reading, ServerHandle, Subscribed
from mxgw_notebook.client.session import Session

__all__ = [
    "AlarmRecord",
    "ClientOptions",
    "DeployEvent",
    "Event",
    "EventColumns",
    "GalaxyAttribute",
    "GalaxyObject",
    "GalaxyRepositoryClient",
    "GatewayClient",
    "ItemHandle",
    "ProviderStatus",
    "Reading",
    "ReplayGap",
    "ServerHandle",
    "Session",
    "SnapshotComplete",
    "Subscribed",
]
