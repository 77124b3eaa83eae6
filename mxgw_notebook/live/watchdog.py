"""Looks once a second whether all is well: silence, suspension, load, and tags that wait for their deploy.

Why: DECISIONS.md, "Any answer proves that the gateway is alive".
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Protocol

from mxgw_notebook.client import backoff_seconds
from mxgw_notebook.errors import GatewayError
from mxgw_notebook.live.absence import SYSTEM, Absence, Clocks
from mxgw_notebook.live.follow import Follower, Standing
from mxgw_notebook.live.samples import StreamStatistics
from mxgw_notebook.live.session import PROCESS_RATE, PROCESS_TAGS, SessionLink, is_gone
from mxgw_notebook.words import Phase

log = logging.getLogger(__name__)

# A stream that flowed is silent after ten times its usual interval, within these bounds.
SILENT_INTERVALS = 10.0
USUAL_EVENTS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait before looking closer, all in seconds, and by which clocks."""

    look: float = 1.0
    least_silence: float = 15.0
    most_silence: float = 120.0
    suspended: float = 20.0
    first_retry: float = 5.0
    longest_retry: float = 60.0
    clocks: Clocks = SYSTEM


class Watched(Protocol):
    """What the watchdog asks of the hub."""

    @property
    def tags_advised(self) -> int:
        """How many tags are watched."""

    @property
    def tags_failed(self) -> int:
        """How many of them the gateway refused."""

    def probe(self) -> Awaitable[bool]:
        """Whether the stream has brought what the gateway has. Raises GatewayError without an answer."""

    def retry(self) -> Awaitable[None]:
        """Advises the failed tags once more."""


class Watchdog:
    """Owned by a hub, and kept going by `follower`. `silence` tells how long nothing came; else None."""

    def __init__(self, hub: Watched, link: SessionLink, pulse: StreamStatistics, patience: Patience) -> None:
        self.silence: Standing | None = None
        self.follower = Follower("watchdog", self.run)
        self.hurry = asyncio.Event()  # set: failed tags are tried at once, there was a deploy
        self._hub, self._link, self._pulse, self._patience = hub, link, pulse, patience
        self._probed = time.monotonic()
        self._absence = Absence(patience.clocks)
        self._retries = backoff_seconds(patience.first_retry, patience.longest_retry)
        self._retry_at = time.monotonic() + next(self._retries)

    async def run(self) -> None:
        """Looks until cancelled."""
        while True:
            self._absence.leave()
            await asyncio.sleep(self._patience.look)
            absent = self._absence.come_back(self._patience.look)
            self._pulse.mark()
            self.follower.mark_live()
            if not self._link.standing.is_live or not self._hub.tags_advised:
                self.silence = None
                continue
            await self._look_closer(suspended=absent > self._patience.suspended)

    def absent_ns(self, attended_ns: int) -> int:
        """For how long nothing ran here between now and so much of running time ago; both in nanoseconds."""
        return int(self._absence.within(attended_ns / 1e9) * 1e9)

    async def _look_closer(self, *, suspended: bool) -> None:
        try:
            await self._retry_failed()
            await self._choose_reader()
            await self._look_for_silence(suspended=suspended)
        except GatewayError as error:
            if error.is_mistake:  # of ours: it will not pass by itself, and is not to pass unnoticed
                raise
            log.info("watchdog: %s", error)

    async def _retry_failed(self) -> None:
        """A tag that comes with the next deploy starts by itself."""
        hurried = self.hurry.is_set()
        self.hurry.clear()  # before the attempt: a deploy meanwhile is another
        if hurried or not self._hub.tags_failed:
            self._retries = backoff_seconds(self._patience.first_retry, self._patience.longest_retry)
        if not self._hub.tags_failed:
            self._retry_at = time.monotonic() + self._patience.first_retry
        elif hurried or time.monotonic() >= self._retry_at:
            self._retry_at = time.monotonic() + next(self._retries)
            await self._hub.retry()

    async def _choose_reader(self) -> None:
        """Above a certain load a thread of the kernel is too great a risk for the session."""
        if self._link.reader_kind != "auto":
            return
        if self._hub.tags_advised >= PROCESS_TAGS or self._pulse.rate >= PROCESS_RATE:
            await self._link.read_by("process")

    async def _look_for_silence(self, *, suspended: bool) -> None:
        silence = self._pulse.silent_for
        if silence < self._bound() and not suspended:
            self.silence = None
            return
        flowed = self._pulse.events >= USUAL_EVENTS
        is_telling = flowed and not suspended  # whoever was suspended has missed nothing yet
        self.silence = Standing(Phase.SILENT, f"no value for {silence:.0f} s") if is_telling else None
        if suspended or time.monotonic() - self._probed >= self._bound():
            self._probed = time.monotonic()
            await self._probe()

    async def _probe(self) -> None:
        """Gives the stream up when it does not bring what it should.

        After an absence much may still be on its way, also in a session that has faulted since: as long as
        something comes, the stream goes on, and ends by itself where it has to.
        """
        opened, events = self._link.opened, self._pulse.events
        trouble, is_over = await self._look_for_trouble()
        if trouble:
            await asyncio.sleep(self._patience.look)
            if self._pulse.events == events and self._link.opened is opened:
                self._link.abandon(f"connected, but {trouble}", is_over=is_over)

    async def _look_for_trouble(self) -> tuple[str, bool]:
        """What is wrong with the gateway's answers, empty for nothing, and whether the session is gone."""
        try:
            complete = await self._hub.probe()
        except TimeoutError:
            return "the gateway does not answer", False
        except GatewayError as error:
            return error.reason, is_gone(error)
        return "" if complete else "the events stopped coming", False

    def _bound(self) -> float:
        """After how many seconds without an event to be suspicious."""
        if self._pulse.events < USUAL_EVENTS:
            return self._patience.most_silence
        usual = self._pulse.usual_interval * SILENT_INTERVALS
        return min(self._patience.most_silence, max(self._patience.least_silence, usual))
