"""Names for completion: out of the galaxy as it is known, or asked of the gateway; never waiting for long."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Awaitable, Callable, Sequence

from mxgw_notebook.client import checks_all_arguments
from mxgw_notebook.errors import GatewayError
from mxgw_notebook.frames import FIXED, lower, named, suggestions
from mxgw_notebook.gateway.blocking import Runner
from mxgw_notebook.gateway.model import GalaxyModel

# A key press answers within 50 ms.
WAIT_SECONDS = 0.03
# While the galaxy is not there yet, a question to the gateway is worth a little more.
ASK_SECONDS = 0.3
MOST = 200
# Alarms come and go, but hardly between two key presses.
ALARMS_SECONDS = 2.0
# How old an answer may be before the gateway is asked for a newer deploy, in the background.
FRESH_SECONDS = 10.0


@checks_all_arguments
class Completing:
    """Completes names of one gateway's galaxy."""

    def __init__(
        self, runner: Runner, model: GalaxyModel, alarms: Callable[[], Awaitable[Sequence[str]]] | None = None
    ) -> None:
        self._runner, self._model, self._alarms = runner, model, alarms
        self._active: Sequence[str] = ()
        self._active_at = float("-inf")
        self._looking: asyncio.Task[None] | None = None
        self._asked = float("-inf")
        self._loaded = threading.Event()

    def warm(self) -> None:
        """Loads the galaxy in the background, so that the first Tab key finds it."""
        # Before it begins, so that a row of key presses asks the gateway once.
        self._asked = time.monotonic()
        self._loaded.clear()
        self._runner.start(self._load())

    def names(self, kind: str, begun: str) -> list[str]:
        """The possible names of a kind; for `alarm`, the references of active alarms.

        While the galaxy is loading, the gateway is asked for tags with this beginning. The other kinds have
        no names until then.
        """
        if kind in FIXED:
            return named(FIXED[kind], lower(FIXED[kind]), begun)
        if kind == "alarm":
            return [name for name in self._active_alarms() if begun.lower() in name.lower()]
        if time.monotonic() - self._asked > FRESH_SECONDS:
            self.warm()
        # A galaxy that is known answers at once, though it may be of before the last deploy: a name that is
        # new is missing for one key press.
        if self._model.known is None:
            self._loaded.wait(WAIT_SECONDS)
        known = self._model.known
        if known is not None:
            return suggestions(known.index, kind, begun)
        if kind not in ("tag", "object"):
            return []
        found = self._ask(self._model.source.beginning(begun, MOST))
        return found if kind == "tag" else [name.removesuffix(".") for name in found]

    def _active_alarms(self) -> Sequence[str]:
        if self._alarms is not None and time.monotonic() - self._active_at > ALARMS_SECONDS:
            self._runner.run(self._look_for_alarms(self._alarms))
        return self._active

    def _ask(self, question: Awaitable[Sequence[str]]) -> list[str]:
        """The gateway's answer; none where it does not come soon."""

        async def ask() -> list[str]:
            with contextlib.suppress(GatewayError, TimeoutError):
                async with asyncio.timeout(ASK_SECONDS):
                    return list(await question)
            return []

        return self._runner.run(ask())

    async def _look_for_alarms(self, alarms: Callable[[], Awaitable[Sequence[str]]]) -> None:
        """Waits a little for the active ones; an answer that takes longer is there for a later key press."""
        looking = self._looking = self._looking or asyncio.create_task(self._take_in(alarms))
        done, _ = await asyncio.wait({looking}, timeout=ASK_SECONDS)
        if done:
            self._looking = None
            await looking

    async def _take_in(self, alarms: Callable[[], Awaitable[Sequence[str]]]) -> None:
        try:
            self._active = list(await alarms())
        except GatewayError:  # also once the connection is closed, which ends this
            self._active = ()
        self._active_at = time.monotonic()

    async def _load(self) -> None:
        try:
            with contextlib.suppress(GatewayError):
                await self._model.load()
        finally:
            # Also when it failed: nobody waits for a galaxy that does not come.
            self._loaded.set()
