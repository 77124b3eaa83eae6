"""What narrows a walk over the galaxy, by the names that the contract's requests have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict


class GalaxyFilters(TypedDict, total=False):
    """What every walk takes. Filters that are given together all have to hold."""

    category_ids: Sequence[int]
    template_chain_contains: str | Sequence[str]
    tag_name_glob: str
    include_attributes: bool
    alarm_bearing_only: bool
    historized_only: bool


class HierarchyFilters(GalaxyFilters, total=False):
    """Filters of `discover_hierarchy`; at most one root."""

    root_gobject_id: int
    root_tag_name: str
    root_contained_path: str
    max_depth: int


class BrowseFilters(GalaxyFilters, total=False):
    """Filters of `browse`; at most one parent, whose children are the first level."""

    parent_gobject_id: int
    parent_tag_name: str
    parent_contained_path: str
    page_size: int
