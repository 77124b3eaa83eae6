"""From batches of events to the histories of tags."""

from mxgw_notebook.live.samples.gaps import Gap, Gaps
from mxgw_notebook.live.samples.health import StreamHealth, StreamStatistics
from mxgw_notebook.live.samples.history import CAPACITY, History
from mxgw_notebook.live.samples.ingest import EventIngest, Taken
from mxgw_notebook.live.samples.room import Room, size_of
from mxgw_notebook.live.samples.subscription import Subscription

__all__ = [
    "CAPACITY",
    "EventIngest",
    "Gap",
    "Gaps",
    "History",
    "Room",
    "StreamHealth",
    "StreamStatistics",
    "Subscription",
    "Taken",
    "size_of",
]
