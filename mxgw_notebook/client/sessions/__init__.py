"""A session and the commands it takes."""

from mxgw_notebook.client.sessions.alarm_commands import Operator
from mxgw_notebook.client.sessions.answered import check_reply
from mxgw_notebook.client.sessions.bulk import READ_MARGIN_SECONDS
from mxgw_notebook.client.sessions.bulk_writing import WriteEntry
from mxgw_notebook.client.sessions.event_streams import EventStream
from mxgw_notebook.client.sessions.outcomes import PendingWrites
from mxgw_notebook.client.sessions.session import Session
from mxgw_notebook.client.sessions.users import Signature
from mxgw_notebook.client.sessions.worker import WorkerInfo

__all__ = [
    "READ_MARGIN_SECONDS",
    "EventStream",
    "Operator",
    "PendingWrites",
    "Session",
    "Signature",
    "WorkerInfo",
    "WriteEntry",
    "check_reply",
]
