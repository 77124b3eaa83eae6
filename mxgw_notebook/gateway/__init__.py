"""The blocking facade: `connect`, and what it returns."""

from mxgw_notebook.gateway.alarms import AlarmReview
from mxgw_notebook.gateway.connection import connect, current, disconnect, use
from mxgw_notebook.gateway.event_watch import EventWatch
from mxgw_notebook.gateway.gateway import Gateway
from mxgw_notebook.gateway.watch import Watch

__all__ = ["AlarmReview", "EventWatch", "Gateway", "Watch", "connect", "current", "disconnect", "use"]
