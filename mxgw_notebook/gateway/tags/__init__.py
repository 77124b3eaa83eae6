"""Tags of the plant: read, written, watched."""

from mxgw_notebook.gateway.tags.event_watch import EventWatch
from mxgw_notebook.gateway.tags.tags import Tags
from mxgw_notebook.gateway.tags.trend_source import Marks, WatchedTag
from mxgw_notebook.gateway.tags.watch import Watch

__all__ = [
    "EventWatch",
    "Marks",
    "Tags",
    "Watch",
    "WatchedTag",
]
