"""Both clients, answering with the contract's messages where the gateway's own client does."""

from __future__ import annotations

from datetime import datetime
from typing import Unpack

from mxgw_notebook import client
from mxgw_notebook.client import PAGE_SIZE, HierarchyFilters, Stream, request
from mxgw_notebook.compat.generated import galaxy_repository_pb2, mxaccess_gateway_pb2

ActiveAlarmSnapshot = mxaccess_gateway_pb2.ActiveAlarmSnapshot
AlarmFeedMessage = mxaccess_gateway_pb2.AlarmFeedMessage
DeployEvent = galaxy_repository_pb2.DeployEvent
GalaxyAttribute = galaxy_repository_pb2.GalaxyAttribute
GalaxyObject = galaxy_repository_pb2.GalaxyObject


class GatewayClient(client.GatewayClient):
    """An async client of one gateway whose alarms are messages."""

    async def query_active_alarms(  # type: ignore[override]
        self, alarm_filter_prefix: str = ""
    ) -> list[ActiveAlarmSnapshot]:
        """Every alarm that is active or waits for its acknowledgement, once: all of them, or an error."""
        asked = request("QueryActiveAlarms", alarm_filter_prefix=alarm_filter_prefix)
        found: Stream[ActiveAlarmSnapshot] = self._rpc.stream(
            "QueryActiveAlarms", asked, lambda alarm: alarm, timeout=self.options.timeout
        )
        found.when_broken = self._refuse_list
        async with found:
            return [alarm async for alarm in found]

    def stream_alarms(  # type: ignore[override]
        self, alarm_filter_prefix: str = ""
    ) -> Stream[AlarmFeedMessage]:
        """The alarm feed: what is active, then every change. Cancelling the task or `aclose()` ends it."""
        return self.stream_alarms_raw(alarm_filter_prefix)


class GalaxyRepositoryClient(client.GalaxyRepositoryClient):
    """An async, read-only client of the galaxy whose objects and deploys are messages."""

    async def discover_hierarchy(  # type: ignore[override]
        self, *, page_size: int = PAGE_SIZE, **filters: Unpack[HierarchyFilters]
    ) -> list[GalaxyObject]:
        """Every deployed object with its attributes."""
        return [found async for found in self.iter_hierarchy_raw(page_size=page_size, **filters)]

    def watch_deploy_events(  # type: ignore[override]
        self, *, last_seen_deploy_time: datetime | None = None
    ) -> Stream[DeployEvent]:
        """The present state, unless it is the one last seen, then each deploy."""
        return self.watch_deploy_events_raw(last_seen_deploy_time=last_seen_deploy_time)
