"""A mistake of ours in the background: told, logged, begun again; the session is closed all the same."""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from mxgw_notebook.client import EventReader, GatewayClient, PendingWrites
from mxgw_notebook.client.sessions.feed import EventFeed
from mxgw_notebook.live import AlarmBoard, Hub
from mxgw_notebook.live.follow import Follower
from mxgw_notebook.live.samples import EventIngest
from mxgw_notebook.live.session import SessionLink, reading
from mxgw_notebook.live.session.reading import start_reader
from mxgw_notebook.live.session.standby import Standby
from mxgw_notebook.live.watchdog import Watchdog
from mxgw_notebook.simulator.server import ServedGateway
from tests.conftest import KEY
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


def failing_always(real: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, which does what it does and then throws."""

    def call(*args: Any, **settings: Any) -> Any:
        done = real(*args, **settings)
        if inspect.isawaitable(done):
            return then_throw(done)
        raise RuntimeError(WORDS)

    return call


async def then_throw(work: Awaitable[Any]) -> None:
    await work
    raise RuntimeError(WORDS)


@pytest.mark.parametrize(
    ("owner", "name"),
    [(EventIngest, "store"), (Watchdog, "_look_closer"), (Hub, "_take"), (SessionLink, "_wait_for_loss")],
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


@pytest.mark.kind_only("every alarm has to be read", "unknown-values", "unknown-enums")
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


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        (Hub, "_take"),
        (Follower, "close"),
        (Standby, "dismiss"),
        (EventReader, "stop"),
        (EventFeed, "close"),
        (PendingWrites, "fail"),
    ],
)
async def test_closing_ends_the_session_whatever_else_fails(
    served: ServedGateway, monkeypatch: pytest.MonkeyPatch, owner: type, name: str
) -> None:
    async with await GatewayClient.connect(served.endpoint, api_key=KEY, plaintext=True) as client:
        hub = Hub(client, "tests")
        await hub.subscribe([SPEED])
        assert served.sessions.ready()
        with monkeypatch.context() as failing, contextlib.suppress(RuntimeError):
            failing.setattr(owner, name, failing_always(getattr(owner, name)))
            await hub.close()
        await until(lambda: not served.sessions.ready())


async def test_a_change_of_readers_that_fails_is_told_and_the_stream_is_taken_up_again(
    served: ServedGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with hub_at(served.endpoint) as hub:
        (speed,) = await hub.subscribe([SPEED])
        monkeypatch.setattr(reading, "start_reader", failing_once(start_reader))
        with pytest.raises(RuntimeError, match=WORDS):
            await hub.read_by("process")
        assert hub.status != "live"
        await until(lambda: hub.status == "live")
        seen = speed.history.total
        await served.advance(30)
        await until(lambda: speed.history.total > seen)


async def test_a_change_of_readers_that_fails_counts_what_was_dropped_once(
    served: ServedGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with hub_at(served.endpoint) as hub:
        await hub.subscribe([SPEED])
        reader = hub._link.opened.reader  # type: ignore[union-attr]  # it is open
        reader.dropped = 3  # type: ignore[misc]  # a thread's reader, which counts so
        monkeypatch.setattr(reading, "start_reader", failing_once(start_reader))
        with pytest.raises(RuntimeError, match=WORDS):
            await hub.read_by("process")
        assert hub.dropped == 3
        await until(lambda: hub.status == "live")
        assert hub.dropped == 3


async def test_a_write_whose_tag_cannot_be_given_back_is_done_and_that_is_logged(
    served: ServedGateway, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with hub_at(served.endpoint) as hub:
        monkeypatch.setattr(hub.writer, "_release", failing_always(hub.release))
        written = await hub.writer.write_one("FIC101.SP", 41, data_type="Double", timeout=5.0)
        assert not written.failure
        await until(lambda: WORDS in caplog.text)
