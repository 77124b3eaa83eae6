"""The async client core: asyncio and gRPC, no pandas, no IPython."""

from mxgw_notebook._generated.galaxy_repository_pb2 import DeployEvent, GalaxyAttribute, GalaxyObject
from mxgw_notebook.client.alarm_commands import Operator
from mxgw_notebook.client.alarms import AlarmRecord, ProviderStatus, SnapshotComplete
from mxgw_notebook.client.browse import GalaxyNode
from mxgw_notebook.client.bulk_writing import WriteEntry
from mxgw_notebook.client.decoder import EventColumns
from mxgw_notebook.client.events import Event, ReplayGap
from mxgw_notebook.client.feed import EventStream
from mxgw_notebook.client.galaxy import GalaxyRepositoryClient
from mxgw_notebook.client.gateway import GatewayClient
from mxgw_notebook.client.options import ClientOptions
from mxgw_notebook.client.replies import ItemHandle, Reading, ServerHandle, Subscribed, Written, check
from mxgw_notebook.client.session import Session
from mxgw_notebook.client.stream import Stream
from mxgw_notebook.client.worker import WorkerInfo

__all__ = [
    "AlarmRecord",
    "ClientOptions",
    "DeployEvent",
    "Event",
    "EventColumns",
    "EventStream",
    "GalaxyAttribute",
    "GalaxyNode",
    "GalaxyObject",
    "GalaxyRepositoryClient",
    "GatewayClient",
    "ItemHandle",
    "Operator",
    "ProviderStatus",
    "Reading",
    "ReplayGap",
    "ServerHandle",
    "Session",
    "SnapshotComplete",
    "Stream",
    "Subscribed",
    "WorkerInfo",
    "WriteEntry",
    "Written",
    "check",
]
