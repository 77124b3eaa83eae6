"""Alarm boards at the embedded gateway."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from mxgw_notebook.client import GatewayClient
from mxgw_notebook.live import AlarmBoard
from mxgw_notebook.live.alarms.active_alarm import ActiveAlarm
from mxgw_notebook.simulator.server import ServedGateway


@asynccontextmanager
async def following(client: GatewayClient, prefix: str = "") -> AsyncIterator[AlarmBoard]:
    """A board that follows the feed, its first snapshot taken."""
    board = AlarmBoard(client, prefix)
    task = asyncio.create_task(board.follow())
    try:
        await board.first_snapshot()
        yield board
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def waiting_alarm(served: ServedGateway, board: AlarmBoard) -> ActiveAlarm:
    """An active alarm that nobody has acknowledged; the plant runs on until there is one."""
    for _ in range(60):
        for alarm in board.active():
            if alarm.state == "unacknowledged":
                return alarm
        await served.advance(30)
    raise AssertionError("no alarm in half an hour")


def references(alarms: list[Any]) -> set[str]:
    """Those of records, or of alarms that have one."""
    return {getattr(alarm, "reference", "") or alarm.record.reference for alarm in alarms}
