"""Alarms that are followed: what stands, then each change, also those of which only a later list tells."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from mxgw_notebook.client import AlarmRecord, GatewayClient, LooseEnds
from mxgw_notebook.live.alarms import ActiveAlarm, AlarmBoard
from mxgw_notebook.live.follow import Standing
from mxgw_notebook.live.plant.rounds import Rounds

FIRST_LIST_SECONDS = 5.0


@dataclass(frozen=True, slots=True, eq=False)
class AlarmUpdate:
    """The changes of alarms since the last update. Iterating it gives its transitions.

    `active` has the changed alarms that are active or wait for acknowledgement. `removed` has the references
    of those that are over. With `reset`, `active` is the whole list: forget earlier alarms. `transitions` are
    in the order they came. Those during an outage of the feed have the origin `reconciled`, and the time 0 if
    it is not known. `missed` counts the oldest transitions, dropped before anybody looked. `listed` is True
    if the gateway's list was complete; if not, an alarm that is not in it may still stand. `silences` are the
    ended times without news of alarms, as pairs by the gateway's clock in nanoseconds since 1970 UTC. An
    alarm that was raised and cleared within such a time has no transition.
    """

    standing: Standing
    reset: bool
    listed: bool
    active: list[ActiveAlarm]
    removed: list[str]
    transitions: list[AlarmRecord]
    missed: int = 0
    silences: list[tuple[int, int]] = field(default_factory=list)

    def __iter__(self) -> Iterator[AlarmRecord]:
        return iter(self.transitions)


class AlarmRounds(Rounds[AlarmUpdate]):
    """Followed alarms: an async iterator of updates, made by `Plant.alarms`. The first is the whole list.

    `board` is the list as of now.
    """

    def __init__(self, client: GatewayClient, prefix: str, every: float, ends: LooseEnds) -> None:
        self._following: asyncio.Task[None] | None = None  # first: what is refused here is dropped, too
        super().__init__(every, ends)
        self.board = AlarmBoard(client, prefix)
        self._version = self._seen = self._heard_until = 0
        self._next = asyncio.get_running_loop().time()  # the list is told as soon as it has come
        self._following = asyncio.create_task(self.board.follow(), name="mxgw followed alarms")
        self._is_refused = False

    async def look(self) -> AlarmUpdate:
        """The changes since the last look. After that it raises a refusal that cannot go away by itself."""
        if self._is_refused and (refusal := self.board.refusal) is not None:
            raise refusal
        if not self._version and not self._is_over:
            await self._wait_for_list()
        self._is_refused = self.board.refusal is not None
        changes = self.board.since(self._version)
        seen, transitions = self.board.news(self._seen)
        missed = seen - self._seen - len(transitions)
        self._version, self._seen = changes.version, seen
        return AlarmUpdate(
            standing=self.board.standing,
            reset=changes.reset,
            listed=self.board.listed,
            active=changes.changed,
            removed=changes.removed,
            transitions=transitions,
            missed=missed,
            silences=self._new_silences(),
        )

    def _new_silences(self) -> list[tuple[int, int]]:
        """Those that have ended since the last look; before the first list there is none."""
        gaps = ((start, end) for start, end in self.board.gaps[1:] if end is not None)
        ended = [(start, end) for start, end in gaps if end > self._heard_until]
        self._heard_until = max([self._heard_until, *(end for _, end in ended)])
        return ended

    def end(self) -> None:
        """One last look, at what the board has now."""
        super().end()
        if self._following is not None:
            self._following.cancel()

    async def leave(self) -> None:
        """Stops following."""
        if self._following is not None:
            self._following.cancel()
            await asyncio.wait({self._following})

    def __del__(self) -> None:
        if self._following is not None:
            with contextlib.suppress(RuntimeError):  # its loop is closed, and it with that
                self._following.cancel()

    async def _wait_for_list(self) -> None:
        """Until the first list has come, for a while: an empty update would look like a quiet plant."""
        assert self._following is not None
        waiting = {
            asyncio.create_task(self.board.first_snapshot()),
            asyncio.create_task(self._ending.wait()),
        }
        try:
            await asyncio.wait(
                {*waiting, self._following},
                timeout=FIRST_LIST_SECONDS,
                return_when=asyncio.FIRST_COMPLETED,
            )
        finally:
            for task in waiting:
                task.cancel()
