"""Serialised messages to Arrow columns without building a Python object for each.

ptars works from the loaded descriptor, so columns are bound by name.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from ptars import HandlerPool

from mxgw_notebook.client.contract import galaxy

RecordBatch = Any  # pyarrow has no types


@cache
def hierarchy_handler() -> Any:
    """The decoder of DiscoverHierarchyReply."""
    return HandlerPool([galaxy.DESCRIPTOR]).get_for_message(galaxy.DiscoverHierarchyReply.DESCRIPTOR)


def hierarchy_columns(page: bytes) -> RecordBatch:
    """One page of the hierarchy as a batch of one row, its columns named as the reply's fields."""
    return hierarchy_handler().list_to_record_batch([page])
