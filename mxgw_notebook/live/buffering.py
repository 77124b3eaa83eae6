"""How often buffered tags send what has gathered: one interval a session, the shortest that anybody wants.

Why: DECISIONS.md, "All buffered tags share the shortest interval".
"""

from __future__ import annotations

from collections import Counter

from mxgw_notebook.live.session import ActiveSession

# MXAccess rounds up to whole steps.
STEP_MS = 100


class BufferedInterval:
    """Whose wishes count, and what the gateway was told. Used on the loop thread.

    MXAccess has one interval for all buffered items of a server handle. A shorter one than somebody asked for
    costs him nothing: the batches have the same values, only fewer each.
    """

    def __init__(self) -> None:
        self._asked: Counter[int] = Counter()
        self._told_ms = 0

    @property
    def milliseconds(self) -> int:
        """The interval in use, or about to be; 0 where nobody wants one."""
        return min((asked for asked, count in self._asked.items() if count > 0), default=0)

    def ask(self, milliseconds: int, tags: int) -> None:
        """So many tags are wanted this often; for tags that are not buffered it is 0."""
        if milliseconds:
            self._asked[milliseconds] += tags

    def take_back(self, milliseconds: int, tags: int) -> None:
        """They are not wanted any more."""
        if milliseconds:
            self._asked[milliseconds] -= tags

    def forget(self) -> None:
        """A new session has been told nothing yet."""
        self._told_ms = 0

    async def tell(self, opened: ActiveSession) -> None:
        """Sets it at the gateway, where it is not. Raises GatewayError."""
        wanted = self.milliseconds
        if wanted and wanted != self._told_ms:
            await opened.session.set_buffered_update_interval(opened.server_handle, wanted)
            self._told_ms = wanted


def in_steps(milliseconds: float) -> int:
    """An interval as MXAccess takes it, rounded up to whole steps."""
    return max(1, -int(-milliseconds // STEP_MS)) * STEP_MS
