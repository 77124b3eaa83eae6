"""The galaxy: the plant's model as the Galaxy Repository serves it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from datetime import datetime
from typing import Any, Unpack

from google.protobuf.timestamp_pb2 import Timestamp

from mxgw_notebook.client.checking import checks_all_arguments
from mxgw_notebook.client.connection import Connection
from mxgw_notebook.client.contract import galaxy_wire as wire
from mxgw_notebook.client.failures import being_read
from mxgw_notebook.client.galaxy.browse import GalaxyNode, read_level
from mxgw_notebook.client.galaxy.columns import RecordBatch, hierarchy_columns, next_token
from mxgw_notebook.client.galaxy.filters import BrowseFilters, HierarchyFilters
from mxgw_notebook.client.galaxy.records import (
    DeployEvent,
    GalaxyObject,
    LastDeploy,
    deploy_from_wire,
    object_from_wire,
)
from mxgw_notebook.client.galaxy.walk import Walk
from mxgw_notebook.client.requests import filled
from mxgw_notebook.client.stream import Stream, whole
from mxgw_notebook.client.values import moment_of, nanoseconds, timestamp
from mxgw_notebook.errors import InvalidRequestError, LimitExceededError

# Few round trips, and room for objects of 6 KB each below the limit of 16 MiB a message.
PAGE_SIZE = 2500
# How often a walk is begun that a deploy interrupts.
WALKS = 3
TURNS_TO_START = 4
Progress = Callable[[int, int], None]


def as_it_is(page: RecordBatch) -> RecordBatch:
    """A page that is kept whole."""
    return page


@checks_all_arguments
class GalaxyRepositoryClient(Connection):
    """An async, read-only client of the galaxy. Every method needs the scope metadata:read."""

    _counted: tuple[int, int] | None = None

    async def test_connection(self) -> bool:
        """Whether the gateway reaches the galaxy's database. If not, this is False and no error."""
        reply = await self._rpc.unary("TestConnection", wire.TestConnectionRequest())
        return bool(reply.ok)

    async def get_last_deploy_time(self) -> datetime | None:
        """The time of the last deploy, in UTC; None if there was none, or its time is impossible."""
        return (await self.get_last_deploy()).time

    async def get_last_deploy(self) -> LastDeploy:
        """Whether anything was ever deployed, and the time of the last deploy."""
        reply = await self.get_last_deploy_time_raw()
        stamp = reply.time_of_last_deploy
        sent = (int(stamp.seconds), int(stamp.nanos))
        time_ns = self._judge_time(stamp, sent) if reply.present else 0
        return LastDeploy(reply.present, moment_of(time_ns), sent)

    def _judge_time(self, stamp: Timestamp, sent: tuple[int, int]) -> int:
        """The time of a deploy; one out of reason is counted once, however often it is asked for."""
        if sent == self._counted and not self.clock.is_possible(nanoseconds(stamp)):
            return 0
        time_ns = self.clock.time_ns(stamp)
        self._counted = None if time_ns else sent
        return time_ns

    async def get_last_deploy_time_raw(self) -> wire.GetLastDeployTimeReply:
        """The contract's own reply."""
        reply: wire.GetLastDeployTimeReply = await self._rpc.unary(
            "GetLastDeployTime", wire.GetLastDeployTimeRequest()
        )
        return reply

    async def object_count(self) -> int:
        """How many deployed objects the key may see."""
        request = filled(wire.DiscoverHierarchyRequest, page_size=1, include_attributes=False)
        reply = await self._rpc.unary("DiscoverHierarchy", request)
        return int(reply.total_object_count)

    async def discover_hierarchy(
        self, *, page_size: int = PAGE_SIZE, **filters: Unpack[HierarchyFilters]
    ) -> list[GalaxyObject]:
        """Every deployed object with its attributes. Filters as in iter_hierarchy."""
        return [found async for found in self.iter_hierarchy(page_size=page_size, **filters)]

    async def iter_hierarchy(
        self, *, page_size: int = PAGE_SIZE, **filters: Unpack[HierarchyFilters]
    ) -> AsyncGenerator[GalaxyObject, None]:
        """The deployed objects, one at a time. Only one page is in memory.

        A deploy during the walk restarts the walk once; objects that were already given are not repeated. If
        a page is larger than the message limit, it is asked for in halves.

        Args:
            page_size: Objects per page.
            **filters: Fields of DiscoverHierarchyRequest: `root_gobject_id`, `root_tag_name` or
                `root_contained_path`, `max_depth`, `category_ids`, `template_chain_contains`,
                `tag_name_glob`, `include_attributes`, `alarm_bearing_only`, `historized_only`.

        Raises:
            InvalidRequestError: The galaxy was deployed again during the second walk.
            NotFoundError: There is no such root.
            GatewayError: The pages do not end: one comes twice, or they have more objects than there are.
        """
        async with aclosing(self.iter_hierarchy_raw(page_size=page_size, **filters)) as messages:
            async for message in messages:
                with being_read("DiscoverHierarchy", self.options):
                    found = object_from_wire(message)
                yield found

    async def iter_hierarchy_raw(
        self, *, page_size: int = PAGE_SIZE, **filters: Unpack[HierarchyFilters]
    ) -> AsyncGenerator[wire.GalaxyObject, None]:
        """The same as the contract's messages."""
        request = discover_request(page_size, filters)
        # Ids, not names: a walk that begins again after a deploy meets objects by another order and perhaps
        # by another name.
        given: set[int] = set()
        restarted, walk = False, Walk("DiscoverHierarchy")
        while True:
            try:
                page = await self._read_page(request)
                with being_read("DiscoverHierarchy", self.options):
                    reply = wire.DiscoverHierarchyReply.FromString(page)
            except InvalidRequestError:
                # Without a token the request itself is at fault, and would fail the same way again.
                if restarted or not request.page_token:
                    raise
                restarted, request.page_token = True, ""
                walk = Walk("DiscoverHierarchy")
                continue
            walk.note_objects(len(reply.objects), reply.total_object_count)
            walk.note_next(reply.next_page_token)
            for found in reply.objects:
                if found.gobject_id not in given:
                    given.add(found.gobject_id)
                    yield found
            if not reply.next_page_token:
                return
            request.page_token = reply.next_page_token

    async def hierarchy_columns(
        self,
        *,
        keep: Callable[[RecordBatch], Any] = as_it_is,
        page_size: int = PAGE_SIZE,
        progress: Progress | None = None,
        **filters: Unpack[HierarchyFilters],
    ) -> list[Any]:
        """The results of `keep` for each page, an Arrow batch of one row with the reply's fields.

        A deploy during the walk restarts it. If a page is larger than the message limit, it is asked for in
        halves. `progress(objects, total)` is called after each page.

        Raises:
            InvalidRequestError: The galaxy was deployed again during each of several walks.
        """
        request = discover_request(page_size, filters)
        for _ in range(WALKS - 1):
            try:
                return [keep(page) async for page in self._read_pages(request, progress)]
            except InvalidRequestError:
                if not request.page_token:
                    raise
                request.page_token = ""
        return [keep(page) async for page in self._read_pages(request, progress)]

    async def _read_pages(
        self, request: wire.DiscoverHierarchyRequest, progress: Progress | None
    ) -> AsyncGenerator[RecordBatch, None]:
        """The pages, decoded; while one is, the next one travels."""
        walk = Walk("DiscoverHierarchy")
        page = await self._read_page(request)
        while True:
            # Known before the page is decoded, so that the next one travels meanwhile.
            with being_read("DiscoverHierarchy", self.options):
                request.page_token = next_token(page)
            walk.note_next(request.page_token)
            ahead = asyncio.create_task(self._read_page(request)) if request.page_token else None
            try:
                await let_start()
                with being_read("DiscoverHierarchy", self.options):
                    batch = hierarchy_columns(page)
                total = batch.column("total_object_count")[0].as_py()
                walk.note_objects(len(batch.column("objects")[0]), total)
                yield batch
                if progress is not None:
                    progress(walk.objects, total)
                if ahead is None:
                    return
                page = await ahead
            finally:
                if ahead is not None:
                    # Whoever breaks out of the walk, or fails in it, leaves no call behind; after a normal
                    # end it is done already.
                    ahead.cancel()

    async def _read_page(self, request: wire.DiscoverHierarchyRequest) -> bytes:
        """One page's bytes; pages shrink until one fits the message limit."""
        while True:
            try:
                page: bytes = await self._rpc.unary("DiscoverHierarchy", request, parse=bytes)
            except LimitExceededError:
                if request.page_size <= 1:
                    raise
                # It stays so for the rest of the walk: a page that fits is worth more than another try at a
                # larger one.
                request.page_size //= 2
            else:
                return page

    def watch_deploy_events(self, *, last_seen_deploy_time: datetime | None = None) -> Stream[DeployEvent]:
        """The present deploy state, then one event per deploy.

        An async iterator and context manager. With `last_seen_deploy_time`, the first event is left out if
        the caller has that state already. A gap in `sequence` means that events were dropped because this
        subscriber was too slow. `sequence` begins again when the gateway restarts.
        """
        return self._rpc.stream(
            "WatchDeployEvents",
            deploys_request(last_seen_deploy_time),
            lambda message: deploy_from_wire(message, self.clock),
        )

    def watch_deploy_events_raw(
        self, *, last_seen_deploy_time: datetime | None = None
    ) -> Stream[wire.DeployEvent]:
        """The same as the contract's messages."""
        return self._rpc.stream("WatchDeployEvents", deploys_request(last_seen_deploy_time), whole)

    def browse(self, **filters: Unpack[BrowseFilters]) -> GalaxyNode:
        """The root of the galaxy as a node. A node fetches its children when you expand it.

        Filters are those of BrowseChildrenRequest, and apply to every level.
        """
        return GalaxyNode(self._read_level, None, True, filters)

    def node(self, found: GalaxyObject) -> GalaxyNode:
        """A node for an object that you know already, to browse from there."""
        return GalaxyNode(self._read_level, found, True, {"include_attributes": False})

    async def _read_level(
        self, parent: GalaxyObject | None, filters: Mapping[str, Any]
    ) -> list[tuple[GalaxyObject, bool]]:
        return await read_level(self._rpc, parent, filters)


def discover_request(page_size: int, filters: Mapping[str, Any]) -> wire.DiscoverHierarchyRequest:
    """The request with its filters; `max_depth` is a plain int here."""
    plain = {name: value for name, value in filters.items() if name != "max_depth"}
    request = filled(wire.DiscoverHierarchyRequest, page_size=page_size, **plain)
    if filters.get("max_depth") is not None:
        request.max_depth.value = filters["max_depth"]
    return request


def deploys_request(last_seen: datetime | None) -> wire.WatchDeployEventsRequest:
    """The request that leaves out a state which is known already."""
    request = wire.WatchDeployEventsRequest()
    if last_seen is not None:
        request.last_seen_deploy_time.CopyFrom(timestamp(last_seen))
    return request


async def let_start() -> None:
    """Gives a call that was just made the loop's turns that it takes to leave; decoding holds the loop."""
    for _ in range(TURNS_TO_START):
        await asyncio.sleep(0)
