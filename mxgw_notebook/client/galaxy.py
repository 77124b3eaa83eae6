"""The galaxy: the plant's model as the Galaxy Repository serves it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from datetime import datetime
from typing import Any

from mxgw_notebook.client.columns import RecordBatch, hierarchy_columns
from mxgw_notebook.client.connection import Connection
from mxgw_notebook.client.contract import galaxy
from mxgw_notebook.client.values import moment
from mxgw_notebook.errors import InvalidRequestError, LimitExceededError

PAGE_SIZE = 1000
Progress = Callable[[int, int], None]


class GalaxyRepositoryClient(Connection):
    """An async, read-only client of the galaxy. Every method needs the scope metadata:read."""

    async def test_connection(self) -> bool:
        """Whether the gateway reaches the galaxy's database. One that is away is False, not an error."""
        reply = await self._rpc.unary("TestConnection", galaxy.TestConnectionRequest())
        return bool(reply.ok)

    async def get_last_deploy_time(self) -> datetime | None:
        """When something was last deployed, in UTC; None if never."""
        reply = await self._rpc.unary("GetLastDeployTime", galaxy.GetLastDeployTimeRequest())
        return moment(reply.time_of_last_deploy) if reply.present else None

    async def object_count(self) -> int:
        """How many deployed objects the key shows."""
        request = galaxy.DiscoverHierarchyRequest(page_size=1, include_attributes=False)
        reply = await self._rpc.unary("DiscoverHierarchy", request)
        return int(reply.total_object_count)

    async def discover_hierarchy(self, **filters: Any) -> list[galaxy.GalaxyObject]:
        """Every deployed object with its attributes, as messages. Filters as in iter_hierarchy."""
        return [found async for found in self.iter_hierarchy(**filters)]

    async def iter_hierarchy(
        self, *, page_size: int = PAGE_SIZE, **filters: Any
    ) -> AsyncGenerator[galaxy.GalaxyObject, None]:
        """The deployed objects, one at a time, holding one page.

        Args:
            page_size: Objects a page.
            **filters: Fields of DiscoverHierarchyRequest: `tag_name_glob`, `root_tag_name`, `category_ids`,
                `template_chain_contains`, `include_attributes`, `alarm_bearing_only`, `historized_only` ...

        Raises:
            InvalidRequestError: The galaxy was deployed during the walk, so the page token is stale.
        """
        request = galaxy.DiscoverHierarchyRequest(page_size=page_size, **filters)
        while True:
            reply = await self._rpc.unary("DiscoverHierarchy", request)
            for found in reply.objects:
                yield found
            if not reply.next_page_token:
                return
            request.page_token = reply.next_page_token

    async def hierarchy_columns(
        self, *, page_size: int = PAGE_SIZE, progress: Progress | None = None, **filters: Any
    ) -> list[RecordBatch]:
        """The whole hierarchy as Arrow batches, a page each, with the fields of DiscoverHierarchyReply.

        A deploy during the walk restarts it once; a page over the message limit is asked for in halves.
        `progress(objects, total)` is called after each page.
        """
        request = galaxy.DiscoverHierarchyRequest(page_size=page_size, **filters)
        try:
            return await self._walk(request, progress)
        except InvalidRequestError:
            if not request.page_token:
                raise
            request.page_token = ""
            return await self._walk(request, progress)

    async def _walk(
        self, request: galaxy.DiscoverHierarchyRequest, progress: Progress | None
    ) -> list[RecordBatch]:
        batches: list[RecordBatch] = []
        objects = 0
        while True:
            batch = hierarchy_columns(await self._page(request))
            batches.append(batch)
            objects += len(batch.column("objects")[0])
            if progress is not None:
                progress(objects, batch.column("total_object_count")[0].as_py())
            request.page_token = batch.column("next_page_token")[0].as_py()
            if not request.page_token:
                return batches

    async def _page(self, request: galaxy.DiscoverHierarchyRequest) -> bytes:
        """One page's bytes; pages shrink until one fits the message limit."""
        while True:
            try:
                return await self._rpc.unary_bytes("DiscoverHierarchy", request)
            except LimitExceededError:
                if request.page_size <= 1:
                    raise
                request.page_size //= 2

    async def watch_deploy_events(
        self, *, last_seen_deploy_time: datetime | None = None
    ) -> AsyncGenerator[galaxy.DeployEvent, None]:
        """The present deploy state, then one event a deploy, as the contract's messages.

        `last_seen_deploy_time` leaves out the first for a caller that has that state already. A gap in
        `sequence` means that events were dropped because this subscriber was too slow.
        """
        request = galaxy.WatchDeployEventsRequest()
        if last_seen_deploy_time is not None:
            request.last_seen_deploy_time.FromDatetime(last_seen_deploy_time)
        async with self._rpc.stream("WatchDeployEvents", request) as stream:
            async for event in stream:
                yield event
