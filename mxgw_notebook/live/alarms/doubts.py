"""Alarms of which it is not known how they stand: only the gateway's own list can tell, and is asked.

Why: DECISIONS.md, "The gateway's list completes an unclear transition".
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable

from mxgw_notebook.client import AlarmRecord, GatewayClient
from mxgw_notebook.errors import GatewayError
from mxgw_notebook.live.follow import Standing
from mxgw_notebook.words import Phase

log = logging.getLogger(__name__)

# Between two looks at the gateway's list, which may be long.
LIST_SECONDS = 1.0


class Doubts:
    """References in doubt, each with the number of the newest transition that is known of it.

    A list is true for the moment at which it was made. So it settles nothing about an alarm that has had
    another transition since it was asked for. Not safe between threads: whoever owns it has a lock.
    """

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._any = asyncio.Event()

    def __bool__(self) -> bool:
        return bool(self._numbers)

    def add(self, reference: str, number: int) -> None:
        """From this transition on it is not known how the alarm stands."""
        self._numbers[reference] = number
        self._any.set()

    def note_change(self, reference: str, number: int) -> None:
        """A transition of an alarm; one that is not in doubt is none of ours."""
        if reference in self._numbers:
            self._numbers[reference] = number

    def all(self) -> dict[str, int]:
        """The references, and of each the number that a list which is asked for now can settle."""
        return dict(self._numbers)

    def is_told(self, reference: str, number: int) -> bool:
        """Whether a list that was asked for at this number tells how the alarm stands."""
        return self._numbers.get(reference) == number

    def settle(self, reference: str) -> None:
        """It is known how the alarm stands."""
        self._numbers.pop(reference, None)
        if not self._numbers:
            self._any.clear()

    async def wait(self) -> None:
        """Returns once there is a doubt."""
        await self._any.wait()


class Enquiry:
    """Asks the gateway's list of active alarms about those in doubt, as long as there are any.

    `believe` takes the list's word for one alarm, None where it is not listed; it is called with the lock
    held.
    """

    def __init__(
        self,
        client: GatewayClient,
        prefix: str,
        doubts: Doubts,
        lock: threading.Lock,
        believe: Callable[[str, AlarmRecord | None], None],
    ) -> None:
        self._client, self._prefix = client, prefix
        self._doubts, self._lock, self._believe = doubts, lock, believe
        self._trouble: Standing | None = None

    @property
    def standing(self) -> Standing | None:
        """That some alarms may stand otherwise than is known, and the list cannot be had; None else."""
        return self._trouble if self._doubts else None

    async def run(self) -> None:
        """Looks at the list whenever there is a doubt, until cancelled."""
        while True:
            await self._doubts.wait()
            try:
                await self._ask()
                self._trouble = None
            except Exception as error:  # the feed goes on; the doubt stays, and with it the question
                self._tell(error)
            await asyncio.sleep(LIST_SECONDS)

    def _tell(self, error: Exception) -> None:
        """Each reason is logged once."""
        mistake = None if isinstance(error, GatewayError) else error
        reason = f"{type(error).__name__}: {error}" if mistake else str(error)
        trouble = Standing(Phase.INCOMPLETE, f"the list of alarms cannot be had: {reason}")
        if trouble != self._trouble:
            log.warning("%s", trouble.reason, exc_info=mistake)
        self._trouble = trouble

    async def _ask(self) -> None:
        with self._lock:
            # With the number of each doubt's transition: what comes while the list travels makes that list
            # too old, and the doubt stays.
            asked = self._doubts.all()
        listed = {record.reference: record for record in await self._client.query_active_alarms(self._prefix)}
        with self._lock:
            for reference, number in asked.items():
                if self._doubts.is_told(reference, number):
                    self._believe(reference, listed.get(reference))
                    self._doubts.settle(reference)  # only now: what could not be believed is still in doubt
