"""How a plant does, in one look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from mxgw_notebook.live.follow import Standing
from mxgw_notebook.live.hub import Hub
from mxgw_notebook.live.samples import StreamHealth


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantStatus:
    """The status of a plant. Counts start when it was connected.

    `values` and `deploys` are the status of these streams. `received` counts events, `broken` events that
    could not be read, `dropped` events that were not taken in time. `forgotten` counts samples replaced by
    newer ones, taken or not. `interruptions` counts lost streams, `writes` the outcomes of values.
    """

    gateway: str
    values: Standing
    deploys: Standing
    tags: int
    failures: dict[str, str]
    received: int
    broken: int
    dropped: int
    forgotten: int
    interruptions: int
    writes: dict[str, int]
    health: StreamHealth

    @property
    def is_live(self) -> bool:
        """Whether you receive all values that there are."""
        return self.values.is_live

    @classmethod
    def of(cls, hub: Hub, gateway: str, deploys: Standing, writes: Mapping[str, int]) -> Self:
        """The status now. Sends nothing to the gateway."""
        return cls(
            gateway=gateway,
            values=hub.standing,
            deploys=deploys,
            tags=hub.tags_advised,
            failures={found.tag: found.failure for found in hub.subscriptions if found.failure},
            received=hub.received,
            broken=hub.broken,
            dropped=hub.dropped,
            forgotten=hub.forgotten,
            interruptions=hub.interruptions,
            writes=dict(writes),
            health=hub.health,
        )
