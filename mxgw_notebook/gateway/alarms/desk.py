"""All that a gateway has to do with alarms: boards that follow the feed, acknowledging, the audit, trends."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from mxgw_notebook.client import GatewayClient
from mxgw_notebook.errors import ConfigurationError
from mxgw_notebook.gateway.alarms.acknowledging import Acknowledgement, Acknowledger
from mxgw_notebook.gateway.alarms.filter import AlarmFilter
from mxgw_notebook.gateway.alarms.review import AlarmReview
from mxgw_notebook.gateway.alarms.table_source import BoardRows
from mxgw_notebook.gateway.blocking import Runner, blocking
from mxgw_notebook.gateway.operator_name import operator_name
from mxgw_notebook.gateway.tags import Watch
from mxgw_notebook.gateway.trail import Trail
from mxgw_notebook.live import AlarmBoard, Hub

SNAPSHOT_SECONDS = 5.0
ACKNOWLEDGEMENTS_KEPT = 100_000


class AlarmDesk:
    """The alarms of one gateway. `watch` makes a live trend of one tag; `actions` are the writes so far."""

    def __init__(
        self,
        runner: Runner,
        client: GatewayClient,
        hub: Hub,
        watch: Callable[[str], Coroutine[Any, Any, Watch]],
        actions: Callable[[], pd.DataFrame],
    ) -> None:
        self.runner, self.hub, self.watch, self.actions = runner, hub, watch, actions
        self.trail = Trail(Acknowledgement, ACKNOWLEDGEMENTS_KEPT)
        self._client = client
        self._acknowledger = Acknowledger(client, self.trail)
        self._newest: AlarmReview | None = None
        self._boards: dict[AlarmBoard, asyncio.Task[None]] = {}

    def review(self, prefix: str, chosen: AlarmFilter, operator: str | None) -> AlarmReview:
        """A review whose board has its first snapshot, or has waited for it in vain."""
        board = AlarmBoard(self._client, prefix)
        self._follow(board)
        name = operator or operator_name()
        source = BoardRows(board, chosen, self._acknowledger, name, self.runner.start)
        self._newest = AlarmReview(self, board, source, chosen, name)
        return self._newest

    def newest(self) -> AlarmReview:
        """The review begun last, also when it has ended. Raises ConfigurationError when there is none."""
        if self._newest is None:
            raise ConfigurationError("No alarms were followed yet", hint="Begin with %mxgw alarms.")
        return self._newest

    async def acknowledge(
        self, references: Sequence[str], *, comment: str, operator: str | None
    ) -> pd.DataFrame:
        """One row an alarm with its outcome; see `Gateway.acknowledge`."""
        name = operator or operator_name()
        return await self._acknowledger.frame(references, comment=comment, operator=name)

    def audit(self, file: str | Path | None) -> pd.DataFrame:
        """The acknowledgements so far; see `Gateway.audit`."""
        if file is not None:
            self.trail.write_to(file)
        return self.trail.frame()

    @blocking
    async def _follow(self, board: AlarmBoard) -> None:
        following = self._boards[board] = asyncio.create_task(board.follow())
        snapshot = asyncio.create_task(board.first_snapshot())
        try:
            await asyncio.wait(
                (following, snapshot), timeout=SNAPSHOT_SECONDS, return_when=asyncio.FIRST_COMPLETED
            )
        except asyncio.CancelledError:
            self._boards.pop(board).cancel()
            raise
        finally:
            snapshot.cancel()

    @blocking
    async def unfollow(self, board: AlarmBoard) -> None:
        """Ends a board's following."""
        task = self._boards.pop(board, None)
        if task is not None:
            task.cancel()

    async def close(self) -> None:
        """Ends the following of every board."""
        for task in self._boards.values():
            task.cancel()
        await asyncio.gather(*self._boards.values(), return_exceptions=True)
