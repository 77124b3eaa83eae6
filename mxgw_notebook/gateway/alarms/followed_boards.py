"""The alarm boards of one gateway, each followed by a task until its review stops."""

from __future__ import annotations

import asyncio

from mxgw_notebook.client import GatewayClient
from mxgw_notebook.live import AlarmBoard

SNAPSHOT_SECONDS = 5.0


class FollowedBoards:
    """Owns the tasks that follow boards. Everything here runs on the loop."""

    def __init__(self, client: GatewayClient) -> None:
        self._client = client
        self._following: dict[AlarmBoard, asyncio.Task[None]] = {}

    async def follow(self, prefix: str) -> AlarmBoard:
        """A new board that has its first snapshot, or has waited for it in vain."""
        board = AlarmBoard(self._client, prefix)
        following = self._following[board] = asyncio.create_task(board.follow())
        snapshot = asyncio.create_task(board.first_snapshot())
        try:
            await asyncio.wait(
                (following, snapshot), timeout=SNAPSHOT_SECONDS, return_when=asyncio.FIRST_COMPLETED
            )
        except asyncio.CancelledError:
            # An interrupt: nobody will have the board, so nobody could end its following.
            await self.unfollow(board)
            raise
        finally:
            snapshot.cancel()
        return board

    async def unfollow(self, board: AlarmBoard) -> None:
        """Ends a board's following; harmless the second time."""
        following = self._following.pop(board, None)
        if following is not None:
            following.cancel()

    async def close(self) -> None:
        """Ends the following of every board."""
        for following in self._following.values():
            following.cancel()
        await asyncio.gather(*self._following.values(), return_exceptions=True)
