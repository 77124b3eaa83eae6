"""The galaxy as a tree that is fetched where it is opened."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from mxgw_notebook.client.contract import galaxy_wire as wire
from mxgw_notebook.client.failures import being_read
from mxgw_notebook.client.galaxy.records import GalaxyObject, object_from_wire
from mxgw_notebook.client.galaxy.walk import Walk
from mxgw_notebook.client.requests import filled
from mxgw_notebook.client.rpc import Rpc
from mxgw_notebook.errors import InvalidRequestError

Fetch = Callable[[GalaxyObject | None, Mapping[str, Any]], Awaitable[list[tuple[GalaxyObject, bool]]]]


class GalaxyNode:
    """One object of the galaxy, or its root. `children` is empty until `expand` has finished.

    `object` is the node's GalaxyObject, None for the root.
    """

    def __init__(
        self, fetch: Fetch, found: GalaxyObject | None, has_children: bool, filters: Mapping[str, Any]
    ) -> None:
        self.object = found
        self.has_children = has_children
        self.children: tuple[GalaxyNode, ...] = ()
        self._fetch, self._filters = fetch, filters
        self._expanded = False
        self._expanding = asyncio.Lock()

    def __repr__(self) -> str:
        return f"<GalaxyNode {self.name}: {len(self.children) if self._expanded else 'not expanded'}>"

    @property
    def name(self) -> str:
        """The name that a browser shows: the contained name if there is one, else the tag name."""
        return self.object.browse_name or self.object.tag_name if self.object else "galaxy"

    @property
    def is_area(self) -> bool:
        """Whether the object is an area."""
        return bool(self.object and self.object.is_area)

    async def expand(self) -> tuple[GalaxyNode, ...]:
        """Fetches the children once: areas first, then by name, ignoring case.

        Several tasks may call it; `children` is set in one step. Raises CallError; you can then call it
        again.
        """
        # A double click, or two views of one tree, must not fetch a level twice, nor see it half filled.
        async with self._expanding:
            if not self._expanded:
                found = await self._fetch(self.object, self._filters)
                self.children = tuple(
                    GalaxyNode(self._fetch, child, has_children, self._filters)
                    for child, has_children in found
                )
                # Only now: a fetch that failed leaves the node as it was, to be opened again.
                self._expanded = True
        return self.children


async def read_level(
    rpc: Rpc, parent: GalaxyObject | None, filters: Mapping[str, Any]
) -> list[tuple[GalaxyObject, bool]]:
    """Every child of an object, with whether it has children itself. A deploy meanwhile restarts it."""
    request = filled(wire.BrowseChildrenRequest, **filters)
    if parent is not None:
        request.parent_gobject_id = parent.gobject_id
    try:
        return await read_children(rpc, request)
    except InvalidRequestError:
        if not request.page_token:
            raise
        request.page_token = ""
        return await read_children(rpc, request)


async def read_children(rpc: Rpc, request: wire.BrowseChildrenRequest) -> list[tuple[GalaxyObject, bool]]:
    """The same, page by page; raises InvalidRequestError where a deploy has ended a page's token."""
    found: list[tuple[GalaxyObject, bool]] = []
    walk = Walk("BrowseChildren")
    while True:
        reply = await rpc.unary("BrowseChildren", request)
        walk.note_objects(len(reply.children), reply.total_child_count)
        walk.note_next(reply.next_page_token)
        flags = list(reply.child_has_children)
        flags += [True] * (len(reply.children) - len(flags))  # not told: opening it will show
        with being_read("BrowseChildren", rpc.options):
            found += zip(map(object_from_wire, reply.children), flags, strict=False)
        request.page_token = reply.next_page_token
        if not request.page_token:
            return found
