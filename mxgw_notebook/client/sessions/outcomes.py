"""Writes on their way: the reply is only an acceptance, the outcome comes as an event.

Why: DECISIONS.md, "`write` waits for the plant".
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable

from mxgw_notebook.client.events import Event
from mxgw_notebook.client.refusals import hresult_words
from mxgw_notebook.client.replies import ItemHandle
from mxgw_notebook.errors import GatewayError, OutcomeUnknownError, Status

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
        self, item_handle: ItemHandle, send: Callable[[], Awaitable[object]]
    ) -> tuple[Status, ...]:
        """Sends a write and waits for the statuses of its outcome, for as long as the caller does.

        Raises what `send` raises. A write that was given up, or of which nobody knows whether it was done,
        keeps its place; one that was refused for certain does not, for no outcome of it will come.
        """
        outcome = self.expect(item_handle)
        try:
            await send()
            return await outcome
        except GatewayError as error:
            if error.may_be_done:
                outcome.cancel()
            raise
        except BaseException:
            outcome.cancel()
            raise
        finally:
            self.forget(item_handle, outcome)

    def complete(self, event: Event) -> None:
        """Hands an outcome to the oldest write of its item. What is PENDING still is no outcome yet."""
        statuses = told_by(event)
        # The write keeps its place: the next event of the item is its outcome, not that of the next write.
        if any(one.category == "PENDING" for one in statuses) and not any(one.failed for one in statuses):
            return
        waiting = self._waiting.get(event.item_handle, [])
        now = asyncio.get_running_loop().time()
        while waiting:
            outcome = waiting.pop(0)
            # An outcome names its item alone. So the oldest write takes it, whether or not anybody waits
            # still.
            given_up = self._overdue.pop(outcome, None)
            if given_up is None:
                if not outcome.done():
                    outcome.set_result(statuses)
                return
            # Older than that its outcome is believed never to come, and this one is of the next in line.
            if now < given_up + OVERDUE_SECONDS:
                return

    def forget(self, item_handle: ItemHandle, outcome: Outcome) -> None:
        """Nobody waits for it any more: it came, it was given up (cancelled), or nothing was sent."""
        waiting = self._waiting.get(item_handle, [])
        if outcome.cancelled() and outcome in waiting:
            # It stays in line, as one that is overdue.
            self._overdue[outcome] = asyncio.get_running_loop().time()
            return
        if outcome in waiting:
            waiting.remove(outcome)
        if outcome.done() and not outcome.cancelled():
            outcome.exception()  # looked at, so that nobody complains it never was
        if not waiting:
            self._waiting.pop(item_handle, None)

    def fail(self, error: GatewayError) -> None:
        """Tells every waiting write that its outcome will not come: it may be done all the same."""
        lost = OutcomeUnknownError(error.message)
        for waiting in self._waiting.values():
            for outcome in waiting:
                if not outcome.done():
                    outcome.set_exception(lost)
        self._waiting.clear()
        self._overdue.clear()


def told_by(event: Event) -> tuple[Status, ...]:
    """The statuses of an outcome, and its hresult where that alone says that the write failed.

    No status at all, or an unset category, is no failure: that the event came is what a write waits for.
    """
    untold = all(one.category == "UNSPECIFIED" for one in event.statuses)
    if not untold or event.hresult is None or event.hresult >= 0:
        return event.statuses
    return (*event.statuses, Status("OTHER_ERROR", text=hresult_words(event.hresult)))
