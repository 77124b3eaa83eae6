"""A session's events at full speed: raw batches, decoded to columns."""

from mxgw_notebook.client.fast_events.arrival import Arrival
from mxgw_notebook.client.fast_events.columns import BOOLEAN, EventColumns
from mxgw_notebook.client.fast_events.decoder import event_decoder
from mxgw_notebook.client.fast_events.process_reader import (
    Launched,
    ProcessReader,
    end_process,
    launch_reader,
)
from mxgw_notebook.client.fast_events.reader import EventReader
from mxgw_notebook.client.fast_events.receiving import messages

__all__ = [
    "BOOLEAN",
    "Arrival",
    "EventColumns",
    "EventReader",
    "Launched",
    "ProcessReader",
    "end_process",
    "event_decoder",
    "launch_reader",
    "messages",
]
