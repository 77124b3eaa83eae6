"""The rpcs of GalaxyRepository."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from typing import Any

import grpc
from google.protobuf.message import Message

from mxgw_notebook._generated import galaxy_repository_pb2 as wire
from mxgw_notebook.simulator import values
from mxgw_notebook.simulator.gateway import Gateway
from mxgw_notebook.simulator.keys import Key
from mxgw_notebook.simulator.plant import GalaxyObject
from mxgw_notebook.simulator.refusal import RefusedError
from mxgw_notebook.simulator.services.browse import Pager, Sieve, descend, in_browse_order

_LONGEST_LOAD = 5.0  # s that a read waits for the galaxy's first load
_REMEMBERED = 8  # answers whose further pages come without filtering again


class GalaxyService:
    """Reads of the galaxy. A narrowed key sees a smaller one."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._galaxy = gateway.galaxy
        self._pager = Pager()
        self._answers: OrderedDict[bytes, Sequence[GalaxyObject]] = OrderedDict()

    async def test_connection(
        self, request: wire.TestConnectionRequest, key: Key
    ) -> wire.TestConnectionReply:
        """Whether the database answers; the call does not fail when it does not."""
        return wire.TestConnectionReply(ok=self._gateway.faults.find("no-database") is None)

    async def get_last_deploy_time(
        self, request: wire.GetLastDeployTimeRequest, key: Key
    ) -> wire.GetLastDeployTimeReply:
        """When the galaxy was last deployed."""
        await self._wait_for_load()
        moment = values.timestamp(self._galaxy.last_deploy)
        return wire.GetLastDeployTimeReply(present=True, time_of_last_deploy=moment)

    async def discover_hierarchy(self, request: wire.DiscoverHierarchyRequest, key: Key) -> bytes:
        """Objects from a root downward, filtered, a page at a time."""
        await self._wait_for_load()
        root = self._asked(request, request.WhichOneof("root"), "root_", key)
        depth = request.max_depth.value if request.HasField("max_depth") else None
        if depth is not None and depth < 0:
            raise RefusedError(grpc.StatusCode.INVALID_ARGUMENT, "max_depth must not be negative.")
        binding = self._binding(request, key)
        roots = [root] if root is not None else self._galaxy.roots()
        found = self._answer(binding, lambda: self._passing(descend(roots, depth), Sieve(request), key))
        page = self._pager.page(found, request.page_size, self._token(request), binding)
        full = request.include_attributes or not request.HasField("include_attributes")
        rest = wire.DiscoverHierarchyReply(next_page_token=page.next_token, total_object_count=len(found))
        frames = [self._galaxy.hierarchy.frame(item, key, full) for item in page.items]
        return b"".join([*frames, rest.SerializeToString()])

    async def browse_children(self, request: wire.BrowseChildrenRequest, key: Key) -> bytes:
        """The direct children of one object, or the objects at the root."""
        await self._wait_for_load()
        parent = self._asked(request, request.WhichOneof("parent"), "parent_", key)
        binding = self._binding(request, key)
        among = parent.children if parent else self._galaxy.roots()
        children = self._answer(binding, lambda: in_browse_order(self._passing(among, Sieve(request), key)))
        page = self._pager.page(children, request.page_size, self._token(request), binding)
        full = request.include_attributes or not request.HasField("include_attributes")
        rest = wire.BrowseChildrenReply(
            next_page_token=page.next_token,
            total_child_count=len(children),
            child_has_children=[self._has_children(key, item) for item in page.items],
            cache_sequence=self._galaxy.sequence,
        ).SerializeToString()
        return b"".join([*(self._galaxy.children.frame(item, key, full) for item in page.items), rest])

    async def watch_deploy_events(
        self, request: wire.WatchDeployEventsRequest, key: Key
    ) -> AsyncGenerator[wire.DeployEvent, None]:
        """The present state unless the caller has it, then one event a deploy."""
        # Before the first event is handed over: what is deployed meanwhile waits in it.
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

    async def _wait_for_load(self) -> None:
        """Waits for the first load of the galaxy, but not for long."""
        left = self._gateway.options.galaxy_load - self._gateway.age
        if left <= 0.0:
            return
        await self._gateway.clock.sleep(min(left, _LONGEST_LOAD))
        if left > _LONGEST_LOAD:
            raise RefusedError(grpc.StatusCode.UNAVAILABLE, "The galaxy is being loaded for the first time.")

    def _has_children(self, key: Key, item: GalaxyObject) -> bool:
        return any(self._galaxy.sees(key, child) for child in item.children)

    def _token(self, request: Any) -> str:
        """The token of a request, unless a fault lets it expire."""
        token: str = request.page_token
        if token and self._gateway.faults.find("expire-token") is not None:
            return "expired"
        return token

    def _answer(self, binding: bytes, find: Callable[[], Sequence[GalaxyObject]]) -> Sequence[GalaxyObject]:
        """What a walk's first page found, for the pages after it."""
        # Filtering 50,000 objects for each of twenty pages would be most of what a walk costs.
        if binding not in self._answers:
            self._answers[binding] = find()
            if len(self._answers) > _REMEMBERED:
                self._answers.popitem(last=False)
        self._answers.move_to_end(binding)
        return self._answers[binding]

    def _passing(self, items: Iterable[GalaxyObject], sieve: Sieve, key: Key) -> list[GalaxyObject]:
        return [item for item in items if self._galaxy.sees(key, item) and sieve.passes(item)]

    def _asked(self, request: Message, arm: str | None, prefix: str, key: Key) -> GalaxyObject | None:
        """The object a request begins at; None for the galaxy itself. Raises RefusedError when unknown."""
        if arm is None:
            return None
        wanted = getattr(request, arm)
        finders: dict[str, Callable[[Any], GalaxyObject | None]] = {
            "gobject_id": self._galaxy.by_number,
            "tag_name": self._galaxy.by_tag,
            "contained_path": self._galaxy.by_path,
        }
        found = finders[arm.removeprefix(prefix)](wanted)
        if found is None or not self._galaxy.sees(key, found):
            raise RefusedError(grpc.StatusCode.NOT_FOUND, f"The galaxy has no object {wanted!r}.")
        return found

    def _binding(self, request: Message, key: Key) -> bytes:
        """What a page token is bound to: the deploy, the key and every filter; not the page's size."""
        filters = type(request)()
        filters.CopyFrom(request)
        filters.ClearField("page_token")
        filters.ClearField("page_size")
        text = filters.SerializeToString(deterministic=True)
        kind = request.DESCRIPTOR.name
        return f"{kind}/{self._galaxy.sequence}/{key.text}/".encode() + text
