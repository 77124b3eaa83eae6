"""Names for completion: out of the galaxy as it is known, never waiting for it for long."""

from __future__ import annotations

import contextlib
import threading
import time

from mxgw_notebook.client import checks_all_arguments
from mxgw_notebook.errors import GatewayError
from mxgw_notebook.frames import FIXED, lower, named, suggestions
from mxgw_notebook.gateway.blocking import Runner
from mxgw_notebook.gateway.model import GalaxyModel

# A key press answers within 50 ms.
WAIT_SECONDS = 0.03
# How old an answer may be before the gateway is asked for a newer deploy, in the background.
FRESH_SECONDS = 10.0


@checks_all_arguments
class Completing:
    """Completes names of one gateway's galaxy."""

    def __init__(self, runner: Runner, model: GalaxyModel) -> None:
        self._runner, self._model = runner, model
        self._asked = float("-inf")
        self._loaded = threading.Event()

    def warm(self) -> None:
        """Has the galaxy loaded in the background, so that the first key press finds it."""
        # Before it begins, so that a row of key presses asks the gateway once.
        self._asked = time.monotonic()
        self._loaded.clear()
        self._runner.start(self._load())

    def names(self, kind: str, begun: str) -> list[str]:
        """The names of a kind that could be meant; none while the galaxy is still on its way."""
        if kind in FIXED:
            return named(FIXED[kind], lower(FIXED[kind]), begun)
        if time.monotonic() - self._asked > FRESH_SECONDS:
            self.warm()
        # A galaxy that is known answers at once, though it may be of before the last deploy: a name that is
        # new is missing for one key press.
        if self._model.known is None:
            self._loaded.wait(WAIT_SECONDS)
        known = self._model.known
        return suggestions(known.index, kind, begun) if known is not None else []

    async def _load(self) -> None:
        try:
            with contextlib.suppress(GatewayError):
                await self._model.load()
        finally:
            # Also when it failed: nobody waits for a galaxy that does not come.
            self._loaded.set()
