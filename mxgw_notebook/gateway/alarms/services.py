"""What an alarm review may use of the gateway that it belongs to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from mxgw_notebook.client import Reading
from mxgw_notebook.gateway.alarms.acknowledging import Acknowledger
from mxgw_notebook.gateway.blocking import Runner
from mxgw_notebook.gateway.changing import Changes
from mxgw_notebook.gateway.recorders import Recorders
from mxgw_notebook.gateway.tags import Watch
from mxgw_notebook.live import AlarmBoard
from mxgw_notebook.profiles import Profile


@dataclass(frozen=True, slots=True)
class AlarmServices:
    """One record for all reviews of a gateway: no review holds the gateway itself.

    `endpoint` is where the alarms come from, `changes` what a call asks before it acknowledges; `read` and
    `watch` lead from an alarm to the tag that caused it; `actions` are the writes so far; `attributes` are
    the galaxy's alarm attributes; `gateway_now` is the gateway's clock, nanoseconds since 1970 UTC;
    `unfollow` ends a board's following; `recorders` begin to record it.
    """

    endpoint: str
    runner: Runner
    acknowledger: Acknowledger
    changes: Changes
    read: Callable[..., Awaitable[Sequence[Reading]]]
    watch: Callable[[Sequence[str]], Awaitable[Watch]]
    actions: Callable[[], pd.DataFrame]
    attributes: Callable[[], Awaitable[pd.DataFrame]]
    gateway_now: Callable[[], int]
    unfollow: Callable[[AlarmBoard], Coroutine[Any, Any, None]]
    recorders: Recorders
    profile: Profile | None = None
