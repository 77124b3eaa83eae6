"""Writes on their way: the reply is only an acceptance, the outcome comes as an event."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable

from mxgw_notebook.client.events import Event
from mxgw_notebook.client.replies import ItemHandle
from mxgw_notebook.errors import GatewayError, Status

Outcome = asyncio.Future[tuple[Status, ...]]


# How long a write that nobody waits for any more may still claim an outcome that comes late.
OVERDUE_SECONDS = 30.0


class PendingWrites:
    """Who waits for ON_WRITE_COMPLETE, by item, the oldest first. Used on the loop thread alone.

    Outcomes name their item and not their write. So a write that was given up keeps its place for a while:
    its outcome, when it comes after all, must not be taken for that of the next write.
    """

    def __init__(self) -> None:
        self._waiting: defaultdict[int, list[Outcome]] = defaultdict(list)
        self._overdue: dict[Outcome, float] = {}

    def expect(self, item_handle: ItemHandle) -> Outcome:
        """A future of the statuses of this item's next outcome. Ask before writing."""
        outcome: Outcome = asyncio.get_running_loop().create_future()
        self._waiting[item_handle].append(outcome)
        return outcome

    async def outcome_of(
        self, item_handle: ItemHandle, tag: str, timeout: float, send: Callable[[], Awaitable[object]]
    ) -> tuple[Status, ...]:
        """Sends a write and waits for the statuses of its outcome.

        Raises:
            GatewayError: None came within `timeout` seconds: the value may have been written.
        """
        outcome = self.expect(item_handle)
        try:
            await send()
            async with asyncio.timeout(timeout):
                return await outcome
        except TimeoutError:
            message = f"No outcome of the write to {tag} came within {timeout:g} s"
            raise GatewayError(message, hint="The value may have been written: read the tag.") from None
        finally:
            self.forget(item_handle, outcome)

    def complete(self, event: Event) -> None:
        """Hands an outcome to the oldest write of its item."""
        waiting = self._waiting.get(event.item_handle, [])
        now = asyncio.get_running_loop().time()
        while waiting:
            outcome = waiting.pop(0)
            given_up = self._overdue.pop(outcome, None)
            if given_up is None:
                if not outcome.done():
                    outcome.set_result(event.statuses)
                return
            if now < given_up + OVERDUE_SECONDS:
                return

    def forget(self, item_handle: ItemHandle, outcome: Outcome) -> None:
        """Nobody waits for it any more: it came, it was given up (cancelled), or nothing was sent."""
        waiting = self._waiting.get(item_handle, [])
        if outcome.cancelled() and outcome in waiting:
            self._overdue[outcome] = asyncio.get_running_loop().time()
            return
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
        self._overdue.clear()
