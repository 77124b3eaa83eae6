"""Serialised messages to Arrow columns without building a Python object for each.

ptars works from the loaded descriptor, so columns are bound by name.

Why: DECISIONS.md, "Pages of the hierarchy are compacted one by one".
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from google.protobuf.message_factory import GetMessageClass
from ptars import HandlerPool

from mxgw_notebook.client.contract import galaxy_wire as wire
from mxgw_notebook.client.galaxy.records import GalaxyObject, objects_to_wire
from mxgw_notebook.client.prune import prune

RecordBatch = Any  # pyarrow has no types


OBJECT_FIELDS = (
    "gobject_id", "tag_name", "contained_name", "browse_name", "parent_gobject_id", "is_area", "category_id",
    "hosted_by_gobject_id", "template_chain",
)  # fmt: skip
ATTRIBUTE_FIELDS = (
    "attribute_name", "full_tag_reference", "mx_data_type", "is_array", "array_dimension",
    "security_classification", "is_historized", "is_alarm",
)  # fmt: skip
KEPT = (
    "next_page_token",
    "total_object_count",
    *(f"objects.{field}" for field in OBJECT_FIELDS),
    *(f"objects.attributes.{field}" for field in ATTRIBUTE_FIELDS),
)


@cache
def token_message() -> Any:
    """DiscoverHierarchyReply with its page token alone."""
    reply: Any = wire.DiscoverHierarchyReply.DESCRIPTOR
    return GetMessageClass(prune(reply, ["next_page_token"]))


def next_token(page: bytes) -> str:
    """The token of the page after this one, without decoding the rest; empty at the end."""
    # Whole decoding takes longer than the next page's way: with the token alone that page can be asked for
    # first. What is not in the descriptor is kept unread.
    return str(token_message().FromString(page).next_page_token)


@cache
def hierarchy_handler() -> Any:
    """The decoder of those fields of DiscoverHierarchyReply that the tables need."""
    reply: Any = wire.DiscoverHierarchyReply.DESCRIPTOR
    message = prune(reply, KEPT)
    return HandlerPool([message.file]).get_for_message(message)


def hierarchy_columns(page: bytes) -> RecordBatch:
    """One page of the hierarchy as a batch of one row, its columns named as the reply's fields.

    Fields that the tables do not need are left out: they are a quarter of the bytes.
    """
    return hierarchy_handler().list_to_record_batch([page])


def objects_columns(objects: Sequence[GalaxyObject]) -> RecordBatch:
    """Objects as hierarchy_columns has those of a page."""
    return hierarchy_columns(
        wire.DiscoverHierarchyReply(objects=objects_to_wire(objects)).SerializeToString()
    )
