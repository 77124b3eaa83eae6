"""One session of the gateway with its event stream, kept open through lost connections."""

from mxgw_notebook.live.session.active import ActiveSession, is_gone
from mxgw_notebook.live.session.link import SessionLink
from mxgw_notebook.live.session.reading import PROCESS_RATE, PROCESS_TAGS, Reader, ReaderKind

__all__ = [
    "PROCESS_RATE",
    "PROCESS_TAGS",
    "ActiveSession",
    "Reader",
    "ReaderKind",
    "SessionLink",
    "is_gone",
]
