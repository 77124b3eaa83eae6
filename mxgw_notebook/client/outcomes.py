"""Writes on their way: the reply is only an acceptance, the outcome comes as an event."""

from __future__ import annotations

import asyncio
from collections import defaultdict

from mxgw_notebook.client.events import Event
from mxgw_notebook.client.replies import ItemHandle
from mxgw_notebook.errors import Status

Outcome = asyncio.Future[tuple[Status, ...]]


class PendingWrites:
    """Who waits for ON_WRITE_COMPLETE, by item, the oldest first. Used on the loop thread alone."""

    def __init__(self) -> None:
        self._waiting: defaultdict[int, list[Outcome]] = defaultdict(list)

    def expect(self, item_handle: ItemHandle) -> Outcome:
        """A future of the statuses of this item's next outcome. Ask before writing."""
        outcome: Outcome = asyncio.get_running_loop().create_future()
        self._waiting[item_handle].append(outcome)
        return outcome

    def completed(self, event: Event) -> None:
        """Hands an outcome to the oldest write of its item."""
        waiting = self._waiting.get(event.item_handle, [])
        if waiting:
            outcome = waiting.pop(0)
            if not outcome.done():
                outcome.set_result(event.statuses)

    def forget(self, item_handle: ItemHandle, outcome: Outcome) -> None:
        """Nobody waits for this outcome any more."""
        waiting = self._waiting.get(item_handle, [])
        if outcome in waiting:
            waiting.remove(outcome)
        if outcome.done() and not outcome.cancelled():
            outcome.exception()  # looked at, so that nobody complains it never was
        if not waiting:
            self._waiting.pop(item_handle, None)

    def fail(self, error: Exception) -> None:
        """Tells every waiting write that its outcome will not come."""
        for waiting in self._waiting.values():
            for outcome in waiting:
                if not outcome.done():
                    outcome.set_exception(error)
        self._waiting.clear()
