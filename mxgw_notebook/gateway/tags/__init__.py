"""Tags of the plant: read, written, watched."""

from mxgw_notebook.gateway.tags.event_watch import EventWatch
from mxgw_notebook.gateway.tags.tags import Tags
from mxgw_notebook.gateway.tags.trend_lines import Marks
from mxgw_notebook.gateway.tags.watch import Watch
from mxgw_notebook.gateway.tags.watched_tag import WatchedTag

__all__ = [
    "EventWatch",
    "Marks",
    "Tags",
    "Watch",
    "WatchedTag",
]
