"""Tags of the plant: read, written, watched."""

from mxgw_notebook.gateway.tags.describing import (
    LIMITS,
    UNITS,
    are_other_units,
    limits_by,
    number_of,
    read_found,
    text,
)
from mxgw_notebook.gateway.tags.event_watch import EventWatch
from mxgw_notebook.gateway.tags.galaxy_query import GalaxyQuery, query_given
from mxgw_notebook.gateway.tags.naming import tags_given
from mxgw_notebook.gateway.tags.tag_facts import ASKED_AT_ONCE, TagFacts, ask_of_tag
from mxgw_notebook.gateway.tags.tags import Tags
from mxgw_notebook.gateway.tags.trend_lines import Marks
from mxgw_notebook.gateway.tags.watch import Watch, link
from mxgw_notebook.gateway.tags.watch_list_file import list_named, saved_lists
from mxgw_notebook.gateway.tags.watched_tag import WatchedTag
from mxgw_notebook.gateway.tags.xy import XY

__all__ = [
    "ASKED_AT_ONCE",
    "LIMITS",
    "UNITS",
    "XY",
    "EventWatch",
    "GalaxyQuery",
    "Marks",
    "TagFacts",
    "Tags",
    "Watch",
    "WatchedTag",
    "are_other_units",
    "ask_of_tag",
    "limits_by",
    "link",
    "list_named",
    "number_of",
    "query_given",
    "read_found",
    "saved_lists",
    "tags_given",
    "text",
]
