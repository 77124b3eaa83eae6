"""The names of the gateway's own Python client, zb_mom_ww_mxgateway: a changed import is all that is needed.

What that client answers with the contract's messages is answered with them here: alarms, the galaxy's objects
and its deploys. Handles are whole numbers. Everything else is as in `mxgw_notebook`, whose own clients answer
with records instead.
"""

from mxgw_notebook.client import ClientOptions, OpenStream, Session, Stream
from mxgw_notebook.compat import generated
from mxgw_notebook.compat.clients import (
    ActiveAlarmSnapshot,
    AlarmFeedMessage,
    DeployEvent,
    GalaxyAttribute,
    GalaxyObject,
    GalaxyRepositoryClient,
    GatewayClient,
)
from mxgw_notebook.errors import (
    AuthenticationError,
    CallError,
    CallTimeoutError,
    GatewayError,
    GatewayUnavailableError,
    MxAccessError,
    NotFoundError,
    PermissionDeniedError,
    ReplyError,
)

__all__ = [
    "ActiveAlarmSnapshot",
    "AlarmFeedMessage",
    "AuthenticationError",
    "CallError",
    "CallTimeoutError",
    "ClientOptions",
    "DeployEvent",
    "GalaxyAttribute",
    "GalaxyObject",
    "GalaxyRepositoryClient",
    "GatewayClient",
    "GatewayError",
    "GatewayUnavailableError",
    "MxAccessError",
    "NotFoundError",
    "OpenStream",
    "PermissionDeniedError",
    "ReplyError",
    "Session",
    "Stream",
    "generated",
]
