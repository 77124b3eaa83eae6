"""The rpcs of GalaxyRepository."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from typing import Any

import grpc
from google.protobuf.message import Message

from mxgw_notebook._generated import galaxy_repository_pb2 as wire

from . import values
from .browse import Pager, Sieve, descend, in_browse_order
from .gateway import Gateway
from .keys import Key
from .plant.plant_object import PlantObject
from .refusal import RefusedError


class GalaxyService:
    """Reads of the galaxy. A narrowed key sees a smaller one."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._galaxy = gateway.galaxy
        self._pager = Pager()

    async def test_connection(
        self, request: wire.TestConnectionRequest, key: Key
    ) -> wire.TestConnectionReply:
        """The simulated database always answers."""
        return wire.TestConnectionReply(ok=True)

    async def get_last_deploy_time(
        self, request: wire.GetLastDeployTimeRequest, key: Key
    ) -> wire.GetLastDeployTimeReply:
        """When the galaxy was last deployed."""
        moment = values.timestamp(self._galaxy.last_deploy)
        return wire.GetLastDeployTimeReply(present=True, time_of_last_deploy=moment)

    async def discover_hierarchy(
        self, request: wire.DiscoverHierarchyRequest, key: Key
    ) -> wire.DiscoverHierarchyReply:
        """Objects from a root downward, filtered, a page at a time."""
        root = self._asked(request, request.WhichOneof("root"), "root_", key)
        depth = request.max_depth.value if request.HasField("max_depth") else None
        if depth is not None and depth < 0:
            raise RefusedError(grpc.StatusCode.INVALID_ARGUMENT, "max_depth must not be negative.")
        sieve = Sieve(request, key)
        found = [item for item in descend(self._start(root), depth) if sieve.passes(item)]
        page = self._pager.page(found, request.page_size, request.page_token, self._binding(request, key))
        full = request.include_attributes or not request.HasField("include_attributes")
        return wire.DiscoverHierarchyReply(
            objects=self._messages(page.items, key, full),
            next_page_token=page.next_token,
            total_object_count=len(found),
        )

    async def browse_children(
        self, request: wire.BrowseChildrenRequest, key: Key
    ) -> wire.BrowseChildrenReply:
        """The direct children of one object, or the objects at the root."""
        parent = self._asked(request, request.WhichOneof("parent"), "parent_", key)
        sieve = Sieve(request, key)
        children = [
            item for item in (parent.children if parent else self._galaxy.roots()) if sieve.passes(item)
        ]
        children = in_browse_order(children)
        page = self._pager.page(children, request.page_size, request.page_token, self._binding(request, key))
        full = request.include_attributes or not request.HasField("include_attributes")
        return wire.BrowseChildrenReply(
            children=self._messages(page.items, key, full),
            next_page_token=page.next_token,
            total_child_count=len(children),
            child_has_children=[any(key.sees(child) for child in item.children) for item in page.items],
            cache_sequence=self._galaxy.sequence,
        )

    async def watch_deploy_events(
        self, request: wire.WatchDeployEventsRequest, key: Key
    ) -> AsyncGenerator[wire.DeployEvent, None]:
        """The present state unless the caller has it, then one event a deploy."""
        mailbox = self._galaxy.watch()
        try:
            first = self._galaxy.event()
            known = request.HasField("last_seen_deploy_time")
            if not known or request.last_seen_deploy_time != first.time_of_last_deploy:
                yield first
            async for event in mailbox.read():
                yield event
            self._gateway.check_running()
        finally:
            self._galaxy.unwatch(mailbox)

    def _messages(self, items: Sequence[PlantObject], key: Key, full: bool) -> list[wire.GalaxyObject]:
        return [self._galaxy.message(item, key, full) for item in items]

    def _start(self, root: PlantObject | None) -> Sequence[PlantObject]:
        return [root] if root is not None else self._galaxy.roots()

    def _asked(self, request: Message, arm: str | None, prefix: str, key: Key) -> PlantObject | None:
        """The object a request begins at; None for the galaxy itself. Raises RefusedError when unknown."""
        if arm is None:
            return None
        wanted = getattr(request, arm)
        finders: dict[str, Callable[[Any], PlantObject | None]] = {
            "gobject_id": self._galaxy.by_number,
            "tag_name": self._galaxy.by_tag,
            "contained_path": self._galaxy.by_path,
        }
        found = finders[arm.removeprefix(prefix)](wanted)
        if found is None or not key.sees(found):
            raise RefusedError(grpc.StatusCode.NOT_FOUND, f"The galaxy has no object {wanted!r}.")
        return found

    def _binding(self, request: Message, key: Key) -> bytes:
        """What a page token is bound to: the deploy, the key and every filter; not the page's size."""
        filters = type(request)()
        filters.CopyFrom(request)
        filters.ClearField("page_token")
        filters.ClearField("page_size")
        text = filters.SerializeToString(deterministic=True)
        return b"%d/%s/" % (self._galaxy.sequence, key.text.encode()) + text
