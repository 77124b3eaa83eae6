"""What a client registered in a session: servers, and the items added to each."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from mxgw_notebook.simulator.plant import Value
from mxgw_notebook.simulator.references import Target
from mxgw_notebook.simulator.refusal import MxFailureError

BUFFER_STEP = 100  # ms; buffered intervals are rounded up to it


@dataclass(frozen=True, slots=True)
class Sample:
    """A value that waits in a buffered item."""

    value: Value
    quality: int
    time: float


@dataclass(slots=True, eq=False)
class Item:
    """A tag added under a server handle."""

    handle: int
    server_handle: int
    name: str
    target: Target
    is_buffered: bool = False
    advised: bool = False
    suspended: bool = False
    samples: list[Sample] = field(default_factory=list)
    flushed: float = 0.0  # elapsed seconds at the last buffered event

    def sample(self) -> Sample:
        """The present value."""
        attribute = self.target.attribute
        return Sample(self.target.value, attribute.quality, attribute.time)


@dataclass(slots=True, eq=False)
class Server:
    """One registration of a client."""

    handle: int
    client_name: str
    items: dict[int, Item] = field(default_factory=dict)
    buffered_interval: float = 1.0  # seconds

    def set_interval(self, milliseconds: int) -> None:
        """Sets the interval of buffered items, rounded up to whole steps."""
        self.buffered_interval = max(1, math.ceil(milliseconds / BUFFER_STEP)) * BUFFER_STEP / 1000.0

    def item(self, handle: int) -> Item:
        """The item of a handle. Raises MxFailureError when there is none."""
        found = self.items.get(handle)
        if found is None:
            raise MxFailureError(f"Item handle {handle} is not known under server handle {self.handle}.")
        return found
