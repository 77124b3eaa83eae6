"""The blocking facade: `connect`, and what it returns."""

from mxgw_notebook.gateway.alarms import AlarmReview
from mxgw_notebook.gateway.connection import (
    DEMO_ENDPOINT_VARIABLE,
    DEMO_KEY_VARIABLE,
    connect,
    current,
    disconnect,
    use,
)
from mxgw_notebook.gateway.galaxy import Browser, Deploys
from mxgw_notebook.gateway.gateway import Gateway
from mxgw_notebook.gateway.saved import SavedGalaxy
from mxgw_notebook.gateway.tags import EventWatch, Watch

__all__ = [
    "DEMO_ENDPOINT_VARIABLE",
    "DEMO_KEY_VARIABLE",
    "AlarmReview",
    "Browser",
    "Deploys",
    "EventWatch",
    "Gateway",
    "SavedGalaxy",
    "Watch",
    "connect",
    "current",
    "disconnect",
    "use",
]
