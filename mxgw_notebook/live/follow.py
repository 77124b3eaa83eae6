"""One loop for whatever has to go on until it is stopped or refused, and how it stands meanwhile.

Why: DECISIONS.md, "One loop follows every stream".
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from mxgw_notebook.client import backoff_seconds
from mxgw_notebook.errors import AuthenticationError, GatewayError, PermissionDeniedError
from mxgw_notebook.words import Phase

log = logging.getLogger(__name__)

# What something that is followed begins with. Whoever may not do that gains nothing by trying again; any
# other call may be refused for a reason of its own, while what is followed goes on.
BEGINNINGS = ("OpenSession", "StreamEvents", "StreamAlarms", "WatchDeployEvents")
# A stream that breaks sooner was not there, whatever it brought: one that breaks at its first message must be
# asked for less and less often. Not much longer: at a network that breaks every few seconds, waits that go on
# growing would leave nothing to be seen (measured: 4 % of the time, where this gives 60 %).
STEADY_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Standing:
    """A phase, why it came, and since when, nanoseconds since 1970 UTC. Its text is for people alone.

    `words` is that text where phase and reason say less than it could.
    """

    phase: Phase
    reason: str = ""
    words: str = field(default="", kw_only=True)
    since_ns: int = field(default_factory=time.time_ns, compare=False)

    @property
    def is_live(self) -> bool:
        """Whether what comes is all that there is."""
        return self.phase is Phase.LIVE

    def __str__(self) -> str:
        return self.words or (f"{self.phase.value}: {self.reason}" if self.reason else self.phase.value)


def is_final(error: Exception) -> bool:
    """Whether trying again does not help: the key is not accepted, may not begin this, or nobody is there."""
    if isinstance(error, PermissionDeniedError):
        return error.call in BEGINNINGS
    return isinstance(error, AuthenticationError) or (isinstance(error, GatewayError) and error.is_final)


class Follower:
    """Follows a stream, or keeps a loop of ours going: whenever it ends, it is begun again after a wait.

    `attempt` is one life of it. It calls `mark_live` once it works, and then returns or raises. A
    GatewayError leads to RECONNECTING, a final one ends it all in REFUSED. A mistake of ours, which any
    other exception is, leads to FAILING, and its traceback goes into the log. Each reason is logged once,
    not each attempt.
    Runs on the loop thread; `standing` and `failure` can be read from any.

    Args:
        name: What it is, for the log.
        attempt: One life.
        ended: Why it ended where the attempt simply returned.
    """

    def __init__(
        self,
        name: str,
        attempt: Callable[[], Awaitable[None]],
        *,
        ended: str = "the gateway closed the stream",
    ) -> None:
        self.standing = Standing(Phase.IDLE)
        self.failure: GatewayError | None = None
        self._name, self._attempt, self._ended = name, attempt, ended
        self._held_since: float | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def refusal(self) -> GatewayError | None:
        """What it was refused by for good; None where it was not."""
        return self.failure if self.standing.phase is Phase.REFUSED else None

    def start(self) -> None:
        """Follows in a task of its own, which `close` ends. Harmless while one does."""
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self.run(), name=f"mxgw {self._name}")

    async def close(self) -> None:
        """Follows no more. Harmless the second time, and without a beginning."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait({task})
            if not task.cancelled() and (failure := task.exception()) is not None:
                log.warning("%s ended by %s: %s", self._name, type(failure).__name__, failure)
        self._enter(Phase.STOPPED)

    def mark_live(self) -> None:
        """The attempt works. Harmless while it does."""
        if self._held_since is None:
            self._held_since = time.monotonic()
            self._enter(Phase.LIVE)

    async def run(self) -> None:
        """Follows until cancelled or refused for good."""
        if self.standing.phase is not Phase.LIVE:
            self._enter(Phase.CONNECTING)
        waits = backoff_seconds()
        try:
            while await self._is_worth_another():
                if self._held_seconds() >= STEADY_SECONDS:
                    waits = backoff_seconds()
                self._held_since = None  # not before the wait is chosen, which depends on it
                await asyncio.sleep(next(waits))
        finally:
            if self.standing.phase is not Phase.REFUSED:
                self._enter(Phase.STOPPED)

    def _held_seconds(self) -> float:
        """How long this attempt worked; 0 where it never did."""
        return 0.0 if self._held_since is None else time.monotonic() - self._held_since

    async def _is_worth_another(self) -> bool:
        """One attempt: whether another may help."""
        self.failure = None
        try:
            await self._attempt()
            self._enter(Phase.RECONNECTING, self._ended)
        except GatewayError as error:
            self.failure = error
            if is_final(error):
                # The next step is a person's. "As of" when may follow it.
                told = f"{error.reason}. {error.hint}".rstrip(".")
                # Nobody was there to refuse anything.
                self._enter(Phase.REFUSED, told, words=told if error.is_final else "")
                return False
            if error.is_mistake:
                self._enter(Phase.FAILING, error.reason, error)
            else:
                self._enter(Phase.RECONNECTING, error.reason)
        except asyncio.CancelledError as error:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            # Nobody meant to end this: what it waited for was cancelled.
            self._enter(Phase.FAILING, "what it waited for was cancelled", error)
        except Exception as error:  # whatever it is, what is followed must not end by it unnoticed
            self._enter(Phase.FAILING, f"{type(error).__name__}: {error}", error)
        return True

    def _enter(
        self, phase: Phase, reason: str = "", error: BaseException | None = None, *, words: str = ""
    ) -> None:
        """Another standing; what is as it was keeps its time, and is not logged again."""
        entered = Standing(phase, reason, words=words)
        if entered == self.standing:
            return
        self.standing = entered
        quiet = phase in (Phase.CONNECTING, Phase.LIVE, Phase.STOPPED)
        log.log(
            logging.INFO if quiet else logging.WARNING,
            "%s: %s",
            self._name,
            entered,
            exc_info=error,
            extra={"mxgw_what": self._name, "mxgw_phase": phase.value, "mxgw_reason": reason},
        )
