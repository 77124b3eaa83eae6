"""A mistake of ours in the background: told, logged, begun again; the session is closed all the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mxgw_notebook.client import GatewayClient
from mxgw_notebook.live import AlarmBoard, Hub
from mxgw_notebook.live.follow import Follower
from mxgw_notebook.live.samples import EventIngest
from mxgw_notebook.live.session import SessionLink
from mxgw_notebook.live.watchdog import Watchdog
from mxgw_notebook.simulator.server import ServedGateway
from tests.live.conftest import SPEED, hub_at
from tests.until import until

WORDS = "a mistake of ours"


def failing_once(real: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, which throws when it is called first."""
    calls: list[int] = []

    def call(*args: Any, **settings: Any) -> Any:
        calls.append(1)
        if len(calls) == 1:
            raise RuntimeError(WORDS)
        return real(*args, **settings)

    return call


@pytest.mark.parametrize(
    ("owner", "name"),
    [(EventIngest, "store"), (Watchdog, "_look_closer"), (Hub, "_take"), (SessionLink, "_until_lost")],
)
async def test_a_loop_that_fails_is_told_logged_and_begun_again(
    served: ServedGateway,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    owner: type,
    name: str,
) -> None:
    monkeypatch.setattr(owner, name, failing_once(getattr(owner, name)))
    async with hub_at(served.endpoint) as hub:
        (speed,) = await hub.subscribe([SPEED])
        await until(lambda: hub.status.startswith("failing"))
        assert WORDS in hub.status
        assert sum(WORDS in record.getMessage() for record in caplog.records) == 1
        await until(lambda: hub.status == "live")
        seen = speed.history.total
        await served.advance(30)
        await until(lambda: speed.history.total > seen)


async def test_a_board_that_fails_is_told_and_begun_again(
    client: GatewayClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(AlarmBoard, "take", failing_once(AlarmBoard.take))
    board = AlarmBoard(client)
    follower = Follower("board", board.follow)
    follower.start()
    try:
        await until(lambda: board.status.startswith("failing"))
        assert sum(WORDS in record.getMessage() for record in caplog.records) == 1
        await until(lambda: board.status == "live")
    finally:
        await follower.close()


async def test_closing_ends_the_session_whatever_else_fails(
    served: ServedGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with hub_at(served.endpoint) as hub:
        await hub.subscribe([SPEED])
        monkeypatch.setattr(Hub, "_take", lambda *_: 1 / 0)
    await until(lambda: not served.sessions.ready())
