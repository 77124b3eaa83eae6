"""One advised tag of the hub."""

from __future__ import annotations

from dataclasses import dataclass, field

from mxgw_notebook.client import ItemHandle
from mxgw_notebook.live.history import History


@dataclass(slots=True)
class Subscription:
    """A tag, who watches it, and what came of it. `failure` is empty, or why the gateway refused the tag."""

    tag: str
    history: History = field(default_factory=History)
    item_handle: ItemHandle | None = None
    failure: str = ""
    watchers: int = 0
